"""The quality record of lots: inspections with their measurements, and nonconformances with what was decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mes.masters.model import Characteristic, Equipment, Item
from mes.people.model import Person
from mes.quality.model import Disposition, Inspection, Measurement, Nonconformance
from mes.stock.model import Lot
from mes.trace.answers import Disposed, Fault, Inspected, Measured, Named
from mes.trace.looking import Look, about, amount_text, named, number_text


@dataclass(frozen=True)
class QualityRecord:
    """Inspections by card operation or, where they belong to none, by lot; faults by lot."""

    of_operation: dict[int, list[Inspected]]
    of_lot: dict[int, list[Inspected]]
    faults: dict[int, list[Fault]]


INSPECTED = about(
    select(Inspection, Item.uom, Person.badge, Person.name_zh, Person.name_en)
    .join(Lot, Lot.id == Inspection.lot_id)
    .join(Item, Item.id == Lot.item_id)
    .outerjoin(Person, Person.id == Inspection.inspector_id)
    .order_by(Inspection.id),
    Inspection.lot_id,
)


def quality_record(look: Look) -> QualityRecord:
    """Everything that was inspected, found and decided on these lots."""
    of_operation: dict[int, list[Inspected]] = defaultdict(list)
    of_lot: dict[int, list[Inspected]] = defaultdict(list)
    measured = _measured(look)
    for row in look.rows(INSPECTED):
        found: Inspection = row[0]
        inspected = _inspected(look, row, tuple(measured[found.id]))
        if found.card_operation_id is None:
            of_lot[found.lot_id].append(inspected)
        else:
            of_operation[found.card_operation_id].append(inspected)
    return QualityRecord(of_operation, of_lot, _faults(look))


def _inspected(look: Look, row: Any, measured: tuple[Measured, ...]) -> Inspected:
    found, uom, badge, zh, en = row
    return Inspected(
        stage=found.stage,
        attempt=found.attempt,
        verdict=found.state,
        quantity=amount_text(found.quantity, uom),
        inspector=named(badge, zh, en),
        opened_at=look.moment(found.opened_at),
        signed_at=look.moment_or_none(found.signed_at),
        remark=found.remark,
        measured=measured,
    )


MEASURED = about(
    select(Measurement, Characteristic, Equipment.code)
    .join(Inspection, Inspection.id == Measurement.inspection_id)
    .join(Characteristic, Characteristic.id == Measurement.characteristic_id)
    .outerjoin(Equipment, Equipment.id == Measurement.gauge_id)
    .order_by(Measurement.id),
    Inspection.lot_id,
)


def _measured(look: Look) -> dict[int, list[Measured]]:
    found: dict[int, list[Measured]] = defaultdict(list)
    for one, of, gauge in look.rows(MEASURED):
        found[one.inspection_id].append(
            Measured(
                number=of.number,
                zh=of.name_zh,
                en=of.name_en,
                piece=one.piece,
                value=number_text(one.value),
                lower=number_text(of.lower),
                upper=number_text(of.upper),
                unit=of.unit,
                conforms=one.conforms,
                gauge=gauge,
            )
        )
    return found


FAULTS = about(
    select(Nonconformance, Item.uom, Person.badge, Person.name_zh, Person.name_en)
    .join(Lot, Lot.id == Nonconformance.lot_id)
    .join(Item, Item.id == Lot.item_id)
    .join(Person, Person.id == Nonconformance.found_by)
    .order_by(Nonconformance.id),
    Nonconformance.lot_id,
)


def _faults(look: Look) -> dict[int, list[Fault]]:
    disposed = _disposed(look)
    faults: dict[int, list[Fault]] = defaultdict(list)
    for one, uom, *person in look.rows(FAULTS):
        faults[one.lot_id].append(
            Fault(
                code=one.code,
                quantity=amount_text(one.quantity, uom),
                reason=one.reason,
                found_by=Named(*person),
                found_at=look.moment(one.found_at),
                state=one.state,
                disposed=tuple(disposed[one.id]),
            )
        )
    return faults


DISPOSED = about(
    select(Disposition, Item.uom, Person.badge, Person.name_zh, Person.name_en)
    .join(Nonconformance, Nonconformance.id == Disposition.nonconformance_id)
    .join(Lot, Lot.id == Nonconformance.lot_id)
    .join(Item, Item.id == Lot.item_id)
    .join(Person, Person.id == Disposition.person_id)
    .order_by(Disposition.id),
    Nonconformance.lot_id,
)


def _disposed(look: Look) -> dict[int, list[Disposed]]:
    found: dict[int, list[Disposed]] = defaultdict(list)
    for one, uom, *person in look.rows(DISPOSED):
        found[one.nonconformance_id].append(
            Disposed(one.kind, amount_text(one.quantity, uom), Named(*person), look.moment(one.at), one.reason)
        )
    return found
