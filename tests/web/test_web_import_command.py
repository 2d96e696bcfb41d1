"""`runcard import` as a person sees it: what would change, what is wrong and where, what labels cannot show."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mes.intake.problems import ImportRefused
from tests.mes.plant_sheets import PlantFolder
from tests.plant import SamplePlant
from web.cli import runcard
from web.cli_errors import told


def run(plant: SamplePlant, path: Path, *words: str) -> Result:
    return CliRunner().invoke(runcard, ["--database", plant.database.url, "import", *words, str(path)])


def test_a_dry_run_shows_every_line_that_would_change_and_changes_nothing(house: SamplePlant, tmp_path: Path) -> None:
    folder = PlantFolder().only("orders")
    folder.put("orders", 2, qty="9600")
    new = folder.add("orders", 3, order_no="SO-NEW")
    path = folder.write_csv(tmp_path / "p")
    for _ in range(2):
        said = run(house, path, "--dry-run")
        assert said.exit_code == 0, said.output
        assert "orders.csv row 2: orders SO-2611-001: qty 1200 → 9600" in said.output
        assert f"orders.csv 第 {new} 行：orders SO-NEW：新增" in said.output
        assert "2 change(s); nothing was written." in said.output
    assert "qty 1200 → 9600" in run(house, path).output
    assert "Nothing new" in run(house, path, "--dry-run").output


def test_a_dry_run_names_what_stands_in_the_way(house: SamplePlant, tmp_path: Path) -> None:
    folder = PlantFolder().only("locations")
    row = folder.row("locations", code="ST-A04")
    path = folder.put("locations", row, zone="scrap", status="scrap").write_csv(tmp_path / "p")
    said = run(house, path, "--dry-run")
    assert said.exit_code == 1
    assert f"locations.csv row {row}: zone of locations ST-A04 stays store" in said.output
    assert "仍为 store" in said.output


def test_of_very_many_problems_the_rest_is_counted_and_all_of_them_are_in_a_file(
    house: SamplePlant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = PlantFolder().only("opening_stock")
    for row in range(2, len(folder.sheets["opening_stock"]) + 1):
        folder.put("opening_stock", row, qty="many")
    refused = run(house, folder.write_csv(tmp_path / "p"), "--problems", str(tmp_path / "all.csv"))
    assert isinstance(refused.exception, ImportRefused)
    assert told(refused.exception)
    assert "and 70 more; --problems FILE.csv" in capsys.readouterr().err
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == refused.exception.count == 170
    assert (rows[169]["file"], rows[169]["row"], rows[169]["column"], rows[169]["found"]) == (
        "opening_stock.csv",
        "171",
        "qty",
        "many",
    )


def test_a_character_that_no_label_has_is_named_at_import_and_taken_in(house: SamplePlant, tmp_path: Path) -> None:
    folder = PlantFolder().only("employees")
    row = folder.row("employees", badge="2009")
    said = run(house, folder.put("employees", row, name_zh="张𠮷").write_csv(tmp_path / "p"))
    assert said.exit_code == 0, said.output
    assert f"employees.csv, row {row}, column name_zh: labels have no 𠮷 (U+20BB7) and print 〓 instead." in said.output
    assert "employees │ 1" in said.output
