"""The start page: what this person's roles come here for stands first, whatever else they may look at below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_login import current_user
from sqlalchemy import select

from mes.masters.model import Station
from mes.roles import Role
from web.house import look
from web.pages.ways import Way, open_ways
from web.rights import may_see, person

# What each role comes for: office pages, and stations by their role.
COMES_FOR: dict[Role, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Role.OPERATOR: ((), ("line", "packing")),
    Role.SUPERVISOR: (("/plan", "/print", "/quality"), ("line", "packing")),
    Role.INSPECTOR: (("/quality", "/trace"), ("inspection",)),
    Role.QUALITY_MANAGER: (("/quality", "/trace", "/labels"), ("inspection",)),
    Role.STOREKEEPER: (("/stock", "/print"), ("store",)),
    Role.SHIPPER: (("/shipping", "/stock"), ("dock",)),
    Role.PLANNER: (("/plan", "/stock", "/shipping"), ("office",)),
    Role.PLAN_APPROVER: (("/plan", "/shipping"), ()),
    Role.SERVICE: (("/service", "/trace", "/shipping"), ()),
    Role.ADMIN: (("/admin", "/print", "/labels"), ()),
}


@dataclass(frozen=True)
class Tile:
    """One way from the start page: where to, and what it is called."""

    path: str
    zh: str
    en: str
    code: str = ""


def add_to(pages: Blueprint) -> None:
    """Add the start page."""
    pages.add_url_rule("/", "home", person(home))


def home() -> str:
    """The reader's own work, then the other stations and office pages that they may look at."""
    paths, kinds = _wanted(current_user.roles)
    ways, stations = open_ways(), _stations()
    mine = [_page(way) for way in ways if way.path in paths] + [_station(one) for one in stations if one.role in kinds]
    rest = [_station(one) for one in stations if one.role not in kinds]
    return render_template(
        "home.html", mine=mine, stations=rest, office=[_page(way) for way in ways if way.path not in paths]
    )


def _wanted(roles: Iterable[Role]) -> tuple[set[str], set[str]]:
    """Pages and kinds of stations of all roles."""
    found = [COMES_FOR[role] for role in roles if role in COMES_FOR]
    return {path for paths, _ in found for path in paths}, {kind for _, kinds in found for kind in kinds}


def _stations() -> list[Station]:
    """The stations whose screens the reader may look at."""
    if not may_see("screen"):
        return []
    with look() as session:
        return list(
            session.scalars(select(Station).where(Station.retired.is_(False)).order_by(Station.role, Station.code))
        )


def _page(way: Way) -> Tile:
    return Tile(way.path, way.words.zh, way.words.en)


def _station(station: Station) -> Tile:
    return Tile(f"/screen/{station.code}", station.name_zh, station.name_en, station.code)
