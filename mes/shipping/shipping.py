"""Picking and shipping by sales order: first in first out, never too much, never too little, never the wrong (P24).

A picked box stands at the dock and is nobody else's. Shipping is one movement per box to the customer, named by order.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, func, or_, select

from mes.database import BigId
from mes.declaring import command
from mes.masters.model import Location
from mes.masters.units import shown
from mes.packing import pallets
from mes.packing.refusals import NotPicked
from mes.planning.model import SalesOrder
from mes.refusals import Refusal
from mes.roles import Role
from mes.shipping.refusals import (
    LessThanOrdered,
    MoreThanOrdered,
    OrderShipped,
    PalletTooMuch,
    WrongItemForOrder,
    YoungerPicked,
)
from mes.stock import fifo, ledger, lots
from mes.stock.model import Balance, Container, HandlingUnit, Lot, Movement
from mes.transaction import Transaction
from mes.words import Words

AT_HAND = ("finished", "dock")


@dataclass(frozen=True)
class Picked:
    """A box or pallet picked for an order, where it stands, and what the order still needs."""

    order: str
    lot: str
    quantity: str
    place: str
    left: str


@dataclass(frozen=True)
class Shipped:
    """An order that left: to whom, how much, and which quantity of which lots."""

    order: str
    customer: str
    quantity: str
    lots: tuple[tuple[str, str], ...]


@command(
    "shipping:pick",
    {Role.SHIPPER, Role.STOREKEEPER},
    Words("拣货", "pick for an order"),
    done=Words("已拣 {lot} {quantity}，还需 {left}", "Picked {lot} {quantity}; still needed {left}"),
    tells=Words("订单 {order} 拣货 {unit}", "{unit} picked for order {order}"),
)
def pick(tx: Transaction, order: SalesOrder, unit: Container | HandlingUnit) -> Picked:
    """Reserve a box or a whole pallet for an order and take it to the dock, by FIFO of the finished goods (P24, F4).

    Raises whatever forbids the use of the box, `WrongItemForOrder`, `NotInStore`, `PickedAlready`, `NotOldest`,
    `OpenedBoxFirst`, `MoreThanOrdered`, `OrderShipped`, `CartonOnPallet`, `PalletOpen`, `PalletTooMuch`. A pallet's
    cartons are asked one after the other, as if each were scanned; if one is refused (`CartonAtFault`), none is picked.
    """
    units = pallets.take(tx, unit)
    closed = pallets.not_closed(pallets.carton_of(unit))
    has, left = _held(tx, units), _left(tx, order)
    whole = _shipped(tx, order) or [*closed, *_too_much(order, unit, units, has, left), *pallets.on_pallet(tx, unit)]
    for one in units:
        with pallets.at_fault(unit, one, whole):
            _pick(tx, order, one, whole)
    return Picked(
        order=order.order_no,
        lot=pallets.lots_named(units),
        quantity=_shown(order, has),
        place=_dock(tx).code,
        left=_shown(order, left - has),
    )


def _pick(tx: Transaction, order: SalesOrder, unit: HandlingUnit, whole: list[Refusal]) -> None:
    """Pick one box; `whole` is what speaks against all that was scanned with it."""
    shipped = OrderShipped(order=order.order_no) in whole
    tx.require(whole, [] if shipped else _fits(tx, order, unit), lots.usable(tx, unit, order.customer))
    lots.move_unit(tx, unit, _dock(tx))
    unit.order_id = order.id
    tx.cause("picked", order.order_no, unit.id)


@command(
    "shipping:unpick",
    {Role.SHIPPER, Role.STOREKEEPER},
    Words("退拣", "take back out of an order"),
    done=Words("已退拣 {lot}", "Taken back {lot}"),
    tells=Words("订单 {order} 退拣 {unit}", "{unit} taken back out of order {order}"),
)
def unpick(tx: Transaction, order: SalesOrder, unit: Container | HandlingUnit) -> Picked:
    """Take a box or a whole pallet back out of an order; it stands at the dock until it is put away or picked again.

    Raises `NotPicked`, `OrderShipped`, `CartonOnPallet`; `YoungerPicked` while another order keeps a younger lot (F4).
    """
    units = pallets.take(tx, unit)
    not_picked = [NotPicked(order=order.order_no, lot=one.lot.code) for one in units if one.order_id != order.id]
    younger = [reason for one in units for reason in _younger_picked(tx, order, one)]
    tx.require(_shipped(tx, order) or [*not_picked, *pallets.on_pallet(tx, unit), *younger])
    for one in units:
        one.order_id = None
        tx.cause("unpicked", order.order_no, one.id)
    pallets.forget_order(tx, unit)
    return _picked(tx, order, units)


@command(
    "shipping:ship",
    {Role.SHIPPER},
    Words("发货", "ship an order"),
    done=Words("订单 {order} 已发货 {quantity}", "Order {order} shipped: {quantity}"),
    tells=Words("订单 {order} 发货", "order {order} shipped"),
    confirm=Words(
        "订单 {order} 的货物将出库，不能撤回。", "The goods of order {order} leave the plant; that cannot be undone."
    ),
)
def ship(tx: Transaction, order: SalesOrder) -> Shipped:
    """Ship exactly what was ordered (P24).

    Raises `LessThanOrdered`, `OrderShipped`, `PalletOpen`, and what forbids a box's use.
    """
    fifo.lock_item(tx, order.item_id)
    units = picked_for(tx, order, locked=True)
    total = sum(quantity for _, quantity in units)
    lots.look(tx, [unit.id for unit, _ in units])
    still_good = [reason for unit, _ in units for reason in lots.usable(tx, unit, order.customer)]
    under = {unit.container.pallet for unit, _ in units if unit.container}
    not_closed = [reason for pallet in under for reason in pallets.not_closed(pallet)]
    tx.require(_shipped(tx, order) or _too_little(order, total), still_good, not_closed)
    sources = [ledger.end_of(lots.filled(tx, unit)) for unit, _ in units]
    for (unit, quantity), source in zip(units, sources, strict=True):
        ledger.move(tx, unit.lot, quantity, source, ledger.outside(tx, "CUSTOMER"), order_id=order.id)
    return Shipped(order.order_no, order.customer.code, _shown(order, total), _by_lot(order, units))


def picked_for(tx: Transaction, order: SalesOrder, *, locked: bool = False) -> list[tuple[HandlingUnit, int]]:
    """The boxes picked for an order and still here, with their quantities (smallest unit)."""
    boxes = (
        select(HandlingUnit, Balance.quantity)
        .join(Balance, Balance.holder_id == HandlingUnit.id)
        .where(HandlingUnit.order_id == order.id, Balance.quantity > 0)
        .options(lots.IN_CONTAINER)
        .order_by(HandlingUnit.id)
    )
    if locked:
        boxes = boxes.with_for_update(of=HandlingUnit.__table__, key_share=True)
    return [(unit, quantity) for unit, quantity in tx.session.execute(boxes).unique()]


def _fits(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> list[Refusal]:
    """The order's own gates; whose turn it is matters only for the right item."""
    if unit.lot.item_id != order.item_id:
        item, wanted = unit.lot.item.code, order.item.code
        return [WrongItemForOrder(order=order.order_no, item=item, expected=wanted)]
    elsewhere = [*fifo.not_picked(tx, unit), *fifo.in_store(tx, unit, AT_HAND)]
    turn = [] if elsewhere else fifo.reasons_not_next(tx, unit, order.customer, fifo.FOR_ORDERS)
    return [*elsewhere, *turn]


