"""What moves, as rows of its sheets again: orders as they stand, lots as they were opened, plans as they were issued.

Only reads, and only what is named: a plant that has worked for years has many of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from mes.intake.rows import OpeningStockRow, OrderRow, PlanRow, stored_at
from mes.masters.model import Location
from mes.masters.units import from_smallest
from mes.memory import masters
from mes.planning.model import PlanRevision, SalesOrder
from mes.stock.model import Lot, Movement
from mes.stock.status import Status

AT_ONCE = 500
"""Codes in one question; SQLite takes some thousands."""


def orders(session: Session, numbers: set[str]) -> Iterator[OrderRow]:
    """These orders as they stand."""
    for one in _of(session, select(SalesOrder), SalesOrder.order_no, numbers):
        yield OrderRow(
            at=stored_at("orders"),
            order_no=one.order_no,
            customer=one.customer.code,
            item=one.item.code,
            qty=from_smallest(one.quantity, one.item.uom),
            due_on=one.due_on,
        )


def plan(session: Session, months: set[str]) -> Iterator[PlanRow]:
    """Every revision of these months as it was brought."""
    for revision in _of(session, select(PlanRevision), PlanRevision.month, months):
        for one in revision.lines:
            yield PlanRow(
                at=stored_at("plan"),
                month=revision.month,
                revision=revision.revision,
                item=one.item.code,
                qty=from_smallest(one.quantity, one.item.uom),
                due_on=one.due_on,
                order_no=one.order.order_no if one.order else None,
            )


def opening_stock(session: Session, codes: set[str]) -> Iterator[OpeningStockRow]:
    """These lots as they began: what a sheet of opening stock speaks of, wherever the goods are by now."""
    entry = aliased(Movement)
    first = select(func.min(entry.id)).where(entry.lot_id == Lot.id).scalar_subquery()
    query = select(Lot, Movement).join(Movement, Movement.id == first)
    for lot, movement in _of(session, query, Lot.code, codes, whole=True):
        yield OpeningStockRow(
            at=stored_at("opening_stock"),
            item=lot.item.code,
            lot=lot.code,
            supplier=lot.supplier.code if lot.supplier else None,
            supplier_lot=lot.supplier_lot,
            qty=from_smallest(movement.quantity, lot.item.uom),
            received_on=lot.received_on,
            produced_on=lot.produced_on,
            expires_on=lot.expires_on,
            location=masters(session).get(Location, movement.to_location_id).code,
            status=_word(Status(movement.to_status)),
        )


def _word(status: Status) -> str:
    """A status in the words of the sheet, which knows no decision that is awaited."""
    words = {Status.ACCEPTED: "pass", Status.AWAITING_DECISION: "pending"}
    return words.get(status, status.value)


def _of(session: Session, query: Any, column: Any, wanted: set[str], *, whole: bool = False) -> Iterable[Any]:
    """The rows whose column is one of these, asked for in portions."""
    codes = sorted(wanted)
    for start in range(0, len(codes), AT_ONCE):
        answer = session.execute(query.where(column.in_(codes[start : start + AT_ONCE])).order_by(column)).unique()
        yield from answer if whole else answer.scalars()
