"""Tables of the office: columns described once, shown by one template, or handed out as a workbook (`?format=xlsx`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Response, render_template, request

from web.language import t
from web.pages.sheets import workbook

SHOWN, EXPORTED = 400, 50_000


@dataclass(frozen=True)
class Column:
    """One column: its heading, its text, perhaps a link, a status mark, or numbers to align."""

    zh: str
    en: str
    text: Callable[[Any], Any]
    link: Callable[[Any], str] | None = None
    status: Callable[[Any], str] | None = None
    number: bool = False


@dataclass(frozen=True)
class Grid:
    """One table: heading, rows, columns."""

    zh: str
    en: str
    rows: Sequence[Any]
    columns: tuple[Column, ...]
    limit: int | None = None

    @property
    def cut(self) -> bool:
        """Whether there may be more rows than are shown."""
        return self.limit is not None and len(self.rows) >= self.limit


@dataclass(frozen=True)
class Filter:
    """A field to filter by: free text, or one of the choices (value and word)."""

    name: str
    zh: str
    en: str
    choices: tuple[tuple[str, str], ...] = ()


def named(thing: Any) -> str:
    """A person, item, place or partner as people call it, empty for none."""
    return f"{thing.code} {t(thing.zh, thing.en)}" if thing else ""


def minute(moment: str) -> str:
    """A moment of the record (ISO 8601 in the plant's zone) as people read it, to the minute."""
    return f"{moment[:10]} {moment[11:16]}"


def most() -> int:
    """How many rows to look up: a page is for reading, a workbook holds everything."""
    return EXPORTED if as_workbook() else SHOWN


def show(zh: str, en: str, grids: Sequence[Grid], filters: Sequence[Filter] = ()) -> str | Response:
    """A page of tables with fields to filter by; the same as a workbook where that is asked for."""
    if as_workbook():
        return handed_out(t(zh, en), grids)
    return render_template("office.html", title=(zh, en), grids=grids, filters=filters)


def handed_out(title: str, grids: Sequence[Grid]) -> Response:
    """The tables as one XLSX file, a sheet for each."""
    sheets = [(t(grid.zh, grid.en), _headings(grid), [_cells(grid, row) for row in grid.rows]) for grid in grids]
    answer = Response(workbook(sheets), mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = {"filename*": f"UTF-8''{quote(title)}.xlsx"}  # RFC 6266: a header is Latin, a title is often Chinese
    answer.headers.set("Content-Disposition", "attachment", **name)
    return answer


def as_workbook() -> bool:
    """Whether the reader asks for a file instead of a page."""
    return request.args.get("format") == "xlsx"


def _headings(grid: Grid) -> list[str]:
    return [t(column.zh, column.en) for column in grid.columns]


def _cells(grid: Grid, row: Any) -> list[Any]:
    return [column.text(row) for column in grid.columns]
