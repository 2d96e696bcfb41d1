"""What a plan needs of an item (P4, P6): its own lines, and whatever the lines of other products are made of.

The need is counted over whole levels of the bill of material, with its scrap, by the process documents that a card
would be released with today. Looks only; stock that lies in the store counts for nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from mes.masters.model import BomLine, Item, ProcessRevision
from mes.masters.units import needed
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.production.model import RunCard
from mes.transaction import Transaction

PERCENT = Decimal(100)


@dataclass(frozen=True)
class Need:
    """A line of a plan and how much of an item it needs, in the item's smallest unit, of which so much is left."""

    line: PlanLine
    quantity: int
    left: int


def process_of(tx: Transaction, item: Item) -> ProcessRevision | None:
    """The newest released revision that has a routing (P1); a draft only where nothing was ever released."""
    usable = [one for one in tx.masters.where(ProcessRevision, item_id=item.id) if one.operations]
    return max(usable, key=lambda one: (one.released_at is not None, one.revision), default=None)


def needs_of(
    tx: Transaction, plan: PlanRevision, item: Item, due_on: date | None = None, order: SalesOrder | None = None
) -> list[Need]:
    """What the lines of a plan need of an item, by due date: its own lines where it has any, else those made of it."""
    lines = sorted(plan.lines, key=lambda line: (line.due_on, line.id))
    own = [line for line in lines if line.item_id == item.id]
    found = _own(tx, plan, own) if own else _served(tx, plan, item, lines)
    return [
        need
        for need in found
        if due_on in (None, need.line.due_on) and (order is None or need.line.order_id == order.id)
    ]


def _own(tx: Transaction, plan: PlanRevision, lines: Sequence[PlanLine]) -> list[Need]:
    """Cards of older revisions count: those of the same line, and over the month all cards of the item (P5)."""
    left = sum(line.quantity for line in lines) - _released(tx, plan, lines[0].item)
    return [Need(line, line.quantity, min(line.quantity - _released_for(tx, line), left)) for line in lines]


def _served(tx: Transaction, plan: PlanRevision, item: Item, lines: Sequence[PlanLine]) -> list[Need]:
    """The lines that something is made for, each with what of the whole plan's need is left from it on.

    One card may serve several lines; cards cover the lines in the order in which they are due.
    """
    quantities = [(line, need) for line in lines if (need := _of_one(tx, line.item, line.quantity, item))]
    whole = sum(need for _, need in quantities)
    released, covered, found = _released(tx, plan, item), 0, []
    for line, need in quantities:
        covered += need
        if covered > released:
            found.append(Need(line, whole, whole - released))
    return found


def _of_one(tx: Transaction, made: Item, quantity: int, item: Item, above: tuple[int, ...] = ()) -> int:
    """How much of an item goes into a quantity of another (both in their smallest unit), whatever lies between."""
    process = None if made.id in above else process_of(tx, made)
    found = 0
    for part in tx.masters.where(BomLine, revision_id=process.id) if process else ():
        share = Decimal(part.qty_per) * (1 + Decimal(part.scrap_percent) / PERCENT)
        need = needed(quantity, share, made.uom, part.component.uom)
        found += need if part.component_id == item.id else _of_one(tx, part.component, need, item, (*above, made.id))
    return found


def _released_for(tx: Transaction, line: PlanLine) -> int:
    same = (
        PlanLine.item_id == line.item_id,
        PlanLine.due_on == line.due_on,
        PlanLine.order_id.is_not_distinct_from(line.order_id),
    )
    return _released(tx, line.revision, line.item, *same)


def _released(tx: Transaction, plan: PlanRevision, item: Item, *narrower: ColumnElement[bool]) -> int:
    """What was released of an item in the month of a plan, by whatever revision; what was closed short is free."""
    total = (
        select(func.sum(RunCard.quantity - RunCard.missing))
        .join(PlanLine, PlanLine.id == RunCard.plan_line_id)
        .join(PlanRevision, PlanRevision.id == PlanLine.revision_id)
        .where(PlanRevision.month == plan.month, RunCard.item_id == item.id, RunCard.state != "cancelled", *narrower)
    )
    return int(tx.session.scalar(total) or 0)
