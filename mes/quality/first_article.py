"""First-article inspection (首检, P9, F1): a signature opens the batch, a rejection asks for the next one.

Set-up itself, and how many pieces it allows, belong to production.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Text
from mes.masters.model import Characteristic
from mes.masters.units import is_counted, shown
from mes.production import again, gates, work
from mes.production.model import CardOperation
from mes.production.reporting import WHEN_BAD
from mes.quality import inspecting, measuring, nonconforming, regrading
from mes.quality.inspecting import Verdict
from mes.quality.measuring import Reading, Readings
from mes.quality.model import Inspection
from mes.quality.refusals import FirstArticleHasBad, FirstArticleNotMade, NothingToInspect
from mes.refusals import Refusal, refuse
from mes.roles import Role
from mes.stock import ledger
from mes.transaction import Transaction
from mes.words import Words

FAILURES_BEFORE_A_CALL = 2  # the second failure calls the quality manager (F1)


@dataclass(frozen=True)
class FirstArticle:
    """A signed verdict: after `reject` the report on the pieces and the next attempt, and who is to be called."""

    operation: str
    verdict: str
    attempt: int
    state: str
    nonconformance: str | None = None
    next_attempt: int | None = None
    calls_quality_manager: bool = False


@command(
    "quality:first_article",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("首检判定", "judge a first article"),
    done=Words("首检已判定：{operation} {verdict}", "First article judged: {operation} {verdict}"),
    tells=Words("{operation} 首检判定：{verdict} {remark}", "first article of {operation} judged: {verdict} {remark}"),
    signed=True,
    elsewhere=measuring.AT_THE_KIOSK,
)
def first_article(
    tx: Transaction,
    operation: CardOperation,
    verdict: Verdict,
    measurements: Readings = None,
    remark: Annotated[str | None, Text(500), Words("说明", "remark")] = None,
) -> FirstArticle:
    """Judge the set-up pieces of an operation by the card's revision; `pass` opens the batch (P9, F1).

    Raises `NothingToInspect`, whatever a reading is refused for, and at once `CardClosed`, `OwnWork`,
    `FirstArticleNotMade`; for a pass `PiecesNotMeasured`, `OutOfLimits`, `FirstArticleHasBad`; for a rejection
    `GroundsMissing`.
    """
    work.lock(tx, operation)
    inspection = work.open_first_article(tx, operation)
    if inspection is None:
        raise refuse(NothingToInspect(what=work.code_of(operation)))
    asked = work.characteristics(tx, operation, "first_article")
    readings = measuring.read(tx, asked, measurements, inspection.quantity)
    tx.require(
        gates.card_open(gates.Start(tx, operation)),
        inspecting.own_operation(tx, operation),
        _made(tx, operation, inspection, verdict),
        _passes(tx, operation, inspection, asked, readings) if verdict == inspecting.PASS else [],
        _grounds(readings, remark) if verdict == inspecting.REJECT else [],
    )
    tx.warn(gates.beware(operation, tx.today))
    made, _ = work.in_attempt(tx, operation)
    measuring.record(tx, inspection, readings)
    inspecting.conclude(tx, inspection, verdict, remark)
    if verdict == inspecting.PASS:
        operation.state = "running"
        return FirstArticle(work.code_of(operation), verdict, inspection.attempt, operation.state)
    return _rejected(tx, operation, inspection, made, _why(readings, remark))


def _made(tx: Transaction, operation: CardOperation, inspection: Inspection, verdict: str) -> list[Refusal]:
    """All pieces are made before they can pass; one is enough to reject."""
    made = work.made_in_attempt(tx, operation)
    if made >= (inspection.quantity if verdict == inspecting.PASS else 1):
        return []
    card, uom = operation.card.code, operation.card.item.uom
    wanted = shown(inspection.quantity, uom)
    return [FirstArticleNotMade(card=card, seq=operation.seq, made=shown(made, uom), wanted=wanted)]


def _passes(
    tx: Transaction,
    operation: CardOperation,
    inspection: Inspection,
    asked: Sequence[Characteristic],
    readings: Sequence[Reading],
) -> list[Refusal]:
    """Every piece is measured, all of them are within limits, and the operator reported none as bad (F1)."""
    item = operation.card.item
    pieces = inspection.quantity if is_counted(item.uom) else 1
    _, bad = work.in_attempt(tx, operation)
    reported = (
        [FirstArticleHasBad(card=operation.card.code, seq=operation.seq, bad=shown(bad, item.uom))] if bad else []
    )
    return [*measuring.unmeasured(asked, readings, pieces), *measuring.out_of_limits(readings), *reported]


def _grounds(readings: Sequence[Reading], remark: str | None) -> list[Refusal]:
    """A rejection shows what failed, or says it."""
    return [] if measuring.failing(readings) else inspecting.grounds(remark)


def _why(readings: Sequence[Reading], remark: str | None) -> str:
    failed = {one.characteristic.number: one.characteristic.name_zh for one in readings if not one.conforms}
    named = "、".join(f"{number} {name}" for number, name in sorted(failed.items()))
    return " ".join(part for part in ("首检不合格", named, (remark or "").strip()) if part)


def _rejected(
    tx: Transaction, operation: CardOperation, inspection: Inspection, made: int, reason: str
) -> FirstArticle:
    """The pieces are nonconforming, the card stays in set-up, the next attempt is open (F1)."""
    report = _turn_bad(tx, operation, made, reason)
    following = _asked_for_next(tx, operation)
    return FirstArticle(
        work.code_of(operation),
        inspecting.REJECT,
        inspection.attempt,
        operation.state,
        report,
        following.attempt if following else None,
        calls_quality_manager=_failed_in_a_row(tx, operation) >= FAILURES_BEFORE_A_CALL,
    )


def _failed_in_a_row(tx: Transaction, operation: CardOperation) -> int:
    """Attempts that were rejected since one has passed; what a change asked for again begins anew (F1)."""
    states = tx.session.scalars(
        select(Inspection.state)
        .where(Inspection.card_operation_id == operation.id, Inspection.stage == "first_article")
        .where(Inspection.state != "open")
        .order_by(Inspection.attempt.desc())
    )
    return len(list(takewhile(lambda state: state == "rejected", states)))


def _asked_for_next(tx: Transaction, operation: CardOperation) -> Inspection | None:
    """The next attempt, unless nothing of the card is left to be made for it: then the operation can be finished."""
    if work.made_so_far(tx, operation) < operation.card.quantity:
        return again.open_first_article(tx, operation)
    operation.state = "running"
    return None


def _turn_bad(tx: Transaction, operation: CardOperation, made: int, reason: str) -> str | None:
    """The good pieces of this attempt, which lie here: those before were judged, bad ones have their own report."""
    lot, good, left = operation.card.lot, work.delivered_as(tx, operation), made
    for found in ledger.where(tx, operation.id):
        part = min(left, found.quantity) if found.status == good else 0
        if part:
            regrading.regrade(tx, lot, part, ledger.end_of(found), WHEN_BAD[good])
        left -= part
    quantity = made - left
    return nonconforming.raised(tx, lot, operation.id, quantity, reason).code if quantity else None
