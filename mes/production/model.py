"""Run cards on their way through the routing, what was reported on them, and what is loaded at the line."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, exists, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mes.database import Base, BigId, Code, Moment, Numbered, Prose, Quantity, Word, append_only, args
from mes.masters.model import Equipment, Item, Operation, ProcessRevision
from mes.memory import named, perhaps
from mes.people.model import Person
from mes.planning.model import PlanLine
from mes.stock.model import HandlingUnit, Lot
from mes.words import Words

CARD_STATES = {
    "released": Words("已下达", "released"),
    "running": Words("生产中", "running"),
    "held": Words("已挂起", "on hold"),
    "complete": Words("已完工", "complete"),
    "closed": Words("已关闭", "closed"),
    "cancelled": Words("已取消", "cancelled"),
}

CHANGES = {
    "person": Words("换人", "another person works"),
    "shift": Words("换班", "another shift has begun"),
    "equipment": Words("换设备或工装", "another machine or tool is used"),
    "stop": Words("停机过久", "the stop was too long"),
    "lot": Words("换料批", "another lot of a component is used"),
}
"""After what a first article is asked for again (F1)."""


class RunCard(Numbered, Base):
    """QR-7502: the document of one batch through its routing (P11)."""

    __tablename__ = "run_card"
    called: ClassVar[Words] = Words("流转单", "run card")
    code: Mapped[Code] = mapped_column(unique=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("process_revision.id"), comment="as released (law 10)")
    plan_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("plan_line.id"), index=True, comment="what it is made for: its own line, or that of what needs it"
    )
    outside_plan: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="no plan needed it; the plan's approver let it pass"
    )
    quantity: Mapped[Quantity]
    state: Mapped[Word] = mapped_column(
        default="released", comment="released, running, held, complete, closed, cancelled"
    )
    hold_reason: Mapped[Prose | None] = mapped_column(comment="empty unless held")
    missing: Mapped[Quantity] = mapped_column(
        default=0, server_default="0", comment="what was never made when it was closed short; the plan has it back"
    )
    released_for: Mapped[date] = mapped_column(comment="production day")
    __table_args__ = args(CheckConstraint("quantity > 0", name="a_run_card_asks_for_something"))

    lot: Mapped[Lot] = relationship(lazy="joined")
    item = named(Item, "item_id")
    revision = named(ProcessRevision, "revision_id")
    plan_line: Mapped[PlanLine | None] = relationship()
    operations: Mapped[list[CardOperation]] = relationship(back_populates="card", order_by="CardOperation.seq")


class CardOperation(Base):
    """One operation of one run card: the holder of its work in process."""

    __tablename__ = "card_operation"
    called: ClassVar[Words] = Words("工序", "operation")
    id: Mapped[int] = mapped_column(BigId, ForeignKey("holder.id"), primary_key=True, autoincrement=False)
    card_id: Mapped[int] = mapped_column(ForeignKey("run_card.id"))
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    seq: Mapped[int]
    state: Mapped[Word] = mapped_column(default="waiting", comment="waiting, setup, running, finished")
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    equipment_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("card_id", "seq", name="an_operation_stands_once_on_a_card"),
        CheckConstraint(
            "state IN ('waiting', 'setup', 'running', 'finished')", name="an_operation_is_in_a_known_state"
        ),
    )

    card: Mapped[RunCard] = relationship(back_populates="operations", lazy="joined")
    operation = named(Operation, "operation_id")
    operator = perhaps(Person, "operator_id")
    equipment = perhaps(Equipment, "equipment_id")


@append_only
class Report(Numbered, Base):
    """What an operator reported: good and bad pieces of one operation, by whom, on which machine."""

    __tablename__ = "report"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    card_operation_id: Mapped[int] = mapped_column(ForeignKey("card_operation.id"), index=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    equipment_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))
    good: Mapped[Quantity]
    bad: Mapped[Quantity]
    reason: Mapped[Code | None]
    at: Mapped[Moment]
    __table_args__ = args(
        CheckConstraint("good >= 0 AND bad >= 0 AND good + bad > 0", name="a_report_counts_something")
    )

    operator = named(Person, "operator_id")
    equipment = perhaps(Equipment, "equipment_id")


@append_only
class TakenBack(Numbered, Base):
    """That a report was wrong, who says so and why; what reverses its bookings stands under the same event."""

    __tablename__ = "taken_back"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[Prose | None]
    at: Mapped[Moment]


STANDS: ColumnElement[bool] = ~exists().where(TakenBack.report_id == Report.id)
"""Of a report: nobody has taken it back."""


class Loaded(Numbered, Base):
    """F2: a box opened at a line; it stays loaded across cards until changed or empty."""

    __tablename__ = "loaded"
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("handling_unit.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    loaded_at: Mapped[Moment]
    unloaded_at: Mapped[Moment | None]
    __table_args__ = args(Index("loaded_by_place", "location_id", "item_id"))

    unit: Mapped[HandlingUnit] = relationship(lazy="joined")
