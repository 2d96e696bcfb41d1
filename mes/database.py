"""The database as every department sees it: column types, the base class, engines and their one way of writing.

Owns how a transaction begins, waits and retries on both engines (SQLite's queue of writers is `mes.writer`). Knows no
table of any department.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import QueuePool

from mes.clock import aware
from mes.unavailable import DatabaseUnavailable, Trouble, told_plainly
from mes.writer import GroupWriter

T = TypeVar("T")
ID_BLOCK = 2**40
RETRIES = 8
MEMORY = "memory"
"""The option of every connection that holds what its engine keeps in memory (`mes.memory`)."""
WROTE = "statements that wrote"
RETRIED_STATES = ("40001", "40P01")  # serialization_failure, deadlock_detected
POOL_TIMEOUT_S = 3.0  # below the four seconds for which a station waits for its answer
BUSY_TIMEOUT_S = 10.0  # how long a writer waits while another program writes into the same file
# A server that is gone is noticed in seconds and not in a quarter of an hour (libpq's names; milliseconds, seconds).
WIRE = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


class UtcMoment(TypeDecorator[datetime]):
    """A moment in UTC; a naive one is refused (law 5)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = aware(value).astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
Quantity = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Code = Annotated[str, mapped_column(String(64))]
Word = Annotated[str, mapped_column(String(32))]
Name = Annotated[str, mapped_column(String(200))]
Prose = Annotated[str, mapped_column(Text)]
Moment = Annotated[datetime, mapped_column(UtcMoment)]
Bytes = Annotated[bytes, mapped_column(LargeBinary)]
Digest = Annotated[str, mapped_column(String(64))]

APPEND_ONLY: set[str] = set()


class Base(DeclarativeBase):
    """Mother of all tables. Constraint names are sentences; those nobody names follow the convention."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_by_%(column_0_N_name)s",
            "uq": "%(table_name)s_is_unique_by_%(column_0_N_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_exists",
            "pk": "%(table_name)s_has_one_key",
        }
    )


class Numbered:
    """A table with our own 64-bit ids: site number x 2^40 + running number."""

    id: Mapped[Id]
    __table_args__: Any = {"sqlite_autoincrement": True}  # noqa: RUF012  SQLAlchemy reads it once per class


def append_only(cls: type[T]) -> type[T]:
    """Mark a table whose rows may never be changed or removed (law 3); the database enforces it by triggers."""
    APPEND_ONLY.add(cls.__tablename__)  # type: ignore[attr-defined]
    return cls


def args(*constraints: Any) -> tuple[Any, ...]:
    """Table arguments of a `Numbered` table with constraints of its own."""
    return (*constraints, {"sqlite_autoincrement": True})


def open_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, synchronous=FULL) or PostgreSQL (READ COMMITTED); the URL alone decides."""
    engine = _engine(url)
    event.listen(engine, "before_cursor_execute", _count_writing)
    return engine


def _engine(url: str) -> Engine:
    memory: dict[str, Any] = {MEMORY: {}}
    if not url.startswith("sqlite"):
        address = make_url(postgres_url(url))
        wire = {name: value for name, value in WIRE.items() if name not in address.query}
        kept: dict[str, Any] = {"pool_size": 20, "max_overflow": 10, "pool_timeout": POOL_TIMEOUT_S}
        engine = create_engine(
            address, **kept, isolation_level="READ COMMITTED", connect_args=wire, execution_options=memory
        )
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    # Connections are kept and go from thread to thread, one user at a time: opening one costs more than a scan.
    # The last one used is used next: each keeps pages and statements, megabytes of them.
    kept = {"pool_size": 20, "max_overflow": 20, "pool_timeout": POOL_TIMEOUT_S, "pool_use_lifo": True}
    one_user = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    engine = create_engine(url, poolclass=QueuePool, **kept, connect_args=one_user, execution_options=memory)
    event.listen(engine, "connect", _prepare_sqlite)
    engine.dialect.do_savepoint = _savepoint  # type: ignore[method-assign]
    engine.dialect.do_release_savepoint = _release  # type: ignore[method-assign]
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "commit", _commit_sqlite)
    event.listen(engine, "handle_error", _end_with_its_transaction)
    return engine


