"""The monthly plan with its completion (P4 to P6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.orm import Session, aliased

from mes.masters.model import Customer, Item
from mes.people.model import Person
from mes.planning.model import PLAN_STATES, PlanLine, PlanRevision, SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.cards import CUSTOMER, boxed_of
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Day, Moment, Number, Text
from mes.queries.wording import Word
from mes.roles import Role
from mes.trace.answers import Named
from mes.words import Words

LOOKING = {Role.SUPERVISOR, Role.STOREKEEPER, Role.QUALITY_MANAGER, Role.PLANNER, Role.PLAN_APPROVER, Role.ADMIN}
"""Purchasing and workshops work by the plan (P4)."""


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


def plan_heads(session: Session, month: str | None = None) -> tuple[PlanHead, ...]:
    """All plan revisions, or those of a month (`2026-12`), the newest first."""
    wanted = [PlanRevision.month == month] if month else []
    return tuple(PlanHead(**row) for row in asking.rows(session, PLAN_REVISIONS, Asked(), None, *wanted))


def plan(session: Session, month: str, revision: int | None = None) -> PlanView | None:
    """A revision of a month's plan, by default the one in force, else the newest; None when there is none."""
    found = [one for one in plan_heads(session, month) if revision in (None, one.revision)]
    if not found:
        return None
    head = min(found, key=lambda one: one.state != "approved")
    wanted = (PlanRevision.month == month, PlanRevision.revision == head.revision)
    rows = asking.rows(session, PLAN_LINES, Asked(), None, *wanted)
    return PlanView(head, tuple(_line(row) for row in rows), plan_heads(session, month))


def in_force(session: Session) -> tuple[str, int] | None:
    """Month and revision of the plan that is looked at unless another is asked for: in force, else the newest."""
    of_month = (PlanRevision.month.desc(), (PlanRevision.state == "approved").desc(), PlanRevision.revision.desc())
    found = session.execute(select(PlanRevision.month, PlanRevision.revision).order_by(*of_month).limit(1)).first()
    return (found[0], found[1]) if found else None


def _line(row: Row) -> PlanRow:
    cards = tuple(row["cards"].split(" ")) if row["cards"] else ()
    others = {key: row[key] for key in PlanRow.__dataclass_fields__ if key != "cards"}
    return PlanRow(**others, cards=cards)


def _revisions() -> Select[Any]:
    return (
        select()
        .select_from(PlanRevision)
        .outerjoin(AUTHOR, AUTHOR.id == PlanRevision.author_id)
        .outerjoin(APPROVER, APPROVER.id == PlanRevision.approver_id)
    )


def _lines() -> Select[Any]:
    return (
        select()
        .select_from(PlanLine)
        .join(PlanRevision, PlanRevision.id == PlanLine.revision_id)
        .join(Item, Item.id == PlanLine.item_id)
        .outerjoin(SalesOrder, SalesOrder.id == PlanLine.order_id)
        .outerjoin(Customer, Customer.id == SalesOrder.customer_id)
    )


def _of_line(what: Any) -> Select[Any]:
    """Something of the run cards of a line, in whatever revision of its month it stood."""
    return (
        select(what)
        .select_from(RunCard)
        .join(SAME, SAME.id == RunCard.plan_line_id)
        .join(IN_MONTH, IN_MONTH.id == SAME.revision_id)
        .where(
            IN_MONTH.month == PlanRevision.month,
            SAME.item_id == PlanLine.item_id,
            RunCard.item_id == PlanLine.item_id,
            SAME.due_on == PlanLine.due_on,
            SAME.order_id.is_not_distinct_from(PlanLine.order_id),
            RunCard.state != "cancelled",
        )
        .correlate(PlanLine, PlanRevision)
    )


def _draft(row: Row) -> bool:
    return bool(row["state"] == "draft")


def _in_force(row: Row) -> bool:
    return bool(row["state"] == "approved")


AUTHOR, APPROVER = aliased(Person), aliased(Person)
SAME, IN_MONTH = aliased(PlanLine), aliased(PlanRevision)
MONTH = Column("month", Words("月份", "Month"), Code(PlanRevision.month), leads="plan")
REVISION = Column("revision", Words("版本", "Revision"), Number(PlanRevision.revision))
STATE = Column("state", Words("状态", "State"), Word(PlanRevision.state, PLAN_STATES))
RELEASED = cast(_of_line(func.coalesce(func.sum(RunCard.quantity - RunCard.missing), 0)).scalar_subquery(), BigInteger)
DONE: ColumnElement[int] = boxed_of(CardOperation.card_id.in_(_of_line(RunCard.id)))
CARDS = _of_line(func.aggregate_strings(RunCard.code, " ")).scalar_subquery()

PLAN_REVISIONS = table(
    "plan_revisions",
    Words("计划版本", "Plan revisions"),
    LOOKING,
    source=_revisions,
    columns=(
        MONTH,
        REVISION,
        STATE,
        Column("author", Words("编制", "Author"), Called(AUTHOR.badge, AUTHOR.name_zh, AUTHOR.name_en)),
        Column("approver", Words("批准", "Approved by"), Called(APPROVER.badge, APPROVER.name_zh, APPROVER.name_en)),
        Column("approved_at", Words("批准时间", "Approved"), Moment(PlanRevision.approved_at)),
        Column("reason", Words("变更原因", "Reason"), Text(PlanRevision.reason)),
    ),
    order=(PlanRevision.month.desc(), PlanRevision.revision.desc()),
    filters=("month", "state"),
    acts=(Act("planning:approve", {"month": "month", "revision": "revision"}, _draft),),
)
PLAN_LINES = table(
    "plan_lines",
    Words("计划行", "Plan lines"),
    LOOKING,
    source=_lines,
    columns=(
        MONTH,
        REVISION,
        STATE,
        Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item"),
        Column("uom", Words("单位", "Unit"), Text(Item.uom), beside=True),
        Column("quantity", Words("数量", "Quantity"), Amount(PlanLine.quantity, Item.uom)),
        Column("due_on", Words("完成日", "Due"), Day(PlanLine.due_on)),
        Column("order", Words("订单", "Order"), Code(SalesOrder.order_no), leads="order"),
        Column("customer", Words("客户", "Customer"), CUSTOMER),
        Column("released", Words("已投", "Released"), Amount(RELEASED, Item.uom)),
        Column("done", Words("完成", "Done"), Amount(DONE, Item.uom)),
        Column("percent", Words("完成率 %", "Done %"), Number(DONE * 100 // PlanLine.quantity)),
        Column("cards", Words("流转单", "Run cards"), Code(CARDS), beside=True),
    ),
    order=(PlanRevision.month.desc(), PlanRevision.revision.desc(), PlanLine.id),
    filters=("month", "revision", "state", "item", "due_on", "order", "customer"),
    acts=(
        Act(
            "planning:release",
            {"item": "item", "month": "month", "revision": "revision", "due_on": "due_on", "order": "order"},
            _in_force,
        ),
    ),
)
