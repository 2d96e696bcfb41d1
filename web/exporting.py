"""Long exports beside the server: how many are made at a time, who waits for a turn, and how one is ended.

Owns the processes of `web.export_process`, from their start to their end by their own ids; knows no request.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

from mes.unavailable import DatabaseUnavailable
from web.exports import EXIT_CODES, Export, TraceExport, ordered

AT_ONCE, WAITING = 2, 2  # each keeps one of the server's sixteen threads until its file stands
LAST_IN_LINE = 15
"""How nice a process is to others, from its first moment: the system gives it what they leave."""
LOOK_EVERY_S = 0.25
END_WITHIN_S = 5.0
start = subprocess.Popen
TROUBLES = {code: trouble for trouble, code in EXIT_CODES.items()}

Left = Callable[[], bool]
"""Whether the reader has gone."""


class TooManyExports(Exception):
    """As many are made and wait as may; the same again later is right."""


class ReaderLeft(Exception):
    """Nobody waits for the file any more."""


class ExportBroke(Exception):
    """The process failed; what it said stands in the server's log."""


class Turns:
    """Who makes a long export now and who waits; more are sent away."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = threading.Semaphore(at_once + waiting)
        self._turns = threading.Semaphore(at_once)

    @contextmanager
    def taken(self, left: Left) -> Iterator[None]:
        """A turn for the length of the block; raises `TooManyExports`, or `ReaderLeft` while waiting."""
        if not self._places.acquire(blocking=False):
            raise TooManyExports
        try:
            while not self._turns.acquire(timeout=LOOK_EVERY_S):
                _insist_on_a_reader(left)
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


TURNS = Turns(AT_ONCE, WAITING)


def make_beside(url: str, export: Export | TraceExport, file: IO[bytes], left: Left) -> None:
    """Have the file made outside this process; raises as `Turns.taken` does, `DatabaseUnavailable`, `ExportBroke`."""
    with TURNS.taken(left), _begun(file) as process:
        _order(process, ordered(url, export))
        code = _end_of(process, left)
    if code in TROUBLES:
        raise DatabaseUnavailable(TROUBLES[code])
    if code:
        raise ExportBroke(f"exit code {code}")


@contextmanager
def _begun(file: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, ended with the block: whose standard input is let go, ends and tidies up."""
    process = start(
        [sys.executable, "-m", "web.export_process"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=file,
    )
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, LAST_IN_LINE)
        yield process
    finally:
        _let_go(process)
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _order(process: subprocess.Popen[bytes], order: bytes) -> None:
    """Say what is wanted: on a pipe, because the address of a database holds its password."""
    with suppress(BrokenPipeError):  # it failed before it listened; its exit code says so
        pipe = cast(IO[bytes], process.stdin)
        pipe.write(pickle.dumps(order))
        pipe.flush()


def _let_go(process: subprocess.Popen[bytes]) -> None:
    with suppress(BrokenPipeError):
        cast(IO[bytes], process.stdin).close()


def _end_of(process: subprocess.Popen[bytes], left: Left) -> int:
    while True:
        try:
            return process.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            _insist_on_a_reader(left)


def _insist_on_a_reader(left: Left) -> None:
    if left():
        raise ReaderLeft
