"""Run cards: the list of those on the floor, and one card with everything that happened on it (QR-7502)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.orm import Session, aliased

from mes.masters.model import Customer, Item, ProcessRevision
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.production.model import CARD_STATES, CardOperation, RunCard
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Day, Number, Text, Told
from mes.queries.wording import Word
from mes.roles import Role
from mes.stock.model import HandlingUnit, Lot, Movement
from mes.stock.status import Status
from mes.trace.answers import Direction, Link, Named, Node
from mes.trace.tracing import trace
from mes.words import Words

PAGE = 200


@dataclass(frozen=True)
class CardRow:
    """A run card in a list. `done`: what went into boxes as accepted; `at_seq`: the operation that is on, or next.

    `missing`: what was never made of a card that has ended.
    """

    card: str
    lot: str
    item: Named
    uom: str
    quantity: str
    done: str
    state: str
    missing: str
    hold_reason: str | None
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
    conditions: list[ColumnElement[bool]] = [RunCard.state.in_(wanted)] if (wanted := tuple(states)) else []
    conditions += [column == text for column, text in ((Item.code, item), (SalesOrder.order_no, order)) if text]
    return _rows(session, Asked(limit=limit, offset=offset), *conditions)


def run_card(session: Session, code: str) -> CardView | None:
    """One run card by its code; None when there is none."""
    rows = _rows(session, Asked(limit=1), RunCard.code == code)
    if not rows:
        return None
    into = trace(session, rows[0].lot, Direction.BACKWARD, depth=1)
    batch = into.node(rows[0].lot)
    steps = tuple(step for step in batch.steps if step.card == code)
    return CardView(rows[0], replace(batch, steps=steps), into.links)


def boxed_of(cards: ColumnElement[bool]) -> ColumnElement[int]:
    """What of some run cards went into boxes as accepted, in smallest units; reversed entries don't count."""
    undoing = aliased(Movement)
    total = (
        select(func.coalesce(func.sum(Movement.quantity), 0))
        .select_from(CardOperation)
        .join(Movement, Movement.from_holder_id == CardOperation.id)
        .join(HandlingUnit, HandlingUnit.id == Movement.to_holder_id)
        .where(
            cards,
            Movement.to_status == Status.ACCEPTED,
            ~select(undoing.id).where(undoing.reverses_id == Movement.id).exists(),
        )
    )
    return cast(total.scalar_subquery(), BigInteger)


def _rows(session: Session, asked: Asked, *also: ColumnElement[bool]) -> list[CardRow]:
    return [CardRow(**row) for row in asking.rows(session, RUN_CARDS, asked, None, *also)]


def _released() -> Select[Any]:
    return (
        select()
        .select_from(RunCard)
        .join(Lot, Lot.id == RunCard.lot_id)
        .join(Item, Item.id == RunCard.item_id)
        .join(ProcessRevision, ProcessRevision.id == RunCard.revision_id)
        .outerjoin(PlanLine, PlanLine.id == RunCard.plan_line_id)
        .outerjoin(PlanRevision, PlanRevision.id == PlanLine.revision_id)
        .outerjoin(SalesOrder, SalesOrder.id == PlanLine.order_id)
        .outerjoin(Customer, Customer.id == SalesOrder.customer_id)
    )


def _goes_on(row: Row) -> bool:
    return row["state"] in ("released", "running")


def _held(row: Row) -> bool:
    return bool(row["state"] == "held")


def _open(row: Row) -> bool:
    return _goes_on(row) or _held(row)


STEP = aliased(CardOperation)
AT_SEQ = (
    select(func.min(STEP.seq)).where(STEP.card_id == RunCard.id, STEP.state != "finished").correlate(RunCard)
).scalar_subquery()
CUSTOMER = Called(Customer.code, Customer.name_zh, Customer.name_en)

RUN_CARDS = table(
    "run_cards",
    Words("流转单", "Run cards"),
    {
        Role.SUPERVISOR,
        Role.INSPECTOR,
        Role.QUALITY_MANAGER,
        Role.STOREKEEPER,
        Role.PLANNER,
        Role.PLAN_APPROVER,
        Role.ADMIN,
    },
    source=_released,
    columns=(
        Column("card", Words("流转单", "Run card"), Code(RunCard.code), leads="card"),
        Column("lot", Words("批次", "Lot"), Code(Lot.code), leads="lot", beside=True),
        Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item"),
        Column("uom", Words("单位", "Unit"), Text(Item.uom), beside=True),
        Column("quantity", Words("数量", "Quantity"), Amount(RunCard.quantity, Item.uom)),
        Column("done", Words("入箱", "Into boxes"), Amount(boxed_of(CardOperation.card_id == RunCard.id), Item.uom)),
        Column("state", Words("状态", "State"), Word(RunCard.state, CARD_STATES)),
        Column("missing", Words("缺数", "Missing"), Amount(RunCard.missing, Item.uom)),
        Column("hold_reason", Words("挂起原因", "On hold for"), Told(RunCard.hold_reason)),
        Column("at_seq", Words("当前工序", "At"), Number(AT_SEQ)),
        Column("released_for", Words("生产日", "Production day"), Day(RunCard.released_for)),
        Column("revision", Words("工艺版本", "Process revision"), Number(ProcessRevision.revision), beside=True),
        Column("month", Words("计划月份", "Plan"), Code(PlanRevision.month), beside=True),
        Column("due_on", Words("完成日", "Due"), Day(PlanLine.due_on)),
        Column("order", Words("订单", "Order"), Code(SalesOrder.order_no), leads="order"),
        Column("customer", Words("客户", "Customer"), CUSTOMER, beside=True),
    ),
    order=(RunCard.id.desc(),),
    filters=("card", "lot", "item", "state", "released_for", "due_on", "order"),
    acts=(
        Act("production:hold_card", {"card": "card"}, _goes_on),
        Act("production:resume_card", {"card": "card"}, _held),
        Act("production:close_card", {"card": "card"}, _open),
        Act("production:cancel_card", {"card": "card"}, _open),
    ),
    papers={"run_card": "card"},
)
