"""Reading the plant's master data: the sample as it is shipped, and every way in which a spreadsheet may write it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mes.intake import cells
from mes.intake.problems import Unfit
from mes.intake.reading import read_plant
from mes.intake.sheets import decode
from mes.masters.units import SMALLEST_PER_UNIT, decimals
from tests.mes.plant_sheets import SAMPLE, PlantFolder, places, problems_of

CHINESE_WORDS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2)


@pytest.fixture
def folder() -> PlantFolder:
    """The sample's sheets, to be rewritten."""
    return PlantFolder()


def test_the_sample_plant_with_all_its_deliberate_cases_is_read() -> None:
    plant = read_plant(SAMPLE)
    counts = [len(plant.items), len(plant.routing), len(plant.bom), len(plant.characteristics), len(plant.plan)]
    assert counts == [81, 104, 206, 542, 55]
    assert len(plant.opening_stock) == 170
    assert {row.revision for row in plant.plan} == {1, 2}


def test_codes_stay_text_and_quantities_are_exact() -> None:
    plant = read_plant(SAMPLE)
    assert plant.items[0].gtin == "02000026001010"
    assert plant.employees[0].badge == "1001"
    assert next(row.qty_per for row in plant.bom if row.component == "PK-CTN") == Decimal("0.008333")
    assert next(row for row in plant.employees if row.badge == "1003").roles == ("planner", "plan_approver")


def test_an_item_is_tracked_by_lot_unless_its_optional_column_says_serial(folder: PlantFolder, tmp_path: Path) -> None:
    folder.add_column("items", "tracking").put("items", 2, tracking="serial")
    tracking = [item.tracking for item in read_plant(folder.write_csv(tmp_path / "plant")).items]
    assert tracking[:2] == ["serial", "lot"]
    assert {item.tracking for item in read_plant(SAMPLE).items} == {"lot"}


def test_a_column_that_may_be_empty_may_be_absent(folder: PlantFolder, tmp_path: Path) -> None:
    folder.without_column("items", "recheck_days")
    assert {item.recheck_days for item in read_plant(folder.write_csv(tmp_path / "plant")).items} == {180}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_excel_saves_in_china_says_the_same(
    folder: PlantFolder, tmp_path: Path, encoding: str, newline: str
) -> None:
    assert read_plant(folder.write_csv(tmp_path / "plant", encoding, newline)) == read_plant(SAMPLE)


def test_a_workbook_with_real_dates_and_numbers_says_the_same(folder: PlantFolder, tmp_path: Path) -> None:
    assert read_plant(folder.write_xlsx(tmp_path / "plant.xlsx")) == read_plant(SAMPLE)


def test_a_badge_that_excel_made_a_number_is_its_digits_again(folder: PlantFolder, tmp_path: Path) -> None:
    folder.put("employees", folder.row("employees", badge="5001"), badge=5001)
    assert read_plant(folder.write_xlsx(tmp_path / "plant.xlsx")) == read_plant(SAMPLE)


@pytest.mark.parametrize("number", [2000026001010, 2000026001010.0])
def test_a_gtin_that_excel_made_a_number_gets_its_leading_zero_back(
    folder: PlantFolder, tmp_path: Path, number: float
) -> None:
    folder.put("items", 2, gtin=number)
    assert read_plant(folder.write_xlsx(tmp_path / "plant.xlsx")) == read_plant(SAMPLE)


def test_leading_zeros_that_the_number_format_shows_are_kept(tmp_path: Path) -> None:
    path = PlantFolder().only("employees").write_xlsx(tmp_path / "plant.xlsx")
    book = openpyxl.load_workbook(path)
    cell = book["employees"].cell(2, 1)
    cell.value, cell.number_format = 17, "00000"
    book.save(path)
    assert read_plant(path).employees[0].badge == "00017"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("words", ["+86", "@SUM(A1)", "-1", "=", "'=1"])
def test_a_cell_that_only_looks_like_a_formula_is_text(
    folder: PlantFolder, tmp_path: Path, form: str, words: str
) -> None:
    folder.put("items", 2, name_en=words).put("opening_stock", 46, supplier_lot=words)
    path = folder.write_csv(tmp_path / "p") if form == "csv" else folder.write_xlsx(tmp_path / "p.xlsx")
    plant = read_plant(path)
    assert (plant.items[0].name_en, plant.opening_stock[44].supplier_lot) == (words, words)


