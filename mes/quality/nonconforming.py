"""Raising nonconformances (P14): goods found bad wait, marked yellow, until the quality manager decides on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Reason
from mes.masters.units import shown
from mes.quality import inspecting, regrading
from mes.quality.model import Nonconformance
from mes.quality.refusals import NothingToInspect
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock import lots
from mes.stock.model import HandlingUnit, Lot
from mes.stock.serials import next_nonconformance
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words

CAN_BE_FOUND = (Status.PENDING, Status.ACCEPTED, Status.AWAITING_DECISION, Status.NONCONFORMING)


@dataclass(frozen=True)
class Found:
    """A nonconformance: its number, the lot and how much of it."""

    nonconformance: str
    lot: str
    quantity: str


@command(
    "quality:nonconforming",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("报不合格", "report a box as nonconforming"),
    done=Words("料箱已报不合格：{nonconformance}", "Reported as nonconforming: {nonconformance}"),
    tells=Words("料箱 {unit} 报不合格：{reason}", "box {unit} reported as nonconforming: {reason}"),
    rescue=True,
)
def nonconforming(tx: Transaction, unit: HandlingUnit, reason: Annotated[str, Reason()]) -> Found:
    """Report a whole box as nonconforming, whatever it was before; one that was so already gets its report.

    Raises `BoxEmpty`, `GroundsMissing`; `NothingToInspect` for scrap and for a box that has an open report.
    """
    found = lots.filled(tx, unit)
    tx.require(inspecting.grounds(reason), _not_reported(tx, unit, Status(found.status)))
    report = raised(tx, unit.lot, unit.id, found.quantity, reason)
    regrading.regrade_box(tx, unit, Status.NONCONFORMING, facts_of(report))
    return Found(report.code, unit.lot.code, shown(report.quantity, unit.lot.item.uom))


def raised(tx: Transaction, lot: Lot, holder_id: int, quantity: int, reason: str) -> Nonconformance:
    """A new open nonconformance of a quantity (smallest unit) that a box or an operation holds."""
    report = Nonconformance(
        code=next_nonconformance(tx),
        lot_id=lot.id,
        lot=lot,
        holder_id=holder_id,
        quantity=quantity,
        reason=reason.strip(),
        found_by=tx.actor.id,
        found_at=tx.happened_at,
        event_id=tx.event.id,
    )
    tx.session.add(report)
    tx.session.flush()
    tx.cause("nonconformance", report.code, quantity)
    return report


def facts_of(report: Nonconformance) -> dict[str, str]:
    """What a label says about the report behind it."""
    return {"reason": report.reason, "document": report.code}


def open_report(tx: Transaction, holder_id: int) -> Nonconformance | None:
    """The open nonconformance of a holder, the oldest if there are several."""
    return tx.session.scalars(
        select(Nonconformance)
        .where(Nonconformance.holder_id == holder_id, Nonconformance.state == "open")
        .order_by(Nonconformance.id)
        .limit(1)
    ).first()


def _not_reported(tx: Transaction, unit: HandlingUnit, status: Status) -> list[Refusal]:
    reported = open_report(tx, unit.id)
    if status in CAN_BE_FOUND and reported is None:
        return []
    return [NothingToInspect(what=reported.code if reported else unit.lot.code)]
