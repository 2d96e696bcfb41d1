"""Incoming inspection and re-inspection of a lot (P14, P18): accepted or nonconforming, box by box.

Also where reworked and repaired goods are inspected again. A lot on hold is released first, never accepted past it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Choice, Reason
from mes.labelling import marking
from mes.production import giving_back
from mes.production.model import CardOperation
from mes.quality import inspecting, nonconforming, regrading
from mes.quality.model import STAGES
from mes.quality.refusals import NothingToInspect
from mes.roles import Role
from mes.stock import ledger
from mes.stock.model import Balance, HandlingUnit, Lot
from mes.stock.refusals import OnHold
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words

INCOMING, RECHECK = "incoming", "recheck"
# What each inspection decides on: only a re-inspection doubts what was accepted before.
DECIDES_ON = {
    INCOMING: (Status.PENDING, Status.AWAITING_DECISION),
    RECHECK: (Status.PENDING, Status.AWAITING_DECISION, Status.ACCEPTED),
}


@dataclass(frozen=True)
class Judged:
    """A signed verdict on a lot: over how many boxes (or operations), and the reports on those rejected."""

    lot: str
    stage: str
    verdict: str
    boxes: int
    recheck_on: str
    nonconformances: tuple[str, ...]


@command(
    "quality:judge",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("检验判定", "judge a lot"),
    done=Words("已判定：{lot} {verdict}", "Judged: {lot} {verdict}"),
    tells=Words("批次 {lot} {stage} 判定：{verdict} {reason}", "lot {lot} judged ({stage}): {verdict} {reason}"),
    signed=True,
)
def judge(
    tx: Transaction,
    lot: Lot,
    stage: Annotated[str, Choice({one: STAGES[one] for one in DECIDES_ON}), Words("检验", "inspection")],
    verdict: inspecting.Verdict,
    reason: Annotated[str | None, Reason(500)] = None,
) -> Judged:
    """Judge what waits of a lot, `incoming` or `recheck`; a passed recheck sets the next due date (P18).

    FIFO and expiry dates do not change. Raises at once `NothingToInspect`, `OwnWork`; `OnHold` for a
    pass, `GroundsMissing` for a rejection.
    """
    regrading.lock_lot(tx, lot)
    waiting = _waiting(tx, lot, stage)
    tx.require(
        [] if waiting else [NothingToInspect(what=lot.code)],
        inspecting.own_lot(tx, lot),
        [OnHold(lot=lot.code, reason=lot.hold_reason)] if lot.hold_reason and verdict == inspecting.PASS else [],
        inspecting.grounds(reason) if verdict == inspecting.REJECT else [],
    )
    quantity = sum(found.quantity for found in waiting)
    inspecting.conclude(tx, inspecting.opened(tx, stage, lot, quantity), verdict, reason)
    reports = [_decide(tx, lot, found, verdict, (reason or "").strip()) for found in waiting]
    if stage == RECHECK and verdict == inspecting.PASS:
        lot.recheck_on = tx.today + timedelta(days=lot.item.recheck_days)
    tx.session.flush()
    return Judged(lot.code, stage, verdict, len(waiting), f"{lot.recheck_on}", tuple(filter(None, reports)))


def _waiting(tx: Transaction, lot: Lot, stage: str) -> list[Balance]:
    """Boxes in a status that this inspection decides on, and reworked pieces that wait at an operation."""
    found = tx.session.scalars(
        select(Balance)
        .where(Balance.lot_id == lot.id, Balance.quantity > 0, Balance.outside.is_(False))
        .order_by(Balance.holder_id, Balance.status)
    ).all()
    return [one for one in found if one.status in _decided_on(tx, one, stage)]


def _decided_on(tx: Transaction, found: Balance, stage: str) -> tuple[Status, ...]:
    at_operation = tx.session.get(HandlingUnit, found.holder_id) is None
    return (Status.PENDING,) if at_operation else DECIDES_ON.get(stage, ())


def _decide(tx: Transaction, lot: Lot, found: Balance, verdict: str, reason: str) -> str | None:
    """One box or operation becomes what the verdict says; returns the report on what is rejected."""
    holder_id, quantity = found.holder_id, found.quantity
    to = Status.ACCEPTED if verdict == inspecting.PASS else Status.NONCONFORMING
    report = nonconforming.raised(tx, lot, holder_id, quantity, reason) if to == Status.NONCONFORMING else None
    facts = nonconforming.facts_of(report) if report else {"reason": reason}
    unit = tx.session.get(HandlingUnit, holder_id)
    if unit:
        regrading.regrade_box(tx, unit, to, facts)
    else:
        regrading.regrade(tx, lot, quantity, ledger.end_of(found), to)
        marking.void_marks(tx, holder_id, Status.PENDING)
        if to == Status.ACCEPTED:
            giving_back.go_on_from(tx, tx.session.get_one(CardOperation, holder_id))
    return report.code if report else None
