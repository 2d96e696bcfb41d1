"""The schema is what the models say, on both engines, whichever way a database came to it."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from mes.database import ID_BLOCK, Base, Database, open_engine
from mes.journal import Event
from mes.schema import (
    alembic_config,
    guard_history,
    is_current,
    migrate,
    missing_guards,
    seed_ids,
    watch_masters,
    wrong_seeds,
)
from mes.tables import tables
from tests.engines import Fresh


def created_from_models(url: str) -> None:
    """A database made from the models alone, without migrations."""
    engine = open_engine(url)
    tables()
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        Base.metadata.create_all(connection)
        guard_history(connection)
        watch_masters(connection)
        seed_ids(connection, 1)
    engine.dispose()


def described(url: str) -> list[str]:
    """What the engine itself says of its schema: sqlite_master, or pg_dump -s."""
    if url.startswith("sqlite"):
        engine = open_engine(url)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars().all()
        engine.dispose()
        statements = rows
    else:
        dump = shutil.which("pg_dump") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump")))
        libpq = re.sub(r"\+\w+", "", url, count=1)
        done = subprocess.run([dump, "-s", "--no-owner", libpq], capture_output=True, text=True, check=True)
        lines = [line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\"))]
        statements = "\n".join(lines).split(";\n")
    return sorted(_normal(one) for one in statements if "alembic_version" not in one)


def _normal(statement: str) -> str:
    """Without line breaks and quotes, and with the lines of a table sorted: their order says nothing."""
    flat = re.sub(r'[\s"]+', " ", statement).strip()
    head, _, body = flat.partition("(")
    body, without, _ = body.partition("WITHOUT ROWID")
    return f"{head}({','.join(sorted(part.strip(' )') for part in body.split(',')))}{without}"


def test_migrated_and_created_databases_have_the_same_schema(fresh: Fresh) -> None:
    migrated, created = fresh.migrated(), fresh.blank()
    created_from_models(created)
    assert described(migrated) == described(created)


def test_migrating_twice_changes_nothing(fresh: Fresh) -> None:
    url = fresh.migrated()
    before = described(url)
    migrate(url)
    assert described(url) == before


def test_a_database_knows_whether_it_is_current(fresh: Fresh) -> None:
    current, blank = Database(fresh.migrated()), Database(fresh.blank())
    assert is_current(current)
    assert not is_current(blank)
    current.close()
    blank.close()


def test_every_append_only_table_is_guarded_and_every_id_carries_the_site(engine_url: str) -> None:
    engine = open_engine(engine_url)
    with engine.connect() as connection:
        assert missing_guards(connection) == []
        assert wrong_seeds(connection, 1) == []
        assert wrong_seeds(connection, 2) != []
    engine.dispose()


def test_ids_of_another_site_start_at_its_own_block(blank_url: str) -> None:
    migrate(blank_url, site=7)
    engine = open_engine(blank_url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        new = connection.execute(text("INSERT INTO holder (kind) VALUES ('unit') RETURNING id")).scalar_one()
    engine.dispose()
    assert new == 7 * ID_BLOCK + 1


def test_a_missing_trigger_is_noticed(engine_url: str) -> None:
    engine = open_engine(engine_url)
    sqlite = engine.dialect.name == "sqlite"
    drop = "DROP TRIGGER movement_refuses_update" if sqlite else "DROP TRIGGER movement_refuses_rows ON movement"
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(drop))
    with engine.connect() as connection:
        assert missing_guards(connection) == ["movement_refuses_update" if sqlite else "movement_refuses_rows"]
    engine.dispose()


def test_migrations_form_one_line() -> None:
    assert len(ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()) == 1


def test_a_naive_time_is_refused(engine_url: str) -> None:
    engine = open_engine(engine_url)
    with engine.connect() as connection, pytest.raises(StatementError, match="has no zone"):
        connection.execute(select(Event.id).where(Event.recorded_at == datetime(2026, 12, 1, 8)))  # noqa: DTZ001
    engine.dispose()
