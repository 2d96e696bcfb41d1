"""The stock ledger: double entry, append-only movements, balances that are their sum and never negative (law 4).

Knows quantities, holders, places and statuses; does not know why anything moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.exc import IntegrityError

from mes.masters.model import Location
from mes.masters.units import shown
from mes.refusals import refuse
from mes.stock.model import Balance, Holder, Lot, Movement, OutsidePlace
from mes.stock.refusals import NotEnough, TransitionNotAllowed
from mes.stock.status import TRANSITIONS, Status
from mes.transaction import Transaction

OUTSIDE = ("SUPPLIER", "CUSTOMER", "PRODUCTION", "OPENING", "SCRAPPED", "SAMPLES", "LOST-FOUND")


@dataclass(frozen=True)
class End:
    """One end of a movement: what holds the goods, where, in which status."""

    holder_id: int
    location: Location
    status: Status

    @property
    def key(self) -> tuple[int, int, str]:
        """Balances are locked in the order of this key."""
        return (self.holder_id, self.location.id, self.status)


def new_holder(tx: Transaction, kind: str) -> int:
    """The id of a new holder of quantities (unit, operation, outside)."""
    holder = Holder(kind=kind)
    tx.session.add(holder)
    tx.session.flush()
    return holder.id


def outside(tx: Transaction, code: str, status: Status = Status.ACCEPTED) -> End:
    """The end of a movement in the world outside: SUPPLIER, CUSTOMER, PRODUCTION, OPENING, SCRAPPED…"""
    location = tx.masters.where(Location, code=code)[0]
    return End(tx.masters.get(OutsidePlace, location.id).holder_id, location, status)


def move(
    tx: Transaction,
    lot: Lot,
    quantity: int,
    source: End,
    target: End,
    *,
    order_id: int | None = None,
    reverses: Movement | None = None,
) -> Movement:
    """Move a quantity (smallest unit) of a lot between two ends; raises `NotEnough` where the source lacks it."""
    _check_transition(lot, source, target, reverses)
    movement = Movement(
        event_id=tx.event.id,
        lot_id=lot.id,
        quantity=quantity,
        from_holder_id=source.holder_id,
        from_location_id=source.location.id,
        from_status=source.status,
        to_holder_id=target.holder_id,
        to_location_id=target.location.id,
        to_status=target.status,
        order_id=order_id,
        reverses_id=reverses.id if reverses else None,
    )
    tx.session.add(movement)
    with _never_negative(lot, quantity, source):
        for end, change in sorted(((source, -quantity), (target, quantity)), key=lambda pair: pair[0].key):
            _book(tx, lot, end, change)
        tx.session.flush()
    tx.cause("movement", lot.code, quantity, source.key, target.key, reverses.id if reverses else None)
    return movement


def reverse(tx: Transaction, movement: Movement) -> Movement:
    """Undo a movement by one that names it (law 3); raises `NotEnough` when the goods have gone on."""
    lot = tx.session.get_one(Lot, movement.lot_id)
    return move(tx, lot, movement.quantity, _end(tx, movement, "to"), _end(tx, movement, "from"), reverses=movement)


def balance(tx: Transaction, end: End, lot: Lot) -> int:
    """The quantity of a lot at an end, zero where nothing was ever booked."""
    found = tx.session.get(Balance, (end.holder_id, lot.id, end.location.id, end.status))
    return found.quantity if found else 0


def where(tx: Transaction, holder_id: int) -> list[Balance]:
    """All non-zero balances of a holder, with places."""
    return list(
        tx.session.scalars(
            select(Balance).where(Balance.holder_id == holder_id, Balance.quantity != 0).order_by(Balance.status)
        )
    )


def end_of(found: Balance) -> End:
    """The end that a balance stands for."""
    return End(found.holder_id, found.location, Status(found.status))


def _end(tx: Transaction, movement: Movement, side: str) -> End:
    location = tx.masters.get(Location, getattr(movement, f"{side}_location_id"))
    return End(getattr(movement, f"{side}_holder_id"), location, Status(getattr(movement, f"{side}_status")))


def _check_transition(lot: Lot, source: End, target: End, reverses: Movement | None) -> None:
    changes = source.status != target.status and not (source.location.outside or target.location.outside)
    if changes and reverses is None and target.status not in TRANSITIONS[source.status]:
        raise refuse(TransitionNotAllowed(lot=lot.code, before=source.status, after=target.status))


def _book(tx: Transaction, lot: Lot, end: End, change: int) -> None:
    key = (
        Balance.holder_id == end.holder_id,
        Balance.lot_id == lot.id,
        Balance.location_id == end.location.id,
        Balance.status == end.status,
    )
    booked = tx.session.execute(
        update(Balance).where(*key).values(quantity=Balance.quantity + change),
        execution_options={"synchronize_session": "fetch"},
    )
    if isinstance(booked, CursorResult) and booked.rowcount == 0:
        tx.session.execute(
            insert(Balance).values(
                holder_id=end.holder_id,
                lot_id=lot.id,
                location_id=end.location.id,
                status=end.status,
                item_id=lot.item_id,
                goes_first=lot.goes_first,
                quantity=change,
                outside=end.location.outside,
            )
        )


@contextmanager
def _never_negative(lot: Lot, quantity: int, source: End) -> Iterator[None]:
    """Turn the database's own refusal into ours: it knows first, no prior look can race it."""
    try:
        yield
    except IntegrityError as error:
        if "stock_is_never_negative" not in str(error.orig):
            raise
        raise refuse(
            NotEnough(lot=lot.code, place=source.location.code, asked=shown(quantity, lot.item.uom))
        ) from error
