"""The import as a whole: all problems of all files at once, or everything; damaged files are named, never half read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mes.intake.problems import NAMED_PER_FILE, ImportRefused
from mes.intake.reading import read_plant
from tests.mes.plant_sheets import SAMPLE, PlantFolder, places, problems_of


@pytest.fixture
def folder() -> PlantFolder:
    """The sample's sheets, to be broken."""
    return PlantFolder()


def test_everything_wrong_in_all_files_is_named_at_once(folder: PlantFolder, tmp_path: Path) -> None:
    folder.put("items", 3, gtin="1").put("items", 5, uom="box").put("locations", 4, zone="moon")
    folder.put("plan", 2, order_no="SO-9").put("orders", 2, qty="none")
    named = places(problems_of(folder.write_csv(tmp_path / "plant")))
    wanted = {("items.csv", 3, "gtin"), ("items.csv", 5, "uom"), ("locations.csv", 4, "zone")}
    assert named == wanted | {("plan.csv", 2, "order_no"), ("orders.csv", 2, "qty")}


def test_problems_come_in_load_order_and_name_file_row_column_and_what_was_found(
    folder: PlantFolder, tmp_path: Path
) -> None:
    folder.put("suppliers", 2, code="").put("items", 2, uom="box")
    first, second = problems_of(folder.write_xlsx(tmp_path / "plant.xlsx"))[:2]
    assert (first.file, first.row, first.column) == ("plant.xlsx[suppliers]", 2, "code")
    assert second.in_english().startswith('plant.xlsx[items], row 2, column uom, found "box": must be one of: pcs, mg,')
    assert second.in_chinese().startswith("plant.xlsx[items] 第 2 行 “uom”列，内容为“box”：须为：pcs、mg、")


def test_a_column_of_errors_hides_no_other_file_and_is_counted(folder: PlantFolder, tmp_path: Path) -> None:
    for row in range(2, len(folder.sheets["characteristics"]) + 1):
        folder.put("characteristics", row, kind="?")
    folder.put("plan", 2, revision="one")
    with pytest.raises(ImportRefused) as refused:
        read_plant(folder.write_csv(tmp_path / "plant"))
    assert refused.value.count == 543
    assert len(refused.value.problems) == NAMED_PER_FILE + 1
    assert refused.value.problems[-1].file == "plan.csv"


