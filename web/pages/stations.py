"""The administrator's pages of stations: all of them, and one with its printers and what can be done.

Only looks; every act is the office form of its command, filled in with what is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template
from sqlalchemy import select

from mes.masters.model import Plant, Printer, Station
from mes.masters.words import LANGUAGES, STATION_ROLES
from mes.memory import masters
from mes.terminal.model import DeviceState
from mes.terminal.moments import is_noticed, skew_of, told
from mes.words import Words
from web.house import look
from web.language import t
from web.pages.doing import Deed, deeds_of
from web.pages.words import LANGUAGE, STOCK, word
from web.rights import looks

Known = dict[str, str | int | None]


@dataclass(frozen=True)
class PrinterSeen:
    """A printer of a station: what it is, what is in it, what can be done about it."""

    code: str
    language: str
    size: str
    stock: str
    paper: str
    deeds: list[Deed]


def add_to(pages: Blueprint) -> None:
    """Add the list and the page of one station."""
    pages.add_url_rule("/admin/stations", "stations", looks("stations")(stations))
    pages.add_url_rule("/admin/stations/<path:code>", "one_station", looks("stations")(one_station))


def stations() -> str:
    """All stations, the retired ones last."""
    with look() as session:
        known = masters(session)
        found = sorted(known.all(Station), key=lambda one: (one.retired, one.code))
        printers = {one.id: known.where(Printer, station_id=one.id, retired=False) for one in found}
        clocks = {one.station_id: _clock(skew_of(one)) for one in session.scalars(select(DeviceState))}
        places = {one.id: [each.code for each in (one.location, one.work_center) if each] for one in found}
    return render_template(
        "stations.html",
        stations=found,
        printers=printers,
        places=places,
        clocks=clocks,
        role_of=role_of,
        add=deeds_of(("plant:station", {}), ("plant:printer", {})),
    )


def one_station(code: str) -> str:
    """A station with its printers, its program, its screens, and what can be done about it."""
    with look() as session:
        known = masters(session)
        station = known.find(Station, code=code)
        if station is None:
            abort(404, t(f"没有工位 {code}。", f"There is no station {code}."))
        said = session.get(DeviceState, station.id)
        printers = [_seen(one) for one in known.where(Printer, station_id=station.id, retired=False)]
        zone = known.all(Plant)[0].zone
    return render_template(
        "station.html",
        station=station,
        role=role_of(station),
        speaks=word(LANGUAGES, station.language),
        heard=_heard(said.seen_at if said else None, zone),
        clock=_clock(skew_of(said)),
        printers=printers,
        possible=_deeds(station),
        add=[] if station.retired else deeds_of(("plant:printer", {"stands_at": station.code})),
    )


def role_of(station: Station) -> str:
    """What a station is for, as people call it."""
    return word(STATION_ROLES, station.role)


def _heard(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""


def _clock(skew: timedelta | None) -> str:
    """How far the station's clock is off, in words; nothing while no heartbeat told."""
    if skew is None:
        return ""
    if not is_noticed(skew):
        return t("✓ 时钟准确", "✓ its clock is right")
    zh, en = Words.halves(told(skew))
    way = ("快", "ahead") if skew > timedelta() else ("慢", "behind")
    return t(f"⚠ 时钟{way[0]} {zh}，请校时", f"⚠ its clock is {en} {way[1]}: set it")


def _deeds(station: Station) -> list[Deed]:
    """What can be done about a station, with what is known filled in."""
    here, names = {"station": station.code}, {"name_zh": station.name_zh, "name_en": station.name_en}
    if station.retired:
        return deeds_of(("plant:station", {"code": station.code, **names, "role": station.role}))
    return deeds_of(
        ("plant:open_screen", here),
        ("plant:new_token", here),
        ("plant:change_station", {**here, **names, "role": station.role, "language": station.language}),
        ("plant:verify_labels", {**here, "on": "no" if station.verifies_labels else "yes"}),
        ("plant:end_screens", here),
        ("plant:retire_station", here),
    )


def _seen(printer: Printer) -> PrinterSeen:
    sides = (printer.loaded_width_mm, printer.loaded_height_mm)
    here = {"printer": printer.code}
    paper: Known = {"stock": printer.loaded_stock, "width_mm": sides[0], "height_mm": sides[1]}
    change: Known = {"stands_at": printer.station.code, "language": printer.language, "dpi": printer.dpi}
    return PrinterSeen(
        printer.code,
        word(LANGUAGE, printer.language),
        f"{printer.width_mm} mm · {printer.dpi} dpi",
        printer.loaded_stock,
        f"{word(STOCK, printer.loaded_stock)} {' × '.join(str(side) for side in sides if side)}".strip(),
        deeds_of(
            ("plant:load_stock", {**here, **paper}),
            ("plant:change_printer", {**here, **change, "width_mm": printer.width_mm}),
            ("plant:retire_printer", here),
        ),
    )
