"""A whole plant for tests of the rules: the sample plant, imported once per engine and copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import Databases, Fresh, PostgresqlDatabases, SqliteDatabases
from tests.mes.ancestry import NOW, fill_with_history
from tests.plant import SamplePlant


@pytest.fixture
def plant(fresh: Fresh) -> Iterator[SamplePlant]:
    """The sample plant with its stations, on each engine in turn; its clock stands at 2026-12-01 08:00."""
    found = SamplePlant.copied(fresh)
    yield found
    found.close()


@pytest.fixture
def sqlite_plant(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """The same on SQLite, for rules to which the engine makes no difference."""
    yield from _one_plant(sqlite_databases, tmp_path)


@pytest.fixture
def postgres_plant(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """The same on PostgreSQL, the engine on which two transactions really meet."""
    yield from _one_plant(postgresql_databases, tmp_path)


@pytest.fixture
def history(fresh: Fresh) -> Iterator[SamplePlant]:
    """The plant after a few days of work, from a supplier's lot to a shipment, on each engine in turn."""
    found = SamplePlant(fresh.filled("history", fill_with_history)).at(NOW)
    yield found
    found.close()


def _one_plant(databases: Databases, folder: Path) -> Iterator[SamplePlant]:
    fresh = Fresh(databases, folder)
    found = SamplePlant.copied(fresh)
    yield found
    found.close()
    fresh.drop_all()
