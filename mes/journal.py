"""The journal: every change of the plant's state, accepted and refused, in one append-only table (laws 1 to 3).

Owns events, what they caused (a digest), signatures and the scans they came from. Decides nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from mes.database import Base, BigId, Code, Digest, Moment, Numbered, Prose, Word, append_only, args, table_of
from mes.refusals import Refusal
from mes.words import Words

SCHEMA_VERSION = 1
OVERRIDDEN = text("overrides <> '[]'")
RESULTS = {"accepted": Words("✓ 接受", "✓ accepted"), "refused": Words("✗ 拒绝", "✗ refused")}


@append_only
class Event(Numbered, Base):
    """One accepted or refused command: who, where, when, with which arguments, which rule spoke."""

    __tablename__ = "event"
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[Code] = mapped_column(comment="the command, such as stock:issue")
    schema_version: Mapped[int]
    arguments: Mapped[Prose] = mapped_column(comment="canonical JSON text")
    result: Mapped[Word]
    # Of an accepted event what was warned of (P8).
    reasons: Mapped[Prose] = mapped_column(comment="canonical JSON list of refusals, empty when accepted")
    overrides: Mapped[Prose] = mapped_column(comment="canonical JSON list of refusals that a person overrode")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    scan_id: Mapped[str | None] = mapped_column(String(36))
    occurred_at: Mapped[Moment] = mapped_column(comment="when it happened on the floor")
    recorded_at: Mapped[Moment] = mapped_column(comment="when the door wrote it")
    __table_args__ = args(
        CheckConstraint("result IN ('accepted', 'refused')", name="an_event_is_accepted_or_refused"),
        Index("event_by_kind", "kind", "recorded_at"),
        Index("event_by_scan", "scan_id"),
        Index("event_overridden", "id", sqlite_where=OVERRIDDEN, postgresql_where=OVERRIDDEN),
    )


WRITE_EVENT = insert(table_of(Event)).returning(table_of(Event).c.id)


class Entry:
    """An open entry of the journal: written when its number is first asked for, so that a refusal finds none."""

    def __init__(self, session: Session, values: dict[str, Any]) -> None:
        self._session, self._values = session, values
        self._id: int | None = None

    @property
    def kind(self) -> str:
        """The command."""
        return str(self._values["kind"])

    def note(self, reasons: Sequence[Refusal]) -> None:
        """Keep what was warned of; only before it is written."""
        if reasons and self._id is not None:
            raise RuntimeError("a warning comes too late: the event is written")
        self._values["reasons"] = as_stored(reasons)

    @property
    def occurred_at(self) -> datetime:
        """The moment of record."""
        at: datetime = self._values["occurred_at"]
        return at

    @property
    def id(self) -> int:
        """Its number in the journal."""
        if self._id is None:
            self._id = int(self._session.connection().execute(WRITE_EVENT, self._values).scalar_one())
        return self._id


@append_only
class Effect(Base):
    """The digest over everything an accepted event caused: movements, consumption, signatures."""

    __tablename__ = "effect"
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("event.id"), primary_key=True, autoincrement=False)
    digest: Mapped[Digest]


@append_only
class Signature(Numbered, Base):
    """F8: badge and PIN, and what was meant by it."""

    __tablename__ = "signature"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    meaning: Mapped[Code]
    at: Mapped[Moment]


@append_only
class Scan(Base):
    """Law 2: a scan, the hash of its content, and its first and only outcome."""

    __tablename__ = "scan"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    content_hash: Mapped[Digest]
    code: Mapped[Prose]
    scanned_at: Mapped[Moment]
    received_at: Mapped[Moment]
    result: Mapped[Word]
    reply: Mapped[Prose] = mapped_column(comment="the reply as JSON, given again to the same scan")
    __table_args__ = (Index("scan_by_station", "station_id", "received_at"),)


class Answered(Base):
    """What a program asked for under a key of its own, and the first answer to it (law 2). Operational: kept a week."""

    __tablename__ = "answered"
    caller: Mapped[Code] = mapped_column(primary_key=True, comment="a station or a person, as station:X or person:X")
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    content_hash: Mapped[Digest] = mapped_column(comment="over the command and all it was given, PINs left out")
    answer: Mapped[Prose] = mapped_column(comment="as JSON, given again to the same question")
    at: Mapped[Moment] = mapped_column(index=True)


class Blob(Base):
    """A file, addressed by its content."""

    __tablename__ = "blob"
    sha256: Mapped[Digest] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[Code]


class Seal(Numbered, Base):
    """Law 3: a hash over listed events, chained to the seal before."""

    __tablename__ = "seal"
    number: Mapped[int]
    sealed_at: Mapped[Moment]
    root: Mapped[Digest] = mapped_column(comment="Merkle root over the sealed events")
    previous: Mapped[Digest] = mapped_column(comment="chain value of the seal before, or 64 zeros")
    chain: Mapped[Digest] = mapped_column(comment="sha256 over previous, number and root")
    __table_args__ = args(UniqueConstraint("number", name="seals_are_numbered"))


class SealedEvent(Base):
    """Which events a seal covers: listed, because ids commit out of order."""

    __tablename__ = "sealed_event"
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("event.id"), primary_key=True, autoincrement=False)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), index=True)


CAUSED = ("movement", "consumption", "signature")
"""The append-only tables whose rows an event causes and answers for."""


def effect_digests(session: Session, first: int, last: int) -> dict[int, str]:
    """The digests over what the events from `first` to `last` caused, read from the database.

    An event that caused nothing is left out: its digest is `NOTHING_CAUSED`.
    """
    caused: dict[int, list[Any]] = {}
    for name in CAUSED:
        table = Base.metadata.tables[name]
        rows = session.execute(
            select(table).where(table.c.event_id.between(first, last)).order_by(table.c.event_id, table.c.id)
        )
        for row in rows:
            caused.setdefault(row.event_id, []).append([name, dict(row._mapping)])
    return {event_id: digest_of(rows) for event_id, rows in caused.items()}


def digest_of_rows(caused: Mapping[str, Sequence[Any]]) -> str:
    """The same digest of one event, over rows as the database gave them back when they were written."""
    rows = [
        [name, dict(row._mapping)] for name in CAUSED for row in sorted(caused.get(name, ()), key=lambda row: row.id)
    ]
    return digest_of(rows)


ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def canonical(value: Any) -> str:
    """JSON text that is the same for the same value everywhere: sorted keys, no blanks, no ASCII escapes.

    Half a character, which no engine keeps, is escaped: what was refused for it is recorded too (law 1).
    """
    return ENCODER.encode(value).encode("utf-8", "backslashreplace").decode()


def as_stored(reasons: Sequence[Refusal]) -> str:
    """Refusals, or what was warned of, as an event keeps them."""
    return canonical([{"code": reason.code, "facts": reason.facts} for reason in reasons])


def digest_of(value: Any) -> str:
    """sha256 over the canonical JSON of a value, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


NOTHING_CAUSED = digest_of([])
