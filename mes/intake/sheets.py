"""Reads a folder of CSV files or one XLSX into raw sheets whose rows keep their spreadsheet numbers.

Owns encodings, quoting and what Excel makes of a cell. Never judges a value, and never evaluates a formula.
"""

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from mes.intake.problems import Problem
from mes.intake.sizes import LONGEST_CELL, oversize


class Formula(str):
    """A formula whose value nobody knows: as text in a CSV file, or in a workbook that no spreadsheet reckoned."""


Cell = str | int | float | datetime | date | time | timedelta
"""What stands in a cell; a blank one is ''."""

SHEET_FILES = {".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".et", ".tsv"}
"""Files in a folder that somebody may have meant as a sheet; those not read are named."""
csv.field_size_limit(LONGEST_CELL)
BLANKS = " \t\r\n\u00a0\u3000\ufeff"
TOO_LONG = (
    f"此行有一格超过 {LONGEST_CELL} 个字符，不可能是计划内的内容；若引号不成对，后面的内容会并入此格。",
    f"a cell of this row has more than {LONGEST_CELL} characters; if a quote is missing, what follows runs into it.",
)


@dataclass(frozen=True)
class RawSheet:
    """One sheet by name: `file` is what a person opens, rows are (spreadsheet row, cells) without the empty ones."""

    name: str
    file: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


class Unreadable(Exception):
    """A file that cannot be read at all; carries the problem that says so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


def _unreadable(file: str, zh: str, en: str, row: int | None = None, found: str = "") -> Problem:
    return Problem(file, row, None, found, zh, en)


def sheet_name(text: str) -> str:
    """The name by which sheets are known: no suffix, no blanks around, lower case."""
    return text.strip(BLANKS).lower().removesuffix(".csv")


def read_sheets(path: Path, wanted: Callable[[str], bool]) -> Iterator[RawSheet | Problem]:
    """Every sheet of a folder of CSV files or of one workbook; an unreadable one comes as its problem.

    A sheet whose name is not `wanted` is not looked into: it comes without rows.
    """
    if path.is_dir():
        yield from _folder(path, wanted)
    elif not path.exists():
        yield _unreadable(str(path), "没有这个文件夹或文件。", "there is no such folder or file.")
    elif path.suffix.lower() in {".xlsx", ".xlsm"}:
        yield from [problem] if (problem := oversize(path)) else _workbook(path, wanted)
    else:
        zh, en = (
            "请提供存放 CSV 文件的文件夹，或一个 XLSX 工作簿。",
            "a folder of CSV files or one XLSX workbook is wanted.",
        )
        yield _unreadable(path.name, zh, en)


def _folder(path: Path, wanted: Callable[[str], bool]) -> Iterator[RawSheet | Problem]:
    for file in sorted(path.iterdir()):
        if file.name.startswith((".", "~$")) or file.suffix.lower() not in SHEET_FILES or not file.is_file():
            continue
        name = sheet_name(file.name)
        try:
            if problem := oversize(file):
                raise Unreadable(problem)
            yield RawSheet(name, file.name, tuple(_csv_rows(file)) if wanted(name) else ())
        except Unreadable as unreadable:
            yield unreadable.problem
        except OSError as error:
            zh, en = "文件无法读取，请检查权限。", "the file cannot be read; check its permissions."
            yield _unreadable(file.name, zh, en, found=error.strerror or "")


def _csv_rows(file: Path) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    content = decode(file.read_bytes(), file.name)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    row = begun = 0
    try:
        for row, cells in enumerate(reader, 1):
            begun = reader.line_num
            if any(cell.strip(BLANKS) for cell in cells):
                yield row, tuple(_written(cell) for cell in cells)
    except csv.Error as error:
        if "field limit" in str(error):
            raise Unreadable(_unreadable(file.name, *TOO_LONG, row + 1)) from error
        found = "".join(content.splitlines()[begun : begun + 1])
        zh = "此行的引号不成对或格式有误：单元格内的引号须成双写，整个单元格用引号括起。"
        en = "quotes do not match from this row on: double a quote inside a cell and quote the whole cell."
        raise Unreadable(_unreadable(file.name, zh, en, row + 1, found)) from error


def _written(text: str) -> Cell:
    """What a spreadsheet would take for a formula was one, or will be: a text that begins so is not known."""
    cell = _tidy(text)
    return Formula(cell) if cell.startswith("=") and len(cell) > 1 else cell


def decode(content: bytes, file: str) -> str:
    """Text of a CSV file in UTF-8 (with or without BOM) or GB18030; bytes that are neither become U+FFFD."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        zh, en = "文件为 UTF-16 编码，请另存为“CSV UTF-8”。", "the file is UTF-16; save it as “CSV UTF-8”."
        raise Unreadable(_unreadable(file, zh, en))
    for encoding in ("utf-8-sig", "gb18030"):
        if encoding == "gb18030" and _mostly_utf8(content):
            break
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8-sig", errors="replace")


def _mostly_utf8(content: bytes) -> bool:
    """GB18030 reads nearly any bytes, so a damaged UTF-8 file would pass as nonsense; Chinese UTF-8 is 3-byte forms."""
    text = content.decode("utf-8", errors="replace")
    return sum("\u3000" <= character <= "\uffee" for character in text) > text.count("\ufffd")


def _workbook(path: Path, wanted: Callable[[str], bool]) -> Iterator[RawSheet | Problem]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter to cells
            yield from _worksheets(path, wanted)
    except Exception:  # openpyxl answers a damaged file with whatever its parsers happen to raise
        zh, en = "文件不是完好的 XLSX 工作簿。", "the file is not a sound XLSX workbook."
        yield _unreadable(path.name, zh, en)


def _worksheets(path: Path, wanted: Callable[[str], bool]) -> list[RawSheet]:
    """The sheets; of a formula the value that the spreadsheet reckoned when it saved the file, if it did."""
    written = _sheets_of(path, wanted, reckoned=False)
    if not any(isinstance(cell, Formula) for sheet in written for _, cells in sheet.rows for cell in cells):
        return written
    values = _sheets_of(path, wanted, reckoned=True)
    return [_with_values(sheet, dict(known.rows)) for sheet, known in zip(written, values, strict=True)]


def _with_values(sheet: RawSheet, known: Mapping[int, tuple[Cell, ...]]) -> RawSheet:
    rows = []
    for number, cells in sheet.rows:
        found = known.get(number, ())
        at = dict(enumerate(found))
        rows.append((number, tuple(_reckoned(cell, at.get(place, "")) for place, cell in enumerate(cells))))
    return replace(sheet, rows=tuple(rows))


def _reckoned(cell: Cell, value: Cell) -> Cell:
    return value if isinstance(cell, Formula) and value != "" else cell


def _sheets_of(path: Path, wanted: Callable[[str], bool], *, reckoned: bool) -> list[RawSheet]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=reckoned)
    try:
        sheets = []
        for sheet in book.worksheets:
            name = sheet_name(sheet.title)
            rows = tuple(_excel_rows(sheet)) if wanted(name) else ()
            sheets.append(RawSheet(name, f"{path.name}[{sheet.title}]", rows))
        return sheets
    finally:
        book.close()


def _excel_rows(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    sheet.reset_dimensions()  # other programs write dimensions that are too small
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = tuple(_excel_cell(cell) for cell in row)
        if any(cell != "" for cell in cells):
            yield number, cells


def _excel_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(getattr(value, "text", None) or value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _as_shown(value, cell.number_format)
    return _written(unescape(value)) if isinstance(value, str) else value


def _as_shown(value: int | float, number_format: str) -> Cell:
    """A whole number under a format of zeros is a code: the leading zeros that the person sees are certain."""
    if re.fullmatch("0{2,}", number_format) and value % 1 == 0 and value >= 0:
        return str(int(value)).zfill(len(number_format))
    return value


def _tidy(text: str) -> str:
    return text.strip(BLANKS).replace("\r\n", "\n").replace("\r", "\n")
