"""Quality's lists: inspections with their verdicts, and nonconformances with what was decided (P9, P14)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, case, cast, literal, select

from mes.masters.model import Customer, Item
from mes.people.model import Person
from mes.production.model import CardOperation, RunCard
from mes.quality.model import REPORT_STATES, STAGES, VERDICTS, Consent, Inspection, Nonconformance
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Moment, Number, Told
from mes.queries.wording import Word
from mes.roles import Role
from mes.stock.model import Lot
from mes.words import Words

LOOKING = {Role.SUPERVISOR, Role.INSPECTOR, Role.QUALITY_MANAGER, Role.PLAN_APPROVER, Role.ADMIN}


def _inspections() -> Select[Any]:
    return (
        select()
        .select_from(Inspection)
        .join(Lot, Lot.id == Inspection.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(CardOperation, CardOperation.id == Inspection.card_operation_id)
        .outerjoin(RunCard, RunCard.id == CardOperation.card_id)
        .outerjoin(Person, Person.id == Inspection.inspector_id)
    )


def _reports() -> Select[Any]:
    return (
        select()
        .select_from(Nonconformance)
        .join(Lot, Lot.id == Nonconformance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Person, Person.id == Nonconformance.found_by)
        .outerjoin(Customer, Customer.id == Lot.owner_id)
    )


def _open(row: Row) -> bool:
    return bool(row["state"] == "open")


def _open_of_a_customer(row: Row) -> bool:
    return _open(row) and row["owner"] is not None


OPERATION = case((RunCard.code.is_not(None), RunCard.code + literal("+") + cast(CardOperation.seq, String)))
WHO = Called(Person.badge, Person.name_zh, Person.name_en)
LOT = Column("lot", Words("批次", "Lot"), Code(Lot.code), leads="lot")
ITEM = Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item")

INSPECTIONS = table(
    "inspections",
    Words("检验记录", "Inspections"),
    LOOKING,
    source=_inspections,
    columns=(
        Column("stage", Words("检验", "Inspection"), Word(Inspection.stage, STAGES)),
        LOT,
        ITEM,
        Column("operation", Words("工序", "Operation"), Code(OPERATION)),
        Column("attempt", Words("次数", "Attempt"), Number(Inspection.attempt)),
        Column("quantity", Words("数量", "Quantity"), Amount(Inspection.quantity, Item.uom)),
        Column("verdict", Words("结论", "Verdict"), Word(Inspection.state, VERDICTS)),
        Column("inspector", Words("检验员", "Inspector"), WHO, leads="person"),
        Column("opened_at", Words("开始", "Opened"), Moment(Inspection.opened_at)),
        Column("signed_at", Words("签字", "Signed"), Moment(Inspection.signed_at)),
        Column("remark", Words("备注", "Remark"), Told(Inspection.remark)),
    ),
    order=(Inspection.id.desc(),),
    filters=("stage", "lot", "item", "verdict", "inspector", "signed_at"),
)
# The newest one that is on record: when, who, and by what letter.
CONSENT = (
    select(cast(Consent.given_on, String) + " " + Consent.given_by + ", " + Consent.letter)
    .where(Consent.nonconformance_id == Nonconformance.id)
    .order_by(Consent.id.desc())
    .limit(1)
    .scalar_subquery()
)
NONCONFORMANCES = table(
    "nonconformances",
    Words("不合格品", "Nonconformances"),
    LOOKING,
    source=_reports,
    columns=(
        Column("nonconformance", Words("编号", "Number"), Code(Nonconformance.code), leads="nonconformance"),
        LOT,
        ITEM,
        Column("quantity", Words("数量", "Quantity"), Amount(Nonconformance.quantity, Item.uom)),
        Column("reason", Words("原因", "Reason"), Told(Nonconformance.reason)),
        Column("found_by", Words("发现人", "Found by"), WHO, leads="person"),
        Column("found_at", Words("发现时间", "Found"), Moment(Nonconformance.found_at)),
        Column("state", Words("状态", "State"), Word(Nonconformance.state, REPORT_STATES)),
        Column("owner", Words("客户财产", "Customer's property"), Code(Customer.code), leads="customer"),
        Column("consent", Words("客户同意", "Customer's consent"), Told(CONSENT)),
    ),
    order=(case((Nonconformance.state == "open", 0), else_=1), Nonconformance.id.desc()),
    filters=("nonconformance", "lot", "item", "state", "found_by", "found_at"),
    acts=(
        Act("quality:dispose", {"nonconformance": "nonconformance"}, _open),
        Act("quality:record_consent", {"nonconformance": "nonconformance"}, _open_of_a_customer),
    ),
)
