"""Genealogy as it is written: consumption is the truth, edges are its projection in the same transaction (P13)."""

from __future__ import annotations

from sqlalchemy import text

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
    """Record that a quantity (smallest unit) out of a box went into a run card at an operation."""
    return _write(tx, operation.id, operation.card.lot_id, unit.id, unit.lot_id, quantity)


def reverse(tx: Transaction, consumption: Consumption) -> Consumption:
    """Take a consumption back by an entry that names it (law 3)."""
    return _write(
        tx,
        consumption.card_operation_id,
        consumption.parent_lot_id,
        consumption.unit_id,
        consumption.child_lot_id,
        -consumption.quantity,
        consumption.id,
    )


def _write(
    tx: Transaction,
    operation_id: int,
    parent_id: int,
    unit_id: int,
    child_id: int,
    quantity: int,
    reverses_id: int | None = None,
) -> Consumption:
    consumption = Consumption(
        event_id=tx.event.id,
        card_operation_id=operation_id,
        parent_lot_id=parent_id,
        child_lot_id=child_id,
        unit_id=unit_id,
        quantity=quantity,
        at=tx.now,
        reverses_id=reverses_id,
    )
    tx.session.add(consumption)
    tx.session.execute(
        TAKE_FROM_EDGE if reverses_id else ADD_TO_EDGE, {"parent": parent_id, "child": child_id, "change": quantity}
    )
    tx.session.flush()
    tx.cause("consumption", parent_id, child_id, quantity, reverses_id)
    return consumption
