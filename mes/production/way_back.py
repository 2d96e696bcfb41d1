"""What stands in the way of taking back a report: everything that has become of its pieces and its material since.

Asks only; what goes back, and by whom, is decided by the callers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from mes.journal import Event
from mes.masters.units import shown
from mes.production import work
from mes.production.model import CardOperation, Report
from mes.production.undo_refusals import CartonGoneOn, DecidedSince, GoneOn, JudgedSince, MaterialGoneOn, NextStarted
from mes.quality.model import Inspection, Nonconformance
from mes.refusals import Refusal
from mes.stock import lots
from mes.stock.model import HandlingUnit, Movement
from mes.stock.status import TRANSITIONS, Status
from mes.transaction import Transaction

JUDGED = ("first_article", "final")
Undoing = aliased(Movement)


def reasons_not_to_take_back(tx: Transaction, operation: CardOperation, report: Report) -> list[Refusal]:
    """Everything that has become of the report's pieces and material and stands in the way."""
    moved = movements_of(tx, report)
    return [
        *(_judged(tx, operation, report) or _gone_on(tx, operation, report, moved)),
        *_decided(tx, report),
        *_next_started(tx, operation, report),
        *_material_gone_on(tx, moved),
        *_boxes_gone_on(tx, operation, moved),
    ]


def movements_of(tx: Transaction, report: Report) -> Sequence[Movement]:
    """What the report moved, the last movement first."""
    of_event = select(Movement).where(Movement.event_id == report.event_id)
    return tx.session.scalars(of_event.order_by(Movement.id.desc())).all()


def _judged(tx: Transaction, operation: CardOperation, report: Report) -> list[Refusal]:
    """A verdict on these pieces was signed after they were made, or with it; a later first article has others."""
    verdict = select(Inspection.stage).where(
        Inspection.card_operation_id == operation.id,
        Inspection.stage.in_(JUDGED),
        Inspection.event_id >= report.event_id,
        func.coalesce(Inspection.after_report, 0) < report.id,
    )
    stage = tx.session.scalar(verdict.order_by(Inspection.event_id).limit(1))
    return [JudgedSince(card=operation.card.code, seq=operation.seq, stage=stage)] if stage else []


def _decided(tx: Transaction, report: Report) -> list[Refusal]:
    decided = select(Nonconformance.code).where(
        Nonconformance.event_id == report.event_id, Nonconformance.state == "disposed"
    )
    return [DecidedSince(nonconformance=code) for code in tx.session.scalars(decided)]


def _gone_on(tx: Transaction, operation: CardOperation, report: Report, moved: Sequence[Movement]) -> list[Refusal]:
    """What was reported lies at the operation still, unless it was packed at once; pieces of a batch are all alike."""
    came: Counter[tuple[int, str]] = Counter()
    for one in moved:
        if one.to_holder_id == operation.id:
            came[one.to_location_id, one.to_status] += one.quantity
        if one.from_holder_id == operation.id:
            came[one.from_location_id, one.from_status] -= one.quantity
    lots.look(tx, [operation.id])
    lying: dict[tuple[int, str], int] = {
        (one.location_id, one.status): one.quantity for one in lots.standing(tx, operation.id).balances
    }
    card, uom = operation.card, operation.card.item.uom
    return [
        GoneOn(
            card=card.code,
            seq=operation.seq,
            asked=shown(quantity, uom),
            left=shown(lying.get(key, 0), uom),
            command=_what_came_after(tx, operation, report, key[1]),
        )
        for key, quantity in came.items()
        if lying.get(key, 0) < quantity
    ]


def _what_came_after(tx: Transaction, operation: CardOperation, report: Report, status: str) -> str:
    """The last command that took pieces of this status away from the operation, and was not undone."""
    undone = exists().where(Undoing.reverses_id == Movement.id)
    taking = (
        select(Event.kind)
        .join(Movement, Movement.event_id == Event.id)
        .where(
            Movement.from_holder_id == operation.id,
            Movement.from_status == status,
            Movement.event_id >= report.event_id,
            Movement.reverses_id.is_(None),
            ~undone,
        )
    )
    return tx.session.scalar(taking.order_by(Movement.id.desc()).limit(1)) or tx.event.kind


def _next_started(tx: Transaction, operation: CardOperation, report: Report) -> list[Refusal]:
    """The next operation waits for pieces that would not be there any more."""
    after = work.following(operation)
    if after is None or after.state not in ("setup", "running") or not report.good or work.made_so_far(tx, after):
        return []
    if work.ready(tx, operation) > report.good:
        return []
    return [NextStarted(card=operation.card.code, seq=operation.seq, following=after.seq)]


def _material_gone_on(tx: Transaction, moved: Sequence[Movement]) -> list[Refusal]:
    reasons: list[Refusal] = []
    for one in moved:
        unit = tx.session.get(HandlingUnit, one.from_holder_id)
        found = lots.content(tx, unit) if unit else None
        if unit and found and found.status not in (one.from_status, *TRANSITIONS[Status(one.from_status)]):
            reasons.append(MaterialGoneOn(lot=unit.lot.code, place=found.location.code, status=found.status))
    return reasons


def _boxes_gone_on(tx: Transaction, operation: CardOperation, moved: Sequence[Movement]) -> list[Refusal]:
    """What was packed with the report is in its carton as it was packed, and the carton stands where it was filled."""
    return [
        CartonGoneOn(lot=unit.lot.code, quantity=shown(one.quantity, unit.lot.item.uom), place=_where(tx, unit))
        for one in moved
        if one.from_holder_id == operation.id
        and (unit := tx.session.get(HandlingUnit, one.to_holder_id))
        and not _is_as_packed(tx, unit, one)
    ]


def _is_as_packed(tx: Transaction, unit: HandlingUnit, packed: Movement) -> bool:
    found, carton = lots.content(tx, unit), unit.container
    as_filled = (packed.to_location_id, packed.to_status, packed.quantity)
    free = unit.order_id is None and not (carton and carton.pallet_id)
    return bool(found and free and (found.location_id, found.status, found.quantity) == as_filled)


def _where(tx: Transaction, unit: HandlingUnit) -> str:
    found = lots.content(tx, unit)
    return found.location.code if found else "-"
