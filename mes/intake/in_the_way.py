"""What stands in the way when a master changes: stock, history, open run cards, orders, plans, goods at a place.

Each gate names the first thing that it finds and how many there are. Reads only, and knows no column.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from mes.intake.change import Change
from mes.intake.known import MASTERS
from mes.intake.rows import PlantSheets
from mes.masters.model import Equipment, Item, ItemKind, Location, Station
from mes.masters.units import from_smallest, shown
from mes.memory import masters
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.stock.model import Balance, Container, HandlingUnit, Lot, Movement
from mes.stock.status import STATUS_WORDS, ZONE_STATUSES, Status
from mes.words import Words

OPEN_CARDS = ("released", "running")
Ways = Iterator[Words]


# --- items -----------------------------------------------------------------------------------------------------------


def stock(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Goods of the item are in the plant."""
    here = select(Lot.code, Balance.location_id, Balance.quantity).join(Lot, Lot.id == Balance.lot_id)
    item = _item(session, change)
    for lot, place, quantity, count in _first(session, here.where(Balance.item_id == item.id, *_in_plant())):
        held, where = shown(quantity, item.uom), masters(session).get(Location, place).code
        yield Words(
            f"有库存，批次 {lot} 在 {where} 有 {held}，共 {count} 处",
            f"there is stock: lot {lot} with {held} at {where}, {count} in all",
        )


