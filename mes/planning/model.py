"""Orders and the rolling monthly plan with its revisions (P4, P5)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mes.database import Base, Code, Digest, Moment, Numbered, Prose, Quantity, Word, args
from mes.masters.model import Customer, Item
from mes.memory import named, perhaps
from mes.people.model import Person
from mes.words import Words

PLAN_STATES = {
    "draft": Words("草稿", "draft"),
    "approved": Words("已批准", "approved"),
    "replaced": Words("已被替代", "replaced"),
}


class SalesOrder(Numbered, Base):
    """A customer's order for one item (P24)."""

    __tablename__ = "sales_order"
    called: ClassVar[Words] = Words("订单", "order")
    order_no: Mapped[Code] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[Quantity]
    due_on: Mapped[date]
    __table_args__ = args(CheckConstraint("quantity > 0", name="an_order_asks_for_something"))

    customer = named(Customer, "customer_id")
    item = named(Item, "item_id")


class PlanRevision(Numbered, Base):
    """QR-7501: one numbered revision of a month's production plan."""

    __tablename__ = "plan_revision"
    month: Mapped[Word]
    revision: Mapped[int]
    state: Mapped[Word] = mapped_column(comment="draft, approved, replaced")
    digest: Mapped[Digest]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[Moment | None]
    reason: Mapped[Prose | None]
    __table_args__ = args(
        UniqueConstraint("month", "revision", name="a_plan_revision_number_is_used_once_per_month"),
        CheckConstraint(
            "author_id IS NULL OR approver_id IS NULL OR author_id <> approver_id",
            name="nobody_approves_a_plan_of_his_own",
        ),
    )

    author = perhaps(Person, "author_id")
    approver = perhaps(Person, "approver_id")
    lines: Mapped[list[PlanLine]] = relationship(back_populates="revision", order_by="PlanLine.id")


class PlanLine(Numbered, Base):
    """What to produce until when, perhaps for an order."""

    __tablename__ = "plan_line"
    revision_id: Mapped[int] = mapped_column(ForeignKey("plan_revision.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[Quantity]
    due_on: Mapped[date]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id"))
    __table_args__ = args(
        CheckConstraint("quantity > 0", name="a_plan_line_asks_for_something"),
        UniqueConstraint("revision_id", "item_id", "due_on", "order_id", name="a_plan_line_stands_once"),
    )

    revision: Mapped[PlanRevision] = relationship(back_populates="lines")
    item = named(Item, "item_id")
    order: Mapped[SalesOrder | None] = relationship(lazy="joined")
