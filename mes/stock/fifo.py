"""First in, first out, guaranteed (P21, F4): which box of an item goes next, and why another one does not.

Competing are accepted, free boxes of usable lots in the stores; for an order also those at the dock. A missing box
competes again from the day after the report until it is counted. Items with a storage life go out by expiry (FEFO).
Looks and locks; never moves anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, bindparam, or_, select, text
from sqlalchemy.orm import Session

from mes.database import BigId
from mes.masters.model import Customer, Item, Location
from mes.planning.model import SalesOrder
from mes.refusals import Refusal
from mes.stock import lots
from mes.stock.model import Balance, HandlingUnit, Lot, MissingReport
from mes.stock.refusals import CountDue, ExpiresLater, NotInStore, NotOldest, OpenedBoxFirst, PickedAlready
from mes.transaction import Transaction

STORES = ("store", "finished")
FOR_ORDERS = (*STORES, "dock")

# Spelled out, so that both engines see that the partial index `balance_by_queue` answers it.
IN_QUEUE = text("balance.status = 'accepted' AND balance.quantity > 0 AND NOT balance.outside")


@dataclass(frozen=True)
class Candidate:
    """A box in the queue of its item."""

    unit: int
    lot: str
    place: str
    goes_first: date
    received_on: date
    opened: bool
    quantity: int
    missing: bool

    @property
    def turn(self) -> tuple[date, date]:
        """What its lot's turn is decided by: expiry or receipt, then receipt; of lots of one day any may go."""
        return (self.goes_first, self.received_on)


def turn_of(lot: Lot) -> tuple[date, date]:
    """The same of a lot."""
    return (lot.goes_first, lot.received_on)


def lock(tx: Transaction, unit: HandlingUnit) -> None:
    """Let nobody else take of this item before this transaction ends, then see the box as it is now."""
    lock_item(tx, unit.lot.item_id)
    if not tx.alone:
        lots.boxes(tx, HandlingUnit.id == unit.id)


def lock_item(tx: Transaction, item_id: int) -> None:
    """Let nobody else take of an item; only its queue waits, not whoever merely books some of it."""
    if not tx.alone:
        tx.session.execute(LOCK_ITEM, {"item": item_id})
        tx.seen.clear()


LOCK_ITEM = select(Item.id).where(Item.id == bindparam("item")).with_for_update(key_share=True)


def queue(tx: Transaction, item: Item, customer: Customer | None = None) -> list[Candidate]:
    """The competing boxes of an item in the order in which they go; a customer's own only for that customer (P16)."""
    return standing(tx.session, item, tx.today, customer)


def standing(
    session: Session, item: Item, today: date, customer: Customer | None = None, limit: int | None = None
) -> list[Candidate]:
    """The same queue for whoever only looks."""
    asked = _asked(item, today, customer)
    return [Candidate(*row) for row in session.execute(COMPETING.limit(limit), asked)]


def _asked(
    item: Item, today: date, customer: Customer | None, zones: Sequence[str] = STORES, lot: str | None = None
) -> dict[str, Any]:
    """What `COMPETING` is asked; `lot`: first of those of its day."""
    whose = customer.id if customer else None
    return {"item": item.id, "today": today, "customer": whose, "zones": zones, "lot": lot}


# Not found keeps work going for the day of the report; after it the box is in its queue's way until it is counted.
STILL_MISSING = and_(MissingReport.unit_id == HandlingUnit.id, MissingReport.counted_at.is_(None))
COMPETING = (
    select(
        HandlingUnit.id,
        Lot.code,
        Location.code,
        Balance.goes_first,
        Lot.received_on,
        HandlingUnit.opened_at.is_not(None),
        Balance.quantity,
        MissingReport.id.is_not(None),
    )
    .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
    .outerjoin(MissingReport, STILL_MISSING)
    .join(Lot, Lot.id == Balance.lot_id)
    .join(Location, Location.id == Balance.location_id)
    .where(
        Balance.item_id == bindparam("item"),
        IN_QUEUE,
        Location.zone.in_(bindparam("zones", expanding=True)),
        or_(HandlingUnit.lock_reason.is_(None), MissingReport.reported_on < bindparam("today")),
        HandlingUnit.order_id.is_(None),
        Lot.hold_reason.is_(None),
        or_(Lot.expires_on.is_(None), Lot.expires_on >= bindparam("today")),
        Lot.recheck_on > bindparam("today"),
        or_(Lot.owner_id.is_(None), Lot.owner_id == bindparam("customer", type_=BigId)),
    )
    .order_by(
        Balance.goes_first,
        Lot.received_on,
        Lot.code != bindparam("lot", type_=String),
        Lot.code,
        HandlingUnit.opened_at.is_(None),
        Balance.holder_id,
    )
)


NEXT = COMPETING.limit(1)


def reasons_not_next(
    tx: Transaction, unit: HandlingUnit, customer: Customer | None = None, zones: Sequence[str] = STORES
) -> list[Refusal]:
    """Why another box goes first, of those in these zones; empty means take it.

    `NotOldest`, `ExpiresLater` or `CountDue` while an older lot is there, `OpenedBoxFirst` within the lot. Asked under
    `lock`, so that two people at once cannot both be told yes.
    """
    lot = unit.lot
    found = tx.rows(NEXT, _asked(lot.item, tx.today, customer, zones, lot.code))
    first = Candidate(*found[0]) if found else None
    if first is None or first.unit == unit.id:
        return []
    if first.turn < turn_of(lot):
        return [_before(lot, first)]
    if first.lot == lot.code and first.opened and unit.opened_at is None:
        return [OpenedBoxFirst(lot=lot.code, place=first.place)]
    return []


def _before(lot: Lot, first: Candidate) -> Refusal:
    if first.missing:
        return CountDue(lot=lot.code, missing=first.lot, place=first.place)
    if lot.item.issue_rule == "FEFO" and first.goes_first < lot.goes_first:
        return ExpiresLater(lot=lot.code, first=first.lot, place=first.place, expires_on=first.goes_first)
    return NotOldest(lot=lot.code, oldest=first.lot, place=first.place)


def in_store(tx: Transaction, unit: HandlingUnit, zones: Sequence[str] = STORES) -> list[Refusal]:
    """Whether the box lies in a store, where the queue is."""
    found = lots.content(tx, unit)
    if found is None or found.location.zone in zones:
        return []
    return [NotInStore(lot=unit.lot.code, place=found.location.code)]


def not_picked(tx: Transaction, unit: HandlingUnit) -> list[Refusal]:
    """Whether the box is free of any order."""
    if unit.order_id is None:
        return []
    return [PickedAlready(lot=unit.lot.code, order=tx.session.get_one(SalesOrder, unit.order_id).order_no)]