def booked_before(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """There was a lot of it, whatever became of it: its history is in the unit of that time."""
    for lot, count in _first(session, select(Lot.code).where(Lot.item_id == _item(session, change).id)):
        yield Words(f"已有批次记录 {lot}，共 {count} 批", f"lot {lot} was booked in it, {count} in all")


def open_cards(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Run cards of it are not complete."""
    wanted = select(RunCard.code).where(RunCard.item_id == _item(session, change).id, RunCard.state.in_(OPEN_CARDS))
    for card, count in _first(session, wanted):
        yield Words(f"流转单 {card} 未完工，共 {count} 张", f"run card {card} is open, {count} in all")


def orders(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """It was ordered."""
    wanted = select(SalesOrder.order_no).where(SalesOrder.item_id == _item(session, change).id)
    for order, count in _first(session, wanted):
        yield Words(f"已有订单 {order}，共 {count} 张", f"order {order} asks for it, {count} in all")


def plan_lines(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """It was planned."""
    wanted = select(PlanRevision.month, PlanRevision.revision).join(PlanLine, PlanLine.revision_id == PlanRevision.id)
    for month, revision, count in _first(session, wanted.where(PlanLine.item_id == _item(session, change).id)):
        yield Words(
            f"{month} 计划第 {revision} 版已排产，共 {count} 行",
            f"plan {month} revision {revision} makes it, {count} lines in all",
        )


def bills_that_stay(session: Session, change: Change, brought: PlantSheets) -> Ways:
    """Bills of material count it in its old unit, and this import does not bring them anew."""
    anew = {row.parent for row in brought.bom}
    for row in MASTERS["bom"](session):
        if change.key in (row.component, row.parent) and row.parent not in anew:
            yield Words(
                f"{row.parent} 的物料清单仍按原单位，请一并导入",
                f"the bill of {row.parent} counts in the old unit: bring it in the same import",
            )
            return


def sold_otherwise(session: Session, change: Change, brought: PlantSheets) -> Ways:
    """Of another kind it would not be sold any more, or begin to be, and it is ordered or in stock."""
    if _sold(session, change.before, brought) != _sold(session, change.after, brought):
        yield from stock(session, change, brought)
        yield from orders(session, change, brought)


def _sold(session: Session, kind: str | None, brought: PlantSheets) -> bool | None:
    said = {row.code: row.sold for row in brought.kinds}
    known = masters(session).find(ItemKind, code=kind)
    return said.get(kind or "", known.sold if known else None)


def goods_of_the_kind(session: Session, change: Change, brought: PlantSheets) -> Ways:
    """Items of the kind are in stock or ordered."""
    for item in (one for one in masters(session).all(Item) if one.kind == change.key):
        of_item = Change(change.sheet, change.at, item.code, change.column, change.before, change.after)
        found = [*stock(session, of_item, brought), *orders(session, of_item, brought)][:1]
        for one in found:
            yield Words(f"{item.code} {one.zh}", f"{item.code}: {one.en}")
            return


def shelf_life_begins_or_ends(session: Session, change: Change, brought: PlantSheets) -> Ways:
    """Lots there have no last day, or have one that nobody would read any more."""
    if not (change.before and change.after):
        yield from stock(session, change, brought)
        yield from open_cards(session, change, brought)


def packed_goods(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Cartons in the plant carry the old number."""
    for carton, count in _first(session, _cartons(session, change).group_by(Container.serial)):
        yield Words(f"外箱 {carton} 已印原 GTIN，共 {count} 箱", f"carton {carton} carries it, {count} in all")


def more_than_the_carton_holds(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Cartons in the plant are fuller than a carton would be."""
    if not change.after:
        return
    fuller = _cartons(session, change).group_by(Container.serial).having(func.sum(Balance.quantity) > int(change.after))
    for carton, count in _first(session, fuller):
        yield Words(f"外箱 {carton} 装得更多，共 {count} 箱", f"carton {carton} holds more, {count} in all")


def _cartons(session: Session, change: Change) -> Select[Any]:
    boxes = select(Container.serial).join(HandlingUnit, HandlingUnit.container_id == Container.id)
    held = boxes.join(Balance, Balance.holder_id == HandlingUnit.id)
    return held.where(Balance.item_id == _item(session, change).id, *_in_plant())


def _item(session: Session, change: Change) -> Item:
    return masters(session).where(Item, code=change.key)[0]


def _in_plant() -> tuple[ColumnElement[bool], ...]:
    return Balance.quantity > 0, ~Balance.outside


# --- places and machines ---------------------------------------------------------------------------------------------


def goods_there(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Goods lie there, whatever their status."""
    yield from _lying(session, change, set(Status))


def goods_there_of_another_status(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """P12: goods lie there that may not lie there any more."""
    yield from _lying(session, change, set(Status) - ZONE_STATUSES[change.after or "any"])


def _lying(session: Session, change: Change, statuses: set[Status]) -> Ways:
    place = _place(session, change)
    there = select(Lot.code, Balance.status).join(Lot, Lot.id == Balance.lot_id)
    wanted = there.where(Balance.location_id == place.id, Balance.status.in_(statuses), *_in_plant())
    for lot, status, count in _first(session, wanted.order_by(Lot.code)):
        word = STATUS_WORDS[status]
        yield Words(
            f"批次 {lot}（{word.zh}）还在那里，共 {count} 箱", f"lot {lot} ({word.en}) lies there, {count} boxes in all"
        )


def more_lots_than_fit(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """More lots lie there than would fit."""
    here = Balance.location_id == _place(session, change).id, *_in_plant()
    lots = session.scalar(select(func.count(Balance.lot_id.distinct())).where(*here)) or 0
    if change.after and lots > int(change.after):
        yield Words(f"那里已放 {lots} 批", f"{lots} lots lie there")


def stations_there(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """A station works at this place."""
    for station in masters(session).where(Station, location_id=_place(session, change).id):
        if not station.retired:
            yield Words(f"工位 {station.code} 在此工作", f"station {station.code} works there")
            return


def work_on_the_machine(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """An operation that was begun on it is not finished."""
    machine = masters(session).where(Equipment, code=change.key)[0]
    wanted = select(RunCard.code, CardOperation.seq).join(RunCard, RunCard.id == CardOperation.card_id)
    running = wanted.where(CardOperation.equipment_id == machine.id, CardOperation.state.in_(("setup", "running")))
    for card, seq, _ in _first(session, running):
        yield Words(f"流转单 {card} 工序 {seq} 正在该设备上", f"operation {seq} of run card {card} runs on it")


def _place(session: Session, change: Change) -> Location:
    return masters(session).where(Location, code=change.key)[0]


# --- orders ----------------------------------------------------------------------------------------------------------


def less_than_was_picked(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """P24: never less than was picked or shipped for the order."""
    order, gone = _order(session, change), _gone_for(session, change)
    if from_smallest(gone, order.item.uom) > Decimal(change.after or 0):
        held = shown(gone, order.item.uom)
        yield Words(f"已备货或发出 {held}", f"{held} were picked or shipped for it")


def picked_goods(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Goods were picked or shipped for the order as it stood."""
    gone = _gone_for(session, change)
    if gone:
        held = shown(gone, _order(session, change).item.uom)
        yield Words(f"已备货或发出 {held}", f"{held} were picked or shipped for it")


def plans_for_the_order(session: Session, change: Change, _brought: PlantSheets) -> Ways:
    """Plan lines make what the order asks, for the customer who asks it."""
    wanted = select(PlanRevision.month, PlanRevision.revision).join(PlanLine, PlanLine.revision_id == PlanRevision.id)
    for month, revision, _ in _first(session, wanted.where(PlanLine.order_id == _order(session, change).id)):
        yield Words(f"{month} 计划第 {revision} 版已为其排产", f"plan {month} revision {revision} makes it")


def _gone_for(session: Session, change: Change) -> int:
    """Smallest units that were shipped for an order or stand picked for it."""
    order = _order(session, change)
    shipped = select(func.sum(Movement.quantity)).where(Movement.order_id == order.id)
    picked = select(func.sum(Balance.quantity)).join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
    waiting = picked.where(HandlingUnit.order_id == order.id, *_in_plant())
    return int(session.scalar(shipped) or 0) + int(session.scalar(waiting) or 0)


def _order(session: Session, change: Change) -> SalesOrder:
    return session.scalars(select(SalesOrder).where(SalesOrder.order_no == change.key)).one()


# --- what is never changed by a sheet --------------------------------------------------------------------------------


def a_lot_was_booked_in(_session: Session, _change: Change, _brought: PlantSheets) -> Ways:
    """Law 3: a lot that is there is corrected by the acts made for it."""
    yield Words(
        "该批次已入账；数量请盘点，库位请移库，其他请由质量部门处理",
        "the lot is booked in already: count it, move it, or have quality put it right",
    )


def a_plan_was_issued(_session: Session, _change: Change, _brought: PlantSheets) -> Ways:
    """P5: each change of a plan is a revision of its own."""
    yield Words("该版本已导入；请以新版本号导入变更", "that revision is there already: bring the change as a new one")


def a_certificate_is_one_persons(_session: Session, _change: Change, _brought: PlantSheets) -> Ways:
    """P3: what was certified stays certified of that person and that operation."""
    yield Words(
        "一张上岗证只属于一人一工序；请用新证号", "a certificate is one person's for one operation: give a new number"
    )


def _first(session: Session, query: Any) -> list[tuple[Any, ...]]:
    """The first row and how many there are; empty where there is none."""
    row = session.execute(query.limit(1)).first()
    if row is None:
        return []
    count = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return [(*row, count)]
