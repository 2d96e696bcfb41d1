"""The limit beside the day: the bare driver writes as many rows of the same size, one durable transaction per scan.

How many rows a scan writes is read from PostgreSQL's own counts of the day that was replayed on it. The rows go into
tables with nothing but a key: no index, no foreign key, no trigger; one connection, one scan after the other.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import psycopg

from bench.measuring import timed

SCANS = 1500
GONE_WITHIN_S = 30.0
TALLY = "SELECT relname, n_tup_ins, n_tup_upd FROM pg_stat_user_tables WHERE n_tup_ins + n_tup_upd > 0"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
SETUP = {"sqlite": ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"), "postgresql": ()}
BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
Tally = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Written:
    """What an average scan writes into one table: rows added, rows changed, bytes of a row."""

    table: str
    added: float
    changed: float
    row_bytes: int


def tally(url: str) -> Tally:
    """Rows added to and changed in every table so far, once everybody else has left: their counts come as they go."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        deadline = time.monotonic() + GONE_WITHIN_S
        while _one(connection, OTHERS)[0]:
            if time.monotonic() > deadline:
                raise TimeoutError("somebody is still connected to the database")
            time.sleep(0.05)
        return {table: (added, changed) for table, added, changed in connection.execute(TALLY)}


def written(url: str, before: Tally, scans: int) -> list[Written]:
    """What an average one of so many scans has written since `before`."""
    found, now = [], tally(url)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for table, (added, changed) in now.items():
            earlier = before.get(table, (0, 0))
            size = _one(connection, f"SELECT coalesce(avg(pg_column_size(t.*)), 0)::int FROM {table} t")[0]  # noqa: S608
            found.append(Written(table, (added - earlier[0]) / scans, (changed - earlier[1]) / scans, size))
    return [one for one in found if one.added + one.changed > 0]


def raw(engine: str, url: str, folder: Path, rows: list[Written]) -> list[float]:
    """Seconds of each scan through the bare driver of an engine."""
    if engine == "sqlite":
        with closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as connection:
            return _timed(engine, connection, rows, "?")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        return _timed(engine, server, rows, "%s")


def _timed(engine: str, connection: Any, rows: list[Written], mark: str) -> list[float]:
    for statement in SETUP[engine]:
        connection.execute(statement)
    for one in rows:
        connection.execute(f"CREATE TABLE raw_{one.table} (id BIGINT PRIMARY KEY, body TEXT)")
    cursor = connection.cursor()
    tables = [_Table(one, mark) for one in rows]

    def scan() -> None:
        connection.execute(BEGIN[engine])
        for table in tables:
            table.write(cursor.executemany)
        connection.execute("COMMIT")

    return timed(scan, SCANS)


class _Table:
    """One table that a scan writes: parts of rows add up over the scans."""

    def __init__(self, written: Written, mark: str) -> None:
        self._written, self._body = written, "x" * written.row_bytes
        self._add = f"INSERT INTO raw_{written.table} VALUES ({mark}, {mark})"  # noqa: S608
        self._change = f"UPDATE raw_{written.table} SET body = {mark} WHERE id = {mark}"  # noqa: S608
        self._scans, self._rows, self._changes = 0, 0, 0

    def write(self, execute: Callable[[str, list[tuple[Any, ...]]], Any]) -> None:
        """What one scan writes; what it changes is what was added last."""
        self._scans += 1
        rows, changes = ceil(self._scans * self._written.added), int(self._scans * self._written.changed)
        if rows > self._rows:
            execute(self._add, [(number, self._body) for number in range(self._rows, rows)])
        if changes > self._changes:
            newest = [(self._body, max(0, rows - 1 - number)) for number in range(changes - self._changes)]
            execute(self._change, newest)
        self._rows, self._changes = rows, changes


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row
