"""One declared table as a reader sees it on a page: fields to filter by, headings to sort by, rows, pages, acts.

Draws nothing and asks the table once; addresses keep everything else that the page's own address says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from mes.declaring import REGISTER
from mes.outside import whole_of
from mes.queries import asking
from mes.queries.asking import SEARCH, SINCE, SORT, UNTIL, Asked, Page
from mes.queries.declaring import Column, Row, Table
from mes.queries.wording import Mark
from mes.words import Words
from web.language import language, t
from web.pages import doing
from web.pages.ways import PAPERS, led
from web.rights import may_see

PAGE, LAST_PAGE = "page", 10**9
SHORT = 28


@dataclass(frozen=True)
class Field:
    """A field to filter by: free text, a day, or one of the choices (value and word)."""

    name: str
    label: str
    value: str
    day: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Head:
    """A heading: the address that sorts by it, and which way the rows are sorted by it now."""

    text: str
    address: str
    sorted: str
    number: bool


@dataclass(frozen=True)
class Cell:
    """What stands in one cell, where it leads, and how it looks."""

    text: str
    address: str | None
    look: str
    mark: str


@dataclass(frozen=True)
class Offer:
    """An act or paper of a row: what it is called and where."""

    text: str
    address: str


@dataclass(frozen=True)
class Line:
    """One row with what can be done about it."""

    cells: tuple[Cell, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Panel:
    """A table on a page; `prefix` is before its words in the address where it shares the page."""

    table: Table
    prefix: str
    found: Page
    size: int

    @property
    def asked(self) -> Asked:
        """What is asked of it."""
        return self.found.asked

    @property
    def first(self) -> int:
        """The number of its first row here."""
        return min(self.asked.offset + 1, self.found.total)

    @property
    def last(self) -> int:
        """The number of its last row here."""
        return self.asked.offset + len(self.found.rows)

    @property
    def number(self) -> int:
        """Which page this is, from 1."""
        return self.asked.offset // self.size + 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.found.total // self.size))

    def page_at(self, number: int) -> str | None:
        """The address of another page; None where there is none."""
        return self._address({PAGE: str(number)}) if 1 <= number <= self.pages else None

    @property
    def fields(self) -> list[Field]:
        """Its filters, as the reader filled them in."""
        return [one for key in self.table.filters for one in self._fields(self.table.column[key])]

    @property
    def active(self) -> list[tuple[str, str]]:
        """The filters that are set, each with its word as people read it."""
        return [(one.label, dict(one.choices).get(one.value, one.value)) for one in self.fields if one.value]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns to show: those with something in them here, and the one to sort by."""
        sort = self.asked.sort.removeprefix("-")
        rows = self.found.rows
        return tuple(
            one
            for one in self.table.shown
            if one.key == sort or not rows or any(not _empty(row[one.key]) for row in rows)
        )

    @property
    def heads(self) -> list[Head]:
        """Its headings."""
        return [self._head(column) for column in self.columns]

    @property
    def lines(self) -> list[Line]:
        """Its rows."""
        return [self._line(row) for row in self.found.rows]

    @property
    def wrong(self) -> tuple[str, ...]:
        """What of the filters makes no sense."""
        names = [name.removeprefix(self.prefix).removesuffix(SINCE).removesuffix(UNTIL) for name in self.asked.wrong]
        known = [self.table.column[name].words.read(language()) for name in names if name in self.table.column]
        return tuple(dict.fromkeys(known))

    @property
    def others(self) -> dict[str, str]:
        """The words of the address that its own form must keep: those of other tables, and the order."""
        own = {self.prefix + name for name in (*asking.names(self.table), SEARCH, PAGE)} | {"format"}
        return {name: value for name, value in request.args.items() if name not in own}

    @property
    def cleared(self) -> str:
        """The address without any filter of this table."""
        own = {self.prefix + name for name in (*asking.names(self.table), SEARCH, SORT, PAGE)}
        return _with(request.path, {name: value for name, value in request.args.items() if name not in own})

    def file(self, form: str) -> str:
        """The address of everything within the filters as a file."""
        return _with(f"/tables/{self.table.name}", {**self.asked.words, "format": form})

    def _address(self, changed: Mapping[str, str]) -> str:
        kept = {name: value for name, value in request.args.items() if name != self.prefix + PAGE}
        return _with(request.path, {**kept, **{self.prefix + name: value for name, value in changed.items()}})

    def _fields(self, column: Column) -> list[Field]:
        label, asked = column.words.read(language()), self.asked.filters
        if column.reads.range:
            sides = ((SINCE, t("从", "from")), (UNTIL, t("到", "to")))
            return [
                Field(self.prefix + column.key + side, f"{label} {word}", asked.get(column.key + side, ""), day=True)
                for side, word in sides
            ]
        choices = tuple((value, words.read(language())) for value, words in column.reads.choices.items())
        return [Field(self.prefix + column.key, label, asked.get(column.key, ""), choices=choices)]

    def _head(self, column: Column) -> Head:
        sort = self.asked.sort
        now = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
        to = f"-{column.key}" if now == "ascending" else column.key
        return Head(column.words.read(language()), self._address({SORT: to}), now, column.reads.number)

    def _line(self, row: Row) -> Line:
        return Line(tuple(_cell(column, row) for column in self.columns), tuple(_offers(self.table, row)))


