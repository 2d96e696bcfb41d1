"""Lots and the boxes they lie in: making them, finding them, and asking whether they may be used.

`usable` is the one gate for use (law 8); rescue (move to hold, inspect, relabel, return, scrap) never asks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from mes.labelling.model import Label, PrintJob
from mes.masters.model import Customer, Item, Location, Station, Supplier
from mes.refusals import Refusal, both, refuse
from mes.stock import ledger
from mes.stock.ledger import End, Lying
from mes.stock.model import Balance, Container, HandlingUnit, Holder, Lot
from mes.stock.refusals import (
    BoxEmpty,
    BoxLocked,
    Expired,
    LabelNotVerified,
    NotAccepted,
    OnHold,
    OthersProperty,
    RecheckDue,
    WrongPlaceForStatus,
)
from mes.stock.status import STATUS_NAMES, ZONE_STATUSES, Status
from mes.transaction import Transaction

Waiting = aliased(Label)


def _unverified(label: type[Label]) -> tuple[ColumnElement[bool], ...]:
    return label.must_verify.is_(True), label.verified_at.is_(None), label.voided_by.is_(None)


UNVERIFIED = _unverified(Label)


def new_lot(
    tx: Transaction,
    code: str,
    item: Item,
    origin: str,
    *,
    received_on: date,
    produced_on: date,
    expires_on: date | None = None,
    supplier: Supplier | None = None,
    supplier_lot: str | None = None,
    owner: Customer | None = None,
) -> Lot:
    """A new lot; its re-inspection falls due the item's term after receipt, of our own make after production (P18)."""
    own_make = origin == "made" or (supplier is None and owner is None)
    lot = Lot(
        code=code,
        item_id=item.id,
        item=item,
        origin=origin,
        received_on=received_on,
        produced_on=produced_on,
        expires_on=expires_on,
        recheck_on=(produced_on if own_make else received_on) + timedelta(days=item.recheck_days),
        supplier=supplier,
        supplier_lot=supplier_lot,
        owner=owner,
        uom=item.uom,
    )
    tx.session.add(lot)
    tx.session.flush()
    tx.cause("lot", code, item.code, origin)
    return lot


def new_unit(tx: Transaction, lot: Lot) -> HandlingUnit:
    """An empty box for a lot."""
    unit = HandlingUnit(id=ledger.new_holder(tx, "unit"), lot_id=lot.id, lot=lot)
    tx.session.add(unit)
    return unit


def fill(tx: Transaction, lot: Lot, quantity: int, source: End, location: Location, status: Status) -> HandlingUnit:
    """A new box with a quantity moved into it; raises `NotEnough` where the source lacks it."""
    unit = new_unit(tx, lot)
    ledger.move(tx, lot, quantity, source, End(unit.id, location, status))
    return unit


@dataclass(frozen=True)
class Standing:
    """How a holder of goods stands: what it holds and where, and whether labels of it wait to be scanned back."""

    balances: list[Lying] = field(default_factory=list)
    unverified: bool = False
    unverified_accepted: bool = False


def standing(tx: Transaction, holder_id: int) -> Standing:
    """How a box or operation stands; asked once, until the command writes or locks something."""
    look(tx, [holder_id])
    found: Standing = tx.seen[Standing, holder_id]
    return found


def look(tx: Transaction, holders: Iterable[int]) -> None:
    """Look at many boxes and operations at once, before each of them is asked for."""
    if tx.outgoing:
        tx.write()
    unseen = [one for one in holders if (Standing, one) not in tx.seen]
    if unseen:
        keep(tx, tx.rows(STANDING, {"holders": unseen}))


def boxes(tx: Transaction, which: ColumnElement[bool], *, lock_cartons: bool = False) -> list[HandlingUnit]:
    """The boxes of a condition as they are now, each with how it stands; those in cartons only, if these are locked."""
    query = LOCKING if lock_cartons else BOXES
    rows = tx.session.execute(query.where(which), execution_options=ledger.AFRESH).all()
    keep(tx, [(unit.id, *seen) for unit, *seen in rows])
    return list(dict.fromkeys(row[0] for row in rows))


def keep(tx: Transaction, rows: Iterable[Any]) -> None:
    """Remember how holders stand: of each row the holder, the two flags, and one balance or nothing."""
    fresh: dict[int, Standing] = {}
    for holder, unverified, unverified_accepted, *found in rows:
        seen = fresh.setdefault(holder, Standing([], bool(unverified), bool(unverified_accepted)))
        if found[0] is not None:
            seen.balances.append(ledger.lying(tx, *found))
    tx.seen.update({(Standing, holder): seen for holder, seen in fresh.items()})


def held(holder: Any) -> ColumnElement[bool]:
    """A balance of the holder that is not nought."""
    return and_(Balance.holder_id == holder, Balance.quantity != 0)


