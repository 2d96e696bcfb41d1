"""Turns raw sheets into typed rows by their columns, and keeps what could be read of the rows that could not.

Owns headings and single cells. Never looks at a second row; that is what the import's rules are for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from mes.intake.cells import undamaged
from mes.intake.column import Column, SheetColumns
from mes.intake.problems import Position, Problem, Unfit
from mes.intake.rows import Row
from mes.intake.sheets import BLANKS, Cell, RawSheet


@dataclass(frozen=True)
class ReadRow:
    """One row as far as it could be read: `values` of its good cells, `typed` only if all are good."""

    at: Position
    values: Mapping[str, Any]
    typed: Row | None


@dataclass(frozen=True)
class ReadSheet:
    """One sheet: its rows and what is wrong in single cells. Without sound headings it has no rows."""

    name: str
    file: str
    columns: SheetColumns
    rows: tuple[ReadRow, ...]
    problems: tuple[Problem, ...]
    has_headings: bool

    @property
    def sound(self) -> bool:
        """Whether every cell could be read, so that what is missing here is missing indeed."""
        return not self.problems


def parse_sheet(raw: RawSheet, columns: SheetColumns, stored: Iterable[Row] = ()) -> ReadSheet:
    """Read every row of a sheet; what is wrong is named, never raised.

    A column that is absent says nothing: of a row that is `stored` it keeps what is known, else its default.
    """
    heading_row, headings = raw.rows[0] if raw.rows else (1, ())
    names = [str(cell).strip(BLANKS) for cell in headings]
    at_heading = Position(raw.file, heading_row)
    problems = list(_wrong_headings(at_heading, names, columns))
    if any(column.required and column.name not in names for column in columns.columns):
        return ReadSheet(raw.name, raw.file, columns, (), tuple(problems), has_headings=False)
    read = []
    absent = [column.name for column in columns.columns if column.name not in names]
    before = {_key(vars(row), columns): row for row in stored} if absent else {}
    for number, cells in raw.rows[1:]:
        at = Position(raw.file, number)
        values, wrong = _parse_row(at, dict(zip(names, cells, strict=False)), columns)
        known = before.get(_key(values, columns))
        values |= {name: getattr(known, name) for name in absent} if known else {}
        row = ReadRow(at, values, None if wrong else columns.row_type(at=at, **values))
        read.append(row)
        problems += [*wrong, *_beside_the_headings(at, names, cells)]
    return ReadSheet(raw.name, raw.file, columns, tuple(read), tuple(problems), has_headings=True)


def _wrong_headings(at: Position, names: list[str], columns: SheetColumns) -> Iterator[Problem]:
    known = [column.name for column in columns.columns]
    for column in columns.columns:
        if column.required and column.name not in names:
            yield Problem(at.file, at.row, column.name, "", "缺少此列。", "this column is missing.")
    for name, times in Counter(name for name in names if name).items():
        if times > 1:
            yield Problem(at.file, at.row, name, name, "此列标题重复。", "this heading stands here more than once.")
        if name not in known:
            zh, en = f"没有这一列，可用的列为：{'、'.join(known)}。", f"no such column; columns are {', '.join(known)}."
            yield Problem(at.file, at.row, name, name, zh, en)


def _key(values: Mapping[str, Any], columns: SheetColumns) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in columns.key)


def _parse_row(at: Position, cells: Mapping[str, Cell], columns: SheetColumns) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for column in columns.columns:
        cell = cells.get(column.name, "")
        try:
            values[column.name] = _value(column, cell)
        except Unfit as unfit:
            expected = unfit.expected
            problems.append(Problem(at.file, at.row, column.name, str(cell), expected.zh, expected.en))
    return values, problems


def _value(column: Column, cell: Cell) -> Any:
    if cell != "":
        return column.parse(undamaged(cell))
    if column.required:
        raise Unfit("不得为空。", "must not be empty.")
    return column.default


def _beside_the_headings(at: Position, names: list[str], cells: Iterable[Cell]) -> Iterator[Problem]:
    # Too few cells are well: Excel drops trailing empty ones from a CSV file (Microsoft KB 77295).
    for index, cell in enumerate(cells):
        if cell != "" and (index >= len(names) or not names[index]):
            letter = get_column_letter(index + 1)
            zh = "此格没有列标题；若文字中含逗号，请将整格用引号括起。"
            en = "this cell has no heading; a text with a comma must be quoted."
            yield Problem(at.file, at.row, letter, str(cell), zh, en)
