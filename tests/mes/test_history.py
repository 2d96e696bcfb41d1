"""Law 3: history is never rewritten; the database itself refuses it, whoever asks and however."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError

from mes.database import APPEND_ONLY
from mes.tables import tables
from tests.plant import SamplePlant

HISTORY = sorted((table for table in tables() if table.name in APPEND_ONLY), key=lambda table: table.name)
GUARD = "history_is_never_rewritten"


def in_database(plant: SamplePlant, work: Callable[[Connection], object]) -> None:
    """Reach past the door, as somebody with a database client would."""
    plant.database.write(work)


def attempt(plant: SamplePlant, statement: str) -> None:
    """A statement that the guard must refuse."""
    with pytest.raises(DBAPIError, match=GUARD):
        in_database(plant, lambda connection: connection.execute(text(statement)))


def test_the_journal_and_what_it_caused_are_history() -> None:
    wanted = {"event", "effect", "movement", "consumption", "signature", "scan", "report", "measurement", "disposition"}
    assert wanted <= APPEND_ONLY


@pytest.mark.parametrize("table", ["event", "effect", "movement"])
def test_no_row_of_history_is_changed(plant: SamplePlant, table: str) -> None:
    column = next(iter(named(table).columns)).name
    attempt(plant, f"UPDATE {table} SET {column} = {column}")  # noqa: S608


@pytest.mark.parametrize("table", ["event", "effect", "movement"])
def test_no_row_of_history_is_removed(plant: SamplePlant, table: str) -> None:
    attempt(plant, f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", ["event", "effect", "movement"])
def test_no_row_of_history_is_replaced(plant: SamplePlant, table: str) -> None:
    columns = [column.name for column in named(table).columns]
    names = ", ".join(columns)
    if plant.database.engine.dialect.name == "sqlite":
        attempt(plant, f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}")  # noqa: S608
        attempt(plant, f"REPLACE INTO {table} ({names}) SELECT {names} FROM {table} LIMIT 1")  # noqa: S608
    else:
        key = named(table).primary_key.columns.keys()[0]
        attempt(
            plant,
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} "  # noqa: S608
            f"ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}",
        )


def named(table: str) -> Table:
    """A table of history by its name."""
    return next(one for one in HISTORY if one.name == table)


@pytest.mark.parametrize("table", HISTORY, ids=lambda table: table.name)
def test_no_table_of_history_is_emptied(postgres_plant: SamplePlant, table: Table) -> None:
    attempt(postgres_plant, f"TRUNCATE {table.name} CASCADE")


@pytest.mark.parametrize("table", HISTORY, ids=lambda table: table.name)
def test_every_table_of_history_has_both_guards(plant: SamplePlant, table: Table) -> None:
    if plant.database.engine.dialect.name == "sqlite":
        found = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table ORDER BY name"
        guards = ("BEFORE DELETE", "BEFORE UPDATE")
    else:
        found = (
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) "
            "AND NOT tgisinternal AND tgenabled = 'O' ORDER BY tgname"
        )
        guards = ("BEFORE DELETE OR UPDATE", "BEFORE TRUNCATE")
    with plant.read() as session:
        triggers = session.scalars(text(found), {"table": table.name}).all()
    assert all(any(guard in trigger for trigger in triggers) for guard in guards), triggers


def test_an_upsert_is_refused_on_sqlite_too(sqlite_plant: SamplePlant) -> None:
    attempt(
        sqlite_plant,
        "INSERT INTO effect (event_id, digest) SELECT event_id, 'x' FROM effect WHERE true "
        "ON CONFLICT (event_id) DO UPDATE SET digest = 'x'",
    )


def test_what_may_change_is_not_guarded(plant: SamplePlant) -> None:
    in_database(plant, lambda connection: connection.execute(text("UPDATE lot SET hold_reason = NULL")))
