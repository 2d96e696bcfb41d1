"""The office's pages, composed of declared tables: plan, stock, shipping, quality, customers, the system.

The first table of a page has the words of the address for itself; those of the others have its name before them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from mes.queries import asking
from mes.queries.declared import TABLES
from mes.queries.plans import in_force
from web.house import house, look
from web.language import language
from web.pages.exporting import exported
from web.pages.panels import panel
from web.pages.sheets import as_workbook
from web.pages.tables import SHOWN, show
from web.pages.ways import WAYS, Way
from web.rights import looks, may_see

SHOWN_OF_MANY = 25
Answer = str | Response


def add_to(pages: Blueprint) -> None:
    """Add the office's pages."""
    for way in WAYS:
        if way.tables:
            pages.add_url_rule(way.path, f"{way.path[1:]}_page", looks(way.needs)(_page_of(way)))


def _page_of(way: Way) -> Any:
    def page() -> Answer:
        names = [name for name in way.tables if may_see(name)]
        return _book(way, names) if as_workbook() else _page(way, names)

    page.__doc__ = way.words.en
    return page


def _page(way: Way, names: list[str]) -> str:
    now, size = house().clock(), SHOWN_OF_MANY if len(names) > 1 else SHOWN
    with look() as session:
        panels = [panel(session, TABLES[name], now, size, _prefix(way, name), _usual(session, name)) for name in names]
    return show((way.words.zh, way.words.en), panels)


def _book(way: Way, names: list[str]) -> Response:
    """Everything within the filters, a sheet for each table."""
    asked = {name: asking.read(TABLES[name], request.args, _prefix(way, name)) for name in names}
    return exported(way.words.read(language()), "xlsx", asked)


def _prefix(way: Way, name: str) -> str:
    return "" if name == way.tables[0] else f"{name}."


def _plan_in_force(session: Session) -> Mapping[str, str]:
    """The lines of the plan that is worked by, unless others are asked for."""
    found = in_force(session)
    return {"month": found[0], "revision": str(found[1])} if found else {}


USUAL: dict[str, Callable[[Session], Mapping[str, str]]] = {"plan_lines": _plan_in_force}


def _usual(session: Session, name: str) -> Mapping[str, str]:
    return USUAL[name](session) if name in USUAL else {}
