"""Backup and restore as one file: SQLite's own online backup, PostgreSQL's own pg_dump and pg_restore."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from mes.database import open_engine


class BackupError(Exception):
    """The backup or restore was not made; the text says why and what to do."""


def back_up(url: str, file: Path) -> None:
    """Write the database to a new file while it is in use; raises BackupError. A half-written file never stays."""
    if file.exists():
        raise BackupError(f"{file} exists; choose another name, a backup overwrites nothing")
    partial = file.with_name(file.name + ".partial")
    try:
        _sqlite_copy(_sqlite_path(url), partial) if url.startswith("sqlite") else _dump(url, partial)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)


def restore(file: Path, url: str) -> None:
    """Fill an empty database from a backup; raises BackupError when it is not empty or the file is none."""
    engine = open_engine(url)
    names = inspect(engine).get_table_names()
    engine.dispose()
    if names:
        raise BackupError("the database is not empty; restore into a new one, then point RUNCARD_DATABASE_URL to it")
    if not url.startswith("sqlite"):
        _run(
            "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={_libpq(url)}", str(file)
        )
        return
    with file.open("rb") as head:
        if head.read(15) != b"SQLite format 3":
            raise BackupError(f"{file} is no backup of an embedded database")
    _sqlite_copy(file, _sqlite_path(url))


def _sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _sqlite_copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"there is no database at {source}")
    with contextlib.closing(sqlite3.connect(source)) as origin, contextlib.closing(sqlite3.connect(target)) as copy:
        origin.backup(copy)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError(f"the copy of {source} is damaged; check the disk")


def _dump(url: str, file: Path) -> None:
    _run("pg_dump", "--format=custom", f"--file={file}", _libpq(url))


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed: apt install postgresql-client")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(
            f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )
