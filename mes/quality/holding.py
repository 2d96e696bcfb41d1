"""Hold and release of a whole lot (law 8): a doubt stops every use of it at once, wherever its boxes lie.

Accepted boxes await a decision, marked 待判, until the doubt is cleared; what was never accepted keeps its status.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Reason
from mes.quality import inspecting, lot_standing, regrading
from mes.quality.refusals import AlreadyOnHold, NotOnHold
from mes.refusals import OwnWork
from mes.roles import Role
from mes.stock import lots
from mes.stock.model import HandlingUnit, Lot
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
    """Put a lot on hold; a signature is recorded where one was given. Raises `AlreadyOnHold`, `GroundsMissing`."""
    regrading.lock_lot(tx, lot)
    tx.require([AlreadyOnHold(lot=lot.code)] if lot.hold_reason else [], inspecting.grounds(reason))
    lot.hold_reason, lot.held_by = reason.strip(), tx.actor.badge
    boxes = [unit for unit in lots.units_of(tx, lot) if _has(tx, unit, Status.ACCEPTED)]
    for unit in boxes:
        regrading.regrade_box(tx, unit, Status.AWAITING_DECISION, {"reason": lot.hold_reason})
    if tx.signer:
        tx.sign("hold")
    tx.cause("hold", lot.code, lot.hold_reason)
    return Held(lot.code, len(boxes))


@command(
    "quality:release",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("批次解冻", "release a lot from hold"),
    done=Words("批次 {lot} 已解冻", "Lot {lot} is free again"),
    tells=Words("批次 {lot} 解冻：{reason}", "lot {lot} released from hold: {reason}"),
    confirm=Words("批次 {lot} 签字解冻后：", "Once it is signed, of lot {lot}:"),
    foretold=lot_standing.what_a_release_frees,
    signed=True,
)
def release(tx: Transaction, lot: Lot, reason: Annotated[str, Reason()]) -> Held:
    """Clear the doubt: boxes that the hold stopped are accepted again.

    Signed; what it frees is shown before (`lot_standing.what_a_release_frees`). Raises `NotOnHold`, `GroundsMissing`,
    `OwnWork` for whoever put it on hold (F8).
    """
    regrading.lock_lot(tx, lot)
    own = [OwnWork(person=tx.actor.shown)] if lot.held_by == tx.actor.badge else []
    tx.require([] if lot.hold_reason else [NotOnHold(lot=lot.code)], inspecting.grounds(reason), own)
    lot.hold_reason, lot.held_by = None, None
    stopped = lot_standing.stopped_by_hold(tx.session, lot.id)
    held = [unit for unit in lots.units_of(tx, lot) if unit.id in stopped]
    boxes = [unit for unit in held if _has(tx, unit, Status.AWAITING_DECISION)]
    for unit in boxes:
        regrading.regrade_box(tx, unit, Status.ACCEPTED, {"reason": reason.strip()})
        regrading.unlock_at_home(tx, unit)
    tx.sign("release")
    tx.cause("release", lot.code, reason.strip())
    return Held(lot.code, len(boxes))


def _has(tx: Transaction, unit: HandlingUnit, status: Status) -> bool:
    found = lots.content(tx, unit)
    return found is not None and found.status == status
