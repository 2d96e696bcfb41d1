"""What stands on a certificate of conformity (合格证, P20): what final inspection found of a lot, as plain values.

Read-only. There is a certificate only of what a signed final inspection has passed; it names the revision and the
limits that the inspection was made with (law 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.masters.model import Characteristic, Plant
from mes.masters.units import shown
from mes.memory import masters
from mes.production.model import RunCard
from mes.quality.limits import limits_of, plain
from mes.quality.model import Inspection, Measurement
from mes.stock.model import Lot, Movement
from mes.stock.status import Status


def certificate(session: Session, lot: Lot) -> dict[str, Any] | None:
    """Item, lot, accepted quantity, verdict, inspector, date, characteristics; None if nothing has passed."""
    passed = session.scalars(
        select(Inspection)
        .where(Inspection.lot_id == lot.id, Inspection.stage == "final", Inspection.state == "passed")
        .order_by(Inspection.signed_at)
    ).all()
    if not passed:
        return None
    last, plant = passed[-1], masters(session).all(Plant)[0]
    person, signed = last.inspector, last.signed_at
    return {
        "item": lot.item.code,
        "lot": lot.code,
        "name_zh": lot.item.name_zh,
        "name_en": lot.item.name_en,
        "quantity": shown(_accepted(session, passed), lot.item.uom),
        "verdict": "合格 passed",
        "inspector": f"{person.badge} {person.name_zh}" if person else "",
        "inspected_on": f"{signed.astimezone(ZoneInfo(plant.zone)):%Y-%m-%d}" if signed else "",
        "revision": _revision(session, last),
        "plant": f"{plant.name_zh} {plant.name_en}",
        "characteristics": _characteristics(session, passed),
    }


def _accepted(session: Session, passed: Sequence[Inspection]) -> int:
    """The pieces that these verdicts released: what their events moved to accepted."""
    events = [inspection.event_id for inspection in passed if inspection.event_id is not None]
    query = select(Movement.quantity).where(
        Movement.event_id.in_(events), Movement.to_status == Status.ACCEPTED, Movement.from_status != Status.ACCEPTED
    )
    return sum(session.scalars(query))


def _revision(session: Session, inspection: Inspection) -> str:
    operation = inspection.card_operation
    card = session.get(RunCard, operation.card_id) if operation else None
    return str(card.revision.revision) if card else ""


def _characteristics(session: Session, passed: Sequence[Inspection]) -> list[dict[str, str]]:
    """One row per characteristic: its limits, the least and greatest value found, how many pieces were looked at."""
    found = session.scalars(
        select(Measurement)
        .join(Characteristic, Characteristic.id == Measurement.characteristic_id)
        .where(Measurement.inspection_id.in_([inspection.id for inspection in passed]))
        .order_by(Characteristic.number, Measurement.id)
    ).unique()
    return [_row(one, list(group)) for one, group in groupby(found, key=lambda measured: measured.characteristic)]


def _row(characteristic: Characteristic, measured: list[Measurement]) -> dict[str, str]:
    values = [one.value for one in measured if one.value is not None]
    unit = characteristic.unit or ""
    conforming = sum(one.conforms for one in measured)
    span = f"{_span(min(values), max(values))} {unit}".strip() if values else f"{conforming} / {len(measured)}"
    return {
        "name": f"{characteristic.name_zh} {characteristic.name_en}",
        "specification": limits_of(characteristic).text(unit),
        "measured": span,
        "pieces": str(len(measured)),
        "verdict": "合格" if conforming == len(measured) else f"{conforming} 合格",
    }


def _span(least: Decimal, greatest: Decimal) -> str:
    return plain(least) if least == greatest else f"{plain(least)} – {plain(greatest)}"
