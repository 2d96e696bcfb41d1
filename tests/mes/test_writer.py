"""What is told as done is on disk, whichever statement fails and whether or not SQLite ends the transaction with it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from mes.database import Database
from mes.unavailable import DatabaseUnavailable, Trouble
from tests.faults import FOREVER, Faults
from tests.waiting import until

KINDS = ("BEGIN", "SAVEPOINT", "INSERT", "UPDATE", "RELEASE", "COMMIT")
IN_THE_WORK = ("INSERT", "UPDATE")
TOGETHER = 6
CODES = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR_WRITE: Trouble.FAILING,
    sqlite3.SQLITE_IOERR_SHMSIZE: Trouble.FULL,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
}


def fill(number: int) -> Callable[[Connection], int]:
    """Work that writes a row and changes it."""

    def work(connection: Connection) -> int:
        connection.exec_driver_sql("INSERT INTO kept (id, word) VALUES (?, 'one')", (number,))
        connection.exec_driver_sql("UPDATE kept SET word = 'two' WHERE id = ?", (number,))
        return number

    return work


class Store:
    """A database with one table, and people who write into it at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = Database(f"sqlite:///{path}")
        self.faults = Faults(self.database.engine)
        self.database.write(
            lambda connection: connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, word TEXT NOT NULL)"
            )
        )

    def told(self, *works: Callable[[Connection], int]) -> list[int | BaseException]:
        """What each of several people heard whose work waits when the writer begins, so that it is one group."""
        self.database.close()
        writer = self.database._writer
        writer._ensure_running = lambda: None
        with ThreadPoolExecutor(len(works)) as people:
            heard = [people.submit(self._one, work) for work in works]
            until(lambda: writer._queue.qsize() == len(works), "everybody waits")
            del writer._ensure_running
            writer._ensure_running()
            return [one.result() for one in heard]

    def _one(self, work: Callable[[Connection], int]) -> int | BaseException:
        try:
            return self.database.write(work)
        except BaseException as error:
            return error

    def kept(self) -> set[int]:
        """What stands in the file, for somebody who opens it anew."""
        with closing(sqlite3.connect(self.path)) as connection:
            return {number for (number,) in connection.execute("SELECT id FROM kept WHERE word = 'two'")}

    def close(self) -> None:
        self.database.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(tmp_path / "kept.db")
    yield found
    found.close()


def done(told: list[int | BaseException]) -> set[int]:
    return {one for one in told if isinstance(one, int)}


@pytest.mark.parametrize("ends", [True, False], ids=["transaction ends", "transaction stands"])
@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE])
@pytest.mark.parametrize("kind", KINDS)
def test_one_failing_statement_loses_nothing_that_was_told_as_done(
    store: Store, kind: str, code: int, ends: bool
) -> None:
    fault = store.faults.strike(kind, code=code, ends=ends, spared=0 if kind in ("BEGIN", "COMMIT") else 3)
    told = store.told(*map(fill, range(TOGETHER)))
    assert fault.struck == 1
    assert store.kept() == done(told)
    only_its_own = kind in IN_THE_WORK and not ends
    assert len(done(told)) == TOGETHER - only_its_own
    assert all(isinstance(one, int | DatabaseUnavailable) for one in told)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", CODES)
def test_while_every_statement_of_a_kind_fails_everybody_hears_why_and_afterwards_all_is_well(
    store: Store, kind: str, code: int
) -> None:
    store.faults.strike(kind, code=code, times=FOREVER)
    told = store.told(*map(fill, range(3)))
    assert [one.trouble for one in told if isinstance(one, DatabaseUnavailable)] == [CODES[code]] * 3
    assert store.database.trouble == CODES[code]
    assert store.kept() == set()
    store.faults.heal()
    assert store.database.write(fill(7)) == 7
    assert store.database.trouble is None
    assert store.kept() == {7}


def test_a_savepoint_that_cannot_be_rolled_back_to_takes_nobody_else_with_it(store: Store) -> None:
    def wrong(connection: Connection) -> int:
        connection.exec_driver_sql("INSERT INTO kept (id) VALUES (99)")
        return 99

    store.faults.strike("ROLLBACK TO", code=sqlite3.SQLITE_IOERR, ends=False)
    told = store.told(fill(1), wrong, fill(2))
    assert [type(one) for one in told] == [int, IntegrityError, int]
    assert store.kept() == {1, 2}


def test_while_somebody_else_holds_the_database_a_group_waits_once_and_not_once_for_each(store: Store) -> None:
    fault = store.faults.strike("BEGIN IMMEDIATE", code=sqlite3.SQLITE_BUSY, times=FOREVER)
    told = store.told(*map(fill, range(TOGETHER)))
    assert (done(told), fault.struck) == (set(), 1)


def test_work_that_goes_on_after_its_transaction_has_ended_writes_nothing(store: Store) -> None:
    def stubborn(connection: Connection) -> int:
        for number in (1, 2):
            try:
                connection.exec_driver_sql("INSERT INTO kept (id, word) VALUES (?, 'two')", (number,))
            except Exception as error:
                ignored.append(error)
        return 1

    ignored: list[Exception] = []
    store.faults.strike("INSERT", times=FOREVER, spared=1)
    told = store.told(fill(5), stubborn)
    assert len(ignored) == 4
    assert [type(one) for one in told] == [DatabaseUnavailable] * 2
    assert store.kept() == set()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, ZeroDivisionError])
def test_whatever_a_work_raises_the_others_are_done_and_the_writer_lives(
    store: Store, error: type[BaseException]
) -> None:
    def raising(connection: Connection) -> int:
        fill(1)(connection)
        raise error

    told = store.told(fill(0), raising, fill(2))
    assert isinstance(told[1], error) or (error is MemoryError and isinstance(told[1], DatabaseUnavailable))
    assert store.kept() == done(told) == {0, 2}
    assert store.database.write(fill(3)) == 3


def test_a_connection_that_broke_is_opened_anew(store: Store) -> None:
    def breaking(connection: Connection) -> int:
        if not broken:
            broken.append(True)
            connection.connection.dbapi_connection.close()
        return fill(1)(connection)

    broken: list[bool] = []
    assert store.told(fill(0), breaking, fill(2)) == [0, 1, 2]
    assert store.kept() == {0, 1, 2}


@given(
    faults=st.lists(
        st.tuples(
            st.sampled_from((*KINDS, "ROLLBACK TO")),
            st.sampled_from(sorted(CODES)),
            st.booleans(),
            st.integers(0, 12),
            st.integers(1, 4),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=25)
def test_whatever_fails_what_is_told_as_done_is_kept_and_what_is_not_kept_is_told_so(
    tmp_path: Path, faults: list[tuple[str, int, bool, int, int]]
) -> None:
    path = tmp_path / "kept.db"
    path.unlink(missing_ok=True)
    store = Store(path)
    for kind, code, ends, spared, times in faults:
        store.faults.strike(kind, code=code, ends=ends, spared=spared, times=times)
    with ThreadPoolExecutor(8) as people:
        told = list(people.map(store._one, map(fill, range(40))))
    store.close()
    assert store.kept() == done(told)
    assert all(isinstance(one, int | DatabaseUnavailable) for one in told)


NO_ROOM = """
import resource, sys
from mes.database import Database
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # no file may be longer, temporary ones neither
database = Database(sys.argv[1])
numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
def work(connection):
    connection.exec_driver_sql("CREATE TEMP TABLE heap (i, x)")
    connection.exec_driver_sql(f"INSERT INTO heap {numbers} SELECT i, hex(zeroblob(40)) FROM n")
    return connection.exec_driver_sql("SELECT i FROM heap ORDER BY x, i DESC LIMIT 1").scalar_one()
print(database.write(work))
"""


def test_a_full_folder_for_temporary_files_stops_nobody(store: Store) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", NO_ROOM, store.database.url],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "SQLITE_TMPDIR": str(store.path.parent)},
    )
    assert ran.stdout.strip() == "60000", ran.stderr


def test_when_all_connections_are_in_use_a_reader_hears_that_the_database_is_busy(
    blank_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mes.database.POOL_TIMEOUT_S", 0.05)
    database = Database(blank_url)
    with ExitStack() as users:
        pool: QueuePool = database.engine.pool
        for _ in range(pool.size() + pool._max_overflow):
            users.enter_context(database.engine.connect())
        with pytest.raises(DatabaseUnavailable, match="busy"):
            users.enter_context(database.read())
        with pytest.raises(DatabaseUnavailable, match="busy"):
            database.write(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one())
    assert database.write(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one()) == 1
    database.close()
