"""Errors of the embedded engine where a test wants them, and disks that really end.

A struck statement fails as SQLite itself fails: with its result code, and with or without the whole transaction.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

FOREVER = 10**9


@dataclass
class Fault:
    """What is struck: statements that begin so, after the first `spared` of them, `times` over."""

    begins: str
    code: int = sqlite3.SQLITE_FULL
    ends: bool = True
    spared: int = 0
    times: int = 1
    struck: int = 0

    def hits(self, statement: str) -> bool:
        """Whether this statement's turn has come."""
        if not re.match(self.begins, statement) or self.struck >= self.times:
            return False
        if self.spared:
            self.spared -= 1
            return False
        self.struck += 1
        return True


class Faults:
    """Makes an engine's connections fail; listens from before the first one is opened."""

    def __init__(self, engine: Engine) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        event.listen(engine, "do_connect", self._connect)
        engine.dispose()

    def strike(self, begins: str, **how: Any) -> Fault:
        """Let statements fail from now on."""
        fault = Fault(begins, **how)
        with self._lock:
            self._faults.append(fault)
        return fault

    def fill_the_disk(self) -> None:
        """Nothing can be written any more; what is there can be read."""
        self.strike("COMMIT", times=FOREVER)

    def heal(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def judge(self, connection: sqlite3.Connection, statement: str) -> None:
        """Raise what SQLite would."""
        with self._lock:
            fault = next((one for one in self._faults if one.hits(statement)), None)
        if fault is None:
            return
        if fault.ends:
            connection.rollback()
        error = sqlite3.OperationalError(f"struck at {statement[:20]}")
        error.sqlite_errorcode = fault.code
        raise error

    def _connect(self, _dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
        judge = self.judge

        class Cursor(sqlite3.Cursor):
            def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
                judge(self.connection, statement)
                return super().execute(statement, *values)

            def executemany(self, statement: str, *values: Any) -> sqlite3.Cursor:
                judge(self.connection, statement)
                return super().executemany(statement, *values)

        class Struck(sqlite3.Connection):
            def cursor(self, *_factory: Any) -> Any:
                return super().cursor(Cursor)

        named["factory"] = Struck


class SmallDisk:
    """A folder with so much room: a partition where this machine lets one be mounted, else the database may not grow.

    `mounted` tells which; `bound` makes the second of them, and proves nothing about the first.
    """

    def __init__(self, folder: Path, kilobytes: int, *, mounted: bool) -> None:
        self._folder = folder
        folder.mkdir()
        self.mounted = mounted and self._run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs")
        self._pages = kilobytes // 4

    def bound(self, engine: Engine) -> None:
        """Let a database on this disk grow no further, where the disk itself does not see to that."""
        if not self.mounted:
            event.listen(engine, "begin", self._limit)

    def make_room(self) -> None:
        """What an administrator does."""
        self._pages *= 100
        if self.mounted:
            assert self._run("mount", "-o", "remount,size=100m")

    def close(self) -> None:
        """Give the partition back."""
        if self.mounted:
            assert self._run("umount")

    def _run(self, *command: str) -> bool:
        return subprocess.run([*command, str(self._folder)], capture_output=True, check=False).returncode == 0

    def _limit(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self._pages}")
