"""What a plant says of itself is data: its reasons, kinds of item, patterns of codes, units, days of work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mes.intake.habits import Habits, habits_of
from mes.intake.known import stored
from mes.intake.patterns import Pattern
from mes.intake.reading import read_plant
from mes.masters import reasons
from mes.words import Words
from tests.mes.plant_sheets import SAMPLE, PlantFolder, places, problems_of
from tests.plant import SamplePlant

OWN_WORDS = ("settings", "kinds", "reasons")
NEW_COLUMNS = (("work_centers", "crew_mark"), ("routing", "first_article_qty"), ("characteristics", "limits"))


def test_the_plants_reasons_are_offered_by_what_they_are_for(plant: SamplePlant) -> None:
    with plant.read() as session:
        assert reasons.of(session, "release") == {"RECHECKED": Words("复检合格", "Passed re-inspection")}
        assert {"BURR", "RUST"} <= set(reasons.of(session, "bad"))
        assert "RUST" in reasons.of(session, "rescue")
        assert "BURR" not in reasons.of(session, "rescue")
        assert all(reasons.of(session, kind) for kind in reasons.KINDS)


def test_reasons_keep_the_order_of_their_sheet(plant: SamplePlant) -> None:
    with plant.read() as session:
        assert list(reasons.of(session, "reprint")) == ["PRINT", "DAMAGED", "TORN", "LOST"]


@pytest.mark.parametrize(
    ("pattern", "code", "fits"),
    [
        ("FG-{*}", "FG-1P-C16", True),
        ("FG-{*}", "FG-", False),
        ("FG-{*}", "SA-FG-1", False),
        ("WC-{AAA}", "WC-MLD", True),
        ("WC-{AAA}", "WC-M1D", False),
        ("{nn}.{nnn}", "12.345", True),
        ("{nn}.{nnn}", "12x345", False),
        ("{nn}", "１２", False),
        ("R{yymmdd}-{nn}", "R261123-07", True),
        ("R{yymmdd}-{nn}", "R261122-07", False),
        ("{yymmdd}{crew}{n}", "261123B27", True),
        ("{yymmdd}{crew}{n}", "261123C7", False),
    ],
)
def test_a_pattern_says_which_codes_a_plant_writes(pattern: str, code: str, fits: bool) -> None:
    assert Pattern(pattern).fits(code, date(2026, 11, 23), {"A", "B2"}) is fits


def test_a_plant_that_says_nothing_works_every_day_and_is_held_to_nothing() -> None:
    assert habits_of({}) == Habits()
    assert all(Habits().works_on(date(2026, 12, day)) for day in range(1, 8))


def test_holidays_and_extra_work_days_bend_the_week() -> None:
    said = {"work_days": "mon;tue;wed;thu;fri", "holidays": "2026-10-01;2026-10-02", "extra_work_days": "2026-10-10"}
    habits = habits_of(said)
    assert [habits.works_on(date(2026, 10, day)) for day in (1, 2, 5, 10, 11)] == [False, False, True, True, False]


def test_what_the_plant_said_before_holds_for_an_import_of_other_sheets(
    plant: SamplePlant, folder: PlantFolder, tmp_path: Path
) -> None:
    folder.put("items", folder.row("items", code="PT-BAS"), kind="widget")
    folder.put("plan", 2, due_on="2026-12-05")
    row = folder.row("opening_stock", lot="261028-PKG-01")
    folder.put("opening_stock", row, lot="261028-ZZZ-01")
    without = {name: folder.sheets.pop(name) for name in (*OWN_WORDS, "work_centers")}
    path = folder.write_csv(tmp_path / "plant")
    with plant.read() as session:
        before = stored(session)
    known = {"work_centers": {cells[0] for cells in without["work_centers"][1:]}}
    named = places(problems_of(path, known=known, stored=before))
    assert {("plan.csv", 2, "due_on"), ("opening_stock.csv", row, "lot")} <= named
    assert {column for file, _, column in named if file == "items.csv"} == {"kind"}


def test_a_plant_without_the_newer_sheets_and_columns_is_read_as_before(folder: PlantFolder, tmp_path: Path) -> None:
    for sheet, column in NEW_COLUMNS:
        folder.without_column(sheet, column)
    for name in OWN_WORDS:
        del folder.sheets[name]
    bare, whole = read_plant(folder.write_csv(tmp_path / "plant")), read_plant(SAMPLE)
    assert [row.mark for row in bare.work_centers] == [row.mark for row in whole.work_centers]
    assert bare.routing == whole.routing
    assert {row.limits for row in bare.characteristics} == {"inclusive"}
    assert bare.items == whole.items
    assert bare.opening_stock == whole.opening_stock


@pytest.fixture
def folder() -> PlantFolder:
    """The sample's sheets, to be changed."""
    return PlantFolder()
