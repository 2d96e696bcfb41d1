"""Backup and restore as one file: SQLite's own online backup, PostgreSQL's own pg_dump and pg_restore.

A file that is written here is its owner's only, from its first byte on: it holds everybody's hashes. What is restored
is looked at first, and stands either whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from mes.database import open_engine
from mes.schema import refuse_unknown

NOT_EMPTY = "the database is not empty; restore into a new one, then point RUNCARD_DATABASE_URL to it"
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database file."""


class BackupError(Exception):
    """The backup or restore was not made; the text says why and what to do."""


def back_up(url: str, file: Path) -> None:
    """Write the database to a new file while it is in use; raises BackupError. A half-written file never stays."""
    if file.exists():
        raise BackupError(f"{file} exists; choose another name, a backup overwrites nothing")
    with _whole_or_not(file) as partial:
        _sqlite_copy(_sqlite_path(url), partial) if url.startswith("sqlite") else _dump(url, partial)


def restore(file: Path, url: str) -> None:
    """Fill an empty database from a backup; raises BackupError when it is not empty or the file is none."""
    _restore_sqlite(file, _sqlite_path(url)) if url.startswith("sqlite") else _restore_postgres(file, url)


def _restore_sqlite(file: Path, target: Path) -> None:
    _insist_on_plant(file)
    if target.exists() and target.stat().st_size and _tables(f"sqlite:///{target}"):
        raise BackupError(NOT_EMPTY)
    for beside in BESIDE:  # of a database that was removed: it would be taken for the new one's
        target.with_name(target.name + beside).unlink(missing_ok=True)
    with _whole_or_not(target) as partial:
        _sqlite_copy(file, partial)


def _restore_postgres(file: Path, url: str) -> None:
    if _tables(url):
        raise BackupError(NOT_EMPTY)
    if " TABLE public event " not in _run("pg_restore", "--list", str(file)):
        raise BackupError(f"{file} is no backup of a Runcard plant")
    _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={_libpq(url)}", str(file))


def _insist_on_plant(file: Path) -> None:
    """The file is a sound database of a plant, of a schema that this program knows."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as found:
            version = found.execute("SELECT version_num FROM alembic_version").fetchone()
            founded = found.execute("SELECT count(*) FROM plant").fetchone() == (1,)
            sound = found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no whole backup of an embedded database ({error})") from error
    if not (version and founded and sound):
        raise BackupError(f"{file} is no whole backup of an embedded database")
    refuse_unknown(version[0])


def _tables(url: str) -> list[str]:
    engine = open_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


@contextlib.contextmanager
def _whole_or_not(file: Path) -> Iterator[Path]:
    """A file beside it to write into, readable by its owner only, that takes the name when all went well."""
    partial = file.with_name(file.name + ".partial")
    beside = [partial.with_name(partial.name + end) for end in BESIDE]
    try:
        for left_over in (partial, *beside):
            left_over.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield partial
        partial.rename(file)
    finally:
        for left_over in (partial, *beside):
            left_over.unlink(missing_ok=True)


def _sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _sqlite_copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"there is no database at {source}")
    try:
        with contextlib.closing(sqlite3.connect(source)) as origin, contextlib.closing(sqlite3.connect(target)) as copy:
            origin.backup(copy)
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error as error:
        raise BackupError(f"{source} could not be copied ({error})") from error
    if not sound:
        raise BackupError(f"the copy of {source} is damaged; check the disk")


def _dump(url: str, file: Path) -> None:
    _run("pg_dump", "--format=custom", f"--file={file}", _libpq(url))


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed: apt install postgresql-client")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(
            f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )
    return done.stdout
