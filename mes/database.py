"""The database as every department sees it: column types, the base class, engines and their one way of writing.

Owns how a transaction begins, waits, groups and retries on both engines. Knows no table of any department.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import QueuePool

from mes.clock import aware

T = TypeVar("T")
ID_BLOCK = 2**40
GROUP_LIMIT = 64
RETRIES = 8
RETRIED_STATES = ("40001", "40P01")  # serialization_failure, deadlock_detected


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
    if url.startswith("sqlite"):
        # Connections are kept and go from thread to thread, one user at a time: opening one costs more than a scan.
        kept = {"poolclass": QueuePool, "pool_size": 20, "max_overflow": 20}
        engine = create_engine(url, **kept, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(postgres_url(url), isolation_level="READ COMMITTED", pool_size=20, max_overflow=10)


def postgres_url(url: str) -> str:
    """The same URL with psycopg 3 as driver where none is named."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not the driver, says when a transaction begins
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a read that later wants to write would fail half-way (SQLITE_BUSY_SNAPSHOT).
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Work = Callable[[Connection], Any]


class Database:
    """One plant's database: `write` runs work in a transaction of its own, `read` gives a session to look with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        self._writer = _GroupWriter(self.engine) if self.engine.dialect.name == "sqlite" else None

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction; whatever it raises is raised here and nothing stays behind."""
        return self._writer.submit(work) if self._writer else self._write_with_retries(work)

    def _write_with_retries(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(RETRIES):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in RETRIED_STATES or attempt == RETRIES - 1:
                    raise
        raise AssertionError("the loop above returns or raises")

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only looks: one consistent snapshot on SQLite, never committed. Rows stay readable after."""
        with self.engine.connect() as connection, Session(connection, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """End the writer and drop all connections."""
        if self._writer:
            self._writer.close()
        self.engine.dispose()


class _GroupWriter:
    """SQLite's single writer: a fair queue, a savepoint per piece of work, one fsync for up to 64 of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[Connection], T]) -> T:
        self._ensure_running()
        future: Future[T] = Future()
        self._queue.put((work, future))
        return future.result()

    def close(self) -> None:
        with self._lock:
            if self._thread:
                self._queue.put(None)
                self._thread.join()
                self._thread = None

    def _ensure_running(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        with self._engine.connect().execution_options(writes=True) as connection:
            while (first := self._queue.get()) is not None:
                last = self._commit_group(connection, first)
                if last:
                    return

    def _commit_group(self, connection: Connection, first: tuple[Work, Future[Any]]) -> bool:
        """Commit `first` and whatever else waits; True when the queue was told to end."""
        done: list[tuple[Future[Any], Any]] = []
        ended = False
        try:
            with connection.begin():
                job: tuple[Work, Future[Any]] | None = first
                while job is not None:
                    self._attempt(connection, job, done)
                    job, ended = self._next(len(done))
        except BaseException as error:  # the commit itself failed: nobody's work is kept, and everybody hears it
            self._fail(error, first[1], done)
            return ended
        for future, result in done:
            future.set_result(result)
        return ended

    def _next(self, grouped: int) -> tuple[tuple[Work, Future[Any]] | None, bool]:
        if grouped >= GROUP_LIMIT or self._queue.empty():
            return None, False
        job = self._queue.get()
        return job, job is None

    def _attempt(
        self, connection: Connection, job: tuple[Work, Future[Any]], done: list[tuple[Future[Any], Any]]
    ) -> None:
        work, future = job
        try:
            with connection.begin_nested():
                result = work(connection)
        except BaseException as error:
            future.set_exception(error)
        else:
            done.append((future, result))

    @staticmethod
    def _fail(error: BaseException, first: Future[Any], done: list[tuple[Future[Any], Any]]) -> None:
        for future in {first, *(future for future, _ in done)}:
            if not future.done():
                future.set_exception(error)


def tables() -> list[Table]:
    """All tables of all departments, in an order that respects their references."""
    import mes.tables  # noqa: F401  every model registers itself with Base

    return Base.metadata.sorted_tables


def sqlite_version(engine: Engine) -> str:
    """The version of the embedded engine, for `runcard check` and bug reports."""
    with engine.connect() as connection:
        return str(connection.execute(text("select sqlite_version()")).scalar_one())
