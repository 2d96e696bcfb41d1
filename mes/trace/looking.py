"""How details of many lots are read: one query per kind of detail, in portions, written as plain texts.

Owns the way from rows to texts (quantities in the stock unit, moments in the plant's zone). Knows no kind of detail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from mes.masters.model import Plant
from mes.masters.units import from_smallest
from mes.memory import masters
from mes.trace.answers import Named

PORTION = 5_000
"""Lots asked for by one statement: well below what both engines take as parameters."""


@dataclass(frozen=True)
class Look:
    """A look at some lots through a session, in the plant's zone."""

    session: Session
    lots: Sequence[int]
    zone: ZoneInfo

    @classmethod
    def at(cls, session: Session, lots: Sequence[int]) -> Look:
        """A look at these lots."""
        return cls(session, lots, zone_of(session))

    def rows(self, question: Any) -> Iterator[Any]:
        """The rows of a question (`about`) about these lots."""
        for start in range(0, len(self.lots), PORTION):
            yield from self.session.execute(question, {"lots": self.lots[start : start + PORTION]})

    def moment(self, at: datetime) -> str:
        """A moment as text in the plant's zone."""
        return moment_text(at, self.zone)

    def moment_or_none(self, at: datetime | None) -> str | None:
        """The same, where there may be none yet."""
        return self.moment(at) if at else None


def about(query: Any, lot: Any) -> Any:
    """A question about lots; `lot` is the column that names them. Kept: building one takes longer than asking."""
    return query.where(lot.in_(bindparam("lots", expanding=True)))


def zone_of(session: Session) -> ZoneInfo:
    """The plant's time zone."""
    return ZoneInfo(masters(session).all(Plant)[0].zone)


def moment_text(at: datetime, zone: ZoneInfo) -> str:
    """A moment as ISO 8601 in a zone, to the second."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def amount_text(quantity: int, uom: str) -> str:
    """A quantity (smallest unit) as a number in the stock unit."""
    return f"{from_smallest(quantity, uom):f}"


def number_text(value: Decimal | None) -> str | None:
    """A measured value or limit without trailing zeros."""
    if value is None:
        return None
    return f"{value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize():f}"


def day_or_none(day: date | None) -> str | None:
    """A calendar day as ISO 8601."""
    return day.isoformat() if day else None


def named(code: str | None, zh: str | None, en: str | None) -> Named | None:
    """Something with a name, or nothing where an outer join found none."""
    return Named(code, zh or "", en or "") if code is not None else None
