"""Bringing a database to today's schema, and the parts of it that Alembic does not see: triggers and id seeds.

Append-only tables are guarded by the database itself (law 3), remembered ones are watched by it (`mes.memory`); ids
start at site x 2^40 (design, Ids). All are laid down again and asserted after every migration.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, make_url, text

from mes.database import APPEND_ONLY, ID_BLOCK, Database, open_engine
from mes.memory import REMEMBERED
from mes.tables import tables

POSTGRES_GUARD = """
CREATE OR REPLACE FUNCTION history_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'history_is_never_rewritten: %% is append-only', TG_TABLE_NAME; END $$
"""
# One row, so that two transactions at work on the masters wait for each other: a token stands for one state of them.
ANOTHER_VERSION = (
    "INSERT INTO masters_version (id, token) VALUES (1, {new}) ON CONFLICT (id) DO UPDATE SET token = excluded.token"
)
POSTGRES_WATCH = f"""
CREATE OR REPLACE FUNCTION masters_have_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {ANOTHER_VERSION.format(new="gen_random_uuid()")}; RETURN NULL; END $$
"""


class SchemaUnknown(Exception):
    """The database has a schema that this program does not know: a newer one, as a rule."""


def migrate(url: str, site: int = 1) -> None:
    """Bring the database at `url` to the newest schema, guard its history and seed its ids for `site`.

    Raises `SchemaUnknown`, and has changed nothing then.
    """
    _own_file(url)
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            refuse_unknown(_version(connection))
            config = alembic_config(url)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            guard_history(connection)
            watch_masters(connection)
            seed_ids(connection, site)
    finally:
        engine.dispose()


def alembic_config(url: str) -> Config:
    """Alembic's configuration, without a file: the migrations travel in the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this program was written for; raises `SchemaUnknown`."""
    with database.engine.connect() as connection:
        version = _version(connection)
    refuse_unknown(version)
    return version == _scripts().get_current_head()


def refuse_unknown(version: str | None) -> None:
    """Raise `SchemaUnknown` for a version that is none of ours; None is a database without one."""
    if version is not None and version not in {one.revision for one in _scripts().walk_revisions()}:
        raise SchemaUnknown(
            f"it has schema {version}, which this Runcard does not know (its newest is "
            f"{_scripts().get_current_head()}); nothing was changed: use the Runcard that wrote it, or a newer one"
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config("sqlite://"))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _own_file(url: str) -> None:
    """A new embedded database is readable by its owner only: it holds everybody's hashes."""
    name = make_url(url).database
    if url.startswith("sqlite") and name and not Path(name).exists():
        Path(name).touch(mode=0o600)


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


def watch_masters(connection: Connection) -> None:
    """Install the triggers that give the masters another version whenever a remembered table changes."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.exec_driver_sql(POSTGRES_WATCH)
    for kind in REMEMBERED:
        _watch_postgres(connection, kind.__tablename__) if postgres else _watch_sqlite(connection, kind.__tablename__)


def _watch_sqlite(connection: Connection, name: str) -> None:
    for verb in ("INSERT", "UPDATE", "DELETE"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_is_watched_{verb.lower()}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name}_is_watched_{verb.lower()} AFTER {verb} ON {name} "
            f"BEGIN {ANOTHER_VERSION.format(new='lower(hex(randomblob(16)))')}; END"
        )


def _watch_postgres(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(
        f"CREATE OR REPLACE TRIGGER {name}_is_watched AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION masters_have_changed()"
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
    """Triggers that are missing, disabled or hollow, of append-only and of remembered tables; empty when all work."""
    if connection.dialect.name == "postgresql":
        working = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        wanted = {f"{name}_refuses_{what}" for name in APPEND_ONLY for what in ("rows", "table")}
        wanted |= {f"{kind.__tablename__}_is_watched" for kind in REMEMBERED}
    else:
        working = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' "
            "AND (sql LIKE '%history_is_never_rewritten%' OR sql LIKE '%INTO masters_version%')"
        )
        wanted = {f"{name}_refuses_{what}" for name in APPEND_ONLY for what in ("update", "delete")}
        wanted |= {
            f"{kind.__tablename__}_is_watched_{what}" for kind in REMEMBERED for what in ("insert", "update", "delete")
        }
    return sorted(wanted - set(connection.exec_driver_sql(working).scalars()))
