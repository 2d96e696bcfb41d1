"""The start page: what this person's roles come here for stands first, everything else below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_login import current_user, login_required
from sqlalchemy import select

from mes.masters.model import Station
from mes.roles import Role
from web.house import look

OFFICE = {
    "/plan": ("月生产计划与流转单", "Production plan and run cards"),
    "/stock": ("库存", "Stock"),
    "/shipping": ("订单与发货", "Orders and shipping"),
    "/quality": ("检验与不合格品", "Inspections and nonconformances"),
    "/trace": ("追溯与召回", "Trace and recall"),
    "/service": ("客户", "Customers"),
    "/print": ("打印队列", "Print queue"),
    "/labels": ("标签版式", "Label layouts"),
    "/admin": ("工位、打印机与日志", "Stations, printers, journal"),
}
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
    pages.add_url_rule("/", "home", home)


@login_required  # type: ignore[untyped-decorator]
def home() -> str:
    """The reader's own work, then all stations and all office pages."""
    pages, kinds = _wanted(current_user.roles)
    with look() as session:
        stations = list(session.scalars(select(Station).order_by(Station.role, Station.code)))
    mine = [_page(path) for path in pages] + [_station(one) for one in stations if one.role in kinds]
    rest = [_station(one) for one in stations if one.role not in kinds]
    return render_template(
        "home.html", mine=mine, stations=rest, office=[_page(path) for path in OFFICE if path not in pages]
    )


def _wanted(roles: Iterable[Role]) -> tuple[list[str], set[str]]:
    """Pages and kinds of stations of all roles, in the order of the office, each once."""
    found = [COMES_FOR[role] for role in roles if role in COMES_FOR]
    pages = {path for paths, _ in found for path in paths}
    return [path for path in OFFICE if path in pages], {kind for _, kinds in found for kind in kinds}


def _page(path: str) -> Tile:
    return Tile(path, *OFFICE[path])


def _station(station: Station) -> Tile:
    return Tile(f"/screen/{station.code}", station.name_zh, station.name_en, station.code)
