"""When the database cannot keep or give what it is asked: one exception, and what is the trouble in plain words.

Owns which error of which engine is which trouble; whoever answers people or stations says "not now" and never "no".
Errors that are not the database's own trouble (a broken constraint, a mistake in a statement) pass through unchanged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolIsEmpty


class Trouble(StrEnum):
    """What is the matter with the database."""

    FULL = "full"
    READ_ONLY = "read_only"
    FAILING = "failing"
    UNREACHABLE = "unreachable"
    BUSY = "busy"


NAMES = {
    Trouble.FULL: ("服务器磁盘已满", "The server's disk is full"),
    Trouble.READ_ONLY: ("数据库只能读，不能保存", "The database is read-only"),
    Trouble.FAILING: ("数据库读写出错", "The database fails to read or write"),
    Trouble.UNREACHABLE: ("数据库连接不上", "The database cannot be reached"),
    Trouble.BUSY: ("数据库正忙", "The database is busy"),
}
TELL = ("没有保存。请马上通知系统管理员。", "Nothing was kept. Tell the administrator at once.")
WAIT = (
    "没有保存。请稍候再试；一直这样请通知系统管理员。",
    "Nothing was kept. Try again in a moment; if it stays so, tell the administrator.",
)
UNSURE = ("是否已保存不清楚，重做之前请先查看。", "It is not known whether it was kept: look before you do it again.")
PASSING = {Trouble.UNREACHABLE, Trouble.BUSY}


class DatabaseUnavailable(Exception):
    """The database could not do it now; the same again later is right. `unsure`: it may have been kept all the same."""

    def __init__(self, trouble: Trouble, *, unsure: bool = False) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.unsure = unsure

    @property
    def name(self) -> tuple[str, str]:
        """What is the matter, in Chinese and English."""
        return NAMES[self.trouble]

    @property
    def advice(self) -> tuple[str, str]:
        """What became of the work and what to do, in Chinese and English."""
        if self.unsure:
            return UNSURE
        return WAIT if self.trouble in PASSING else TELL

    def __str__(self) -> str:
        """One line for a log: what is the matter, and the driver's own words."""
        cause = str(getattr(self.__cause__, "orig", None) or self.__cause__ or "").strip()
        said = f"{self.name[1]}: {cause.splitlines()[0]}" if cause else self.name[1]
        return f"{said} ({self.advice[1]})" if self.unsure else said


# SQLite's result codes, extended ones first: shared memory that cannot grow is a full disk.
SQLITE = {
    sqlite3.SQLITE_IOERR_SHMSIZE: Trouble.FULL,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.FAILING,
    sqlite3.SQLITE_NOMEM: Trouble.FAILING,
    sqlite3.SQLITE_INTERRUPT: Trouble.BUSY,
    sqlite3.SQLITE_CORRUPT: Trouble.FAILING,
    sqlite3.SQLITE_NOTADB: Trouble.FAILING,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
    sqlite3.SQLITE_PERM: Trouble.UNREACHABLE,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_PROTOCOL: Trouble.BUSY,
}
# PostgreSQL's SQLSTATEs and their classes.
POSTGRESQL = {
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
    "57014": Trouble.BUSY,
    "55P03": Trouble.BUSY,
    "25P04": Trouble.BUSY,
    "53200": Trouble.FAILING,
    "53": Trouble.BUSY,
    "40": Trouble.BUSY,
    "08": Trouble.UNREACHABLE,
    "57": Trouble.UNREACHABLE,
    "58": Trouble.FAILING,
    "XX": Trouble.FAILING,
}
LOST_WITH_ITS_CONNECTION = "8s2b"  # SQLAlchemy's own code: a statement after the one that ended the transaction


def trouble_of(error: BaseException) -> Trouble | None:
    """The database's trouble behind an error; None for an error that is no trouble of the database."""
    if isinstance(error, DatabaseUnavailable):
        return error.trouble
    if isinstance(error, PoolIsEmpty):
        return Trouble.BUSY
    if isinstance(error, MemoryError) or getattr(error, "code", None) == LOST_WITH_ITS_CONNECTION:
        return Trouble.FAILING
    if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError):
        return _said_by_the_driver(error)
    return None


def _said_by_the_driver(error: DBAPIError) -> Trouble | None:
    if isinstance(error.orig, sqlite3.Error):
        number = getattr(error.orig, "sqlite_errorcode", 0)
        found = SQLITE.get(number) or SQLITE.get(number & 0xFF)
        return found or (Trouble.FAILING if error.connection_invalidated else None)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return POSTGRESQL.get(state) or POSTGRESQL.get(state[:2])
    # libpq has no state to tell when there is no connection, or no longer
    return Trouble.UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else None


@contextmanager
def told_plainly() -> Iterator[None]:
    """Raise `DatabaseUnavailable` for every error that is the database's trouble; all others as they are."""
    try:
        yield
    except (SQLAlchemyError, MemoryError) as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise DatabaseUnavailable(trouble) from error
