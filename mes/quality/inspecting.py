"""What all inspections share: who may judge, which words are verdicts, how an inspection is opened and signed.

Knows no stage in particular and moves no goods.
"""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import func, select

from mes.given import Choice
from mes.production.model import CardOperation, Report, RunCard
from mes.quality.model import JUDGEMENTS, Inspection, Nonconformance
from mes.refusals import GroundsMissing, OwnWork, Refusal
from mes.stock.model import Lot
from mes.transaction import Transaction
from mes.words import Words

PASS, REJECT = "pass", "reject"
Verdict = Annotated[str, Choice(JUDGEMENTS), Words("判定", "verdict")]


def grounds(reason: str | None) -> list[Refusal]:
    """A reason is given."""
    return [] if (reason or "").strip() else [GroundsMissing()]


def own_operation(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """Nobody judges an operation that he or she started or reported on (F8)."""
    reported = select(Report.operator_id).where(Report.card_operation_id == operation.id)
    return _own(tx, {operation.operator_id, *tx.session.scalars(reported)})


def own_lot(tx: Transaction, lot: Lot) -> list[Refusal]:
    """Nobody judges a lot that he or she worked on; inspecting it before was no work on it (F8)."""
    inspected = select(Inspection.event_id).where(Inspection.lot_id == lot.id, Inspection.event_id.is_not(None))
    reported = (
        select(Report.operator_id)
        .join(CardOperation, CardOperation.id == Report.card_operation_id)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .where(RunCard.lot_id == lot.id, Report.event_id.not_in(inspected))
    )
    return _own(tx, set(tx.session.scalars(reported)))


def own_report(tx: Transaction, report: Nonconformance) -> list[Refusal]:
    """Nobody decides on what he or she found nonconforming, or rejected (F8)."""
    return _own(tx, {report.found_by})


def _own(tx: Transaction, workers: set[int | None]) -> list[Refusal]:
    person = tx.actor
    return [OwnWork(person=person.shown)] if person.id in workers else []


def opened(tx: Transaction, stage: str, lot: Lot, quantity: int, operation: CardOperation | None = None) -> Inspection:
    """A new inspection of a lot, perhaps at an operation; attempts are numbered. Quantity in the smallest unit."""
    place = Inspection.card_operation_id == operation.id if operation else Inspection.card_operation_id.is_(None)
    before = tx.session.scalar(
        select(func.count())
        .select_from(Inspection)
        .where(Inspection.lot_id == lot.id, Inspection.stage == stage, place)
    )
    inspection = Inspection(
        stage=stage,
        card_operation_id=operation.id if operation else None,
        lot_id=lot.id,
        attempt=(before or 0) + 1,
        quantity=quantity,
        state="open",
        opened_at=tx.happened_at,
    )
    tx.session.add(inspection)
    tx.session.flush()
    return inspection


def conclude(tx: Transaction, inspection: Inspection, verdict: str, remark: str | None = None) -> None:
    """Sign an open inspection with its verdict; raises `SignatureMissing` without badge and PIN (P9, F8)."""
    signer = tx.sign(f"{inspection.stage}:{verdict}")
    inspection.state = "passed" if verdict == PASS else "rejected"
    inspection.signed_at, inspection.inspector_id, inspection.event_id = tx.now, signer.id, tx.event.id
    inspection.remark = (remark or "").strip() or None
    tx.session.flush()
    tx.cause("inspection", inspection.id, inspection.stage, inspection.attempt, inspection.state)
