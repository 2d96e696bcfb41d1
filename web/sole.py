"""One server on one embedded database: its queue of writers and its memory of masters are one process's own.

A lock of the system beside the database file, which is free again however its holder ended. Commands of the command
line need none: they write for a moment and wait for each other.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url


class ServedAlready(Exception):
    """Another server is at work on the same database file."""


@contextmanager
def sole_server(url: str) -> Iterator[None]:
    """Be the only server on an embedded database; raises `ServedAlready`. On PostgreSQL there may be several."""
    name = make_url(url).database
    if not url.startswith("sqlite") or not name:
        yield
        return
    path = Path(name).resolve()
    with os.fdopen(os.open(f"{path}.serving", os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServedAlready(
                f"process {lock.read().strip() or '?'} serves {path} already; "
                "an embedded database has one server: end that one, or move to PostgreSQL for several"
            ) from error
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
