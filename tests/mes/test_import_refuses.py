"""Every rule of the plant's master data, broken in one cell of the sample: exactly that cell is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.mes.plant_sheets import PlantFolder, places, problems_of

TODAY = date(2026, 11, 23)
Where = dict[str, str]


@dataclass(frozen=True)
class Broken:
    """One row of a sheet with other cells; `named` are the columns that must be named, all of them in that row."""

    rule: str
    sheet: str
    where: Where
    cells: dict[str, Any]
    named: tuple[str, ...] = ()
    added: bool = field(default=False)

    def columns(self) -> tuple[str, ...]:
        """The columns named; the changed ones unless told."""
        return self.named or tuple(self.cells)


def cell(rule: str, sheet: str, where: Where, *named: str, **cells: Any) -> Broken:
    """A row changed in these cells."""
    return Broken(rule, sheet, where, cells, named)


def copy(rule: str, sheet: str, where: Where, *named: str, **cells: Any) -> Broken:
    """A copy of a row appended, changed in these cells."""
    return Broken(rule, sheet, where, cells, named, added=True)


FG, INK, BAS = {"code": "FG-1P-C16"}, {"code": "RM-INK"}, {"code": "PT-BAS"}
STEP = {"item": "FG-1P-C16", "seq": "20"}
LAST_STEP = {"item": "FG-1P-C16", "seq": "70"}
MEASURE = {"item": "FG-1P-C16", "number": "1"}
ATTRIBUTE = {"item": "FG-1P-C16", "number": "4"}
FINAL = {"item": "FG-1P-C16", "stage": "final", "kind": "attribute"}
HIGH_VOLTAGE = {"item": "FG-1P-C16", "number": "23"}
INCOMING = {"item": "RM-PAN", "number": "1"}
OWN_LOT = {"lot": "261028-PKG-01"}
BOUGHT_LOT = {"lot": "R261021-01"}
CUSTOMERS_LOT = {"lot": "R261105-02"}
PLAN_LINE = {"order_no": "SO-2611-001"}
CERTIFICATE = {"certificate": "ZY-RIVT-01"}
OF_A_HOLDER = "badge, operation_code, valid_from"
THERMAL = {"item": "FG-2P-C32", "operation_code": "TCAL"}
DAY = ("lot", "received_on")
BADGE = {"badge": "1001"}

BROKEN = [
    # single cells
    cell("a code has no blanks inside", "suppliers", {"code": "S10"}, code="S 10"),
    cell("a code is printable ASCII", "suppliers", {"code": "S10"}, code="供10"),
    cell("a code fits a label", "suppliers", {"code": "S10"}, code="S" * 41),
    cell("a name is not empty", "suppliers", {"code": "S10"}, name_zh=""),
    cell("a name is not a torn character", "suppliers", {"code": "S10"}, name_zh="供\ufffd商"),
    cell("a name is not an Excel error", "suppliers", {"code": "S10"}, name_zh="#REF!"),
    cell("a name has no control characters", "suppliers", {"code": "S10"}, name_zh="供\x07商"),
    cell("a name is not a novel", "suppliers", {"code": "S10"}, name_zh="长" * 201),
    cell("a unit is one of the list", "items", FG, uom="box"),
    cell("a kind is one of the list", "items", BAS, kind="widget"),
    cell("tracking is lot or serial", "items", FG, "tracking", tracking="batch"),
    cell("an issue rule is FIFO or FEFO", "items", FG, issue_rule="LIFO"),
    cell("a role is one of the list", "employees", {"badge": "4001"}, roles="storekeeper;boss"),
    cell("a department is a word, not a novel", "employees", {"badge": "4001"}, department="m" * 33),
    cell("a number is a number", "items", FG, batch_size="many"),
    cell("a number has no thousands comma", "items", FG, batch_size="1,200"),
    cell("a number is ASCII", "items", FG, batch_size="１２００"),
    cell("a number has at most six decimals", "bom", {"component": "PK-CTN"}, qty_per="0.0083333"),
    cell("a quantity is above zero", "opening_stock", OWN_LOT, qty="0"),
    cell("a quantity per parent is above zero", "bom", {"component": "PK-CTN"}, qty_per="-1"),
    cell("scrap stays under 20 %", "bom", {"component": "PK-CTN"}, scrap_pct="20"),
    cell("a whole number is whole", "items", FG, recheck_days="180.5"),
    cell("a date is ISO", "orders", {"order_no": "SO-2611-002"}, due_on="08.12.2026"),
    cell("a day exists", "orders", {"order_no": "SO-2611-002"}, due_on="2026-02-30"),
    cell("a year is plausible", "orders", {"order_no": "SO-2611-002"}, due_on="0026-12-08"),
    cell("a month is a month", "plan", PLAN_LINE, month="2026-13"),
    cell("first_article is yes or no", "routing", STEP, first_article="TRUE"),
    # keys and references
    copy("an item stands once", "items", {"code": "PT-BAS"}, "code"),
    copy("a GTIN belongs to one item", "items", {"code": "PK-CTN"}, "gtin", code="PK-CTN-2"),
    copy("a lot number is unique over all items", "opening_stock", {"lot": "R261021-01"}, "lot", location="ST-E02"),
    copy("a badge belongs to one person", "employees", BADGE, "badge"),
    copy("a certificate number is unique", "qualifications", CERTIFICATE, "certificate", valid_from="2026-01-01"),
    copy("one certificate per start", "qualifications", CERTIFICATE, OF_A_HOLDER, certificate="X"),
    copy("a step number stands once in a routing", "routing", STEP, "item, seq"),
    copy("a component stands once per operation", "bom", {"component": "PK-CTN"}, "parent, component, operation_seq"),
    copy("a characteristic has its own number", "characteristics", MEASURE, "item, number"),
    copy("an order number is unique", "orders", {"order_no": "SO-2611-020"}, "order_no"),
    cell("an owner is a customer", "items", {"code": "PK-CTN"}, owner="C99"),
    cell("a step's work centre exists", "routing", STEP, work_center="WC-NIL"),
    cell("equipment stands in a work centre", "equipment", {"code": "EQ-DR-01"}, work_center="WC-NIL"),
    cell("a component is an item", "bom", {"parent": "FG-1P-C16", "component": "SA-OM"}, component="SA-NONE"),
    cell("a certificate's holder has a badge", "qualifications", CERTIFICATE, badge="9999"),
    cell("an order's customer exists", "orders", {"order_no": "SO-2611-002"}, customer="C99"),
    cell("a lot's item exists", "opening_stock", BOUGHT_LOT, item="RM-NONE"),
    cell("a lot's place exists", "opening_stock", BOUGHT_LOT, location="ST-Z99"),
    cell("a lot's supplier exists", "opening_stock", BOUGHT_LOT, supplier="S99"),
    cell("a plan line's order exists", "plan", PLAN_LINE, order_no="SO-9"),
    # items
    cell("a GTIN's check digit is right", "items", FG, gtin="02000026001011"),
    cell("a GTIN has fourteen digits", "items", FG, gtin="2000026001010"),
    cell("a finished item has a GTIN", "items", FG, gtin=""),
    cell("a part has no GTIN", "items", BAS, gtin="02000026999997"),
    cell("a shelf life asks for FEFO", "items", INK, issue_rule="FIFO"),
    cell("FEFO asks for a shelf life", "items", BAS, issue_rule="FEFO"),
    cell("only a customer's item has no batch size", "items", BAS, batch_size=""),
    cell("a batch of pieces is whole", "items", BAS, batch_size="0.5"),
    cell("a finished item has a carton size", "items", {"code": "FG-3P-D40"}, pack_qty=""),
    cell("a part has no carton size", "items", BAS, pack_qty="10"),
    cell("a code tells the kind", "items", BAS, "code", "kind", kind="raw"),
    cell("only pieces have serial numbers", "items", {"code": "RM-PAN"}, "tracking", tracking="serial"),
    copy("a finished item has a routing", "items", FG, "code", code="FG-NEW", gtin="02000026999997"),
    cell("a bought kind has no routing", "items", {"code": "PT-BAS"}, "kind", "code", "gtin", kind="packaging"),
    # the plant's own words
    cell("a setting is one of the list", "settings", {"name": "own_lots"}, name="moon_phase"),
    copy("a setting stands once", "settings", {"name": "own_lots"}, "name"),
    cell("a pattern says something", "settings", {"name": "own_lots"}, "value", value="{lot}"),
    cell("a pattern's braces are closed", "settings", {"name": "gauge_codes"}, "value", value="EQ-{*"),
    cell("a working day is a day of the week", "settings", {"name": "work_days"}, "value", value="mon;Sunday"),
    cell("an interval is a whole number", "settings", {"name": "step_interval"}, "value", value="ten"),
    cell("a reason is capital letters and digits", "reasons", {"code": "BURR"}, code="BU-RR"),
    cell("a reason is for something we ask reasons for", "reasons", {"code": "BURR"}, kinds="bad;worse"),
    cell("a kind is sold or not", "kinds", {"code": "raw"}, sold="perhaps"),
    cell("a kind's codes have a pattern", "kinds", {"code": "packaging"}, "code_pattern", code_pattern="{PK}"),
    cell("a crew mark fits a batch number", "work_centers", {"code": "WC-MLD"}, crew_mark="molding"),
    cell("a first article is whole pieces", "routing", STEP, first_article_qty="2.5"),
    cell("no place is called like the world outside", "locations", {"code": "RCV-04"}, code="CUSTOMER"),
    # routing and BOM
    cell("steps run by tens", "routing", LAST_STEP, "seq", seq="75"),
    cell("one operation code has one class", "routing", THERMAL, process_class="special"),
    cell("a key process has a first article", "routing", STEP, first_article="no"),
    cell("a BOM parent is made here", "bom", {"parent": "SA-OM", "component": "PT-LAT"}, parent="PT-SHF"),
    cell("a component goes in at a step", "bom", {"parent": "SA-OM", "component": "PT-LAT"}, operation_seq="990"),
    cell("nothing goes into itself", "bom", {"parent": "SA-OM", "component": "PT-LAT"}, component="SA-OM"),
    # characteristics
    cell("a characteristic belongs to a step", "characteristics", FINAL, operation_seq="15"),
    cell("a stage but incoming has a step", "characteristics", FINAL, operation_seq=""),
    cell("incoming goods have no step", "characteristics", INCOMING, operation_seq="10"),
    cell("final inspection has an AQL", "characteristics", FINAL, aql=""),
    cell("final inspection has a level", "characteristics", FINAL, level=""),
    cell("a first article has no AQL", "characteristics", MEASURE, aql="1.0"),
    cell("an AQL is of the preferred series", "characteristics", FINAL, aql="0.7"),
    cell("a level is of the standard", "characteristics", FINAL, level="IV"),
    cell("a measure has a unit", "characteristics", MEASURE, unit=""),
    cell("a unit of measure is a word, not a novel", "characteristics", MEASURE, unit="m" * 33),
    cell("limits are inclusive or exclusive", "characteristics", MEASURE, limits="open"),
    cell("a measure has a limit", "characteristics", INCOMING, "lower", upper=""),
    cell("limits are in order", "characteristics", MEASURE, "nominal", nominal="7.5"),
    cell("the lower limit is the lower", "characteristics", MEASURE, "lower", nominal="", lower="8"),
    cell("an attribute has no numbers", "characteristics", ATTRIBUTE, upper="1"),
    cell("an attribute has no unit", "characteristics", ATTRIBUTE, unit="mm"),
    cell("a gauge by code exists", "characteristics", HIGH_VOLTAGE, gauge="EQ-HV-01;EQ-HV-99"),
    cell("a patrol asked for has characteristics", "routing", LAST_STEP, patrol_every_minutes="60"),
    cell("a first article asked for has characteristics", "routing", LAST_STEP, first_article="yes"),
    cell("patrol characteristics are asked for", "routing", STEP, patrol_every_minutes=""),
    # machines, people, places
    cell("maintenance is not in the future", "equipment", {"code": "EQ-DR-01"}, last_maintained="2026-11-24"),
    cell("a certificate's holder is an operator", "qualifications", CERTIFICATE, badge="4001"),
    cell("a certificate ends after it starts", "qualifications", CERTIFICATE, valid_until="2020-01-01"),
    cell("a certificate is for a key or special operation", "qualifications", CERTIFICATE, operation_code="ASSY"),
    cell("a certificate is for an operation there is", "qualifications", CERTIFICATE, operation_code="RIVV"),
    cell("a zone has one status", "locations", {"code": "RCV-04"}, status="pass"),
    cell("a store place has no work centre", "locations", {"code": "RCV-04"}, work_center="WC-MLD"),
    cell("a work centre's code ends in its crew mark", "work_centers", {"code": "WC-MLD"}, code="WC-M1"),
    # opening stock
    cell("an own lot tells its production day", "opening_stock", OWN_LOT, lot="261029-PKG-01"),
    cell("an own lot tells its crew", "opening_stock", OWN_LOT, lot="261028-ZZZ-01"),
    cell("a bought lot tells its day of receipt", "opening_stock", BOUGHT_LOT, lot="R261022-01"),
    cell("a bought lot has a supplier", "opening_stock", BOUGHT_LOT, supplier=""),
    cell("a bought lot has its supplier's lot", "opening_stock", BOUGHT_LOT, supplier_lot=""),
    cell("an own lot has no supplier", "opening_stock", OWN_LOT, supplier="S01"),
    cell("an own lot has no supplier's lot", "opening_stock", OWN_LOT, supplier_lot="S01-1"),
    cell("a customer's lot has no supplier", "opening_stock", CUSTOMERS_LOT, supplier="S01"),
    cell("a customer's lot has his number", "opening_stock", CUSTOMERS_LOT, supplier_lot=""),
    cell("pieces are whole", "opening_stock", OWN_LOT, qty="240.5"),
    cell("a lot is produced before it is received", "opening_stock", CUSTOMERS_LOT, produced_on="2026-11-06"),
    cell("a lot is not received in the future", "opening_stock", CUSTOMERS_LOT, *DAY, received_on="2026-11-24"),
    cell("expiry is production plus shelf life", "opening_stock", BOUGHT_LOT, expires_on="2026-11-29"),
    cell("a shelf life asks for an expiry", "opening_stock", BOUGHT_LOT, expires_on=""),
    cell("no shelf life, no expiry", "opening_stock", OWN_LOT, expires_on="2027-10-28"),
    cell("a status fits its place", "opening_stock", BOUGHT_LOT, status="pending"),
    cell("a finished goods place holds finished goods", "opening_stock", BOUGHT_LOT, location="FGS-01"),
    cell("a customer's rack holds his property only", "opening_stock", BOUGHT_LOT, location="ST-B12"),
    # orders and plans
    cell("an order is for a finished item", "orders", {"order_no": "SO-2611-020"}, item="SA-OM"),
    cell("an order is whole pieces", "orders", {"order_no": "SO-2611-020"}, qty="10.5"),
    cell("a customer's material goes to nobody else", "orders", {"order_no": "SO-2611-003"}, customer="C01"),
    cell("a plan line is whole cartons", "plan", PLAN_LINE, qty="1190"),
    cell("a plan line falls on a working day", "plan", PLAN_LINE, due_on="2026-12-05"),
    cell("a plan line falls into its month", "plan", PLAN_LINE, due_on="2027-01-04"),
    cell("a plan sheet is one month", "plan", PLAN_LINE, "month", "due_on", month="2026-11"),
    cell("a plan sheet is one revision", "plan", PLAN_LINE, revision="3"),
    cell("a plan line makes its order's item", "plan", PLAN_LINE, item="FG-1P-C20"),
    cell("a plan does not exceed its order", "plan", PLAN_LINE, qty="1320"),
]


@pytest.fixture
def folder() -> PlantFolder:
    """The sample's sheets, to be broken."""
    return PlantFolder()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_exactly_the_broken_cell_is_named(broken: Broken, folder: PlantFolder, tmp_path: Path) -> None:
    if "tracking" in broken.cells:
        folder.add_column("items", "tracking")
    row = folder.row(broken.sheet, **broken.where)
    if broken.added:
        row = folder.add(broken.sheet, row, **broken.cells)
    else:
        folder.put(broken.sheet, row, **broken.cells)
    found = problems_of(folder.write_csv(tmp_path / "plant"), today=TODAY)
    here = {problem for problem in found if problem.file == f"{broken.sheet}.csv" and problem.row == row}
    assert {problem.column for problem in here} == set(broken.columns()), found
    assert all(problem.zh.endswith("。") and problem.en.endswith(".") for problem in here)


