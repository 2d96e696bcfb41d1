"""The tests' own ground: what the shared fixtures promise to every other test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.engines import Fresh
from tests.waiting import until

ROOT = Path(__file__).parents[1]


def table_names(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def create_table(url: str, name: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {name} (id INTEGER)"))
    engine.dispose()


def test_a_blank_database_has_no_table(blank_url: str) -> None:
    assert table_names(blank_url) == set()


def test_a_migrated_database_has_tables(engine_url: str) -> None:
    assert table_names(engine_url)


def test_what_one_database_gets_the_next_one_does_not_see(fresh: Fresh) -> None:
    first, second = fresh.migrated(), fresh.migrated()
    create_table(first, "only_here")
    assert "only_here" in table_names(first)
    assert "only_here" not in table_names(second)
    assert "only_here" not in table_names(fresh.migrated())


HOLD_A_CLUSTER = """
import sys
from tests.postgres import cluster
with cluster() as running:
    print(running.folder, flush=True)
    sys.stdin.read()
"""


@pytest.mark.needs("postgresql")
def test_tests_that_are_killed_leave_no_server_behind() -> None:
    command = [sys.executable, "-c", HOLD_A_CLUSTER]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout
        folder = Path(tests.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        tests.kill()
    until(lambda: not folder.exists(), "the cluster's folder is gone")
    assert not Path(f"/proc/{server}").exists()


@pytest.mark.parametrize(("setting", "outcome"), [("0", 0), ("1", 1)])
def test_a_skip_is_a_failure_in_ci_only(tmp_path: Path, setting: str, outcome: int) -> None:
    (tmp_path / "test_skipping.py").write_text("import pytest\ndef test_it(): pytest.skip('no printer here')\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "--rootdir", str(tmp_path), str(tmp_path)]
    environment = {**os.environ, "RUNCARD_CI": setting, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, "no printer here" in run.stdout or not outcome) == (outcome, True)
