"""Stations: named places where people scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Choice, Code, Text
from mes.masters.model import Location, Station, WorkCenter
from mes.masters.refusals import AlreadyThere
from mes.masters.words import LANGUAGES, STATION_ROLES
from mes.refusals import both, refuse
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words


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
    code: Annotated[str, Code()],
    name_zh: Annotated[str, Text(), Words("中文名称", "name in Chinese")],
    name_en: Annotated[str, Text(), Words("英文名称", "name in English")],
    role: Annotated[str, Choice(STATION_ROLES), Words("用途", "what it is for")],
    location: Annotated[Location | None, Words("所在库位", "place where its goods lie")] = None,
    work_center: Annotated[str | None, Code(), Words("工作中心", "work centre")] = None,
    language: Annotated[str, Choice(LANGUAGES), Words("屏幕语言", "language of its screen")] = "zh",
) -> Placed:
    """Add a station; raises `AlreadyThere` for a code in use."""
    if tx.masters.find(Station, code=code):
        raise refuse(AlreadyThere(what=both("工位", "station"), text=code))
    center = tx.masters.find(WorkCenter, code=work_center) if work_center else None
    tx.session.add(
        Station(
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            role=role,
            location=location,
            work_center=center,
            language=language,
        )
    )
    tx.cause("station", code, role)
    return Placed(code)
