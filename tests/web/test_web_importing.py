"""`runcard import` at a plant that is at work: whoever imports proves who he is, and quality releases beside him."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from mes.journal import Event
from mes.people import access
from mes.refusals import Refused
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SAMPLE, SamplePlant
from web.cli import runcard

PLANNER, QUALITY, PIN, OTHER_PIN = "1002", "3001", "246813", "135798"
NOW = "2026-12-01T08:00+08:00"


@pytest.fixture
def plant(sqlite_databases: SqliteDatabases, tmp_path: Path) -> SamplePlant:
    """The sample plant, let go of, in which two people have PINs."""
    found = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    access.set_pin(found.database, PLANNER, PIN)
    access.set_pin(found.database, QUALITY, OTHER_PIN)
    found.close()
    return found


@pytest.fixture
def bring(plant: SamplePlant, tmp_path: Path) -> Callable[..., Result]:
    """Imports the machines, the first of them qualified for longer."""
    folder = tmp_path / "sheets"
    folder.mkdir()
    heading, first, *rest = (SAMPLE / "equipment.csv").read_text("utf-8").splitlines()
    column = heading.split(",").index("qualified_until")
    cells = first.split(",")
    cells[column] = "2031-01-01"
    (folder / "equipment.csv").write_text("\n".join([heading, ",".join(cells), *rest]), "utf-8")

    def run(*words: str, pins: str = "") -> Result:
        here = ["--database", plant.database.url, "--now", NOW, "import", str(folder), *words]
        return CliRunner().invoke(runcard, here, input=pins, env={"COLUMNS": "200"})

    return run


def codes_of(result: Result) -> list[str]:
    assert isinstance(result.exception, Refused), result.output
    return [reason.code for reason in result.exception.reasons]


def test_an_import_asks_for_the_pin_and_for_quality_beside(plant: SamplePlant, bring: Callable[..., Result]) -> None:
    by, released = ("--as", PLANNER), ("--released-by", QUALITY, "--reason", "复验合格")
    assert codes_of(bring()) == ["importer_unnamed"]
    assert codes_of(bring(*by, pins="111213\n")) == ["signature_wrong"]
    assert codes_of(bring(*by, pins=f"{PIN}\n")) == ["second_signature"]
    assert codes_of(bring(*by, *released, pins=f"{PIN}\n{PIN}\n")) == ["signature_wrong"]
    assert bring(*by, *released[:2]).exit_code == 2
    done = bring(*by, *released, pins=f"{PIN}\n{OTHER_PIN}\n")
    assert done.exit_code == 0, done.output
    with plant.read() as session:
        event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (event.kind, event.result) == ("plant:import", "accepted")
    assert [(one["by"], one["reason"]) for one in json.loads(event.overrides)] == [(QUALITY, "复验合格")]
    assert PIN not in done.output


def test_a_dry_run_asks_nobody(bring: Callable[..., Result]) -> None:
    shown = bring("--dry-run", "--as", PLANNER)
    assert (shown.exit_code, "2031-01-01" in shown.output, "PIN" in shown.output) == (0, True, False)


def test_who_is_named_at_the_command_line_proves_it(plant: SamplePlant) -> None:
    here = ["--database", plant.database.url, "--now", NOW, "stations", "verify", "QC-1", "--on", "--as", QUALITY]
    assert codes_of(CliRunner().invoke(runcard, here, input=f"{PIN}\n")) == ["signature_wrong"]
    assert CliRunner().invoke(runcard, here, input=f"{OTHER_PIN}\n").exit_code == 0


def test_a_plant_that_is_being_founded_is_imported_unattended(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["init"], ["import", str(SAMPLE)], ["check"]):
        done = CliRunner().invoke(runcard, ["--database", sqlite_url, "--now", NOW, *words])
        assert done.exit_code == 0, done.output