def rows(sheet: str, *, first: int = 2, **cells: Any) -> Callable[[PlantFolder], PlantFolder]:
    """The same cells in every row of a sheet."""

    def change(folder: PlantFolder) -> PlantFolder:
        for row in range(first, len(folder.sheets[sheet]) + 1):
            folder.put(sheet, row, **cells)
        return folder

    return change


def test_a_routing_without_components_is_named_once(folder: PlantFolder, tmp_path: Path) -> None:
    folder.sheets["bom"] = [row for row in folder.sheets["bom"] if row[0] != "SA-OM"]
    row = folder.row("routing", item="SA-OM")
    assert places(problems_of(folder.write_csv(tmp_path / "plant"))) == {("routing.csv", row, "item")}


def test_a_work_center_in_use_without_a_place_at_the_line_is_named_once(folder: PlantFolder, tmp_path: Path) -> None:
    del folder.sheets["locations"][folder.row("locations", work_center="WC-MEC") - 1]
    named = places(problems_of(folder.write_csv(tmp_path / "plant")))
    row = folder.row("routing", work_center="WC-MEC")
    assert ("routing.csv", row, "work_center") in named
    assert {place for place in named if place[0] == "routing.csv"} == {("routing.csv", row, "work_center")}


def test_the_first_lot_too_many_in_a_location_is_named(folder: PlantFolder, tmp_path: Path) -> None:
    folder.put("locations", folder.row("locations", code="ST-E01"), capacity="2")
    row = [n for n, cells in enumerate(folder.sheets["opening_stock"], 1) if cells[8] == "ST-E01"][2]
    assert places(problems_of(folder.write_csv(tmp_path / "plant"))) == {("opening_stock.csv", row, "location")}


