"""The embedded engine's single writer: a fair queue, a savepoint per piece of work, one fsync for up to 64 of them.

Nobody is told "done" before the commit is on disk. SQLite may end a whole transaction on one failing statement (disk
full, I/O error); then nothing of the group was kept, and each of it is done once more in a transaction of its own.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from mes.unavailable import Trouble, trouble_of

T = TypeVar("T")
Work = Callable[[Connection], Any]
GROUP_LIMIT = 64


@dataclass
class _Job:
    """One piece of work, and whoever waits for it."""

    work: Work
    future: Future[Any] = field(default_factory=Future)
    result: Any = None

    def attempt(self, connection: Connection) -> None:
        """Do it in a savepoint of its own. What fails alone hears so at once; raises when the transaction fell too.

        Only a savepoint that could be released, or rolled back to, proves that the transaction still stands.
        """
        savepoint = connection.begin_nested()
        try:
            self.result = self.work(connection)
        except BaseException as error:
            savepoint.rollback()
            if connection.invalidated:
                raise
            self.hear(error)
        else:
            savepoint.commit()

    def hear(self, error: BaseException) -> None:
        """It has failed for good."""
        if not self.future.done():
            self.future.set_exception(error)

    def is_kept(self) -> None:
        """The commit is on disk: what did not fail by itself is done."""
        if not self.future.done():
            self.future.set_result(self.result)


class GroupWriter:
    """Runs work handed in by any thread, one piece after the other, in a thread of its own that nothing ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None

    def submit(self, work: Callable[[Connection], T]) -> T:
        """Run `work` when its turn comes; returns once it is on disk, raises what it raised or why it is not."""
        self._ensure_running()
        job = _Job(work)
        self._queue.put(job)
        result: T = job.future.result()
        return result

    def close(self) -> None:
        """End after everything that waits."""
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
        while (first := self._queue.get()) is not None:
            group = [first]
            try:
                self._commit(group)
            except BaseException as error:
                self._once_more(group, error)
        if self._connection:
            self._connection.close()
            self._connection = None

    def _commit(self, group: list[_Job], *, alone: bool = False) -> None:
        """Commit a group, with whoever waits meanwhile; raises when nothing of it was kept."""
        with self._connected() as connection, connection.begin():
            for job in group:  # it grows while it is walked
                job.attempt(connection)
                if not alone:
                    self._let_in(group)
        for job in group:
            job.is_kept()

    def _let_in(self, group: list[_Job]) -> None:
        if len(group) >= GROUP_LIMIT or self._queue.empty():
            return
        job = self._queue.get()
        if job is None:
            self._queue.put(None)  # that is for `_run` to see
        else:
            group.append(job)

    def _once_more(self, group: list[_Job], error: BaseException) -> None:
        """Nothing of a group was kept: each alone, and only what fails again hears of it.

        While somebody else holds the database all who wait hear it now: each would wait as long again as the group has.
        """
        if trouble_of(error) is Trouble.BUSY:
            for job in group:
                self._let_in(group)
                job.hear(error)
        for job in group:
            if not job.future.done():
                self._alone(job)

    def _alone(self, job: _Job) -> None:
        try:
            self._commit([job], alone=True)
        except BaseException as again:
            job.hear(again)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        """The writer's own connection, kept from group to group; one on which a group failed is thrown away."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(writes=True)
        try:
            yield self._connection
        except BaseException:
            self._throw_away(self._connection)
            self._connection = None
            raise

    @staticmethod
    def _throw_away(broken: Connection) -> None:
        with contextlib.suppress(Exception):
            if not broken.invalidated:
                broken.connection.rollback()  # a commit that failed may leave its transaction and its lock
                broken.invalidate()
            broken.close()
