"""Genealogy: what went into what. `Consumption` is the truth, `Edge` its projection in the same transaction."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from mes.database import Base, BigId, Moment, Numbered, Quantity, append_only, args


@append_only
class Consumption(Numbered, Base):
    """Quantity of a component lot that went into a run card at an operation; negative when it reverses."""

    __tablename__ = "consumption"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    card_operation_id: Mapped[int] = mapped_column(ForeignKey("card_operation.id"), index=True)
    parent_lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    child_lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("handling_unit.id"))
    quantity: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    at: Mapped[Moment]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("consumption.id"), unique=True)
    __table_args__ = args(
        CheckConstraint(
            "(quantity > 0) = (reverses_id IS NULL) AND quantity <> 0", name="only_a_reversal_takes_consumption_back"
        ),
        Index("consumption_by_edge", "parent_lot_id", "child_lot_id"),
    )


class Edge(Base):
    """Net quantity of a child lot in a parent lot; indexed both ways."""

    __tablename__ = "edge"
    parent_id: Mapped[int] = mapped_column(BigId, ForeignKey("lot.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(BigId, ForeignKey("lot.id"), primary_key=True)
    quantity: Mapped[Quantity]
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="an_edge_is_never_negative"),
        CheckConstraint("parent_id <> child_id", name="no_lot_goes_into_itself"),
        Index("edge_by_child", "child_id", "parent_id"),
        {"sqlite_with_rowid": False},
    )