def test_quotes_commas_and_line_breaks_inside_a_cell_are_part_of_it(folder: PlantFolder, tmp_path: Path) -> None:
    folder.put("routing", 2, instruction='第一步："轻压"，\r\n第二步, 松开')
    routing = read_plant(folder.write_csv(tmp_path / "plant", newline="\r\n")).routing
    assert routing[0].instruction == '第一步："轻压"，\n第二步, 松开'
    assert routing[1].at.row == 3


def test_blanks_around_headings_and_cells_and_empty_rows_do_not_count(folder: PlantFolder, tmp_path: Path) -> None:
    items = folder.sheets["items"]
    items[0] = [f"  {heading}\u3000" for heading in items[0]]
    items[1][0] = f" {items[1][0]} "
    items.insert(1, [""] * len(items[0]))
    items.insert(0, [])
    plant = read_plant(folder.write_csv(tmp_path / "plant"))
    assert plant == read_plant(SAMPLE)
    assert plant.items[0].at.row == 4


def test_rows_that_excel_left_short_of_trailing_empty_cells_are_whole(folder: PlantFolder, tmp_path: Path) -> None:
    for rows in folder.sheets.values():
        for row in rows:
            while row[-1] == "":
                row.pop()
    assert read_plant(folder.write_csv(tmp_path / "plant")) == read_plant(SAMPLE)


def test_a_date_as_a_chinese_excel_writes_it_is_the_same_day(folder: PlantFolder, tmp_path: Path) -> None:
    row = folder.row("equipment", last_maintained="2026-11-09")
    folder.put("equipment", row, last_maintained="2026/11/9")
    assert read_plant(folder.write_csv(tmp_path / "plant")) == read_plant(SAMPLE)


def test_other_sheets_are_ignored_and_named(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.write_csv(tmp_path / "plant")
    (path / "remarks.csv").write_bytes(b"\xff\xfe\x00")
    (path / "old.xls").write_bytes(b"")
    (path / "README.md").write_text("no sheet", encoding="utf-8")
    assert read_plant(path).ignored == ("old.xls", "remarks.csv")
    folder.sheets["Notes"] = [["anything"]]
    assert read_plant(folder.write_xlsx(tmp_path / "plant.xlsx")).ignored == ("plant.xlsx[Notes]",)


def test_a_file_may_be_named_in_capitals(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.write_csv(tmp_path / "plant")
    (path / "items.csv").rename(path / "ITEMS.CSV")
    assert len(read_plant(path).items) == 81


def test_a_rule_counts_as_fine_as_the_ledger_does() -> None:
    assert [10 ** decimals(uom) for uom in SMALLEST_PER_UNIT] == list(SMALLEST_PER_UNIT.values())
    assert decimals("pair") == 0


@given(words=CHINESE_WORDS)
def test_chinese_is_read_in_either_encoding(words: str) -> None:
    assert decode(f"code,{words}\r\n".encode(), "items.csv") == f"code,{words}\r\n"
    assert decode(f"code,{words}\r\n".encode("utf-8-sig"), "items.csv") == f"code,{words}\r\n"


@given(words=CHINESE_WORDS, at=st.integers(0, 10**6))
def test_a_damaged_byte_in_utf8_is_never_taken_for_another_encoding(words: str, at: int) -> None:
    content = bytearray(f"{words * 3}".encode())
    content[at % len(content)] = 0xFF
    with pytest.raises(Unfit):
        cells.text(decode(bytes(content), "items.csv"))


@given(value=st.decimals(min_value=0, max_value=99999, places=6).filter(bool))
def test_a_number_is_the_same_from_excel_as_from_text(value: Decimal) -> None:
    assert cells.number(above=0)(float(value)) == cells.number(above=0)(f"{value:f}") == value


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_is_the_same_from_excel_as_from_text(day: date) -> None:
    assert cells.day(str(day)) == cells.day(f"{day.year}/{day.month}/{day.day}") == day
    assert cells.day(datetime(day.year, day.month, day.day)) == day  # noqa: DTZ001 - Excel knows no time zones


def test_a_sheet_absent_is_empty_and_its_codes_may_be_known_already(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.only("plan_r2").write_csv(tmp_path / "plant")
    everything = read_plant(SAMPLE)
    known = {"items": {row.code for row in everything.items}, "orders": {row.order_no for row in everything.orders}}
    plant = read_plant(path, known=known)
    assert len(plant.plan) == 28
    assert plant.items == ()
    without_orders = problems_of(path, known={"items": known["items"]})
    assert {column for _, _, column in places(without_orders)} == {"order_no"}
