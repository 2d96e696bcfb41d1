"""The stock ledger: double entry, append-only movements, balances that are their sum and never negative (law 4).

Knows quantities, holders, places and statuses; does not know why anything moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, bindparam, insert, select, text

from mes.database import table_of
from mes.masters.model import Location
from mes.masters.units import shown
from mes.refusals import Refusal, Refused, refuse
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


@dataclass(frozen=True)
class Lying:
    """What lies somewhere: so much of a lot, in a holder, at a place, in a status. Read anew, never changed."""

    holder_id: int
    lot_id: int
    location: Location
    status: Status
    quantity: int

    @property
    def location_id(self) -> int:
        """The place's key."""
        return self.location.id


LYING = (Balance.holder_id, Balance.lot_id, Balance.location_id, Balance.status, Balance.quantity)
"""The columns that `lying` reads."""


def lying(tx: Transaction, holder_id: int, lot_id: int, location_id: int, status: str, quantity: int) -> Lying:
    """One balance out of its columns: a scan reads many, and an object that a session watches costs five times that."""
    return Lying(holder_id, lot_id, tx.masters.get(Location, location_id), Status(status), quantity)


def new_holder(tx: Transaction, kind: str) -> int:
    """The id of a new holder of quantities (unit, operation, outside)."""
    return int(tx.session.connection().execute(WRITE_HOLDER, {"kind": kind}).scalar_one())


def new_holders(tx: Transaction, kind: str, count: int) -> list[int]:
    """The ids of several new holders."""
    return list(tx.session.connection().execute(WRITE_HOLDER, [{"kind": kind}] * count).scalars())


WRITE_HOLDER = insert(table_of(Holder)).returning(table_of(Holder).c.id)


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
) -> Booking:
    """Move a quantity (smallest unit) of a lot between two ends.

    Written with all other movements of its command; `NotEnough` is raised then, where a source lacks what is taken.
    """
    _check_transition(lot, source, target, reverses)
    booking = Booking(lot, quantity, source, target, order_id, reverses.id if reverses else None)
    tx.later(_write, booking)
    tx.cause("movement", lot.code, quantity, source.key, target.key, booking.reverses_id)
    return booking


def reverse(tx: Transaction, movement: Movement | Booking) -> Booking:
    """Undo a movement by one that names it (law 3); raises `NotEnough` when the goods have gone on."""
    tx.write()
    wrong = tx.session.get_one(Movement, movement.id)
    lot = tx.session.get_one(Lot, wrong.lot_id)
    return move(tx, lot, wrong.quantity, _end(tx, wrong, "to"), _end(tx, wrong, "from"), reverses=wrong)


AFRESH = {"populate_existing": True}
"""For rows that others may have changed since this session read them."""


def balance(tx: Transaction, end: End, lot: Lot) -> int:
    """The quantity of a lot at an end, zero where nothing was ever booked."""
    asked = {"lot": lot.id, "location": end.location.id, "status": end.status}
    found = tx.rows(WHERE.where(*OF_ONE), {"holder": end.holder_id, **asked})
    return found[0].quantity if found else 0


def where(tx: Transaction, holder_id: int) -> list[Lying]:
    """All non-zero balances of a holder, with places."""
    return [lying(tx, *row) for row in tx.rows(WHERE, {"holder": holder_id})]


WHERE = (
    select(*LYING)
    .where(Balance.holder_id == bindparam("holder"), Balance.quantity != 0)
    .order_by(Balance.status, Balance.lot_id, Balance.location_id)
)
OF_ONE = (
    Balance.lot_id == bindparam("lot"),
    Balance.location_id == bindparam("location"),
    Balance.status == bindparam("status"),
)


def end_of(found: Balance | Lying) -> End:
    """The end of a movement that a balance stands for."""
    return End(found.holder_id, found.location, Status(found.status))


def _end(tx: Transaction, movement: Movement, side: str) -> End:
    """One end of a movement: `from` or `to`."""
    location = tx.masters.get(Location, getattr(movement, f"{side}_location_id"))
    return End(getattr(movement, f"{side}_holder_id"), location, Status(getattr(movement, f"{side}_status")))


def _check_transition(lot: Lot, source: End, target: End, reverses: Movement | None) -> None:
    changes = source.status != target.status and not (source.location.outside or target.location.outside)
    if changes and reverses is None and target.status not in TRANSITIONS[source.status]:
        raise refuse(TransitionNotAllowed(lot=lot.code, before=source.status, after=target.status))


