"""The sample plant's sheets as tests break and rewrite them: cells by name, then a CSV folder or a workbook again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

import mes.intake
from mes.intake.problems import ImportRefused, Problem
from mes.intake.reading import read_plant

SAMPLE = Path(mes.intake.__file__).parent / "sample"
TEXTS = {"gtin", "badge", "phone"}
"""Columns of digits that a careful person formats as text."""


class PlantFolder:
    """All sheets of the sample as lists of rows; the first row of each is its headings."""

    def __init__(self) -> None:
        self.sheets = {path.stem: self._rows(path.read_text(encoding="utf-8")) for path in sorted(SAMPLE.glob("*.csv"))}

    @staticmethod
    def _rows(text: str) -> list[list[Any]]:
        return list(csv.reader(io.StringIO(text, newline="")))

    def row(self, sheet: str, **where: str) -> int:
        """The spreadsheet row of the first row with these cells."""
        headings, *rows = self.sheets[sheet]
        wanted = {headings.index(column): value for column, value in where.items()}
        return next(n for n, row in enumerate(rows, 2) if all(row[at] == value for at, value in wanted.items()))

    def put(self, sheet: str, row: int, **cells: Any) -> PlantFolder:
        """Write cells of a spreadsheet row."""
        for column, value in cells.items():
            self.sheets[sheet][row - 1][self.sheets[sheet][0].index(column)] = value
        return self

    def add(self, sheet: str, like: int, **cells: Any) -> int:
        """Append a copy of a row with these cells changed; returns its number."""
        self.sheets[sheet].append(list(self.sheets[sheet][like - 1]))
        self.put(sheet, len(self.sheets[sheet]), **cells)
        return len(self.sheets[sheet])

    def add_column(self, sheet: str, name: str, default: str = "") -> PlantFolder:
        """A further column, the same in every row."""
        headings, *rows = self.sheets[sheet]
        headings.append(name)
        for row in rows:
            row.append(default)
        return self

    def without_column(self, sheet: str, name: str) -> PlantFolder:
        """Drop a column."""
        at = self.sheets[sheet][0].index(name)
        self.sheets[sheet] = [row[:at] + row[at + 1 :] for row in self.sheets[sheet]]
        return self

    def only(self, *names: str) -> PlantFolder:
        """Keep these sheets."""
        self.sheets = {name: self.sheets[name] for name in names}
        return self

    def write_csv(self, folder: Path, encoding: str = "utf-8", newline: str = "\n") -> Path:
        """A CSV file per sheet."""
        folder.mkdir(exist_ok=True)
        for name, rows in self.sheets.items():
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator=newline).writerows(rows)
            (folder / f"{name}.csv").write_bytes(text.getvalue().encode(encoding))
        return folder

    def write_xlsx(self, path: Path) -> Path:
        """One workbook with real dates and numbers, as Excel keeps them."""
        book = openpyxl.Workbook()
        book.remove(book.active)  # type: ignore[arg-type]
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append([as_excel_keeps_it(heading, cell) for heading, cell in zip(rows[0], row, strict=True)])
        book.save(path)
        book.close()
        return path


def as_excel_keeps_it(heading: str, cell: Any) -> Any:
    """Numbers and dates as such, except in columns that a careful person formats as text."""
    if not isinstance(cell, str) or heading in TEXTS:
        return cell or None
    for form, read in ((r"\d+", int), (r"\d+\.\d+", float), (r"\d{4}-\d\d-\d\d", date.fromisoformat)):
        if re.fullmatch(form, cell):
            return read(cell)
    return cell or None


def problems_of(path: Path, **how: Any) -> tuple[Problem, ...]:
    """Why this plant is refused; empty if it is read."""
    try:
        read_plant(path, **how)
    except ImportRefused as refused:
        return refused.problems
    return ()


def places(problems: Iterable[Problem]) -> set[tuple[str, int | None, str | None]]:
    """Where problems stand."""
    return {(problem.file, problem.row, problem.column) for problem in problems}
