"""Genealogy as it is written: consumption is the truth, edges are its projection in the same transaction (P13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(eq=False)
class Drawing:
    """A consumption that is to be written; it has an id once it is."""

    card_operation_id: int
    parent_lot_id: int
    child_lot_id: int
    unit_id: int
    quantity: int
    reverses_id: int | None = None
    id: int = 0

    @property
    def row(self) -> dict[str, Any]:
        """What it says."""
        return {name: said for name, said in vars(self).items() if name != "id"}


def record(tx: Transaction, operation: CardOperation, unit: HandlingUnit, quantity: int) -> Drawing:
    """Record that a quantity (smallest unit) out of a box went into a run card at an operation.

    Written with everything else that its command consumes.
    """
    return _later(tx, Drawing(operation.id, operation.card.lot_id, unit.lot_id, unit.id, quantity))


def reverse(tx: Transaction, consumption: Consumption | Drawing) -> Drawing:
    """Take a consumption back by an entry that names it (law 3)."""
    tx.write()
    drawn = Drawing(
        consumption.card_operation_id,
        consumption.parent_lot_id,
        consumption.child_lot_id,
        consumption.unit_id,
        -consumption.quantity,
        consumption.id,
    )
    taken_back = _later(tx, drawn)
    tx.write()
    return taken_back


def _later(tx: Transaction, drawn: Drawing) -> Drawing:
    tx.later(_write, drawn)
    tx.cause("consumption", drawn.parent_lot_id, drawn.child_lot_id, drawn.quantity, drawn.reverses_id)
    return drawn


def _write(tx: Transaction, consumed: list[Drawing]) -> None:
    wanted = [{"event_id": tx.event.id, "at": tx.happened_at, **one.row} for one in consumed]
    for one, row in zip(consumed, tx.insert(table_of(Consumption), wanted), strict=True):
        one.id = row.id
    for statement, changes in ((ADD_TO_EDGE, _changes(consumed, 1)), (TAKE_FROM_EDGE, _changes(consumed, -1))):
        if changes:
            tx.session.connection().execute(statement, changes)


def _changes(consumed: list[Drawing], sign: int) -> list[dict[str, int]]:
    """What is added to each edge (or taken from it), once per edge, always in the same order."""
    found: dict[tuple[int, int], int] = {}
    for one in consumed:
        if one.quantity * sign > 0:
            edge = (one.parent_lot_id, one.child_lot_id)
            found[edge] = found.get(edge, 0) + one.quantity
    return [{"parent": parent, "child": child, "change": found[parent, child]} for parent, child in sorted(found)]
