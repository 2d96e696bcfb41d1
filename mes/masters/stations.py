"""Stations: named places where people scan; added, changed, retired. A retired one may be set up anew by its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import func, select

from mes.codes.looks import alike
from mes.declaring import command
from mes.given import Choice, NewCode, Text
from mes.labelling.model import PrintJob
from mes.masters.model import Location, Printer, Station, WorkCenter
from mes.masters.refusals import AlreadyThere, StationRetired, WorkInHand, WorkWaits
from mes.masters.words import LANGUAGES, STATION_ROLES
from mes.refusals import Refusal, both, refuse
from mes.roles import Role
from mes.terminal.model import Dialogue
from mes.transaction import Transaction
from mes.words import Words

UNENDED = ("queued", "leased", "unknown", "failed")
"""States of a print job that somebody still waits for."""
NamedZh, NamedEn = Words("中文名称", "name in Chinese"), Words("英文名称", "name in English")
For, Spoken = Words("用途", "what it is for"), Words("屏幕语言", "language of its screen")
Place = Words("所在库位", "place where its goods lie")


@dataclass(frozen=True)
class Placed:
    """The code of a station or printer."""

    code: str


@command(
    "plant:station",
    {Role.ADMIN, Role.SYSTEM},
    Words("新增工位", "add a station"),
    done=Words("工位 {code} 已新增", "Station {code} added"),
    tells=Words("新增工位 {code}", "station {code} added"),
)
def add_station(
    tx: Transaction,
    code: Annotated[str, NewCode()],
    name_zh: Annotated[str, Text(), NamedZh],
    name_en: Annotated[str, Text(), NamedEn],
    role: Annotated[str, Choice(STATION_ROLES), For],
    location: Annotated[Location | None, Place] = None,
    work_center: WorkCenter | None = None,
    language: Annotated[str, Choice(LANGUAGES), Spoken] = "zh",
) -> Placed:
    """Add a station, or set up a retired one anew; raises `AlreadyThere` for a code in use or like one."""
    known = tx.masters.find(Station, code=code)
    other = None if known else alike(code, [one.code for one in tx.masters.all(Station)])
    if other or (known and not known.retired):
        raise refuse(AlreadyThere(what=both("工位", "station"), text=other or code))
    row = tx.row(known) if known else Station(code=code)
    row.location, row.work_center, row.retired = location, work_center, False
    _set(row, name_zh=name_zh, name_en=name_en, role=role, language=language)
    tx.session.add(row)
    tx.cause("station", code, role)
    return Placed(code)


@command(
    "plant:change_station",
    {Role.ADMIN},
    Words("修改工位", "change a station"),
    done=Words("工位 {code} 已修改", "Station {code} changed"),
    tells=Words("修改工位 {station}：{role}", "station {station} changed: {role}"),
)
def change_station(
    tx: Transaction,
    station: Station,
    name_zh: Annotated[str | None, Text(), NamedZh] = None,
    name_en: Annotated[str | None, Text(), NamedEn] = None,
    role: Annotated[str | None, Choice(STATION_ROLES), For] = None,
    location: Annotated[Location | None, Place] = None,
    work_center: WorkCenter | None = None,
    language: Annotated[str | None, Choice(LANGUAGES), Spoken] = None,
) -> Placed:
    """Change what is given, leave the rest.

    Raises `StationRetired`, and `WorkInHand` where the role, place or work centre changes while somebody works there.
    """
    moved = bool(location or work_center or (role and role != station.role))
    tx.require(_retired(station), _work_in_hand(tx, station) if moved else [])
    row = tx.row(station)
    _set(row, name_zh=name_zh, name_en=name_en, role=role, language=language)
    row.location, row.work_center = location or station.location, work_center or station.work_center
    tx.cause("station changed", station.code, name_zh, name_en, role, language)
    return Placed(station.code)


@command(
    "plant:retire_station",
    {Role.ADMIN},
    Words("停用工位", "retire a station"),
    done=Words("工位 {code} 已停用", "Station {code} has retired"),
    tells=Words("停用工位 {station}", "station {station} retired"),
    confirm=Words(
        "工位 {station} 的程序、屏幕和打印机都将停止工作。",
        "The program, the screens and the printers of station {station} will stop working.",
    ),
)
def retire_station(tx: Transaction, station: Station) -> Placed:
    """It opens nothing any more; its records stay. Raises `StationRetired`, `WorkInHand`, `WorkWaits`."""
    waiting = jobs_waiting(tx, PrintJob.station_id == station.id)
    open_jobs = [WorkWaits(at=station.code, count=waiting)] if waiting else []
    tx.require(_retired(station), _work_in_hand(tx, station), open_jobs)
    row = tx.row(station)
    row.retired, row.token_hash, row.screens = True, None, row.screens + 1
    for printer in tx.masters.where(Printer, station_id=station.id, retired=False):
        tx.row(printer).retired = True
    tx.cause("station retired", station.code)
    return Placed(station.code)


def jobs_waiting(tx: Transaction, which: Any) -> int:
    """How many print jobs of a station or printer somebody still waits for."""
    query = select(func.count()).select_from(PrintJob).where(which, PrintJob.state.in_(UNENDED))
    return tx.session.scalar(query) or 0


def _set(row: Any, **values: str | None) -> None:
    for name, value in values.items():
        if value is not None:
            setattr(row, name, value)


def _retired(station: Station) -> list[Refusal]:
    return [StationRetired(station=station.code)] if station.retired else []


def _work_in_hand(tx: Transaction, station: Station) -> list[Refusal]:
    """Something was begun there that its next scan goes on with: it would go on with another meaning."""
    row = tx.session.get(Dialogue, station.id)
    return [WorkInHand(station=station.code)] if row and row.in_the_middle else []
