"""Every declared table as a page of its own, as a workbook and as text: `/tables`, `/tables/<name>?format=xlsx|csv`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from mes.queries import asking
from mes.queries.declared import TABLES
from mes.queries.declaring import Table
from web.exports import FORMS
from web.house import house, look
from web.language import language, t
from web.pages.exporting import exported
from web.pages.panels import Panel, panel
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
    if form not in FORMS:
        abort(404, t("只有 XLSX 和 CSV。", "There are XLSX and CSV."))
    return exported(table.words.read(language()), form, {table.name: asking.read(table, request.args)})
