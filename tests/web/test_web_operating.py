"""`runcard init`, `backup`, `restore`, `serve` when something is wrong: one sentence, and nothing half-done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.masters.model import Item
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SamplePlant
from web.backup import BackupError, back_up, restore
from web.cli import main
from web.sole import ServedAlready, sole_server

Run = Callable[..., str]
HOLDER = (
    "import sys; from web.sole import sole_server\nwith sole_server(sys.argv[1]): print('held', flush=True); input()"
)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `runcard` on a database, which must fail with exit status 1 and one sentence; returns that."""

    def run(url: str, *words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["runcard", "--database", url, *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err
        assert ended.value.code == 1, said
        assert said.startswith("runcard: ")
        assert len(said.strip().splitlines()) == 1
        return said

    return run


@pytest.fixture
def plant(fresh: Fresh) -> SamplePlant:
    """The sample plant on each engine in turn, let go of already."""
    found = SamplePlant.copied(fresh)
    found.close()
    return found


def items_in(url: str) -> int:
    with closing(Database(url)) as database, database.read() as session:
        return len(session.scalars(select(Item.code)).all())


def test_a_backup_is_its_owners_only_and_gives_the_whole_plant_back(
    plant: SamplePlant, fresh: Fresh, tmp_path: Path
) -> None:
    file, empty = tmp_path / "plant.backup", fresh.blank()
    back_up(plant.database.url, file)
    assert [one.name for one in tmp_path.glob("plant*")] == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600
    restore(file, empty)
    assert items_in(empty) == items_in(plant.database.url) > 50
    with pytest.raises(BackupError, match="not empty"):
        restore(file, plant.database.url)
    if fresh.engine == "sqlite":
        assert Path(empty.removeprefix("sqlite:///")).stat().st_mode & 0o777 == 0o600


def test_a_schema_of_a_newer_program_is_left_alone_by_every_command(plant: SamplePlant, refused: Run) -> None:
    url = plant.database.url
    with closing(Database(url)) as database:
        database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    for words in (["init"], ["check"], ["serve"]):
        said = refused(url, *words)
        assert "schema 9999" in said
        assert "nothing was changed" in said


@pytest.mark.parametrize("junk", ["", "no database at all", "SQLite format 3\0" + "x" * 5000, "PGDMP" + "x" * 500])
def test_a_restore_of_junk_leaves_the_empty_place_empty(fresh: Fresh, refused: Run, tmp_path: Path, junk: str) -> None:
    file, empty = tmp_path / "junk", fresh.blank()
    file.write_text(junk)
    assert refused(empty, "restore", str(file))
    if fresh.engine == "sqlite":
        assert [one.name for one in tmp_path.iterdir()] == ["junk"]
    else:
        with closing(Database(empty)) as database:
            assert inspect(database.engine).get_table_names() == []


def test_a_backup_that_was_cut_or_is_somebody_elses_is_junk(
    sqlite_databases: SqliteDatabases, refused: Run, tmp_path: Path
) -> None:
    plant = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    plant.close()
    whole, cut, foreign, target = (tmp_path / name for name in ("whole", "cut", "foreign", "target.db"))
    back_up(plant.database.url, whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE recipe (name)")
    for file in (cut, foreign):
        assert "no whole backup" in refused(f"sqlite:///{target}", "restore", str(file))
        assert not list(tmp_path.glob("target*"))


def test_the_database_that_stands_survives_a_restore_over_it(plant: SamplePlant, refused: Run, tmp_path: Path) -> None:
    before = items_in(plant.database.url)
    file = tmp_path / "plant.backup"
    back_up(plant.database.url, file)
    assert "not empty" in refused(plant.database.url, "restore", str(file))
    assert items_in(plant.database.url) == before


def test_a_file_that_is_no_database_is_told_in_one_sentence(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("no database " * 500)
    for words in (["init"], ["check"], ["serve"]):
        assert "not a database" in refused(f"sqlite:///{tmp_path}/no.db", *words)


def test_a_new_embedded_database_is_its_owners_only(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    with closing(Database(url)) as database:
        found(database, PlantIdentity())
        assert {one.stat().st_mode & 0o777 for one in tmp_path.glob("new.db*")} == {0o600}


def test_a_second_server_on_one_file_is_refused_whatever_the_file_is_called_and_until_the_first_has_died(
    sqlite_url: str, refused: Run, tmp_path: Path
) -> None:
    link = tmp_path / "another name.db"
    link.symlink_to(sqlite_url.removeprefix("sqlite:///"))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, sqlite_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        said = refused(f"sqlite:///{link}", "serve", "--port", "0")
        assert f"process {first.pid} serves" in said
        first.kill()
    with sole_server(sqlite_url), pytest.raises(ServedAlready), sole_server(sqlite_url):
        pass


def test_several_servers_may_share_a_postgresql_database() -> None:
    with sole_server("postgresql://plant"), sole_server("postgresql://plant"):
        pass