def flags(holder: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether labels of the holder wait to be scanned back: any, and blue ones."""
    waiting = (Waiting.holder_id == holder, *_unverified(Waiting))
    return exists().where(*waiting), exists().where(*waiting, Waiting.status == Status.ACCEPTED)


STANDING = (
    select(Holder.id, *flags(Holder.id), *ledger.LYING)
    .outerjoin(Balance, held(Holder.id))
    .where(Holder.id.in_(bindparam("holders", expanding=True)))
    .order_by(Holder.id, Balance.status, Balance.lot_id, Balance.location_id)
)
# The carton around a box and the pallet below it come with the box.
IN_CONTAINER = joinedload(HandlingUnit.container).joinedload(Container.pallet)
OF_BOXES = select(HandlingUnit, *flags(HandlingUnit.id), *ledger.LYING).outerjoin(Balance, held(HandlingUnit.id))
LOCKING = (
    OF_BOXES.join(HandlingUnit.container)
    .options(contains_eager(HandlingUnit.container).joinedload(Container.pallet))
    .with_for_update(of=Container)
)
BOXES = OF_BOXES.options(IN_CONTAINER)


def content(tx: Transaction, unit: HandlingUnit) -> Lying | None:
    """Where a box is, in which status, with how much: its one non-zero balance."""
    found = standing(tx, unit.id).balances
    return found[0] if found else None


def filled(tx: Transaction, unit: HandlingUnit) -> Lying:
    """What is in a box that is to be moved; raises `BoxEmpty` when nothing is."""
    found = content(tx, unit)
    if found is None:
        raise refuse(BoxEmpty(box=unit.lot.code))
    return found


def move_unit(tx: Transaction, unit: HandlingUnit, location: Location, status: Status | None = None) -> None:
    """Move a whole box to a place, perhaps into another status; an empty box stays where it is."""
    found = content(tx, unit)
    if found is None:
        return
    source = ledger.end_of(found)
    target = End(unit.id, location, status or source.status)
    if target != source:
        ledger.move(tx, unit.lot, found.quantity, source, target)


def usable(tx: Transaction, unit: HandlingUnit, for_customer: Customer | None = None) -> list[Refusal]:
    """Everything that forbids using this box now (laws 6 and 8; P14, P16, P18, P21)."""
    return [*unit_usable(tx, unit), *lot_usable(tx, unit.lot), *_owned(unit.lot, for_customer)]


def unit_usable(tx: Transaction, unit: HandlingUnit) -> list[Refusal]:
    """What forbids using the box itself: empty, locked, not accepted, or its label was not scanned back."""
    found = content(tx, unit)
    if found is None:
        return [BoxEmpty(box=unit.lot.code)]
    reasons: list[Refusal] = []
    if unit.lock_reason:
        reasons.append(BoxLocked(box=unit.lot.code, reason=unit.lock_reason))
    if found.status != Status.ACCEPTED:
        reasons.append(NotAccepted(lot=unit.lot.code, status=status_words(found.status)))
    return [*reasons, *scanned_back(tx, unit.id)]


def scanned_back(tx: Transaction, holder_id: int, status: Status | None = None) -> list[Refusal]:
    """Where labels are verified, that of a box or operation (of this status) counts only after it was scanned back."""
    seen = standing(tx, holder_id)
    if not (seen.unverified if status is None else seen.unverified_accepted):
        return []
    mark = Label.holder_id == holder_id, true() if status is None else Label.status == status
    query = (
        select(Label.serial, Station.code)
        .outerjoin(PrintJob, PrintJob.label_id == Label.id)
        .outerjoin(Station, Station.id == PrintJob.station_id)
        .where(*mark, *UNVERIFIED)
        .order_by(PrintJob.id.desc())
    )
    row = tx.session.execute(query.limit(1)).first()
    return [LabelNotVerified(label=row[0], station=row[1] or "-")] if row else []


def lot_usable(tx: Transaction, lot: Lot) -> list[Refusal]:
    """What forbids using anything of the lot today: hold, expiry, re-inspection due."""
    reasons: list[Refusal] = []
    if lot.hold_reason:
        reasons.append(OnHold(lot=lot.code, reason=lot.hold_reason))
    if lot.expires_on and lot.expires_on < tx.today:
        reasons.append(Expired(lot=lot.code, expired_on=lot.expires_on))
    if lot.recheck_on <= tx.today:
        reasons.append(RecheckDue(lot=lot.code, due_on=lot.recheck_on))
    return reasons


def _owned(lot: Lot, for_customer: Customer | None) -> list[Refusal]:
    if lot.owner is None or (for_customer and lot.owner_id == for_customer.id):
        return []
    return [OthersProperty(lot=lot.code, owner=lot.owner.code)]


def may_lie(location: Location, status: Status) -> list[Refusal]:
    """Whether goods of this status may lie there (P12)."""
    if status in ZONE_STATUSES[location.status]:
        return []
    names = [STATUS_NAMES[one] for one in sorted(ZONE_STATUSES[location.status])]
    allowed = both("/".join(zh for zh, _ in names), "/".join(en for _, en in names))
    return [WrongPlaceForStatus(place=location.code, allowed=allowed, status=status_words(status))]


def status_words(status: Status) -> str:
    """A status in both languages, as it stands in a refusal."""
    return both(*STATUS_NAMES[status])


def units_of(tx: Transaction, lot: Lot) -> list[HandlingUnit]:
    """The boxes of a lot that hold something, oldest box first."""
    return list(
        tx.session.scalars(
            select(HandlingUnit)
            .join(Balance, Balance.holder_id == HandlingUnit.id)
            .where(HandlingUnit.lot_id == lot.id, Balance.quantity > 0)
            .order_by(HandlingUnit.id)
        ).unique()
    )
