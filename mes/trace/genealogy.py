"""Genealogy as it is written: consumption is the truth, edges are its projection in the same transaction (P13)."""

from __future__ import annotations

from sqlalchemy import text

from mes.database import table_of
from mes.production.model import CardOperation
from mes.stock.model import HandlingUnit
from mes.trace.model import Consumption
from mes.transaction import Transaction

ADD_TO_EDGE = text(
    "INSERT INTO edge (parent_id, child_id, quantity) VALUES (:parent, :child, :change) "
    "ON CONFLICT (parent_id, child_id) DO UPDATE SET quantity = edge.quantity + :change"
)
# An upsert would be judged by the row it proposes, and a negative edge is refused before there is a conflict.
TAKE_FROM_EDGE = text("UPDATE edge SET quantity = quantity + :change WHERE parent_id = :parent AND child_id = :child")


def record(tx: Transaction, operation: CardOperation, unit: HandlingUnit, quantity: int) -> Consumption:
    """Record that a quantity (smallest unit) out of a box went into a run card at an operation.

    Written with everything else that its command consumes.
    """
    return _later(tx, operation.id, operation.card.lot_id, unit.id, unit.lot_id, quantity)


def reverse(tx: Transaction, consumption: Consumption) -> Consumption:
    """Take a consumption back by an entry that names it (law 3)."""
    tx.write()
    taken_back = _later(
        tx,
        consumption.card_operation_id,
        consumption.parent_lot_id,
        consumption.unit_id,
        consumption.child_lot_id,
        -consumption.quantity,
        consumption.id,
    )
    tx.write()
    return taken_back


def _later(
    tx: Transaction,
    operation_id: int,
    parent_id: int,
    unit_id: int,
    child_id: int,
    quantity: int,
    reverses_id: int | None = None,
) -> Consumption:
    consumption = Consumption(
        card_operation_id=operation_id,
        parent_lot_id=parent_id,
        child_lot_id=child_id,
        unit_id=unit_id,
        quantity=quantity,
        at=tx.now,
        reverses_id=reverses_id,
    )
    tx.later(_write, consumption)
    tx.cause("consumption", parent_id, child_id, quantity, reverses_id)
    return consumption


def _write(tx: Transaction, consumed: list[Consumption]) -> None:
    for one in consumed:
        one.event_id = tx.event.id
    wanted = [{name: getattr(one, name) for name in CONSUMED} for one in consumed]
    for one, row in zip(consumed, tx.insert(table_of(Consumption), wanted), strict=True):
        one.id = row.id
    for statement, changes in ((ADD_TO_EDGE, _changes(consumed, 1)), (TAKE_FROM_EDGE, _changes(consumed, -1))):
        if changes:
            tx.session.connection().execute(statement, changes)


CONSUMED = [column.name for column in table_of(Consumption).c if column.name != "id"]


def _changes(consumed: list[Consumption], sign: int) -> list[dict[str, int]]:
    """What is added to each edge (or taken from it), once per edge, always in the same order."""
    found: dict[tuple[int, int], int] = {}
    for one in consumed:
        if one.quantity * sign > 0:
            edge = (one.parent_lot_id, one.child_lot_id)
            found[edge] = found.get(edge, 0) + one.quantity
    return [{"parent": parent, "child": child, "change": found[parent, child]} for parent, child in sorted(found)]
