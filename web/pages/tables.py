"""Tables of the office: columns described once, shown by one template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from web.language import t


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


def named(thing: Any) -> str:
    """A person, item, place or partner as people call it, empty for none."""
    return f"{thing.code} {t(thing.zh, thing.en)}" if thing else ""


def minute(moment: str) -> str:
    """A moment of the record (ISO 8601 in the plant's zone) as people read it, to the minute."""
    return f"{moment[:10]} {moment[11:16]}"


def show(zh: str, en: str, grids: Sequence[Grid], filters: Sequence[tuple[str, str, str]] = ()) -> str:
    """A page of tables, with fields to filter by: name, Chinese, English."""
    return render_template("office.html", title=(zh, en), grids=grids, filters=filters)
