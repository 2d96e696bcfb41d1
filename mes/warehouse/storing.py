"""Putting away, rescuing and splitting boxes.

Use is blocked elsewhere; here goods may nearly always be moved, but only to areas of their status (P12, law 8), and
never past first in first out: lines are served by issuing, docks by picking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Amount, Reason
from mes.labelling import marking
from mes.labelling.model import Label
from mes.masters.amounts import amount
from mes.masters.model import Location
from mes.masters.units import shown
from mes.packing import pallets
from mes.production.model import Loaded
from mes.refusals import Refusal, refuse
from mes.roles import Role
from mes.stock import fifo, ledger, lots
from mes.stock.locks import MISSING, MOVE_FIRST
from mes.stock.model import Balance, Container, HandlingUnit
from mes.stock.refusals import BoxLocked, NotEnough
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.warehouse.refusals import AcceptedStaysInStore, NotForPuttingAway, NotForRescue, PlaceFull
from mes.words import Words

PUT_AWAY = ("store", "finished", "receiving", "hold", "nonconforming", "scrap")
RESCUE = ("receiving", "hold", "nonconforming", "scrap")


@dataclass(frozen=True)
class Stored:
    """Where a box lies now, in which status."""

    lot: str
    place: str
    status: str


@dataclass(frozen=True)
class Split:
    """A new box of the same lot, its label, and what is left in the old one under a label of its own."""

    lot: str
    quantity: str
    label: str
    left: str
    left_label: str


@command(
    "stock:put_away",
    {Role.STOREKEEPER, Role.OPERATOR, Role.SUPERVISOR, Role.INSPECTOR, Role.SHIPPER},
    Words("入库上架", "put away"),
    done=Words("批次 {lot} 已入 {place}", "Lot {lot} put away at {place}"),
    tells=Words("料箱 {unit} 放入 {to}", "box {unit} put away at {to}"),
)
def put_away(tx: Transaction, unit: Container | HandlingUnit, to: Location) -> Stored:
    """Put a box or a whole pallet into an area of its status (P12); a box off a line is no longer loaded there.

    Raises `BoxEmpty`, `WrongPlaceForStatus`, `AcceptedStaysInStore`, `PlaceFull`, `NotForPuttingAway`, `PickedAlready`,
    `CartonOnPallet`; of a pallet nothing moves unless all of it may (`CartonAtFault`).
    """
    units = pallets.take(tx, unit)
    zone = [] if to.zone in PUT_AWAY else [NotForPuttingAway(place=to.code)]
    whole = [*zone, *_room(tx, to, {one.lot_id for one in units}), *pallets.on_pallet(tx, unit)]
    for one in units:
        status = Status(lots.filled(tx, one).status)
        with pallets.at_fault(unit, one, whole):
            tx.require(lots.may_lie(to, status) or _keeps_its_turn(to, status), fifo.not_picked(tx, one), whole)
        lay(tx, one, to, status)
    return _stored(tx, units, to)


@command(
    "stock:rescue",
    {Role.OPERATOR, Role.SUPERVISOR, Role.INSPECTOR, Role.QUALITY_MANAGER, Role.STOREKEEPER, Role.SHIPPER},
    Words("隔离移动", "move doubtful goods"),
    done=Words("批次 {lot} 已移至 {place}", "Lot {lot} moved to {place}"),
    tells=Words("料箱 {unit} 隔离移至 {to}：{reason}", "box {unit} moved out of use to {to}: {reason}"),
    rescue=True,
)
def rescue(
    tx: Transaction, unit: Container | HandlingUnit, to: Location, reason: Annotated[str, Reason()] = ""
) -> Stored:
    """Take doubtful goods out of use, whatever their label says (law 8); accepted ones become pending (P18).

    Raises `BoxEmpty`, `NotForRescue`, `WrongPlaceForStatus`. A box that was picked for an order is so no longer, and a
    carton leaves its pallet; a pallet is rescued as a whole.
    """
    units, carton = pallets.take(tx, unit), pallets.carton_of(unit)
    zone: list[Refusal] = [] if to.zone in RESCUE else [NotForRescue(place=to.code)]
    for one in units:
        with pallets.at_fault(unit, one, zone):
            _rescue(tx, one, to, reason, zone)
    if carton:
        pallets.take_off(tx, carton)
    pallets.forget_order(tx, unit)
    return _stored(tx, units, to)


def _rescue(tx: Transaction, unit: HandlingUnit, to: Location, reason: str, zone: list[Refusal]) -> None:
    found = lots.filled(tx, unit)
    before = Status(found.status)
    status = _rescued(before)
    tx.require(zone or lots.may_lie(to, status))
    unit.order_id = None
    lay(tx, unit, to, status)
    if not _is_marked(tx, unit, status):
        judged = marking.judgement(tx, unit.id, status) if status == before else {}
        marking.mark_status(tx, unit.id, unit.lot, status, found.quantity, {**judged, "reason": reason})


def _stored(tx: Transaction, units: Sequence[HandlingUnit], to: Location) -> Stored:
    statuses = dict.fromkeys(lots.filled(tx, one).status for one in units)
    return Stored(pallets.lots_named(units), to.code, ", ".join(statuses))


def _rescued(status: Status) -> Status:
    """Doubted goods are pending until they are inspected again, also where accepted ones might lie."""
    return Status.PENDING if status == Status.ACCEPTED else status


def _keeps_its_turn(to: Location, status: Status) -> list[Refusal]:
    """Accepted goods stay in the stores, where their queue sees them: elsewhere they would let younger ones pass."""
    if status != Status.ACCEPTED or to.zone in fifo.STORES or to.zone not in PUT_AWAY:
        return []
    return [AcceptedStaysInStore(place=to.code)]


def _is_marked(tx: Transaction, unit: HandlingUnit, status: Status) -> bool:
    """Whether a valid label tells this status."""
    valid = select(Label.id).where(Label.holder_id == unit.id, Label.voided_by.is_(None), Label.status == status)
    return tx.session.scalar(valid.limit(1)) is not None


@command(
    "stock:split",
    {Role.STOREKEEPER, Role.SHIPPER, Role.OPERATOR, Role.SUPERVISOR, Role.INSPECTOR},
    Words("拆箱", "split a box"),
    done=Words("批次 {lot} 取出 {quantity}", "{quantity} taken out of lot {lot}"),
    tells=Words("料箱 {unit} 拆出 {quantity}", "{quantity} split off box {unit}"),
)
def split(
    tx: Transaction,
    unit: HandlingUnit,
    quantity: Annotated[str, Amount("unit"), Words("取出数量", "quantity to take out")],
) -> Split:
    """Take a quantity (stock unit) out of a box into a new one of the same lot; both get labels of their own.

    Raises `BoxEmpty`, `QuantityNotWhole`, `CartonOnPallet`, `BoxLocked` for a missing box, which is counted first, and
    `NotEnough` unless something stays in the old box.
    """
    fifo.lock(tx, unit)
    found, lot = lots.filled(tx, unit), unit.lot
    taken = amount(lot.item, quantity)
    missing = [BoxLocked(box=lot.code, reason=MISSING)] if unit.lock_reason == MISSING else []
    tx.require(pallets.on_pallet(tx, unit), missing)
    if taken >= found.quantity:
        raise refuse(NotEnough(lot=lot.code, place=found.location.code, asked=shown(taken, lot.item.uom)))
    source, left = ledger.end_of(found), found.quantity - taken
    part = lots.fill(tx, lot, taken, source, source.location, source.status)
    part.lock_reason, part.opened_at = unit.lock_reason, tx.happened_at
    judged = marking.judgement(tx, unit.id, source.status)
    unit.opened_at = unit.opened_at or tx.happened_at
    return Split(
        lot=lot.code,
        quantity=shown(taken, lot.item.uom),
        label=_mark(tx, part, source.status, taken, judged),
        left=shown(left, lot.item.uom),
        left_label=_mark(tx, unit, source.status, left, judged),
    )


def _mark(tx: Transaction, unit: HandlingUnit, status: Status, quantity: int, judged: marking.Facts) -> str:
    """Label a box anew, and the carton around it: neither may tell the old quantity (law 9)."""
    label = marking.mark_status(tx, unit.id, unit.lot, status, quantity, judged)
    if unit.container:
        marking.mark_carton(tx, unit.container, unit.lot, quantity)
    return label.serial if label else ""


def _room(tx: Transaction, to: Location, coming: set[int]) -> list[Refusal]:
    """Every lot takes one position; a lot that lies there already needs no other."""
    lying: Sequence[int] = tx.session.scalars(
        select(Balance.lot_id)
        .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .where(Balance.location_id == to.id, Balance.quantity > 0)
        .distinct()
    ).all()
    if to.capacity is None or coming <= set(lying) or len(coming | set(lying)) <= to.capacity:
        return []
    return [PlaceFull(place=to.code, capacity=to.capacity)]


def lay(tx: Transaction, unit: HandlingUnit, to: Location, status: Status) -> None:
    """Move a box, take it off the line where it was loaded, and free it if it was only to be moved."""
    lots.move_unit(tx, unit, to, status)
    if unit.lock_reason == MOVE_FIRST:
        unit.lock_reason = None
    for loaded in tx.session.scalars(select(Loaded).where(Loaded.unit_id == unit.id, Loaded.unloaded_at.is_(None))):
        loaded.unloaded_at = tx.happened_at