@dataclass(eq=False)
class Booking:
    """A movement that is to be written, with the things that its ids stand for; it has an id once it is."""

    lot: Lot
    quantity: int
    source: End
    target: End
    order_id: int | None
    reverses_id: int | None
    id: int = 0

    @property
    def row(self) -> dict[str, Any]:
        """As it stands in the ledger."""
        (from_holder, from_location, from_status), (to_holder, to_location, to_status) = (
            self.source.key,
            self.target.key,
        )
        return {
            "lot_id": self.lot.id,
            "quantity": self.quantity,
            "from_holder_id": from_holder,
            "from_location_id": from_location,
            "from_status": from_status,
            "to_holder_id": to_holder,
            "to_location_id": to_location,
            "to_status": to_status,
            "order_id": self.order_id,
            "reverses_id": self.reverses_id,
        }


@dataclass
class Change:
    """What all bookings together change in one balance."""

    lot: Lot
    end: End
    quantity: int = 0

    @property
    def key(self) -> dict[str, Any]:
        """The balance."""
        holder, location, status = self.end.key
        return {"holder_id": holder, "lot_id": self.lot.id, "location_id": location, "status": status}


def _write(tx: Transaction, bookings: list[Booking]) -> None:
    written = tx.insert(table_of(Movement), [{"event_id": tx.event.id, **one.row} for one in bookings])
    for one, row in zip(bookings, written, strict=True):
        one.id = row.id
    changes = _changes(bookings)
    _take(tx, [one for one in changes if one.quantity < 0 and not one.end.location.outside])
    _put(tx, [one for one in changes if one.quantity > 0 or one.end.location.outside])


def _changes(bookings: list[Booking]) -> list[Change]:
    """The change of every balance once, in the order in which balances are locked."""
    found: dict[tuple[Any, ...], Change] = {}
    for one in bookings:
        for end, sign in ((one.source, -1), (one.target, 1)):
            key = (*end.key, one.lot.id)
            found.setdefault(key, Change(one.lot, end)).quantity += sign * one.quantity
    return [found[key] for key in sorted(found)]


# Asked as a condition, so that PostgreSQL's transaction lives to tell what was short; behind it stands the constraint
# `stock_is_never_negative`, and no prior look can be raced.
TAKE = text(
    "UPDATE balance SET quantity = quantity - :taken WHERE holder_id = :holder_id AND lot_id = :lot_id "
    "AND location_id = :location_id AND status = :status AND quantity >= :taken"
)
PUT = text(
    "INSERT INTO balance (holder_id, lot_id, location_id, status, item_id, goes_first, quantity, outside) "
    "VALUES (:holder_id, :lot_id, :location_id, :status, :item_id, :goes_first, :quantity, :outside) "
    "ON CONFLICT (holder_id, lot_id, location_id, status) DO UPDATE SET quantity = balance.quantity + excluded.quantity"
).bindparams(bindparam("goes_first", type_=Date))
BOOKED = text(
    "SELECT coalesce(sum(CASE WHEN to_holder_id = :holder_id AND to_location_id = :location_id AND to_status = :status "
    "THEN quantity ELSE 0 END), 0) - coalesce(sum(CASE WHEN from_holder_id = :holder_id "
    "AND from_location_id = :location_id AND from_status = :status THEN quantity ELSE 0 END), 0) "
    "FROM movement WHERE lot_id = :lot_id AND :holder_id IN (to_holder_id, from_holder_id)"
)


def _take(tx: Transaction, changes: list[Change]) -> None:
    """Take off what leaves; raises `NotEnough` for every balance that lacks it."""
    if not changes:
        return
    taken = tx.session.connection().execute(TAKE, [{**one.key, "taken": -one.quantity} for one in changes])
    if taken.rowcount != len(changes):
        raise Refused([_not_enough(one) for one in changes if _is_short(tx, one)])


def _is_short(tx: Transaction, change: Change) -> bool:
    """Whether the movements that are written say that more was taken than ever came."""
    return int(tx.session.connection().execute(BOOKED, change.key).scalar_one()) < 0


def _not_enough(change: Change) -> Refusal:
    lot = change.lot
    return NotEnough(lot=lot.code, place=change.end.location.code, asked=shown(-change.quantity, lot.item.uom))


def _put(tx: Transaction, changes: list[Change]) -> None:
    """Add what arrives; the world outside may owe us."""
    if changes:
        tx.session.connection().execute(PUT, [_row(one) for one in changes])


def _row(change: Change) -> dict[str, Any]:
    lot, outside = change.lot, change.end.location.outside
    more = {"item_id": lot.item_id, "goes_first": lot.goes_first, "quantity": change.quantity, "outside": outside}
    return {**change.key, **more}
