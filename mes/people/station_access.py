"""What opens a station: the code for its screen in a browser, the token of its program. Both are shown once."""

from __future__ import annotations

from dataclasses import dataclass

from mes.declaring import command
from mes.masters.model import Station
from mes.masters.refusals import StationRetired
from mes.masters.stations import Placed
from mes.people import access
from mes.refusals import Refusal
from mes.roles import Role
from mes.secret import Secret
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class ScreenCode:
    """With this code, once and within ten minutes, a browser becomes the screen of the station."""

    station: str
    code: Secret


@dataclass(frozen=True)
class NewToken:
    """With this token the station's program speaks to the server, until another one is given."""

    station: str
    token: Secret


@command(
    "plant:open_screen",
    {Role.ADMIN, Role.SYSTEM},
    Words("打开工位屏幕", "open a station's screen"),
    done=Words("工位 {station} 的屏幕代码已生成", "A code for a screen of {station} is made"),
    tells=Words("为工位 {station} 发屏幕代码", "code for a screen of station {station} given"),
)
def open_screen(tx: Transaction, station: Station) -> ScreenCode:
    """A single-use code, good for ten minutes, that opens the station's screen; raises `StationRetired`."""
    tx.require(_retired(station))
    code = access.invitation(tx.session, tx.now, station=station.id)
    tx.cause("screen invited", station.code)
    return ScreenCode(station.code, code)


@command(
    "plant:end_screens",
    {Role.ADMIN, Role.SYSTEM},
    Words("关闭工位屏幕", "end a station's screens"),
    done=Words("工位 {code} 的屏幕已全部关闭", "All screens of {code} have ended"),
    tells=Words("关闭工位 {station} 的全部屏幕", "all screens of station {station} ended"),
    confirm=Words("工位 {station} 的所有屏幕将立即退出。", "Every screen of station {station} will end at once."),
)
def end_screens(tx: Transaction, station: Station) -> Placed:
    """End every screen of a station in browsers, with the codes for more: a lost tablet, a PC that moved."""
    tx.row(station).screens += 1
    access.end_codes(tx.session, station.id, tx.now)
    tx.cause("screens ended", station.code)
    return Placed(station.code)


@command(
    "plant:new_token",
    {Role.ADMIN, Role.SYSTEM},
    Words("更换工位令牌", "give a station a new token"),
    done=Words("工位 {station} 的新令牌已生成", "Station {station} has a new token"),
    tells=Words("更换工位 {station} 的令牌", "new token given to station {station}"),
    confirm=Words(
        "工位 {station} 的旧令牌立即失效，其程序须换上新令牌。",
        "The old token of station {station} ends at once: its program needs the new one.",
    ),
)
def new_token(tx: Transaction, station: Station) -> NewToken:
    """A new bearer token for the station's program; the old one ends. Raises `StationRetired`."""
    tx.require(_retired(station))
    token = access.token_for(tx.row(station))
    tx.cause("token given", station.code)
    return NewToken(station.code, token)


def _retired(station: Station) -> list[Refusal]:
    return [StationRetired(station=station.code)] if station.retired else []
