"""Hold and release of a whole lot (law 8): a doubt stops every use of it at once, wherever its boxes lie.

Accepted boxes await a decision, marked 待判, until the doubt is cleared; what was never accepted keeps its status.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Reason
from mes.quality import inspecting, regrading
from mes.quality.refusals import AlreadyOnHold, NotOnHold
from mes.roles import Role
from mes.stock import lots
from mes.stock.model import HandlingUnit, Lot, Movement
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Held:
    """A lot that was put on hold or released, and how many of its boxes changed their status."""

    lot: str
    boxes: int


@command(
    "quality:hold",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("批次冻结", "put a lot on hold"),
    done=Words("批次 {lot} 已冻结", "Lot {lot} is on hold"),
    tells=Words("批次 {lot} 冻结：{reason}", "lot {lot} put on hold: {reason}"),
)
def hold(tx: Transaction, lot: Lot, reason: Annotated[str, Reason()]) -> Held:
    """Put a lot on hold; raises `AlreadyOnHold`, `GroundsMissing`."""
    regrading.lock_lot(tx, lot)
    tx.require([AlreadyOnHold(lot=lot.code)] if lot.hold_reason else [], inspecting.grounds(reason))
    lot.hold_reason = reason.strip()
    boxes = [unit for unit in lots.units_of(tx, lot) if _has(tx, unit, Status.ACCEPTED)]
    for unit in boxes:
        regrading.regrade_box(tx, unit, Status.AWAITING_DECISION, {"reason": lot.hold_reason})
    tx.cause("hold", lot.code, lot.hold_reason)
    return Held(lot.code, len(boxes))


@command(
    "quality:release",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("批次解冻", "release a lot from hold"),
    done=Words("批次 {lot} 已解冻", "Lot {lot} is free again"),
    tells=Words("批次 {lot} 解冻：{reason}", "lot {lot} released from hold: {reason}"),
)
def release(tx: Transaction, lot: Lot, reason: Annotated[str, Reason()]) -> Held:
    """Clear the doubt: boxes that the hold stopped are accepted again; raises `NotOnHold`, `GroundsMissing`."""
    regrading.lock_lot(tx, lot)
    tx.require([] if lot.hold_reason else [NotOnHold(lot=lot.code)], inspecting.grounds(reason))
    lot.hold_reason = None
    boxes = [unit for unit in lots.units_of(tx, lot) if _stopped_by_hold(tx, unit)]
    for unit in boxes:
        regrading.regrade_box(tx, unit, Status.ACCEPTED, {"reason": reason.strip()})
        regrading.unlock_at_home(tx, unit)
    tx.cause("release", lot.code, reason.strip())
    return Held(lot.code, len(boxes))


def _has(tx: Transaction, unit: HandlingUnit, status: Status) -> bool:
    found = lots.content(tx, unit)
    return found is not None and found.status == status


def _stopped_by_hold(tx: Transaction, unit: HandlingUnit) -> bool:
    """It awaits a decision and was accepted before; what came in undecided needs a judgement, not a release."""
    was_accepted = select(Movement.id).where(
        Movement.to_holder_id == unit.id,
        Movement.from_status == Status.ACCEPTED,
        Movement.to_status == Status.AWAITING_DECISION,
    )
    return _has(tx, unit, Status.AWAITING_DECISION) and tx.session.scalar(was_accepted.limit(1)) is not None