def postgres_url(url: str) -> str:
    """The same URL with psycopg 3 as driver where none is named."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def session_in(connection: Connection) -> Session:
    """A session inside the caller's transaction: it flushes, and never commits."""
    return Session(connection, join_transaction_mode="rollback_only")


def statements_that_wrote(session: Session) -> int:
    """How many statements of the session's connection did more than read, ever."""
    return int(session.connection().info.get(WROTE, 0))


def _count_writing(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    if not statement.startswith("SELECT"):
        connection.info[WROTE] = connection.info.get(WROTE, 0) + 1


# Temporary tables, sorting and undo live in memory: a full folder for temporary files stops nobody.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "temp_store=MEMORY")


PREPARED = 400
"""Statements that PostgreSQL keeps planned for a connection: all that scans ask, many times over."""


def _prepare_postgres(connection: Any, _record: Any) -> None:
    # A scan's statements are few and always the same: planning them each time costs a fifth of what PostgreSQL does.
    connection.prepare_threshold, connection.prepared_max = 0, PREPARED


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not the driver, says when a transaction begins
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a read that later wants to write would fail half-way (SQLITE_BUSY_SNAPSHOT).
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _savepoint(connection: Connection, name: str) -> None:
    # Every scan has one: SQLAlchemy would compile the words each time, which costs as much as an INSERT.
    connection.exec_driver_sql(f"SAVEPOINT {name}")


def _release(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")


def _commit_sqlite(connection: Connection) -> None:
    # The driver's own commit says nothing when there is no transaction left; this statement fails.
    connection.exec_driver_sql("COMMIT")


def _end_with_its_transaction(failure: ExceptionContext) -> None:
    """SQLite may end a whole transaction on one failing statement: then nothing more can be said in it.

    Treated as a lost connection: whoever goes on regardless is refused, instead of writing outside any transaction.
    """
    connection = failure.connection
    if connection is None or failure.is_disconnect or connection.invalidated or not connection.in_transaction():
        return
    raw: Any = connection.connection.dbapi_connection
    if not raw.in_transaction:
        failure.is_disconnect = True
        failure.invalidate_pool_on_disconnect = False
        if failure.execution_context:  # its cursor would keep the file open for as long as anybody keeps the error
            failure.execution_context.cursor.close()


class Database:
    """One plant's database: `write` runs work in a transaction of its own, `read` gives a session to look with.

    Both raise `DatabaseUnavailable` when the database cannot. `trouble`: why the last write could not be kept, or None.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        self.trouble: Trouble | None = None
        self._writer = GroupWriter(self.engine) if self.engine.dialect.name == "sqlite" else None

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction, once more where nothing of it was kept; whatever it raises is raised here."""
        try:
            with told_plainly():
                result = self._writer.submit(work) if self._writer else self._write_with_retries(work)
        except DatabaseUnavailable as unavailable:
            self.trouble = unavailable.trouble
            raise
        self.trouble = None
        return result

    def _write_with_retries(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(RETRIES):
            try:
                return self._write_once(work)
            except DBAPIError as error:
                retried = error.connection_invalidated or getattr(error.orig, "sqlstate", None) in RETRIED_STATES
                if not retried or attempt == RETRIES - 1:
                    raise
        raise AssertionError("the loop above returns or raises")

    def _write_once(self, work: Callable[[Connection], T]) -> T:
        """One try. A connection that is lost while it commits leaves unknown what was kept: that is not tried again."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            result = work(connection)
            try:
                transaction.commit()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise DatabaseUnavailable(Trouble.UNREACHABLE, unsure=True) from error
                raise
            return result

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only looks: one consistent snapshot on SQLite, never committed. Rows stay readable after."""
        with told_plainly(), self.engine.connect() as connection, Session(connection, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """End the writer and drop all connections."""
        if self._writer:
            self._writer.close()
        self.engine.dispose()


def table_of(cls: type[Base]) -> Table:
    """The table of a class, for statements that need no objects."""
    return Base.metadata.tables[cls.__tablename__]


def sqlite_version(engine: Engine) -> str:
    """The version of the embedded engine, for `runcard check` and bug reports."""
    with engine.connect() as connection:
        return str(connection.execute(text("select sqlite_version()")).scalar_one())
