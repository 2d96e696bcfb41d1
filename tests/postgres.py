"""A PostgreSQL cluster of the tests' own: made, used and thrown away within one run.

This file is both ends of it. `Cluster` is the tests' end. Run as a program it is the keeper, which owns the server
and the folder and lives as long as its standard input is open, so that nothing stays behind however the tests end:
closed, interrupted or killed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.system import postgresql_programs

READY_WITHIN_S = 60
STOPPED_WITHIN_S = 20
MEMORY, ROOM_BYTES = Path("/dev/shm"), 2 << 30  # noqa: S108 - a folder of our own is made in it
# The zone is far from UTC on purpose.
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "64MB", "timezone": "Asia/Shanghai"}
# Durability is the one thing the suite doesn't ask of its throw-away cluster; benchmarks do.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}
DURABLE = "durable"


class Cluster:
    """A running server; `url` names a database on it, `execute` speaks to it as its owner."""

    def __init__(self, folder: str, user: str) -> None:
        self.folder = folder
        self.user = user

    def url(self, database: str) -> str:
        """The address of a database on this cluster, for RUNCARD_DATABASE_URL."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction (CREATE DATABASE wants that)."""
        with psycopg.connect(host=self.folder, user=self.user, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster for the length of the block; raises RuntimeError with the server's own words if it can't start."""
    command = [sys.executable, "-m", "tests.postgres", *([DURABLE] if durable else [])]
    ends: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "cwd": Path(__file__).parents[1],
    }
    # A session of its own, so that Ctrl-C reaches the tests only; leaving the block closes the keeper's input.
    with subprocess.Popen(command, start_new_session=True, **ends) as keeper:
        assert keeper.stdout
        word, _, rest = keeper.stdout.readline().strip().partition(" ")
        if word != "ready":
            raise RuntimeError(f"PostgreSQL did not start: {rest}{keeper.stdout.read()}")
        user, folder = rest.split(" ", 1)
        yield Cluster(folder, user)


def server_user() -> str:
    """Who runs the server: ourselves, or somebody unprivileged where we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def as_user(user: str, folder: str) -> Iterator[dict[str, Any]]:
    """How to start a program as that user, in a folder that belongs to them and disappears afterwards."""
    entry = pwd.getpwnam(user)
    try:
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        ids = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        yield {"cwd": folder, "stderr": subprocess.STDOUT, **ids}
    finally:
        shutil.rmtree(folder)


def keep() -> None:
    """Run a server until standard input closes; say `ready USER FOLDER` or `failed REASON` on standard output."""
    programs, user = postgresql_programs(), server_user()
    assert programs, "asked for PostgreSQL where there is none"
    folder = tempfile.mkdtemp(prefix="runcard-pg-", dir=None if DURABLE in sys.argv else in_memory())
    with as_user(user, folder) as start:
        initdb = [str(programs / "initdb"), "-D", f"{folder}/data", "-U", user, "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*initdb, "--no-locale", "--no-sync", "--no-instructions"], stdout=subprocess.PIPE, text=True, **start
        )
        if made.returncode:
            say(f"failed {made.stdout}")
            return
        with server(programs, folder, start) as postgres:
            say(f"ready {user} {folder}" if accepts(folder, user, postgres) else f"failed {read_log(folder)}")
            sys.stdin.read()


def in_memory() -> Path | None:
    """Where files stand in memory, if this system has such a place with room: each database is a thousand files."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES else None


@contextlib.contextmanager
def server(programs: Path, folder: str, start: dict[str, Any]) -> Iterator[subprocess.Popen[Any]]:
    """The server process; asked to stop at once at the end, and made to if it doesn't."""
    chosen = SETTINGS if DURABLE in sys.argv else {**SETTINGS, **FORGETFUL}
    settings = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", f"{folder}/data", "-k", folder, *settings]
    with Path(folder, "log").open("wb") as log, subprocess.Popen(command, stdout=log, **start) as postgres:
        try:
            yield postgres
        finally:
            postgres.send_signal(signal.SIGINT)  # "fast": sessions are cut off, the cluster shuts down in order
            with contextlib.suppress(subprocess.TimeoutExpired):
                postgres.wait(STOPPED_WITHIN_S)
            postgres.kill()


def accepts(folder: str, user: str, postgres: subprocess.Popen[Any]) -> bool:
    """Wait until the server takes connections; False when it ended or the deadline passed."""
    deadline = time.monotonic() + READY_WITHIN_S
    while postgres.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=folder, user=user, dbname="postgres", connect_timeout=2).close()
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            postgres.wait(0.05)
    return False


def read_log(folder: str) -> str:
    """What the server said."""
    return Path(folder, "log").read_text(errors="replace")


def say(sentence: str) -> None:
    """One answer to the tests' end."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()


def leave(_signal: int, _frame: object) -> None:
    """Leave by the way that cleans up."""
    sys.exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    keep()
