"""Run cards: the list of those on the floor, and one card with everything that happened on it (QR-7502)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.masters.model import Customer, Item, ProcessRevision
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.stock.model import HandlingUnit, Lot, Movement
from mes.stock.status import Status
from mes.trace.answers import Direction, Link, Named, Node
from mes.trace.looking import amount_text, day_or_none, named
from mes.trace.tracing import trace

PAGE = 200


@dataclass(frozen=True)
class CardRow:
    """A run card in a list. `done`: what went into boxes as accepted; `at_seq`: the operation that is on, or next."""

    card: str
    lot: str
    item: Named
    uom: str
    quantity: str
    done: str
    state: str
    at_seq: int | None
    released_for: str
    revision: int
    month: str | None
    due_on: str | None
    order: str | None
    customer: Named | None


@dataclass(frozen=True)
class CardView:
    """One run card: its batch with operations, inspections and whereabouts, and what was used for it."""

    card: CardRow
    batch: Node
    used: tuple[Link, ...]


def run_cards(
    session: Session,
    *,
    states: Iterable[str] = (),
    item: str | None = None,
    order: str | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[CardRow]:
    """Run cards, the newest first: all, or only those in some states, of an item, for an order."""
    query = _query().order_by(RunCard.id.desc()).limit(limit).offset(offset)
    if wanted := tuple(states):
        query = query.where(RunCard.state.in_(wanted))
    if item:
        query = query.where(Item.code == item)
    if order:
        query = query.where(SalesOrder.order_no == order)
    return _rows(session, query)


def run_card(session: Session, code: str) -> CardView | None:
    """One run card by its code; None when there is none."""
    rows = _rows(session, _query().where(RunCard.code == code))
    if not rows:
        return None
    into = trace(session, rows[0].lot, Direction.BACKWARD, depth=1)
    batch = into.node(rows[0].lot)
    steps = tuple(step for step in batch.steps if step.card == code)
    return CardView(rows[0], replace(batch, steps=steps), into.links)


def boxed(session: Session, cards: Iterable[int]) -> dict[int, int]:
    """What of each run card (ids) went into boxes as accepted, in smallest units; reversed entries don't count."""
    undone = select(Movement.reverses_id).where(Movement.reverses_id.is_not(None))
    rows = session.execute(
        select(CardOperation.card_id, func.sum(Movement.quantity))
        .join(Movement, Movement.from_holder_id == CardOperation.id)
        .join(HandlingUnit, HandlingUnit.id == Movement.to_holder_id)
        .where(
            CardOperation.card_id.in_(tuple(cards)), Movement.to_status == Status.ACCEPTED, Movement.id.not_in(undone)
        )
        .group_by(CardOperation.card_id)
    )
    return {card: int(quantity) for card, quantity in rows}


def _query() -> Any:
    at_seq = (
        select(func.min(CardOperation.seq))
        .where(CardOperation.card_id == RunCard.id, CardOperation.state != "finished")
        .scalar_subquery()
    )
    return (
        select(
            RunCard,
            Lot.code,
            Item,
            ProcessRevision.revision,
            at_seq,
            PlanRevision.month,
            PlanLine.due_on,
            SalesOrder.order_no,
            Customer.code,
            Customer.name_zh,
            Customer.name_en,
        )
        .join(Lot, Lot.id == RunCard.lot_id)
        .join(Item, Item.id == RunCard.item_id)
        .join(ProcessRevision, ProcessRevision.id == RunCard.revision_id)
        .outerjoin(PlanLine, PlanLine.id == RunCard.plan_line_id)
        .outerjoin(PlanRevision, PlanRevision.id == PlanLine.revision_id)
        .outerjoin(SalesOrder, SalesOrder.id == PlanLine.order_id)
        .outerjoin(Customer, Customer.id == SalesOrder.customer_id)
    )


def _rows(session: Session, query: Any) -> list[CardRow]:
    rows = session.execute(query).all()
    done = boxed(session, [row[0].id for row in rows])
    return [_row(done.get(row[0].id, 0), *row) for row in rows]


def _row(
    done: int,
    card: RunCard,
    lot: str,
    item: Item,
    revision: int,
    at_seq: int | None,
    month: str | None,
    due_on: Any,
    order: str | None,
    *customer: Any,
) -> CardRow:
    return CardRow(
        card=card.code,
        lot=lot,
        item=Named(item.code, item.name_zh, item.name_en),
        uom=item.uom,
        quantity=amount_text(card.quantity, item.uom),
        done=amount_text(done, item.uom),
        state=card.state,
        at_seq=at_seq,
        released_for=card.released_for.isoformat(),
        revision=revision,
        month=month,
        due_on=day_or_none(due_on),
        order=order,
        customer=named(*customer),
    )
