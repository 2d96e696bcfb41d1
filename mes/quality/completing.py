"""The completion scan (P10): an inspector releases a batch whose item has no final inspection plan.

Possible only when everything before is complete; the batch then lies in one box, marked blue, and its card is closed.
"""

from __future__ import annotations

from dataclasses import dataclass

from mes.declaring import command
from mes.labelling import marking
from mes.masters.units import shown
from mes.production import gates, work
from mes.production.model import CardOperation
from mes.production.refusals import FinalInspectionOpen, OperationsOpen
from mes.quality import inspecting
from mes.quality.final import at
from mes.quality.refusals import NothingToInspect
from mes.refusals import Refusal, refuse
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.model import HandlingUnit
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Completed:
    """A batch released by completion scan: its lot, its quantity, where its new box lies, and the box's label."""

    card: str
    lot: str
    quantity: str
    place: str
    label: str


@command(
    "quality:complete",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("完工放行", "release a finished batch"),
    done=Words("完工放行：{lot}，{quantity}", "Released: {lot}, {quantity}"),
    tells=Words("{operation} 完工放行", "{operation} released after completion"),
    signed=True,
)
def complete(tx: Transaction, operation: CardOperation) -> Completed:
    """Release a batch without a final inspection plan after its last operation: a box, marked blue (P10).

    Raises `FinalInspectionOpen` for items with a plan, and at once `CardClosed`, `OnHold`, `OwnWork`,
    `OperationsOpen`, `NothingToInspect`.
    """
    card = work.lock(tx, operation)
    if work.final_inspection_at(tx, operation) is not None:
        raise refuse(FinalInspectionOpen(card=card.code))
    start, ready = gates.Start(tx, operation), work.ready(tx, operation)
    tx.require(
        gates.card_open(start),
        gates.not_on_hold(start),
        inspecting.own_lot(tx, card.lot),
        _all_done(operation),
        [] if ready and work.is_last(operation) else [NothingToInspect(what=work.code_of(operation))],
    )
    inspecting.conclude(tx, inspecting.opened(tx, "final", card.lot, ready, operation), inspecting.PASS)
    unit = _gathered(tx, operation)
    card.state, card.missing = "complete", max(0, card.quantity - work.in_boxes(tx, card))
    label = marking.mark_status(tx, unit.id, card.lot, Status.ACCEPTED, ready, at(operation))
    return Completed(
        card=card.code,
        lot=card.lot.code,
        quantity=shown(ready, card.item.uom),
        place=work.place_of(tx, operation).code,
        label=label.serial if label else "",
    )


def _all_done(operation: CardOperation) -> list[Refusal]:
    """Every operation has ended, so that no first article is open either."""
    left = tuple(one.seq for one in operation.card.operations if one.state != "finished")
    return [OperationsOpen(card=operation.card.code, operations=left)] if left else []


def _gathered(tx: Transaction, operation: CardOperation) -> HandlingUnit:
    """Everything good that lies at the last operation, in one new box."""
    first, *others = work.deliverable(tx, operation)
    lot, place = operation.card.lot, work.place_of(tx, operation)
    unit = lots.fill(tx, lot, first.quantity, ledger.end_of(first), place, Status.ACCEPTED)
    for found in others:
        ledger.move(tx, lot, found.quantity, ledger.end_of(found), End(unit.id, place, Status.ACCEPTED))
    return unit
