"""Inspections with their measurements, nonconformances and what was decided on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mes.database import Base, BigId, Code, Moment, Numbered, Prose, Quantity, Word, append_only, args
from mes.masters.model import Characteristic, Equipment
from mes.memory import named, perhaps
from mes.people.model import Person
from mes.production.model import CardOperation
from mes.stock.model import Lot
from mes.words import Words

STAGES = {
    "incoming": Words("来料检验", "incoming inspection"),
    "first_article": Words("首检", "first article"),
    "self": Words("自检", "self-inspection"),
    "patrol": Words("巡检", "patrol"),
    "final": Words("成品检验", "final inspection"),
    "completion": Words("完工放行", "completion"),
    "recheck": Words("复检", "re-inspection"),
}
JUDGEMENTS = {"pass": Words("合格", "accepted"), "reject": Words("不合格", "rejected")}
VERDICTS = {"open": Words("待判定", "open"), "passed": Words("合格", "passed"), "rejected": Words("不合格", "rejected")}
REPORT_STATES = {
    "open": Words("待处置", "not decided yet"),
    "disposed": Words("已处置", "decided"),
    "withdrawn": Words("已撤回", "taken back"),
}
DISPOSITIONS = {
    "rework": Words("返工", "rework"),
    "repair": Words("返修", "repair"),
    "concession": Words("让步接收", "concession"),
    "return": Words("退货", "return"),
    "scrap": Words("报废", "scrap"),
}


class Inspection(Numbered, Base):
    """One inspection of one stage (P9, P10): open until somebody signs a verdict."""

    __tablename__ = "inspection"
    stage: Mapped[Word] = mapped_column(comment="incoming, first_article, self, patrol, final, recheck")
    card_operation_id: Mapped[int | None] = mapped_column(ForeignKey("card_operation.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    quantity: Mapped[Quantity] = mapped_column(comment="pieces inspected")
    after_report: Mapped[int | None] = mapped_column(
        BigId, comment="of a first article: its pieces are the reports after this one"
    )
    state: Mapped[Word] = mapped_column(default="open", comment="open, passed, rejected")
    opened_at: Mapped[Moment]
    signed_at: Mapped[Moment | None]
    inspector_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), comment="of the verdict")
    remark: Mapped[Prose | None]
    __table_args__ = args(
        CheckConstraint("state IN ('open', 'passed', 'rejected')", name="an_inspection_is_in_a_known_state"),
        CheckConstraint("(state = 'open') = (signed_at IS NULL)", name="a_verdict_is_signed"),
        UniqueConstraint("card_operation_id", "stage", "attempt", name="attempts_are_numbered"),
        Index("inspection_by_state", "state", "stage"),
    )

    card_operation: Mapped[CardOperation | None] = relationship()
    lot: Mapped[Lot] = relationship()
    inspector = perhaps(Person, "inspector_id")
    measurements: Mapped[list[Measurement]] = relationship(back_populates="inspection", order_by="Measurement.id")


@append_only
class Measurement(Numbered, Base):
    """One recorded value or yes/no of one characteristic on one piece, as judged at the time."""

    __tablename__ = "measurement"
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    characteristic_id: Mapped[int] = mapped_column(ForeignKey("characteristic.id"))
    piece: Mapped[int]
    value: Mapped[Decimal | None] = mapped_column(Numeric(18, 6), comment="empty for an attribute")
    conforms: Mapped[bool]
    gauge_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))

    inspection: Mapped[Inspection] = relationship(back_populates="measurements")
    characteristic = named(Characteristic, "characteristic_id")
    gauge = perhaps(Equipment, "gauge_id")


class Nonconformance(Numbered, Base):
    """P14: goods found nonconforming, waiting for or given a disposition."""

    __tablename__ = "nonconformance"
    called: ClassVar[Words] = Words("不合格品", "nonconformance")
    code: Mapped[Code] = mapped_column(unique=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("holder.id"))
    quantity: Mapped[Quantity]
    reason: Mapped[Prose]
    found_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    found_at: Mapped[Moment]
    state: Mapped[Word] = mapped_column(default="open", comment="open, disposed, withdrawn")
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))

    lot: Mapped[Lot] = relationship(lazy="joined")
    dispositions: Mapped[list[Disposition]] = relationship(back_populates="nonconformance")


@append_only
class Consent(Numbered, Base):
    """P16: a customer's consent to one disposition of goods that are his: who gave it, when, by what letter."""

    __tablename__ = "consent"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    nonconformance_id: Mapped[int] = mapped_column(ForeignKey("nonconformance.id"), index=True)
    kind: Mapped[Word] = mapped_column(comment="the disposition that is consented to")
    given_by: Mapped[Prose] = mapped_column(comment="who gave it, at the customer's")
    given_on: Mapped[date]
    letter: Mapped[Prose] = mapped_column(comment="letter, mail or form that says so")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="who recorded it")
    at: Mapped[Moment]
    __table_args__ = args(
        CheckConstraint(
            "kind IN ('return', 'concession', 'rework', 'repair', 'scrap')", name="a_consent_is_to_a_known_kind"
        )
    )

    person = named(Person, "person_id")


@append_only
class Disposition(Numbered, Base):
    """P14: return, concession, rework, repair, scrap; by whom, under which event."""

    __tablename__ = "disposition"
    nonconformance_id: Mapped[int] = mapped_column(ForeignKey("nonconformance.id"), index=True)
    kind: Mapped[Word]
    quantity: Mapped[Quantity]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    at: Mapped[Moment]
    reason: Mapped[Prose]
    __table_args__ = args(
        CheckConstraint(
            "kind IN ('return', 'concession', 'rework', 'repair', 'scrap')", name="a_disposition_is_of_a_known_kind"
        )
    )

    nonconformance: Mapped[Nonconformance] = relationship(back_populates="dispositions")
    person = named(Person, "person_id")
