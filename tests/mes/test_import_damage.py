"""What spreadsheets do to codes and numbers is recognised as a class and named with its cell, in CSV as in XLSX."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mes.intake import cells
from mes.intake.columns import SHEETS
from mes.intake.known import known_keys, stored
from mes.intake.parsing import parse_sheet
from mes.intake.problems import ImportRefused
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.intake.sheets import RawSheet, read_sheets
from tests.mes.plant_sheets import SAMPLE, PlantFolder, problems_of
from tests.plant import SamplePlant

DAMAGE = [
    ("opening_stock", "supplier_lot", "2.02609E+11", "power of ten"),
    ("opening_stock", "lot", "2.02609E+11", "power of ten"),
    ("opening_stock", "qty", "1.2E+03", "power of ten"),
    ("suppliers", "phone", "8.61388E+12", "power of ten"),
    ("opening_stock", "supplier_lot", "2-Jan", "made a date of a code"),
    ("opening_stock", "supplier_lot", "Jan-02", "made a date of a code"),
    ("opening_stock", "supplier_lot", "2月1日", "made a date of a code"),
    ("opening_stock", "supplier_lot", "2026年2月1日", "made a date of a code"),
    ("opening_stock", "supplier_lot", "2026/2/1", "made a date of a code"),
    ("suppliers", "code", "3/4/2026", "made a date of a code"),
    ("employees", "badge", "1001.0", "saved as a decimal"),
    ("orders", "order_no", "12,345", "thousands commas"),
    ("suppliers", "name_zh", "#REF!", "an Excel error"),
    ("opening_stock", "qty", "#N/A", "an Excel error"),
    ("orders", "due_on", "########", "too narrow"),
    ("opening_stock", "supplier_lot", "=VLOOKUP(A2,Sheet2!A:B,2,FALSE)", "paste it as values"),
    ("opening_stock", "qty", "=600*2", "paste it as values"),
    ("orders", "due_on", "=TODAY()", "paste it as values"),
    ("items", "gtin", "2000026001010", "leading zeros"),
    ("opening_stock", "qty", "1,200", "no thousands commas"),
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(("sheet", "column", "found", "said"), DAMAGE)
def test_what_a_spreadsheet_did_to_a_cell_is_named_with_it(
    tmp_path: Path, form: str, sheet: str, column: str, found: str, said: str
) -> None:
    folder = PlantFolder().only(sheet).put(sheet, 2, **{column: found})
    path = folder.write_csv(tmp_path / "p") if form == "csv" else folder.write_xlsx(tmp_path / "p.xlsx")
    here = [one for one in problems_of(path) if (one.row, one.column) == (2, column)]
    assert [said in one.en for one in here] == [True]
    assert here[0].found == found


def test_codes_that_only_resemble_damage_are_codes() -> None:
    for code in ("1E5", "12E3", "2-1", "R2-JAN", "2026.10", "1.50", "0012", "2.0", "E+12", "MAY-1-A"):
        assert cells.code(cells.undamaged(code)) == code


SAME = [
    ("opening_stock", "qty", "1200", 1200, Decimal(1200)),
    ("opening_stock", "qty", "1200.0", 1200.0, Decimal(1200)),
    ("opening_stock", "qty", "0.1", 0.1, Decimal("0.1")),
    ("opening_stock", "qty", "  7 ", "7\u00a0", Decimal(7)),
    ("opening_stock", "received_on", "2026/3/1", date(2026, 3, 1), date(2026, 3, 1)),
    ("opening_stock", "received_on", "2026-03-01 00:00:00", date(2026, 3, 1), date(2026, 3, 1)),
    ("plan", "month", "2026/12/1", date(2026, 12, 1), "2026-12"),
    ("opening_stock", "supplier_lot", "1001", 1001, "1001"),
    ("opening_stock", "supplier_lot", " A 7\u3000", "\ufeffA 7", "A 7"),
    ("opening_stock", "supplier_lot", "", None, None),
    ("opening_stock", "supplier_lot", "TRUE", True, "TRUE"),
    ("suppliers", "name_zh", "甲\r\n乙", "甲\n乙", "甲\n乙"),
    ("items", "recheck_days", "90", 90.0, 90),
    ("routing", "first_article", "yes", "yes", True),
]


@pytest.mark.parametrize(("sheet", "column", "in_csv", "in_xlsx", "means"), SAME)
def test_the_same_content_from_csv_and_from_xlsx_is_the_same(
    tmp_path: Path, sheet: str, column: str, in_csv: str, in_xlsx: Any, means: Any
) -> None:
    assert _read(PlantFolder().only(sheet).put(sheet, 2, **{column: in_csv}).write_csv(tmp_path / "p"), column) == means
    book = PlantFolder().only(sheet).put(sheet, 2, **{column: in_xlsx}).write_xlsx(tmp_path / "p.xlsx")
    assert _read(book, column) == means


def _read(path: Path, column: str) -> Any:
    """What is read of the second row's cell, whatever else is wrong with the sheet alone."""
    [raw] = read_sheets(path, lambda name: name in SHEETS)
    assert isinstance(raw, RawSheet)
    return parse_sheet(raw, SHEETS[raw.name]).rows[0].values[column]