def _younger_picked(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> list[Refusal]:
    """What went to other orders only because this older box was picked, and would now pass it."""
    if lots.usable(tx, unit, order.customer):
        return []
    goes_first, received_on = fifo.turn_of(unit.lot)
    asked = {"item": unit.lot.item_id, "order": order.id, "goes_first": goes_first, "received_on": received_on}
    return [
        YoungerPicked(lot=unit.lot.code, younger=younger, order=other)
        for younger, other in tx.session.execute(YOUNGER, {**asked, "owner": unit.lot.owner_id})
    ]


YOUNGER = (
    select(Lot.code, SalesOrder.order_no)
    .select_from(HandlingUnit)
    .join(Balance, Balance.holder_id == HandlingUnit.id)
    .join(Lot, Lot.id == HandlingUnit.lot_id)
    .join(SalesOrder, SalesOrder.id == HandlingUnit.order_id)
    .where(
        Balance.item_id == bindparam("item"),
        Balance.quantity > 0,
        SalesOrder.id != bindparam("order"),
        or_(
            Balance.goes_first > bindparam("goes_first"),
            and_(Balance.goes_first == bindparam("goes_first"), Lot.received_on > bindparam("received_on")),
        ),
        or_(bindparam("owner", type_=BigId).is_(None), SalesOrder.customer_id == bindparam("owner", type_=BigId)),
    )
    .order_by(SalesOrder.order_no, Lot.code)
    .limit(1)
)


def _held(tx: Transaction, units: list[HandlingUnit]) -> int:
    lots.look(tx, [unit.id for unit in units])
    return sum(found.quantity for unit in units for found in lots.standing(tx, unit.id).balances)


def _too_much(order: SalesOrder, goods: pallets.Goods, units: list[HandlingUnit], has: int, left: int) -> list[Refusal]:
    """More of the right item than the order still needs, in the box or on the whole pallet."""
    if has <= left or any(unit.lot.item_id != order.item_id for unit in units):
        return []
    pallet, needs, asked = pallets.whole_pallet(goods), _shown(order, left), _shown(order, has)
    if pallet:
        return [PalletTooMuch(order=order.order_no, left=needs, pallet=pallet.serial, has=asked)]
    return [MoreThanOrdered(order=order.order_no, left=needs, asked=asked)]


def _shipped(tx: Transaction, order: SalesOrder) -> list[Refusal]:
    """An order that has left; whatever else is wrong with asking more of it does not matter then."""
    return [OrderShipped(order=order.order_no)] if _progress(tx, order)[0] else []


def _too_little(order: SalesOrder, total: int) -> list[Refusal]:
    if total == order.quantity:
        return []
    return [LessThanOrdered(order=order.order_no, picked=_shown(order, total), ordered=_shown(order, order.quantity))]


def _left(tx: Transaction, order: SalesOrder) -> int:
    return order.quantity - _progress(tx, order)[1]


def order_of(tx: Transaction, code: str) -> SalesOrder | None:
    """The order of a number, and at the same look how far it is."""
    row = tx.session.execute(OF_NUMBER, {"code": code}).first()
    if row is None:
        return None
    order, shipped, picked = row
    tx.seen[SalesOrder, order.id] = bool(shipped), int(picked)
    found: SalesOrder = order
    return found


def _progress(tx: Transaction, order: SalesOrder) -> tuple[bool, int]:
    """Whether an order has left, and how much is picked for it and still here (smallest unit)."""
    shipped, picked = tx.once((SalesOrder, order.id), lambda: tx.session.execute(HOW_FAR, {"order": order.id}).one())
    return bool(shipped), int(picked)


SHIPPED = exists().where(Movement.order_id == SalesOrder.id)
PICKED = (
    select(func.coalesce(func.sum(Balance.quantity), 0))
    .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
    .where(HandlingUnit.order_id == SalesOrder.id)
    .scalar_subquery()
)
OF_NUMBER = select(SalesOrder, SHIPPED, PICKED).where(SalesOrder.order_no == bindparam("code"))
HOW_FAR = select(SHIPPED, PICKED).select_from(SalesOrder).where(SalesOrder.id == bindparam("order"))


def _dock(tx: Transaction) -> Location:
    """The dock of this station, or the first one."""
    here = tx.station.location if tx.station else None
    if here and here.zone == "dock":
        return here
    return min(tx.masters.where(Location, zone="dock"), key=lambda place: place.code)


def _picked(tx: Transaction, order: SalesOrder, units: list[HandlingUnit]) -> Picked:
    tx.write()
    found = [lots.filled(tx, unit) for unit in units]
    return Picked(
        order=order.order_no,
        lot=pallets.lots_named(units),
        quantity=_shown(order, sum(one.quantity for one in found)),
        place=found[0].location.code,
        left=_shown(order, _left(tx, order)),
    )


def _by_lot(order: SalesOrder, units: list[tuple[HandlingUnit, int]]) -> tuple[tuple[str, str], ...]:
    totals: dict[str, int] = {}
    for unit, quantity in units:
        totals[unit.lot.code] = totals.get(unit.lot.code, 0) + quantity
    return tuple((lot, _shown(order, quantity)) for lot, quantity in totals.items())


def _shown(order: SalesOrder, quantity: int) -> str:
    return shown(quantity, order.item.uom)
