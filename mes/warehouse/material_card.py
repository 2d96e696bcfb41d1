"""What stands on a material card (材料卡) with its ledger (台账, P22): what lies where, and the last movements.

Read-only. The balance after each movement is reckoned back from the stored one, so that card and ledger cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from mes.journal import Event
from mes.masters.model import Item, Location, Plant
from mes.masters.units import from_smallest, shown
from mes.memory import masters
from mes.stock.model import Balance, Lot, Movement

LAST = 200
"""Movements on a card: the newest; the whole ledger is the journal's."""

RULES = {"FIFO": "先进先出 FIFO", "FEFO": "先到期先出 FEFO"}
EVENTS = {
    "plant:import": "期初 opening",
    "stock:put_away": "入库 put away",
    "stock:issue": "发料 issue",
    "stock:split": "拆箱 split",
    "stock:not_found": "未找到 not found",
    "stock:count": "盘点 counted",
    "production:load": "上料 loaded",
    "production:report": "报工 reported",
    "production:finish": "完工 finished",
    "production:take_back": "撤回报工 taken back",
    "production:reverse_report": "冲回报工 reversed",
    "production:cancel_card": "流转单取消 cancelled",
    "production:close_card": "流转单关闭 closed short",
    "packing:pack": "装箱 packed",
    "shipping:pick": "拣货 picked",
    "shipping:unpick": "退拣 unpicked",
    "shipping:ship": "发运 shipped",
    "quality:judge": "判定 judged",
    "quality:final": "终检 inspected",
    "quality:dispose": "处置 disposed",
    "quality:nonconforming": "不合格 rejected",
    "quality:first_article": "首检 first article",
    "quality:hold": "隔离 held",
    "quality:release": "解除隔离 released",
    "quality:complete": "完工放行 completed",
    "stock:rescue": "移至待检 rescued",
}


@dataclass(frozen=True)
class _Entry:
    """One movement with its two ends' names; `change` is what it does to the stock in the plant."""

    movement: Movement
    event: Event
    lot: str
    source: Location
    target: Location

    @property
    def change(self) -> int:
        gained = (self.source.zone == "outside") - (self.target.zone == "outside")
        return gained * self.movement.quantity


def material_card(session: Session, item: Item, now: datetime, last: int = LAST) -> dict[str, Any]:
    """Item, balance by place, lot and status, and the newest `last` movements, oldest first, with the balance after."""
    zone = ZoneInfo(masters(session).all(Plant)[0].zone)
    balance = _balance(session, item)
    lying = _lying(session, item)
    return {
        "item": item.code,
        "name_zh": item.name_zh,
        "name_en": item.name_en,
        "uom": item.uom,
        "issue_rule": RULES.get(item.issue_rule, item.issue_rule),
        "printed_at": f"{now.astimezone(zone):%Y-%m-%d %H:%M}",
        "balance": shown(balance, item.uom),
        "places": " ".join(dict.fromkeys(row["place"] for row in lying)),
        "stock": lying,
        "movements": list(_ledger(_entries(session, item, last), item, balance, zone))[::-1],
    }


def _balance(session: Session, item: Item) -> int:
    inside = select(func.coalesce(func.sum(Balance.quantity), 0)).where(
        Balance.item_id == item.id, Balance.outside.is_(False)
    )
    return int(session.scalar(inside) or 0)


def _lying(session: Session, item: Item) -> list[dict[str, str]]:
    query = (
        select(Location.code, Lot.code, Balance.status, func.sum(Balance.quantity))
        .join(Location, Location.id == Balance.location_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.item_id == item.id, Balance.outside.is_(False), Balance.quantity > 0)
        .group_by(Location.code, Lot.code, Balance.status)
        .order_by(Location.code, Lot.code, Balance.status)
    )
    return [
        {"place": place, "lot": lot, "status": status, "quantity": shown(int(quantity), item.uom)}
        for place, lot, status, quantity in session.execute(query)
    ]


def _entries(session: Session, item: Item, last: int) -> Sequence[_Entry]:
    """The newest movements of the item, newest first."""
    source, target = aliased(Location), aliased(Location)
    query = (
        select(Movement, Event, Lot.code, source, target)
        .join(Event, Event.id == Movement.event_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(source, source.id == Movement.from_location_id)
        .join(target, target.id == Movement.to_location_id)
        .where(Lot.item_id == item.id)
        .order_by(Movement.id.desc())
        .limit(last)
    )
    return [_Entry(*row) for row in session.execute(query)]


def _ledger(entries: Sequence[_Entry], item: Item, balance: int, zone: ZoneInfo) -> Iterator[dict[str, str]]:
    """One row per movement, newest first, each with the stock in the plant after it."""

    def number(quantity: int) -> str:
        return f"{from_smallest(quantity, item.uom):f}"

    for entry in entries:
        change = entry.change
        yield {
            "at": f"{entry.event.occurred_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "event": EVENTS.get(entry.event.kind, entry.event.kind),
            "lot": entry.lot,
            "from": _end(entry.source, entry.movement.from_status),
            "to": _end(entry.target, entry.movement.to_status),
            "moved": number(entry.movement.quantity),
            "in": number(change) if change > 0 else "",
            "out": number(-change) if change < 0 else "",
            "balance": number(balance),
        }
        balance -= change


def _end(place: Location, status: str) -> str:
    return place.code if place.zone == "outside" else f"{place.code} {status}"