def test_a_loop_through_several_levels_is_named_once_with_its_way(folder: PlantFolder, tmp_path: Path) -> None:
    row = folder.row("bom", parent="SA-BW-16", component="PT-BM-16")
    folder.put("bom", row, component="SA-TU-C16")
    problems = problems_of(folder.write_csv(tmp_path / "plant"))
    assert len(problems) == 1
    assert "SA-TU-C16 → SA-BW-16 → SA-TU-C16" in problems[0].en or "SA-BW-16 → SA-TU-C16 → SA-BW-16" in problems[0].en


def test_two_sheets_with_one_revision_are_refused(folder: PlantFolder, tmp_path: Path) -> None:
    folder.sheets["plan_again"] = folder.sheets["plan"][:1] + folder.sheets["plan"][4:5]
    folder.put("plan_again", 2, due_on="2026-12-30")
    assert ("plan_again.csv", 2, "revision") in places(problems_of(folder.write_csv(tmp_path / "plant")))


def test_a_sheet_named_for_a_revision_holds_that_revision(folder: PlantFolder, tmp_path: Path) -> None:
    every_row = set(range(2, len(folder.sheets["plan_r2"]) + 1))
    path = rows("plan_r2", revision="3")(folder).write_csv(tmp_path / "plant")
    assert {(row, column) for _, row, column in places(problems_of(path))} == {(row, "revision") for row in every_row}


def test_without_a_clock_nothing_is_called_future(folder: PlantFolder, tmp_path: Path) -> None:
    folder.put("equipment", 2, last_maintained="2030-01-01")
    assert problems_of(folder.write_csv(tmp_path / "plant")) == ()
