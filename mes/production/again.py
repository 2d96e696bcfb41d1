"""When a first article is asked for again in the middle of a batch (F1), and how it is opened.

Compares the work that is to be done with the first article that stands: who made its pieces, in which shift, on which
machine, of which lots. A tool with a code of its own is a machine here. Judges no pieces (quality does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from mes.masters.model import BomLine, Equipment
from mes.masters.shifts import shift_began
from mes.masters.units import shown
from mes.production import work
from mes.production.again_refusals import FirstArticleAgain
from mes.production.drawing import Need
from mes.production.gates import ProcessClass
from mes.production.model import CHANGES, STANDS, CardOperation, Report
from mes.production.refusals import MachineNotNamed
from mes.quality.model import Inspection
from mes.refusals import Refusal
from mes.trace.model import Consumption
from mes.transaction import Transaction

ANEW = {"person", "shift"}
"""After these the machine in hand has ended with whoever scanned it."""


def changes(
    tx: Transaction, operation: CardOperation, machine: Equipment | None, wanted: Sequence[Need] = ()
) -> tuple[str, ...]:
    """What has changed since the first article that stands (words of `CHANGES`); nothing where none is asked for.

    `wanted`: what the report at hand is about to draw. When all of the card is made, nothing is left to be judged.
    """
    if not operation.operation.first_article or operation.state != "running":
        return ()
    passed = tx.session.scalars(NEWEST, {"operation": operation.id}).first()
    if passed is None or work.made_so_far(tx, operation) >= operation.card.quantity:
        return ()
    found = set(_changed(tx, operation, machine, wanted, passed))
    return tuple(one for one in CHANGES if one in found)


NEWEST = (
    select(Inspection)
    .where(Inspection.card_operation_id == bindparam("operation"), Inspection.stage == "first_article")
    .order_by(Inspection.attempt.desc())
    .limit(1)
)
REPORTS = (
    select(
        Report.operator_id,
        Report.equipment_id,
        (Report.event_id < bindparam("verdict")).label("judged"),
        func.max(Report.at).label("last"),
    )
    .where(Report.card_operation_id == bindparam("operation"), Report.id > bindparam("after"), STANDS)
    .group_by(Report.operator_id, Report.equipment_id, Report.event_id < bindparam("verdict"))
)


def _changed(
    tx: Transaction, operation: CardOperation, machine: Equipment | None, wanted: Sequence[Need], passed: Inspection
) -> Iterator[str]:
    asked = {"operation": operation.id, "after": passed.after_report or 0, "verdict": passed.event_id}
    reports = tx.session.execute(REPORTS, asked).all()
    judged = [one for one in reports if one.judged]
    if not judged:
        return
    if tx.actor.id not in {one.operator_id for one in judged}:
        yield "person"
    if shift_began(tx.masters, tx.now) != shift_began(tx.masters, max(one.last for one in judged)):
        yield "shift"
    if (machine.id if machine else None) not in {one.equipment_id for one in judged}:
        yield "equipment"
    if _stopped_too_long(tx, operation, reports, passed.signed_at):
        yield "stop"
    if _another_lot(tx, operation, wanted, passed):
        yield "lot"


def _stopped_too_long(
    tx: Transaction, operation: CardOperation, reports: Sequence[Any], signed_at: datetime | None
) -> bool:
    """Neither a report nor the signature for longer than the routing allows."""
    longest = operation.operation.longest_stop_minutes
    last = max(one for one in (*(one.last for one in reports), signed_at) if one is not None)
    return longest is not None and tx.now - last > timedelta(minutes=longest)


def _another_lot(tx: Transaction, operation: CardOperation, wanted: Sequence[Need], passed: Inspection) -> bool:
    """What is drawn now of a flagged component is of a lot that no judged piece has in it."""
    lines = tx.masters.where(
        BomLine, revision_id=operation.card.revision_id, seq=operation.seq, new_lot_first_article=True
    )
    flagged = {line.component_id for line in lines}
    lots = {lot for need in wanted if need.item.id in flagged for lot in need.lots}
    if not lots:
        return False
    judged = {"operation": operation.id, "verdict": passed.event_id}
    return not lots <= set(tx.session.scalars(DRAWN_BEFORE, judged))


DRAWN_BEFORE = select(Consumption.child_lot_id).where(
    Consumption.card_operation_id == bindparam("operation"), Consumption.event_id < bindparam("verdict")
)


def asked_again(tx: Transaction, operation: CardOperation, due: tuple[str, ...]) -> list[Refusal]:
    """That a first article is asked for again, and why; nothing where it is not."""
    pieces = shown(work.set_up_quantity(tx, operation), operation.card.item.uom) if due else ""
    return [FirstArticleAgain(card=operation.card.code, seq=operation.seq, changes=due, allowed=pieces)] if due else []


def machine_scanned_anew(operation: CardOperation, due: tuple[str, ...]) -> list[Refusal]:
    """At key and special processes the next person, or shift, scans the machine that does the work (P2)."""
    if ProcessClass(operation.operation.process_class) == ProcessClass.NORMAL or not ANEW & set(due):
        return []
    return [MachineNotNamed(operation=operation.operation.code)]


def open_first_article(tx: Transaction, operation: CardOperation) -> Inspection:
    """Put an operation into set-up and ask for its next first article; quality opens the one after a rejection (F1)."""
    operation.state = "setup"
    last = tx.session.execute(LAST, {"operation": operation.id}).one()
    inspection = Inspection(
        stage="first_article",
        card_operation_id=operation.id,
        lot_id=operation.card.lot_id,
        attempt=(last.attempt or 0) + 1,
        quantity=work.set_up_quantity(tx, operation),
        after_report=last.report or 0,
        state="open",
        opened_at=tx.happened_at,
    )
    tx.session.add(inspection)
    tx.session.flush()
    tx.cause("first article", work.code_of(operation), inspection.attempt, inspection.quantity)
    return inspection


LAST = select(
    select(func.max(Inspection.attempt))
    .where(Inspection.card_operation_id == bindparam("operation"), Inspection.stage == "first_article")
    .scalar_subquery()
    .label("attempt"),
    select(func.max(Report.id))
    .where(Report.card_operation_id == bindparam("operation"))
    .scalar_subquery()
    .label("report"),
)


def ask_no_more(tx: Transaction, operation: CardOperation) -> bool:
    """Withdraw a first article that was asked for again and of which no piece stands: the one before it holds.

    Whoever makes another piece is asked anew. True where it was withdrawn.
    """
    waiting = work.open_first_article(tx, operation)
    if waiting is None or not judges_nothing(tx.session, operation, waiting):
        return False
    tx.session.delete(waiting)
    operation.state = "running"
    tx.session.flush()
    tx.cause("first article", work.code_of(operation), "withdrawn")
    return True


def judges_nothing(session: Session, operation: CardOperation, waiting: Inspection) -> bool:
    """Whether an open first article has no pieces, and the one before it has passed."""
    before = {"operation": operation.id, "attempt": waiting.attempt - 1}
    made = work.made_at(session, operation, waiting.after_report or 0)
    return not made and session.scalar(VERDICT, before) == "passed"


VERDICT = select(Inspection.state).where(
    Inspection.card_operation_id == bindparam("operation"),
    Inspection.stage == "first_article",
    Inspection.attempt == bindparam("attempt"),
)


def begin_anew(tx: Transaction, operation: CardOperation) -> None:
    """The machine is another before the first article was judged: its pieces are made anew, as far as any are left."""
    waiting = work.open_first_article(tx, operation)
    if waiting is None or work.made_so_far(tx, operation) >= operation.card.quantity:
        return
    last = tx.session.execute(LAST, {"operation": operation.id}).one()
    waiting.after_report, waiting.quantity = last.report or 0, work.set_up_quantity(tx, operation)
    tx.session.flush()
