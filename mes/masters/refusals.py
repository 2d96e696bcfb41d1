"""Refusals about master data and the amounts that people give."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import Kind, Refusal


class OfMasters(Refusal, of=Kind.MASTERS):
    """About master data and the amounts that people give."""


@dataclass(frozen=True)
class QuantityNotWhole(OfMasters):
    item: str
    asked: str
    code = "quantity_not_whole"
    en = "{asked} is no possible quantity of {item}: it is counted in whole units above zero."
    zh = "{item} 的数量 {asked} 不合法，必须为大于零的整数。"


@dataclass(frozen=True)
class AlreadyThere(OfMasters):
    """Something of that code exists; bad input never half-does anything."""

    what: str
    text: str
    code = "already_there"
    en = "{what} {text} exists already."
    zh = "{what} {text} 已存在。"


@dataclass(frozen=True)
class ChangeRefused(OfMasters):
    """A master does not shift under what stands on it; history is corrected by the act that is made for it."""

    at: str
    what: str
    column: str
    was: str
    becomes: str
    by: str
    code = "change_refused"
    en = "{at}: {column} of {what} stays {was} and does not become {becomes}: {by}."
    zh = "{at}：{what} 的 {column} 仍为 {was}，不能改为 {becomes}：{by}。"


@dataclass(frozen=True)
class StationRetired(OfMasters):
    station: str
    code = "station_retired"
    en = "Station {station} has retired. Add it anew to use it again."
    zh = "工位 {station} 已停用，如需使用请重新新增。"


@dataclass(frozen=True)
class WorkInHand(OfMasters):
    """A scan must not change its meaning between two beeps."""

    station: str
    code = "work_in_hand"
    en = "At station {station} something has been begun: end it there first (scan DONE)."
    zh = "工位 {station} 有操作未结束，请先在该工位结束（扫「结束」）。"


@dataclass(frozen=True)
class WorkWaits(OfMasters):
    at: str
    count: int
    code = "work_waits"
    en = "{count} labels still wait to be printed at {at}: print or settle them first."
    zh = "{at} 还有 {count} 张标签待打印，请先打印或确认。"
