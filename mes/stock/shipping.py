"""Picking and shipping by sales order: first in first out, never too much, never too little, never the wrong (P24).

A picked box stands at the dock and is nobody else's. Shipping is one movement per box to the customer, named by order.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from mes.planning.model import SalesOrder
from mes.plant.model import Location
from mes.plant.units import shown
from mes.refusals import (
    LessThanOrdered,
    MoreThanOrdered,
    NotPicked,
    OrderShipped,
    Refusal,
    WrongItemForOrder,
)
from mes.roles import Role
from mes.stock import fifo, ledger, lots
from mes.stock.model import Balance, HandlingUnit, Movement
from mes.transaction import Transaction, command

AT_HAND = ("finished", "dock")


@dataclass(frozen=True)
class Picked:
    """A box picked for an order, where it stands, and what the order still needs."""

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


@command("shipping:pick", roles={Role.SHIPPER, Role.STOREKEEPER})
def pick(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> Picked:
    """Reserve a box for an order and take it to the dock, by FIFO of the finished goods (P24, F4).

    Raises whatever forbids the use of the box, `WrongItemForOrder`, `NotInStore`, `PickedAlready`, `NotOldest`,
    `OpenedBoxFirst`, `MoreThanOrdered`, `OrderShipped`.
    """
    fifo.lock(tx, unit)
    tx.require(_shipped(tx, order) or _fits(tx, order, unit), lots.usable(tx, unit, order.customer))
    place = _dock(tx)
    lots.move_unit(tx, unit, place)
    unit.order_id = order.id
    tx.cause("picked", order.order_no, unit.id)
    return _picked(tx, order, unit)


@command("shipping:unpick", roles={Role.SHIPPER, Role.STOREKEEPER})
def unpick(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> Picked:
    """Take a box back out of an order; it stands at the dock until somebody puts it away or picks it again.

    Raises `NotPicked`, `OrderShipped`.
    """
    fifo.lock(tx, unit)
    not_picked = [] if unit.order_id == order.id else [NotPicked(order=order.order_no, lot=unit.lot.code)]
    tx.require(_shipped(tx, order) or not_picked)
    unit.order_id = None
    tx.cause("unpicked", order.order_no, unit.id)
    return _picked(tx, order, unit)


@command("shipping:ship", roles={Role.SHIPPER})
def ship(tx: Transaction, order: SalesOrder) -> Shipped:
    """Ship exactly what was ordered (P24); raises `LessThanOrdered`, `OrderShipped`, and what forbids a box's use."""
    units = picked_for(tx, order, locked=True)
    total = sum(quantity for _, quantity in units)
    still_good = [reason for unit, _ in units for reason in lots.usable(tx, unit, order.customer)]
    tx.require(_shipped(tx, order) or _too_little(order, total), still_good)
    for unit, quantity in units:
        _send(tx, order, unit, quantity)
    return Shipped(order.order_no, order.customer.code, _shown(order, total), _by_lot(order, units))


def picked_for(tx: Transaction, order: SalesOrder, *, locked: bool = False) -> list[tuple[HandlingUnit, int]]:
    """The boxes picked for an order and still here, with their quantities (smallest unit)."""
    boxes = (
        select(HandlingUnit, Balance.quantity)
        .join(Balance, Balance.holder_id == HandlingUnit.id)
        .where(HandlingUnit.order_id == order.id, Balance.quantity > 0)
        .order_by(HandlingUnit.id)
    )
    if locked:
        boxes = boxes.with_for_update(of=HandlingUnit.__table__, key_share=True)
    return [(unit, quantity) for unit, quantity in tx.session.execute(boxes).unique()]


def _fits(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> list[Refusal]:
    """The order's own gates; whose turn it is and how much is left matter only for the right item."""
    if unit.lot.item_id != order.item_id:
        item, wanted = unit.lot.item.code, order.item.code
        return [WrongItemForOrder(order=order.order_no, item=item, expected=wanted)]
    elsewhere = [*fifo.not_picked(tx, unit), *fifo.in_store(tx, unit, AT_HAND)]
    turn = [] if elsewhere else fifo.reasons_not_next(tx, unit, order.customer)
    return [*elsewhere, *turn, *_not_too_much(tx, order, unit)]


def _not_too_much(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> list[Refusal]:
    found, left = lots.content(tx, unit), _left(tx, order)
    if found is None or found.quantity <= left:
        return []
    return [MoreThanOrdered(order=order.order_no, left=_shown(order, left), asked=_shown(order, found.quantity))]


def _shipped(tx: Transaction, order: SalesOrder) -> list[Refusal]:
    """An order that has left; whatever else is wrong with asking more of it does not matter then."""
    shipped = tx.session.scalar(select(Movement.id).where(Movement.order_id == order.id).limit(1))
    return [OrderShipped(order=order.order_no)] if shipped else []


def _too_little(order: SalesOrder, total: int) -> list[Refusal]:
    if total == order.quantity:
        return []
    return [LessThanOrdered(order=order.order_no, picked=_shown(order, total), ordered=_shown(order, order.quantity))]


def _left(tx: Transaction, order: SalesOrder) -> int:
    picked = tx.session.scalar(
        select(func.coalesce(func.sum(Balance.quantity), 0))
        .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .where(HandlingUnit.order_id == order.id)
    )
    return order.quantity - int(picked or 0)


def _dock(tx: Transaction) -> Location:
    """The dock of this station, or the first one."""
    here = tx.station.location if tx.station else None
    if here and here.zone == "dock":
        return here
    return tx.session.scalars(select(Location).where(Location.zone == "dock").order_by(Location.code).limit(1)).one()


def _send(tx: Transaction, order: SalesOrder, unit: HandlingUnit, quantity: int) -> None:
    source, customer = ledger.end_of(lots.filled(tx, unit)), ledger.outside(tx, "CUSTOMER")
    ledger.move(tx, unit.lot, quantity, source, customer, order_id=order.id)


def _picked(tx: Transaction, order: SalesOrder, unit: HandlingUnit) -> Picked:
    tx.session.flush()
    found = lots.filled(tx, unit)
    return Picked(
        order=order.order_no, lot=unit.lot.code, quantity=_shown(order, found.quantity), place=found.location.code,
        left=_shown(order, _left(tx, order)),
    )  # fmt: skip


def _by_lot(order: SalesOrder, units: list[tuple[HandlingUnit, int]]) -> tuple[tuple[str, str], ...]:
    totals: dict[str, int] = {}
    for unit, quantity in units:
        totals[unit.lot.code] = totals.get(unit.lot.code, 0) + quantity
    return tuple((lot, _shown(order, quantity)) for lot, quantity in totals.items())


def _shown(order: SalesOrder, quantity: int) -> str:
    return shown(quantity, order.item.uom)
