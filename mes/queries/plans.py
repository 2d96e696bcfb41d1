"""The monthly plan with its completion (P4 to P6), and the orders it works for (P24)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.people.model import Person
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.production.model import RunCard
from mes.queries.cards import boxed
from mes.stock.model import Balance, HandlingUnit, Movement
from mes.trace.answers import Named
from mes.trace.looking import amount_text, moment_text, zone_of


@dataclass(frozen=True)
class PlanHead:
    """One revision of a month's plan; state draft, approved or replaced."""

    month: str
    revision: int
    state: str
    author: Named | None
    approver: Named | None
    approved_at: str | None
    reason: str | None


@dataclass(frozen=True)
class PlanRow:
    """A line of a plan: asked for, released on run cards (of any revision), and done: accepted and in boxes."""

    item: Named
    uom: str
    quantity: str
    due_on: str
    order: str | None
    customer: Named | None
    released: str
    done: str
    percent: int
    cards: tuple[str, ...]


@dataclass(frozen=True)
class PlanView:
    """A plan revision with its lines, and the other revisions of its month (P5)."""

    head: PlanHead
    lines: tuple[PlanRow, ...]
    revisions: tuple[PlanHead, ...]


@dataclass(frozen=True)
class OrderRow:
    """A sales order: ordered, picked at the dock, shipped; state open, picked or shipped."""

    order: str
    customer: Named
    item: Named
    uom: str
    quantity: str
    picked: str
    shipped: str
    due_on: str
    state: str


def plan_heads(session: Session, month: str | None = None) -> tuple[PlanHead, ...]:
    """All plan revisions, or those of a month (`2026-12`), the newest first."""
    query = select(PlanRevision).order_by(PlanRevision.month.desc(), PlanRevision.revision.desc())
    if month:
        query = query.where(PlanRevision.month == month)
    return tuple(_head(session, plan) for plan in session.scalars(query))


def plan(session: Session, month: str, revision: int | None = None) -> PlanView | None:
    """A revision of a month's plan, by default the one in force, else the newest; None when there is none."""
    query = select(PlanRevision).where(PlanRevision.month == month)
    if revision is not None:
        query = query.where(PlanRevision.revision == revision)
    found = session.scalars(
        query.order_by((PlanRevision.state == "approved").desc(), PlanRevision.revision.desc()).limit(1)
    ).first()
    if found is None:
        return None
    made = _made(session, month)
    return PlanView(
        _head(session, found), tuple(_line(line, made[_key(line)]) for line in found.lines), plan_heads(session, month)
    )


def orders(session: Session, *, customer: str | None = None) -> list[OrderRow]:
    """Sales orders by due date: all, or a customer's."""
    shipped = _sums(session, select(Movement.order_id, func.sum(Movement.quantity)), Movement.order_id)
    picked = _sums(
        session,
        select(HandlingUnit.order_id, func.sum(Balance.quantity)).join(Balance, Balance.holder_id == HandlingUnit.id),
        HandlingUnit.order_id,
    )
    rows = session.scalars(select(SalesOrder).order_by(SalesOrder.due_on, SalesOrder.order_no)).unique()
    return [
        _order(row, picked.get(row.id, 0), shipped.get(row.id, 0))
        for row in rows
        if customer in (None, row.customer.code)
    ]


def _head(session: Session, plan: PlanRevision) -> PlanHead:
    return PlanHead(
        month=plan.month,
        revision=plan.revision,
        state=plan.state,
        author=_person(plan.author),
        approver=_person(plan.approver),
        reason=plan.reason,
        approved_at=moment_text(plan.approved_at, zone_of(session)) if plan.approved_at else None,
    )


def _person(person: Person | None) -> Named | None:
    return Named(person.badge, person.name_zh, person.name_en) if person else None


Key = tuple[int, date, int | None]


@dataclass
class _Made:
    """Run cards of one line in whatever revision it stood: how many, and what became of them."""

    released: int = 0
    done: int = 0
    cards: tuple[str, ...] = ()


def _key(line: PlanLine) -> Key:
    return (line.item_id, line.due_on, line.order_id)


def _made(session: Session, month: str) -> dict[Key, _Made]:
    rows = session.execute(
        select(RunCard, PlanLine)
        .join(PlanLine, PlanLine.id == RunCard.plan_line_id)
        .join(PlanRevision, PlanRevision.id == PlanLine.revision_id)
        .where(PlanRevision.month == month, RunCard.state != "cancelled")
        .order_by(RunCard.id)
    ).all()
    done = boxed(session, [card.id for card, _ in rows])
    made: dict[Key, _Made] = defaultdict(_Made)
    for card, line in rows:
        one = made[_key(line)]
        one.released += card.quantity
        one.done += done.get(card.id, 0)
        one.cards += (card.code,)
    return made


def _line(line: PlanLine, made: _Made) -> PlanRow:
    item, order = line.item, line.order
    return PlanRow(
        item=Named(item.code, item.name_zh, item.name_en),
        uom=item.uom,
        quantity=amount_text(line.quantity, item.uom),
        due_on=line.due_on.isoformat(),
        order=order.order_no if order else None,
        customer=Named(order.customer.code, order.customer.name_zh, order.customer.name_en) if order else None,
        released=amount_text(made.released, item.uom),
        done=amount_text(made.done, item.uom),
        percent=made.done * 100 // line.quantity,
        cards=made.cards,
    )


def _sums(session: Session, query: Any, order: Any) -> dict[int, int]:
    rows = session.execute(query.where(order.is_not(None)).group_by(order))
    return {key: int(quantity) for key, quantity in rows}


def _order(order: SalesOrder, picked: int, shipped: int) -> OrderRow:
    item, customer = order.item, order.customer
    return OrderRow(
        order=order.order_no,
        customer=Named(customer.code, customer.name_zh, customer.name_en),
        item=Named(item.code, item.name_zh, item.name_en),
        uom=item.uom,
        quantity=amount_text(order.quantity, item.uom),
        picked=amount_text(picked, item.uom),
        shipped=amount_text(shipped, item.uom),
        due_on=order.due_on.isoformat(),
        state="shipped" if shipped else "picked" if picked else "open",
    )