def panel(
    session: Session, table: Table, now: datetime, size: int, prefix: str = "", usual: Mapping[str, str] | None = None
) -> Panel:
    """A table as the address asks for it; `usual` filters it where the address says nothing about it."""
    given: Mapping[str, str] = request.args
    if usual and not any(prefix + name in request.args for name in (*asking.names(table), SEARCH)):
        given = {**request.args.to_dict(), **{prefix + name: value for name, value in usual.items()}}
    asked = asking.first(asking.read(table, given, prefix), size, (_number(given.get(prefix + PAGE, "")) - 1) * size)
    found = asking.page(session, table, asked, now)
    if found.total and not found.rows:  # beyond the end, since rows went away meanwhile: the last page there is
        asked = asking.first(asked, size, (found.total - 1) // size * size)
        found = asking.page(session, table, asked, now)
    return Panel(table, prefix, found, size)


def _number(text: str) -> int:
    """The number of a page; the first for anything else."""
    try:
        return whole_of(text, 1, LAST_PAGE)
    except ValueError:
        return 1


def _with(path: str, words: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(words)}" if words else path


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", ())


def _cell(column: Column, row: Row) -> Cell:
    value = row[column.key]
    text = column.reads.text(value, language())
    mark = f"status {value}" if isinstance(column.reads, Mark) and value else ""
    return Cell(text, led(column.leads, code_of(value), row), _look(column, text), mark)


def _look(column: Column, text: str) -> str:
    if column.reads.number:
        return "number"
    if len(text) >= SHORT:
        return "long"
    return "short code" if column.reads.code else "short"


def code_of(value: Any) -> str:
    """The code in a plain value: of a thing with a name its code, else the value itself."""
    return str(getattr(value, "code", value) or "")


def _offers(table: Table, row: Row) -> list[Offer]:
    """What the reader may do about a row, then its papers."""
    acts = [
        (REGISTER[act.command].words, doing.link(act.command, **_arguments(act.arguments, row)))
        for act in table.acts
        if act.command in REGISTER and act.when(row)
    ]
    papers = [
        (PAPERS[name].words, PAPERS[name].address(code_of(row[key])))
        for name, key in table.papers.items()
        if may_see(PAPERS[name].sight)
    ]
    found: list[tuple[Words, str | None]] = [*acts, *papers]
    return [Offer(words.read(language()), address) for words, address in found if address]


def _arguments(wanted: Mapping[str, str], row: Row) -> dict[str, str | int | None]:
    return {name: row[key] if isinstance(row[key], int | None) else code_of(row[key]) for name, key in wanted.items()}
