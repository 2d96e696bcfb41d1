"""Bringing a database to today's schema, and the parts of it that Alembic does not see: triggers and id seeds.

Append-only tables are guarded by the database itself (law 3); ids start at site x 2^40 (design, Ids). Both are laid
down again and asserted after every migration.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, text

from mes.database import APPEND_ONLY, ID_BLOCK, Database, open_engine
from mes.tables import tables

POSTGRES_GUARD = """
CREATE OR REPLACE FUNCTION history_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'history_is_never_rewritten: %% is append-only', TG_TABLE_NAME; END $$
"""


def migrate(url: str, site: int = 1) -> None:
    """Bring the database at `url` to the newest schema, guard its history and seed its ids for `site`."""
    engine = open_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config = alembic_config(url)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        guard_history(connection)
        seed_ids(connection, site)
    engine.dispose()


def alembic_config(url: str) -> Config:
    """Alembic's configuration, without a file: the migrations travel in the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this program was written for."""
    head = ScriptDirectory.from_config(alembic_config(database.url)).get_current_head()
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == head


def guard_history(connection: Connection) -> None:
    """Install the triggers that refuse UPDATE, DELETE and TRUNCATE on append-only tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(POSTGRES_GUARD)
    for table in tables():
        if table.name in APPEND_ONLY:
            _guard_postgres(connection, table) if connection.dialect.name == "postgresql" else _guard_sqlite(
                connection, table
            )


def _guard_sqlite(connection: Connection, table: Table) -> None:
    for verb in ("UPDATE", "DELETE"):
        name = f"{table.name}_refuses_{verb.lower()}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, 'history_is_never_rewritten: {table.name} is append-only'); END"
        )


def _guard_postgres(connection: Connection, table: Table) -> None:
    for name, when in (("rows", "UPDATE OR DELETE"), ("table", "TRUNCATE")):
        level = "ROW" if name == "rows" else "STATEMENT"
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {table.name}_refuses_{name} BEFORE {when} ON {table.name} "
            f"FOR EACH {level} EXECUTE FUNCTION history_is_never_rewritten()"
        )


def seed_ids(connection: Connection, site: int) -> None:
    """Let every running id start above site x 2^40; a table that has rows keeps its numbers."""
    for table in tables():
        if _is_numbered(table):
            _seed_postgres(connection, table.name, site) if connection.dialect.name == "postgresql" else _seed_sqlite(
                connection, table.name, site
            )


def _is_numbered(table: Table) -> bool:
    return bool(table.dialect_options["sqlite"].get("autoincrement"))


def _seed_sqlite(connection: Connection, name: str, site: int) -> None:
    known = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).scalar()
    if known is None:
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, site * ID_BLOCK))
    elif known < site * ID_BLOCK:
        connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (site * ID_BLOCK, name))


def _seed_postgres(connection: Connection, name: str, site: int) -> None:
    sequence = connection.exec_driver_sql(f"SELECT pg_get_serial_sequence('{name}', 'id')").scalar_one()
    last = connection.exec_driver_sql(f"SELECT last_value FROM {sequence}").scalar_one()  # noqa: S608  a name of our own
    if last <= site * ID_BLOCK:
        connection.exec_driver_sql(f"ALTER SEQUENCE {sequence} RESTART WITH {site * ID_BLOCK + 1}")


def wrong_seeds(connection: Connection, site: int) -> list[str]:
    """Tables whose next id would not carry the site's number; empty when all is well."""
    return [table.name for table in tables() if _is_numbered(table) and not _seeded(connection, table.name, site)]


def _seeded(connection: Connection, name: str, site: int) -> bool:
    if connection.dialect.name == "postgresql":
        sequence = connection.exec_driver_sql(f"SELECT pg_get_serial_sequence('{name}', 'id')").scalar_one()
        last = connection.exec_driver_sql(f"SELECT last_value FROM {sequence}").scalar_one()  # noqa: S608  a name of our own
    else:
        last = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).scalar() or 0
    return bool(site * ID_BLOCK <= last < (site + 1) * ID_BLOCK)


def missing_guards(connection: Connection) -> list[str]:
    """Triggers of append-only tables that are missing, disabled or hollow; empty when history is guarded."""
    if connection.dialect.name == "postgresql":
        working = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        wanted = {f"{name}_refuses_{what}" for name in APPEND_ONLY for what in ("rows", "table")}
    else:
        working = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%history_is_never_rewritten%'"
        wanted = {f"{name}_refuses_{what}" for name in APPEND_ONLY for what in ("update", "delete")}
    return sorted(wanted - set(connection.exec_driver_sql(working).scalars()))