def test_a_missing_column_is_named_and_nothing_is_said_of_its_absent_codes(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.without_column("items", "uom").write_csv(tmp_path / "plant")
    assert places(problems_of(path)) == {("items.csv", 1, "uom")}


def test_a_column_nobody_knows_is_named(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.add_column("items", "shelf_live_days").write_csv(tmp_path / "plant")
    assert places(problems_of(path)) == {("items.csv", 1, "shelf_live_days")}


def test_a_heading_that_stands_twice_is_named(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.add_column("items", "gtin").write_csv(tmp_path / "plant")
    assert ("items.csv", 1, "gtin") in places(problems_of(path))


def test_a_comma_that_should_have_been_quoted_is_named(folder: PlantFolder, tmp_path: Path) -> None:
    folder.sheets["routing"][4].append("松开。")
    assert places(problems_of(folder.write_csv(tmp_path / "plant"))) == {("routing.csv", 5, "M")}


def test_a_quote_that_is_never_closed_is_named_with_its_row(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.write_csv(tmp_path / "plant")
    lines = (path / "bom.csv").read_text(encoding="utf-8").split("\n")
    lines[6] = '"' + lines[6]
    (path / "bom.csv").write_text("\n".join(lines), encoding="utf-8")
    assert places(problems_of(path)) == {("bom.csv", 7, None)}


def test_a_torn_character_in_a_utf8_file_is_named_by_its_cell(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.write_csv(tmp_path / "plant")
    content = (path / "routing.csv").read_bytes()
    cut = content.index("关键".encode()) if "关键".encode() in content else content.index("铆合".encode())
    (path / "routing.csv").write_bytes(content[:cut] + content[cut + 1 :])
    assert places(problems_of(path)) == {("routing.csv", 3, "name_zh")}


def test_utf16_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_bytes("code\r\n".encode("utf-16"))
    assert "CSV UTF-8" in problems_of(tmp_path)[0].zh


@pytest.mark.parametrize("content", [b"", b"\n\n"], ids=["no bytes", "blank lines"])
def test_an_empty_sheet_lacks_its_columns(folder: PlantFolder, tmp_path: Path, content: bytes) -> None:
    path = folder.write_csv(tmp_path / "plant")
    (path / "suppliers.csv").write_bytes(content)
    assert {place[0] for place in places(problems_of(path))} == {"suppliers.csv"}


def test_a_folder_without_any_sheet_is_refused(tmp_path: Path) -> None:
    assert len(problems_of(tmp_path)) == 1


@pytest.mark.parametrize("name", ["absent", "plant.txt", "plant.xlsx"])
def test_what_is_no_folder_and_no_workbook_is_refused(tmp_path: Path, name: str) -> None:
    if name != "absent":
        (tmp_path / name).write_bytes(b"PK\x03\x04 no workbook")
    assert len(problems_of(tmp_path / name)) == 1


def test_the_same_sheet_twice_is_refused(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.only("customers").write_csv(tmp_path / "plant")
    (path / "Customers.CSV").write_bytes((path / "customers.csv").read_bytes())
    assert ("customers.csv", None, None) in places(problems_of(path))


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [
        ("employees", "badge", 1001.5),
        ("employees", "badge", 10**15),
        ("items", "gtin", 2000026001011),
        ("items", "gtin", 2.5),
        ("equipment", "qualified_until", 46000),
        ("opening_stock", "lot", 46000.5),
    ],
)
def test_what_excel_changed_beyond_repair_is_named(tmp_path: Path, sheet: str, column: str, value: Any) -> None:
    folder = PlantFolder().put(sheet, 2, **{column: value})
    path = folder.write_xlsx(tmp_path / "plant.xlsx")
    assert (f"plant.xlsx[{sheet}]", 2, column) in places(problems_of(path))


def test_a_formula_where_a_number_belongs_is_named_and_not_calculated(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.put("items", 2, batch_size="=600*2").write_xlsx(tmp_path / "plant.xlsx")
    assert places(problems_of(path)) == {("plant.xlsx[items]", 2, "batch_size")}


def test_an_error_in_a_workbook_is_named(folder: PlantFolder, tmp_path: Path) -> None:
    path = folder.write_xlsx(tmp_path / "plant.xlsx")
    book = openpyxl.load_workbook(path)
    book["items"].cell(2, 2).value = "#N/A"
    book.save(path)
    assert places(problems_of(path)) == {("plant.xlsx[items]", 2, "name_zh")}


def test_a_part_of_the_plant_is_judged_against_what_exists(folder: PlantFolder, tmp_path: Path) -> None:
    plant = read_plant(SAMPLE)
    known = {
        "items": {row.code for row in plant.items},
        "routing": {f"{row.item}/{row.seq}" for row in plant.routing},
        "equipment": {row.code for row in plant.equipment},
    }
    path = folder.only("characteristics", "bom").write_csv(tmp_path / "plant")
    assert problems_of(path, known=known) == ()
    known["routing"].discard("SA-OM/10")
    assert {place[2] for place in places(problems_of(path, known=known))} == {"operation_seq"}


@given(name=st.sampled_from(["items", "bom", "opening_stock", "plan"]), content=st.binary(max_size=400))
def test_no_bytes_whatever_break_the_reader(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / f"{name}.csv").write_bytes(content)
    assert problems_of(tmp_path)


@given(at=st.integers(0, 6000), junk=st.binary(min_size=1, max_size=3))
def test_junk_inside_a_sound_file_is_read_or_named_but_never_raises(tmp_path: Path, at: int, junk: bytes) -> None:
    content = (SAMPLE / "customers.csv").read_bytes()
    cut = at % len(content)
    (tmp_path / "customers.csv").write_bytes(content[:cut] + junk + content[cut:])
    assert all(problem.file == "customers.csv" for problem in problems_of(tmp_path))
