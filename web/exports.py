"""What is handed out as one file: declared tables, asked how, in which form and language; or a trace.

Knows no request: the same order is carried out in the server's process or in one of its own (`web.export_process`).
"""

from __future__ import annotations

import pickle
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from mes.database import Database
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.declared import TABLES
from mes.queries.declaring import Row, Table
from mes.trace.answers import Direction, Trace
from mes.trace.recall import recall
from mes.trace.tracing import trace
from mes.unavailable import DatabaseUnavailable, Trouble
from web.sheets import Sheet, write_text, write_workbook
from web.trace_tables import trace_tables

MANY = 2_000
"""Rows of a table from which a file has a process of its own; with fewer, starting one takes longer than the file."""
FORMS = ("xlsx", "csv")
EXIT_CODES = {trouble: 10 + place for place, trouble in enumerate(Trouble)}


@dataclass(frozen=True)
class Export:
    """Everything within the filters, all columns, also those that a page has no room for; a CSV has one table."""

    form: str
    language: str
    now: datetime
    tables: tuple[tuple[str, Asked], ...]


@dataclass(frozen=True)
class TraceExport:
    """A trace as a workbook; of where a lot went also with the balance of its quantities."""

    code: str
    direction: Direction
    language: str


def ordered(url: str, export: Export | TraceExport) -> bytes:
    """The export as an order to another process, which gets at the database by its address."""
    return pickle.dumps((url, export))


def carry_out(order: bytes, file: IO[bytes]) -> int:
    """Write what was ordered; the exit code says how it went (`EXIT_CODES`), 0 is well."""
    url, export = pickle.loads(order)  # noqa: S301  made by `ordered`
    try:
        with closing(Database(url)) as database, database.read() as session:
            write(session, export, file)
    except DatabaseUnavailable as unavailable:
        sys.stderr.write(f"export: {unavailable}\n")
        return EXIT_CODES[unavailable.trouble]
    return 0


def has_many_rows(session: Session, export: Export) -> bool:
    """Whether one of the tables has more than `MANY` rows; looks at no more than these."""
    return any(asking.has_more_than(session, TABLES[name], asked, MANY, export.now) for name, asked in export.tables)


def is_long(answer: Trace) -> bool:
    """Whether a trace has more lots and links than `MANY`."""
    return len(answer.nodes) + len(answer.links) > MANY


def write(session: Session, export: Export | TraceExport, file: IO[bytes]) -> None:
    """Write the file."""
    if isinstance(export, TraceExport):
        return _write_trace(session, export, file)
    sheets = [_sheet(session, TABLES[name], asked, export) for name, asked in export.tables]
    if export.form == "xlsx":
        write_workbook(sheets, file)
    else:
        write_text(sheets[0], file)
    return None


def _write_trace(session: Session, export: TraceExport, file: IO[bytes]) -> None:
    answer = trace(session, export.code, export.direction)
    balances = recall(session, export.code) if export.direction == Direction.FORWARD else None
    write_workbook(trace_tables(answer, balances, export.language), file)


def _sheet(session: Session, table: Table, asked: Asked, export: Export) -> Sheet:
    rows = (_texts(table, row, export.language) for row in asking.stream(session, table, asked, export.now))
    headings = [column.words.read(export.language) for column in table.columns]
    return Sheet(table.words.read(export.language), headings, rows, _numbers(table))


def _numbers(table: Table) -> frozenset[int]:
    return frozenset(place for place, column in enumerate(table.columns) if column.reads.number)


def _texts(table: Table, row: Row, spoken: str) -> list[str]:
    return [column.reads.text(row[column.key], spoken) for column in table.columns]
