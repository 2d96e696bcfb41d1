"""Fixtures that every room's tests share: databases on both engines, and what happens to a test that can't run here."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.engines import Fresh, PostgresqlDatabases, SqliteDatabases
from tests.postgres import cluster
from tests.system import GROUPS

# Rules are tested here, not speed, and a busy machine is slow: no deadlines. In CI the same tree always meets the same
# examples; at a desk and in `make long` each run looks for new ones. The examples of one test share its database or
# folder on purpose, and name what they make.
CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("desk", deadline=None, suppress_health_check=CALM)
settings.register_profile("ci", deadline=None, suppress_health_check=CALM, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("RUNCARD_CI") == "1" else "desk")


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """SQLite files, from one migrated template."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgresqlDatabases]:
    """Databases of a PostgreSQL cluster of this worker's own."""
    if reason := GROUPS["postgresql"].missing:
        pytest.skip(reason)
    with cluster() as running:
        yield PostgresqlDatabases(running)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Fresh databases on each engine in turn, for tests that need more than one (properties, restores)."""
    maker = Fresh(request.getfixturevalue(f"{request.param}_databases"), tmp_path)
    yield maker
    maker.drop_all()


@pytest.fixture
def engine_url(fresh: Fresh) -> str:
    """The address of an empty, migrated database, on each engine in turn."""
    return fresh.migrated()


@pytest.fixture
def blank_url(fresh: Fresh) -> str:
    """The address of an empty database that nobody migrated, on each engine in turn."""
    return fresh.blank()


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite file, for tests to which the engine makes no difference."""
    return sqlite_databases.migrated(tmp_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long story begins first, so that no worker waits for it at the end (`make test` gives a file to one worker)."""
    items.sort(key=lambda item: item.get_closest_marker("story") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose group is missing; `browser` needs Chromium, `needs(...)` names groups of tests/system.py."""
    names = [name for marker in item.iter_markers("needs") for name in marker.args]
    names += ["chromium"] if item.get_closest_marker("browser") else []
    for name in names:
        if reason := GROUPS[name].missing:
            pytest.skip(reason)


def fail_instead_of_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI nothing may be left out: a skip (not an expected failure) becomes a failure with the same reason."""
    if os.environ.get("RUNCARD_CI") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} (RUNCARD_CI=1: nothing may be skipped)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge what each test reports."""
    report = yield
    fail_instead_of_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge modules that skip themselves as a whole."""
    report = yield
    fail_instead_of_skip(report)
    return report
