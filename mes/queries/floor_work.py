"""The work on the floor: operations that are at work, waiting or done, and what was reported on them, by whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from mes.masters.model import Equipment, Item, Operation, WorkCenter
from mes.people.model import Person
from mes.production.model import CARD_STATES, STANDS, CardOperation, Report, RunCard, TakenBack
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Moment, Number, Told
from mes.queries.wording import Word
from mes.roles import Role
from mes.words import Words

LOOKING = {Role.SUPERVISOR, Role.INSPECTOR, Role.QUALITY_MANAGER, Role.PLANNER, Role.PLAN_APPROVER, Role.ADMIN}
OPERATION_STATES = {
    "waiting": Words("未开工", "waiting"),
    "setup": Words("首检中", "set-up"),
    "running": Words("进行中", "at work"),
    "finished": Words("已完工", "finished"),
}
AT_WORK = ("setup", "running")
Taker = aliased(Person)


def _operations() -> Select[Any]:
    return (
        select()
        .select_from(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .join(Item, Item.id == RunCard.item_id)
        .join(Operation, Operation.id == CardOperation.operation_id)
        .join(WorkCenter, WorkCenter.id == Operation.work_center_id)
        .outerjoin(Person, Person.id == CardOperation.operator_id)
        .outerjoin(Equipment, Equipment.id == CardOperation.equipment_id)
    )


def _reports() -> Select[Any]:
    return (
        select()
        .select_from(Report)
        .join(CardOperation, CardOperation.id == Report.card_operation_id)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .join(Item, Item.id == RunCard.item_id)
        .join(Person, Person.id == Report.operator_id)
        .outerjoin(Equipment, Equipment.id == Report.equipment_id)
        .outerjoin(TakenBack, TakenBack.report_id == Report.id)
        .outerjoin(Taker, Taker.id == TakenBack.person_id)
    )


def _made(what: Any) -> ColumnElement[int]:
    """What was reported at an operation and stands."""
    total = select(func.coalesce(func.sum(what), 0)).where(Report.card_operation_id == CardOperation.id, STANDS)
    return cast(total.correlate(CardOperation).scalar_subquery(), BigInteger)


def _given_back(row: Row) -> bool:
    return row["state"] in AT_WORK and row["good"] == row["bad"] == "0"


def _opened_again(row: Row) -> bool:
    return bool(row["state"] == "finished" and row["card_state"] == "running")


def _stands(row: Row) -> bool:
    return row["taken_back_at"] is None


NAME = RunCard.code + literal("+") + cast(CardOperation.seq, String)
MACHINE = Column(
    "machine", Words("设备", "Machine"), Called(Equipment.code, Equipment.name_zh, Equipment.name_en), leads="machine"
)
CARD = Column("card", Words("流转单", "Run card"), Code(RunCard.code), leads="card")
OPERATION = Column("operation", Words("工序", "Operation"), Code(NAME))
ITEM = Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item")
OPERATOR = Column(
    "operator", Words("操作者", "Operator"), Called(Person.badge, Person.name_zh, Person.name_en), leads="person"
)
AT_WORK_FIRST = case({"setup": 0, "running": 0, "waiting": 1}, value=CardOperation.state, else_=2)

OPERATIONS = table(
    "operations",
    Words("工序进度", "Operations"),
    LOOKING,
    source=_operations,
    columns=(
        CARD,
        Column("card_state", Words("流转单状态", "Run card is"), Word(RunCard.state, CARD_STATES)),
        OPERATION,
        Column("step", Words("工序名称", "Step"), Called(Operation.code, Operation.name_zh, Operation.name_en)),
        Column(
            "work_center",
            Words("工作中心", "Work centre"),
            Called(WorkCenter.code, WorkCenter.name_zh, WorkCenter.name_en),
        ),
        ITEM,
        Column("quantity", Words("数量", "Quantity"), Amount(RunCard.quantity, Item.uom)),
        Column("good", Words("良品", "Good"), Amount(_made(Report.good), Item.uom)),
        Column("bad", Words("不良", "Bad"), Amount(_made(Report.bad), Item.uom)),
        Column("state", Words("状态", "State"), Word(CardOperation.state, OPERATION_STATES)),
        OPERATOR,
        MACHINE,
        Column("started_at", Words("开工", "Started"), Moment(CardOperation.started_at)),
        Column("finished_at", Words("完工", "Finished"), Moment(CardOperation.finished_at)),
    ),
    order=(AT_WORK_FIRST, RunCard.id.desc(), CardOperation.seq),
    filters=("card", "card_state", "item", "work_center", "state", "operator", "machine", "started_at"),
    acts=(
        Act("production:give_back", {"operation": "operation"}, _given_back),
        Act("production:reopen", {"operation": "operation"}, _opened_again),
    ),
)
REPORTS = table(
    "reports",
    Words("报工记录", "Reports"),
    LOOKING,
    source=_reports,
    columns=(
        Column("report", Words("编号", "Number"), Number(Report.id)),
        CARD,
        OPERATION,
        ITEM,
        Column("good", Words("良品", "Good"), Amount(Report.good, Item.uom)),
        Column("bad", Words("不良", "Bad"), Amount(Report.bad, Item.uom)),
        Column("reason", Words("不良原因", "Reason"), Told(Report.reason)),
        OPERATOR,
        MACHINE,
        Column("at", Words("时间", "At"), Moment(Report.at)),
        Column("taken_back_at", Words("撤回时间", "Taken back"), Moment(TakenBack.at)),
        Column(
            "taken_back_by",
            Words("撤回人", "Taken back by"),
            Called(Taker.badge, Taker.name_zh, Taker.name_en),
            leads="person",
        ),
        Column("why", Words("撤回原因", "Why"), Told(TakenBack.reason)),
    ),
    order=(Report.id.desc(),),
    filters=("card", "item", "operator", "machine", "at", "taken_back_at"),
    acts=(Act("production:reverse_report", {"report": "report"}, _stands),),
)
