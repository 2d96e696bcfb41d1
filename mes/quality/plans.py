"""Inspection plans as people read them: the characteristics of a stage, their limits, the gauges that may measure them.

Only looks; judging a value is `limits`, judging a gauge `gauges`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from mes.masters.model import Characteristic, Equipment
from mes.memory import masters
from mes.production.model import CardOperation
from mes.quality import gauges
from mes.quality.limits import Limits, limits_of, plain


@dataclass(frozen=True)
class Gauge:
    """A gauge that may be used for a characteristic, and whether it is calibrated that day."""

    code: str
    name_zh: str
    name_en: str
    calibrated: bool
    until: date


@dataclass(frozen=True)
class Asked:
    """One characteristic of an inspection. `exclusive`: a value on the limit fails; no `gauges`: any of that type."""

    number: int
    name_zh: str
    name_en: str
    kind: str
    nominal: str
    lower: str
    upper: str
    unit: str
    exclusive: bool
    gauge: str
    gauges: tuple[Gauge, ...]

    @property
    def limits(self) -> str:
        """The limits in one text."""
        lower, upper = (Decimal(one) if one else None for one in (self.lower, self.upper))
        return Limits(lower, upper, self.exclusive).text(self.unit)


def plan_of(session: Session, operation: CardOperation, stage: str, today: date) -> tuple[Asked, ...]:
    """The characteristics of a stage at an operation, by the card's revision, with limits and gauges."""
    planned = {"revision_id": operation.card.revision_id, "seq": operation.seq, "stage": stage}
    rows = sorted(masters(session).where(Characteristic, **planned), key=lambda one: one.number)
    known = gauges.rows_of(session, rows)
    return tuple(_asked(one, tuple(known[code] for code in gauges.listed(one) if code in known), today) for one in rows)


def _asked(one: Characteristic, usable: tuple[Equipment, ...], today: date) -> Asked:
    return Asked(
        number=one.number,
        name_zh=one.name_zh,
        name_en=one.name_en,
        kind=one.kind,
        nominal=plain(one.nominal),
        lower=plain(one.lower),
        upper=plain(one.upper),
        unit=one.unit or "",
        exclusive=limits_of(one).exclusive,
        gauge=one.gauge or "",
        gauges=tuple(
            Gauge(each.code, each.name_zh, each.name_en, each.qualified_until >= today, each.qualified_until)
            for each in usable
        ),
    )
