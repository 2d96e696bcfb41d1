"""Lots, the boxes and containers they lie in, and the double-entry ledger.

A `Holder` is whatever can hold a quantity: a handling unit, a run card at an operation, or the world outside. Balance
is the only stored quantity and always the sum of its movements (law 4).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mes.database import Base, BigId, Code, Moment, Numbered, Prose, Quantity, Word, append_only, args
from mes.masters.model import Customer, Item, Location, Supplier
from mes.memory import named, perhaps, remembered
from mes.words import Words


class Lot(Numbered, Base):
    """An identified quantity of one item, received or made together."""

    __tablename__ = "lot"
    called: ClassVar[Words] = Words("批次", "lot")
    code: Mapped[Code] = mapped_column(unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    origin: Mapped[Word] = mapped_column(comment="opening, received, made")
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    supplier_lot: Mapped[Code | None] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    received_on: Mapped[date]
    produced_on: Mapped[date]
    expires_on: Mapped[date | None] = mapped_column(comment="last usable day")
    recheck_on: Mapped[date] = mapped_column(comment="from this day on it is re-inspected before use (P18)")
    held_by: Mapped[Code | None] = mapped_column(comment="badge of who put it on hold; somebody else releases it (F8)")
    hold_reason: Mapped[Prose | None] = mapped_column(comment="empty unless on hold")
    uom: Mapped[Word] = mapped_column(server_default="", comment="the stock unit that its quantities began in")

    item = named(Item, "item_id")
    supplier = perhaps(Supplier, "supplier_id")
    owner = perhaps(Customer, "owner_id")

    @property
    def goes_first(self) -> date:
        """The date that orders the FIFO queue: expiry for FEFO items, else receipt (F4)."""
        return self.expires_on if self.item.issue_rule == "FEFO" and self.expires_on else self.received_on


class Holder(Numbered, Base):
    """Whatever can hold a quantity."""

    __tablename__ = "holder"
    kind: Mapped[Word] = mapped_column(comment="unit, operation, outside")
    __table_args__ = args(
        CheckConstraint("kind IN ('unit', 'operation', 'outside')", name="a_holder_is_of_a_known_kind")
    )


class Container(Numbered, Base):
    """A carton or pallet: a carton holds handling units, a pallet cartons; neither has a quantity of its own."""

    __tablename__ = "container"
    called: ClassVar[Words] = Words("外箱", "carton")
    serial: Mapped[Code] = mapped_column(unique=True)
    sscc: Mapped[str | None] = mapped_column(String(18), unique=True, comment="only with a GS1 company prefix")
    kind: Mapped[Word] = mapped_column(comment="carton, pallet")
    sealed_at: Mapped[Moment | None] = mapped_column(comment="empty while a pallet is open: it has no label then")
    pallet_id: Mapped[int | None] = mapped_column(ForeignKey("container.id"), index=True, comment="lies on this one")
    __table_args__ = args(
        CheckConstraint("kind IN ('carton', 'pallet')", name="a_container_is_of_a_known_kind"),
        CheckConstraint("pallet_id IS NULL OR kind = 'carton'", name="only_a_carton_lies_on_a_pallet"),
    )

    pallet: Mapped[Container | None] = relationship(remote_side="Container.id")


class HandlingUnit(Base):
    """A box, tray or bag: one lot, one place, one status, a quantity (all three in its balance)."""

    __tablename__ = "handling_unit"
    called: ClassVar[Words] = Words("料箱", "box")
    id: Mapped[int] = mapped_column(BigId, ForeignKey("holder.id"), primary_key=True, autoincrement=False)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    container_id: Mapped[int | None] = mapped_column(ForeignKey("container.id"), index=True)
    opened_at: Mapped[Moment | None]
    lock_reason: Mapped[Prose | None] = mapped_column(comment="missing, reserved…; empty when free")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id"), index=True, comment="picked for")

    lot: Mapped[Lot] = relationship(lazy="joined")
    container: Mapped[Container | None] = relationship()


class Balance(Base):
    """Quantity of a holder at a place in a status: the sum of its movements."""

    __tablename__ = "balance"
    holder_id: Mapped[int] = mapped_column(ForeignKey("holder.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    status: Mapped[Word] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    goes_first: Mapped[date] = mapped_column(comment="the lot's FIFO date, here for the queue's index")
    quantity: Mapped[Quantity] = mapped_column(comment="in the smallest unit of the item's dimension")
    outside: Mapped[bool] = mapped_column(comment="supplier, customer, production…: may go below zero")
    __table_args__ = (
        CheckConstraint("outside OR quantity >= 0", name="stock_is_never_negative"),
        Index(
            "balance_by_queue",
            "item_id",
            "goes_first",
            "holder_id",
            sqlite_where=text("status = 'accepted' AND quantity > 0 AND NOT outside"),
            postgresql_where=text("status = 'accepted' AND quantity > 0 AND NOT outside"),
        ),
        Index("balance_by_place", "location_id", "status"),
        Index("balance_by_lot", "lot_id"),
    )

    location = named(Location, "location_id")
    lot: Mapped[Lot] = relationship()


@append_only
class Movement(Numbered, Base):
    """One entry of the stock ledger, with two ends; a mistake is undone by one that names what it reverses."""

    __tablename__ = "movement"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    quantity: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    from_holder_id: Mapped[int] = mapped_column(ForeignKey("holder.id"), index=True)
    from_location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    from_status: Mapped[Word]
    to_holder_id: Mapped[int] = mapped_column(ForeignKey("holder.id"), index=True)
    to_location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    to_status: Mapped[Word]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id"), index=True, comment="shipped for")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"), unique=True)
    __table_args__ = args(CheckConstraint("quantity > 0", name="a_movement_moves_something"))


class MissingReport(Numbered, Base):
    """F4: somebody stood before the place and the box was not there; open until another person has counted."""

    __tablename__ = "missing_report"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("handling_unit.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[Quantity] = mapped_column(comment="that the books had in the box")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="who did not find it")
    at: Mapped[Moment]
    reported_on: Mapped[date] = mapped_column(comment="calendar day; until it ends younger lots may go instead")
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[Moment | None]
    counted_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), comment="where it was counted")
    counted: Mapped[Quantity | None]
    __table_args__ = args(
        CheckConstraint("counted_by IS NULL OR counted_by <> person_id", name="another_person_counts"),
        CheckConstraint("(counted_by IS NULL) = (counted_at IS NULL)", name="a_count_says_who_and_when"),
        Index(
            "a_box_is_missing_once",
            "unit_id",
            unique=True,
            sqlite_where=text("counted_at IS NULL"),
            postgresql_where=text("counted_at IS NULL"),
        ),
    )


@remembered
class OutsidePlace(Base):
    """The one holder of each place outside the plant."""

    __tablename__ = "outside_place"
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("holder.id"), unique=True)


class SerialNumber(Base):
    """The running numbers of labels, containers, run cards…: one row per series."""

    __tablename__ = "serial_number"
    series: Mapped[Code] = mapped_column(primary_key=True)
    last: Mapped[int]
