"""Every declared table as a page of its own, as a workbook and as text: `/tables`, `/tables/<name>?format=xlsx|csv`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.declared import TABLES
from mes.queries.declaring import Row, Table
from web.house import house, look
from web.language import language, t
from web.pages.panels import Panel, panel
from web.pages.sheets import Sheet, handed_out, handed_out_as_text
from web.rights import looks, may_see

SHOWN = 100
Answer = str | Response


def add_to(pages: Blueprint) -> None:
    """Add a page for every table, and the list of them."""
    pages.add_url_rule("/tables", "tables", looks("looking")(tables))
    for name, one in TABLES.items():
        pages.add_url_rule(f"/tables/{name}", f"table_{name}", looks(name)(_page_of(one)))


def tables() -> str:
    """All tables that the reader may look at."""
    return render_template("tables.html", tables=[one for name, one in TABLES.items() if may_see(name)])


def show(title: tuple[str, str], panels: Iterable[Panel]) -> str:
    """A page of tables."""
    return render_template("office.html", title=title, panels=list(panels))


def sheet_of(session: Session, table: Table, asked: Asked, now: datetime) -> Sheet:
    """A table for a file: everything within the filters, all columns, also those that a page has no room for."""
    spoken = language()
    rows = (_texts(table, row, spoken) for row in asking.stream(session, table, asked, now))
    return Sheet(table.words.read(language()), _headings(table), rows, _numbers(table))


def _page_of(table: Table) -> Any:
    def page() -> Answer:
        form = request.args.get("format", "")
        if form:
            return _file(table, form)
        with look() as session:
            return show((table.words.zh, table.words.en), [panel(session, table, house().clock(), SHOWN)])

    page.__doc__ = table.words.en
    return page


def _file(table: Table, form: str) -> Response:
    if form not in ("xlsx", "csv"):
        abort(404, t("只有 XLSX 和 CSV。", "There are XLSX and CSV."))
    with look() as session:
        sheet = sheet_of(session, table, asking.read(table, request.args), house().clock())
        return handed_out(sheet.title, [sheet]) if form == "xlsx" else handed_out_as_text(sheet.title, sheet)


def _headings(table: Table) -> list[str]:
    return [column.words.read(language()) for column in table.columns]


def _numbers(table: Table) -> frozenset[int]:
    return frozenset(place for place, column in enumerate(table.columns) if column.reads.number)


def _texts(table: Table, row: Row, spoken: str) -> list[str]:
    return [column.reads.text(row[column.key], spoken) for column in table.columns]
