"""Labels in use, the jobs that print them, and the layouts that the plant has changed (law 9, F5)."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mes.database import Base, Code, Digest, Moment, Name, Numbered, Prose, Word, args
from mes.masters.model import Printer, Station
from mes.memory import perhaps
from mes.words import Words


class Label(Numbered, Base):
    """F5: one printed piece with its own serial, marking one thing until voided."""

    __tablename__ = "label"
    called: ClassVar[Words] = Words("标签", "label")
    serial: Mapped[Code] = mapped_column(unique=True)
    layout: Mapped[Code]
    stock: Mapped[Word] = mapped_column(comment="the colour of paper it needs: white, blue, yellow, red")
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("holder.id"), index=True)
    container_id: Mapped[int | None] = mapped_column(ForeignKey("container.id"), index=True)
    status: Mapped[Word | None] = mapped_column(comment="the status it tells")
    facts: Mapped[Prose] = mapped_column(comment="what stands on it, as canonical JSON")
    issued_by: Mapped[int] = mapped_column(ForeignKey("event.id"), comment="event")
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("event.id"), comment="event")
    voided_at: Mapped[Moment | None]
    card: Mapped[Code | None] = mapped_column(index=True, comment="a pre-printed colour card that stands for it")
    must_verify: Mapped[bool] = mapped_column(default=False, comment="counts only after it was scanned back")
    verified_at: Mapped[Moment | None]
    __table_args__ = args(
        CheckConstraint("(holder_id IS NULL) <> (container_id IS NULL)", name="a_label_marks_one_thing"),
        Index(
            "a_card_stands_for_one_label",
            "card",
            unique=True,
            sqlite_where=text("voided_by IS NULL"),
            postgresql_where=text("voided_by IS NULL"),
        ),
    )


class PrintJob(Numbered, Base):
    """The outbox: what is to be printed, where, on which stock; rendered and proved later by the server."""

    __tablename__ = "print_job"
    label_id: Mapped[int | None] = mapped_column(ForeignKey("label.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(
        ForeignKey("station.id"), comment="empty: printed when somebody at the goods' place asks (F5)"
    )
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    layout: Mapped[Code]
    stock: Mapped[Word]
    title: Mapped[Name]
    facts: Mapped[Prose]
    state: Mapped[Word] = mapped_column(default="queued", comment="queued, leased, done, failed, unknown, cancelled")
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    leased_until: Mapped[Moment | None]
    leased_by: Mapped[Code | None] = mapped_column(comment="the print journal that holds the lease")
    lease: Mapped[int] = mapped_column(default=0, comment="number of its newest lease; a result speaks of one of them")
    sha256: Mapped[Digest | None] = mapped_column(ForeignKey("blob.sha256"))
    rendered_for: Mapped[Code | None] = mapped_column(comment="language, resolution, size and own layout of its bytes")
    copy: Mapped[bool] = mapped_column(default=False, comment="a possible duplicate, marked COPY")
    spoiled: Mapped[bool] = mapped_column(default=False, comment="its printed piece was spoiled and replaced")
    reason: Mapped[Prose | None]
    finished_at: Mapped[Moment | None]
    __table_args__ = args(
        CheckConstraint(
            "state IN ('queued', 'leased', 'done', 'failed', 'unknown', 'cancelled')",
            name="a_print_job_is_in_a_known_state",
        ),
        Index("print_job_by_station", "station_id", "state"),
    )

    station = perhaps(Station, "station_id")
    printer = perhaps(Printer, "printer_id")
    label: Mapped[Label | None] = relationship()


class LabelLayout(Numbered, Base):
    """A label layout that the plant has changed: one revision of its file's text, checked before it was saved."""

    __tablename__ = "label_layout"
    name: Mapped[Code]
    revision: Mapped[int]
    content: Mapped[Prose] = mapped_column(comment="TOML, as in labels/layouts")
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    __table_args__ = args(UniqueConstraint("name", "revision", name="a_layout_revision_is_used_once"))
