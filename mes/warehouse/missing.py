"""Not found, and found again (F4): a box that is not at its place is missing until another person has counted.

Work goes on without it for the day; nobody reaches younger lots by reports of his own. Who reported and who counted is
kept per person, and the database holds that they are two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sqlalchemy import func, select

from mes.declaring import command
from mes.given import Amount
from mes.labelling import marking
from mes.masters.amounts import amount
from mes.masters.model import Location
from mes.masters.units import shown
from mes.packing import pallets
from mes.refusals import Refusal, refuse
from mes.roles import Role
from mes.stock import fifo, ledger, lots
from mes.stock.ledger import End
from mes.stock.locks import MISSING, MOVE_FIRST
from mes.stock.model import HandlingUnit, Lot, MissingReport
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.warehouse.refusals import (
    CountDiffers,
    CountedByReporter,
    NotAtPlace,
    NotForPuttingAway,
    NotFoundBefore,
    NotMissing,
)
from mes.warehouse.storing import PUT_AWAY, lay
from mes.words import Words

LOOKED_BACK = timedelta(days=30)
MANY_WRONG = 2
"""Boxes reported not found that another person counted at that very place: from this many on each report is signed."""


@dataclass(frozen=True)
class Missing:
    """How many boxes of a lot nobody found at a place."""

    lot: str
    place: str
    boxes: int


@dataclass(frozen=True)
class Counted:
    """A box that came back: where it lies, how much is in it, and how much that differs from the books."""

    lot: str
    place: str
    quantity: str
    difference: str


@command(
    "stock:not_found",
    {Role.STOREKEEPER, Role.SHIPPER, Role.SUPERVISOR},
    Words("报找不到", "say that a lot is not at its place"),
    done=Words("批次 {lot} 在 {place} 未找到，已登记待查", "Lot {lot} not found at {place}; it is marked missing"),
    tells=Words("批次 {unit_lot} 在 {place} 未找到", "lot {unit_lot} not found at {place}"),
)
def not_found(tx: Transaction, unit_lot: Lot, place: Annotated[Location, Words("空库位", "empty place")]) -> Missing:
    """Somebody stands before the place and the lot is not there: work goes on without it, a count will tell (F4).

    Raises `NotAtPlace` when the books have no free box of it there either; `NotFoundBefore` for who has reports of the
    same item that nobody confirmed.
    """
    fifo.lock_item(tx, unit_lot.item_id)
    missing = [unit for unit in lots.units_of(tx, unit_lot) if _is_free_at(tx, unit, place)]
    if not missing:
        raise refuse(NotAtPlace(lot=unit_lot.code, place=place.code))
    tx.require(_reported_before(tx, unit_lot))
    for unit in missing:
        _report(tx, unit, place)
    return Missing(unit_lot.code, place.code, len(missing))


@command(
    "stock:count",
    {Role.STOREKEEPER, Role.SHIPPER, Role.SUPERVISOR, Role.INSPECTOR},
    Words("盘点料箱", "count a missing box"),
    done=Words("批次 {lot} 已在 {place} 盘点：{quantity}", "Lot {lot} counted at {place}: {quantity}"),
    tells=Words("料箱 {unit} 在 {place} 盘点：{quantity}", "box {unit} counted at {place}: {quantity}"),
    rescue=True,
)
def count(
    tx: Transaction,
    place: Location,
    unit: HandlingUnit,
    quantity: Annotated[str, Amount("unit"), Words("实点数量", "quantity counted")],
) -> Counted:
    """A missing box is counted where it is, by somebody other than who reported it (stock unit; F4, P22).

    Nought: it is not there either. Raises `BoxEmpty`, `QuantityNotWhole`, and at once `NotMissing`,
    `CountedByReporter`, `CountDiffers`; for another place than its own `NotForPuttingAway`, `WrongPlaceForStatus`;
    where place or quantity are not as booked, `CartonOnPallet`.
    """
    fifo.lock(tx, unit)
    found, lot = lots.filled(tx, unit), unit.lot
    counted, booked = amount(lot.item, quantity, least=0), found.quantity
    report, status = _open_report(tx, unit), Status(found.status)
    tx.require(
        [] if unit.lock_reason == MISSING else [NotMissing(lot=lot.code)],
        [CountedByReporter(person=tx.actor.shown, lot=lot.code)] if report and report.person_id == tx.actor.id else [],
        _differs(lot, booked, counted),
        _may_lie_there(found.location, place, status),
        pallets.on_pallet(tx, unit) if counted != booked or place.id != found.location.id else [],
    )
    unit.lock_reason = MOVE_FIRST if lots.may_lie(place, status) else None
    if place.id != found.location.id:
        lay(tx, unit, place, status)
    if counted != booked:
        _correct(tx, unit, End(unit.id, place, status), counted - booked, counted)
    if report:
        report.counted_by, report.counted_at = tx.actor.id, tx.now
        report.counted, report.counted_location_id = counted, place.id
    tx.cause("counted", unit.id, place.code, counted)
    said = (shown(one, lot.item.uom) for one in (counted, counted - booked))
    return Counted(lot.code, place.code, *said)


def _is_free_at(tx: Transaction, unit: HandlingUnit, place: Location) -> bool:
    found = lots.content(tx, unit)
    return bool(found and found.location_id == place.id and not unit.lock_reason and unit.order_id is None)


def _report(tx: Transaction, unit: HandlingUnit, place: Location) -> None:
    unit.lock_reason = MISSING
    tx.session.add(
        MissingReport(
            event_id=tx.event.id,
            unit_id=unit.id,
            location_id=place.id,
            quantity=lots.filled(tx, unit).quantity,
            person_id=tx.actor.id,
            at=tx.now,
            reported_on=tx.today,
        )
    )
    tx.cause("missing", unit.id, unit.lot.code, place.code)


def _reported_before(tx: Transaction, lot: Lot) -> list[Refusal]:
    """Reports of this person that stand against another one: uncounted ones of the item, and what was there after all.

    One such box of the same item, or several of any, and the next report needs a second person's signature.
    """
    same_item = Lot.item_id == lot.item_id
    was_there = (MissingReport.counted > 0) & (MissingReport.counted_location_id == MissingReport.location_id)
    asked = (
        select(
            func.count().filter(same_item, MissingReport.counted_at.is_(None)),
            func.count().filter(same_item, was_there),
            func.count().filter(was_there),
        )
        .select_from(MissingReport)
        .join(HandlingUnit, HandlingUnit.id == MissingReport.unit_id)
        .join(Lot, Lot.id == HandlingUnit.lot_id)
        .where(MissingReport.person_id == tx.actor.id, MissingReport.at > tx.now - LOOKED_BACK)
    )
    uncounted, same, wrong = tx.session.execute(asked).one()
    if not (uncounted or same or wrong >= MANY_WRONG):
        return []
    return [NotFoundBefore(person=tx.actor.shown, item=lot.item.code, uncounted=uncounted, wrong=wrong)]


def _open_report(tx: Transaction, unit: HandlingUnit) -> MissingReport | None:
    """Who did not find it; None for a box that was locked before reports were kept."""
    still = MissingReport.unit_id == unit.id, MissingReport.counted_at.is_(None)
    return tx.session.scalar(select(MissingReport).where(*still))


def _differs(lot: Lot, booked: int, counted: int) -> list[Refusal]:
    if counted == booked:
        return []
    uom = lot.item.uom
    return [CountDiffers(lot=lot.code, booked=shown(booked, uom), counted=shown(counted, uom))]


def _may_lie_there(booked: Location, place: Location, status: Status) -> list[Refusal]:
    """A box that turns up elsewhere is booked there, if such goods are kept there at all."""
    if place.id == booked.id:
        return []
    zone: list[Refusal] = [] if place.zone in PUT_AWAY else [NotForPuttingAway(place=place.code)]
    return zone or lots.may_lie(place, status)


def _correct(tx: Transaction, unit: HandlingUnit, here: End, difference: int, counted: int) -> None:
    """Book what was lost or found (P22), and label what is there now (law 9)."""
    lost = ledger.outside(tx, "LOST-FOUND", here.status)
    source, target = (lost, here) if difference > 0 else (here, lost)
    ledger.move(tx, unit.lot, abs(difference), source, target)
    if not counted:
        marking.void_marks(tx, unit.id)
        return
    marking.mark_status(tx, unit.id, unit.lot, here.status, counted)
    if unit.container:
        marking.mark_carton(tx, unit.container, unit.lot, counted)
