"""Final inspection (P10, P14): splits a batch into accepted pieces, marked blue, and a yellow box of the others.

Only for items with a final inspection plan; packing comes after and is stock's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Amount, Reason
from mes.labelling import marking
from mes.masters.amounts import amount
from mes.masters.units import shown
from mes.production import drawing, gates, work
from mes.production.model import CardOperation, Report
from mes.quality import inspecting, measuring, nonconforming
from mes.quality.measuring import Reading, Readings
from mes.quality.refusals import NothingToInspect, OutOfLimits, SplitDoesNotAddUp
from mes.refusals import ReasonMissing, Refusal, refuse
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.locks import MOVE_FIRST
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words

LONGEST_REASON = 64


@dataclass(frozen=True)
class Split:
    """How a final inspection divides what waits, in the smallest unit, and why the rest is bad."""

    accepted: int
    nonconforming: int
    reason: str

    @property
    def total(self) -> int:
        """Everything decided on."""
        return self.accepted + self.nonconforming

    @property
    def verdict(self) -> str:
        """A batch of which something is accepted has passed."""
        return inspecting.PASS if self.accepted else inspecting.REJECT


@dataclass(frozen=True)
class Finals:
    """What a final inspection decided: quantities, the blue label, and the box, label and report of the rest."""

    operation: str
    accepted: str
    nonconforming: str
    label: str | None
    nonconforming_label: str | None
    nonconformance: str | None
    state: str


@command(
    "quality:final",
    {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("成品检验", "final inspection"),
    done=Words(
        "检验完成：合格 {accepted}，不合格 {nonconforming}",
        "Final inspection done: {accepted} accepted, {nonconforming} nonconforming",
    ),
    tells=Words(
        "{operation} 成品检验：合格 {accepted}，不合格 {nonconforming}",
        "{operation} finally inspected: {accepted} accepted, {nonconforming} nonconforming",
    ),
    signed=True,
    elsewhere=measuring.AT_THE_KIOSK,
)
def final(
    tx: Transaction,
    operation: CardOperation,
    accepted: Annotated[str, Amount("operation"), Words("合格", "accepted")],
    nonconforming: Annotated[str, Amount("operation"), Words("不合格", "nonconforming")] = "0",
    reason: Annotated[str | None, Reason(64), Words("不合格原因", "reason of the nonconforming ones")] = None,
    measurements: Readings = None,
) -> Finals:
    """Decide on everything that the operation before has ready (quantities in the stock unit; P10, P14).

    Raises `QuantityNotWhole`, `NothingToInspect`, whatever a reading is refused for, and at once `CardClosed`,
    `OnHold`, `OwnWork`, `ReasonMissing`, `SplitDoesNotAddUp`, `MeasurementMissing`, `OutOfLimits`; after them
    `MaterialShort`.
    """
    card = work.lock(tx, operation)
    item = card.item
    split = Split(amount(item, accepted, least=0), amount(item, nonconforming, least=0), (reason or "").strip())
    before, ready = _waiting(tx, operation)
    asked = work.characteristics(tx, operation, "final")
    readings = measuring.read(tx, asked, measurements, ready)
    tx.require(
        gates.card_open(gates.Start(tx, operation)),
        gates.not_on_hold(gates.Start(tx, operation)) if split.accepted else [],
        inspecting.own_lot(tx, card.lot),
        [ReasonMissing()] if split.nonconforming and not split.reason else [],
        _adds_up(operation, split, ready),
        measuring.missing(asked, readings) if split.accepted else [],
        _bad_ones_rejected(readings, split),
    )
    _take_over(tx, operation, before, split)
    inspection = inspecting.opened(tx, "final", card.lot, split.total, operation)
    measuring.record(tx, inspection, readings)
    inspecting.conclude(tx, inspection, split.verdict, split.reason)
    return _decided(tx, operation, split)


def _waiting(tx: Transaction, operation: CardOperation) -> tuple[CardOperation, int]:
    """The operation before a final inspection and how much it has ready; raises `NothingToInspect`."""
    before = work.previous(tx, operation) if work.is_final_inspection(tx, operation) else None
    ready = work.ready(tx, before) if before else 0
    if before is None or ready == 0:
        raise refuse(NothingToInspect(what=work.code_of(operation)))
    return before, ready


def _adds_up(operation: CardOperation, split: Split, ready: int) -> list[Refusal]:
    if split.total == ready:
        return []
    uom = operation.card.item.uom
    return [SplitDoesNotAddUp(card=operation.card.code, ready=shown(ready, uom), given=shown(split.total, uom))]


def _bad_ones_rejected(readings: Sequence[Reading], split: Split) -> list[Refusal]:
    """At least the pieces that failed a measurement are among the nonconforming."""
    if measuring.failing_pieces(readings) <= split.nonconforming:
        return []
    return [OutOfLimits(characteristics=measuring.failing(readings))]


def _take_over(tx: Transaction, operation: CardOperation, before: CardOperation, split: Split) -> None:
    """What waits comes to this operation as reported work of the inspector, with the material it uses."""
    drawing.draw(tx, operation, work.made_so_far(tx, operation) + split.total)
    for found in work.deliverable(tx, before):
        target = work.end_at(tx, operation, Status.IN_PROCESS)
        ledger.move(tx, operation.card.lot, found.quantity, ledger.end_of(found), target)
    if operation.started_at is None:
        operation.operator, operation.started_at = tx.actor, tx.happened_at
    operation.state = "running"
    tx.session.add(
        Report(
            event_id=tx.event.id,
            card_operation_id=operation.id,
            operator_id=tx.actor.id,
            equipment_id=operation.equipment_id,
            good=split.accepted,
            bad=split.nonconforming,
            reason=split.reason[:LONGEST_REASON] or None,
            at=tx.happened_at,
        )
    )
    if before.state == "finished":
        operation.state, operation.finished_at = "finished", tx.happened_at
    tx.session.flush()


def _decided(tx: Transaction, operation: CardOperation, split: Split) -> Finals:
    uom = operation.card.item.uom
    label = _accept(tx, operation, split.accepted) if split.accepted else None
    bad_label, report = _reject(tx, operation, split) if split.nonconforming else (None, None)
    return Finals(
        operation=work.code_of(operation),
        accepted=shown(split.accepted, uom),
        nonconforming=shown(split.nonconforming, uom),
        label=label,
        nonconforming_label=bad_label,
        nonconformance=report,
        state=operation.state,
    )


def _accept(tx: Transaction, operation: CardOperation, quantity: int) -> str:
    """Accepted pieces wait here for packing, under one blue label for all of them."""
    lot, target = operation.card.lot, work.end_at(tx, operation, Status.ACCEPTED)
    ledger.move(tx, lot, quantity, work.end_at(tx, operation, Status.IN_PROCESS), target)
    total = ledger.balance(tx, target, lot)
    label = marking.mark_status(tx, operation.id, lot, Status.ACCEPTED, total, at(operation))
    return label.serial if label else ""


def _reject(tx: Transaction, operation: CardOperation, split: Split) -> tuple[str, str]:
    """The rest goes into a box of its own, marked yellow, to be taken to the nonconforming area."""
    source = work.end_at(tx, operation, Status.IN_PROCESS)
    place, bad = work.place_of(tx, operation), Status.NONCONFORMING
    unit = lots.fill(tx, operation.card.lot, split.nonconforming, source, place, bad)
    unit.lock_reason = MOVE_FIRST
    report = nonconforming.raised(tx, unit.lot, unit.id, split.nonconforming, split.reason)
    facts = {**at(operation), **nonconforming.facts_of(report)}
    label = marking.mark_status(tx, unit.id, unit.lot, bad, split.nonconforming, facts)
    return label.serial if label else "", report.code


def at(operation: CardOperation) -> dict[str, str]:
    """What a label says about the operation where the goods stand."""
    step = operation.operation
    return {"operation": f"{operation.seq} {step.name_zh} {step.name_en}"}