def test_a_formula_that_the_spreadsheet_reckoned_counts_as_its_value(tmp_path: Path) -> None:
    path = PlantFolder().put("items", 2, batch_size="=600*2").write_xlsx(tmp_path / "plant.xlsx")
    _reckon(path, "600*2", "1200")
    assert read_plant(path).items[0].batch_size == Decimal(1200)
    assert read_plant(path) == read_plant(PlantFolder().put("items", 2, batch_size="1200").write_csv(tmp_path / "p"))


def _reckon(path: Path, formula: str, value: str) -> None:
    """Write the value beside a formula, as a spreadsheet does when it saves."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            old = f"<f>{formula}</f><v></v>".encode(), f"<f>{formula}</f><v />".encode()
            for one in old:
                content = content.replace(one, f"<f>{formula}</f><v>{value}</v>".encode())
            book.writestr(name, content)


LOOKS = [
    ("suppliers", "code", "S10", "s10"),
    ("locations", "code", "ST-A01", "st-a01"),
    ("employees", "badge", "1001", "01001"),
    ("items", "code", "PT-BAS", "pt-bas"),
]


@pytest.mark.parametrize(("sheet", "column", "known", "looks"), LOOKS)
def test_two_codes_that_differ_only_in_looks_are_named(
    tmp_path: Path, sheet: str, column: str, known: str, looks: str
) -> None:
    folder = PlantFolder()
    row = folder.add(sheet, folder.row(sheet, **{column: known}), **{column: looks})
    here = [one for one in problems_of(folder.write_csv(tmp_path / "p")) if (one.row, one.column) == (row, column)]
    assert any(known in one.en and "only in case" in one.en for one in here)


@pytest.mark.parametrize(("found", "meant"), [("st-e02", "ST-E02"), ("ＳＴ-E02", "ST-E02"), ("ST -E02", "ST-E02")])
def test_a_reference_that_differs_only_in_looks_is_told_the_code_that_is_meant(
    tmp_path: Path, found: str, meant: str
) -> None:
    folder = PlantFolder().put("opening_stock", 2, location=found)
    [one] = [one for one in problems_of(folder.write_csv(tmp_path / "p")) if one.column == "location"]
    assert (one.row, one.found) == (2, found)
    if found.isascii() and " " not in found:
        assert f"{meant} is meant" in one.en


def test_a_code_that_differs_only_in_case_from_one_that_is_stored_is_named(plant: SamplePlant, tmp_path: Path) -> None:
    path = PlantFolder().only("suppliers").put("suppliers", 2, code="s02").write_csv(tmp_path / "p")
    with plant.read() as session, pytest.raises(ImportRefused, match="S02"):
        read_plant(path, known_keys(session), stored=stored(session))


def test_a_quantity_finer_than_we_count_is_named_by_its_value(plant: SamplePlant, tmp_path: Path) -> None:
    folder = PlantFolder().only("opening_stock")
    row = folder.add("opening_stock", folder.row("opening_stock", lot="261028-PKG-01"), lot="261028-PKG-99", qty="7.5")
    with plant.read() as session, pytest.raises(ImportRefused) as refused:
        read_plant(folder.write_csv(tmp_path / "p"), known_keys(session), stored=stored(session))
    assert [(one.row, one.column, one.found) for one in refused.value.problems] == [(row, "qty", "7.5")]


def test_the_sample_is_free_of_damage() -> None:
    assert isinstance(read_plant(SAMPLE), PlantSheets)
