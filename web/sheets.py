"""Files for people who go on in a spreadsheet: only quantities are numbers, codes stay text, nothing is a formula.

Rows are written to disk as they come, so that a file of everything needs no more memory than one of a few rows, and
a slow reader of it holds no connection to the database.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
TITLE_LENGTH = 31
WIDEST = 60
MEASURED = 100  # rows whose texts decide how wide the columns are
NO_TEXT = "=#"  # a spreadsheet takes what begins so for a formula or an error
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # and in a CSV, where nothing says what is text, these too


@dataclass(frozen=True)
class Sheet:
    """One table for a file: its title, its headings, its rows, and which columns are numbers."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    numbers: frozenset[int] = frozenset()


def write_workbook(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    """Write an XLSX file of titled sheets, each with its headings frozen and ready to filter."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _fill(book.create_sheet(FORBIDDEN_IN_TITLE.sub(" ", sheet.title)[:TITLE_LENGTH]), sheet)
    book.save(file)


def write_text(sheet: Sheet, file: IO[bytes]) -> None:
    """Write a table as CSV; what a spreadsheet would take for a formula has an apostrophe before it."""
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")  # without the mark Chinese is read as Latin
    writer = csv.writer(lines)
    writer.writerow(sheet.headings)
    for row in sheet.rows:
        writer.writerow([_harmless(value, number in sheet.numbers) for number, value in enumerate(row)])
    lines.detach()


def _fill(page: Any, sheet: Sheet) -> None:
    rows = iter(sheet.rows)
    first = list(itertools.islice(rows, MEASURED))
    for number in range(len(sheet.headings)):
        longest = max(len(str(row[number] or "")) for row in ([*sheet.headings], *first))
        page.column_dimensions[get_column_letter(number + 1)].width = min(WIDEST, longest * 1.4 + 3)
    page.freeze_panes = "A2"
    page.append([_bold(page, heading) for heading in sheet.headings])
    count = 1
    for row in itertools.chain(first, rows):
        page.append([_cell(page, value, number in sheet.numbers) for number, value in enumerate(row)])
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(max(1, len(sheet.headings)))}{count}"


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, value: Any, number: bool) -> Any:
    """A number in a column of numbers; everything else is text, also where it begins like a formula."""
    if value is None or value == "":
        return None
    if number:
        return _number(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    if not text.startswith(tuple(NO_TEXT)):
        return text
    cell = WriteOnlyCell(page, "")
    cell.value, cell.data_type = text, "s"
    return cell


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)


def _harmless(value: Any, number: bool) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not number else text
