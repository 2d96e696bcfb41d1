"""Workbooks for people who go on in a spreadsheet: numbers are numbers, and no text is ever taken for a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?")
FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
TITLE_LENGTH = 31
WIDEST = 60
Sheet = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file of titled sheets, each with its headings frozen and ready to filter."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, headings, rows in sheets:
        _fill(book.create_sheet(FORBIDDEN_IN_TITLE.sub(" ", title)[:TITLE_LENGTH]), headings, rows)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    for number in range(len(headings)):
        longest = max(len(str(row[number] or "")) for row in [headings, *rows])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(WIDEST, longest * 1.4 + 3)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _cell(sheet: Worksheet, value: Any, *, bold: bool = False) -> Cell:
    """A number where the text is one; else text, also when it begins like a formula."""
    cell = Cell(sheet, row=1, column=1)
    text = ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))
    if NUMBER.fullmatch(text):
        cell.value = Decimal(text)
    elif text:
        cell.value = text
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
