"""Reporting what was made (P6, F2, F3): good and bad pieces move on, material is drawn, genealogy written with it.

Reports the pieces of an operation and nothing else: a final inspection is quality's, who disposes of bad pieces too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Amount, Reason
from mes.masters.amounts import amount
from mes.masters.refusals import QuantityNotWhole
from mes.masters.units import shown
from mes.production import again, drawing, gates, work
from mes.production.drawing import Drawn
from mes.production.model import CardOperation, Report
from mes.production.refusals import FinalInspectionOpen, FirstArticleOpen, MoreThanCard, PreviousNotReady
from mes.production.starting import at_work
from mes.quality import nonconforming
from mes.refusals import ReasonMissing, Refusal, refuse
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words

# What bad pieces become: those already accepted are doubted first, quality decides what they are.
WHEN_BAD = {Status.IN_PROCESS: Status.NONCONFORMING, Status.ACCEPTED: Status.AWAITING_DECISION}


@dataclass(frozen=True)
class Output:
    """Good and bad pieces of one report, in the smallest unit, and why the bad ones are bad."""

    good: int
    bad: int
    reason: str | None = None

    @property
    def made(self) -> int:
        """Everything made: what material was used for."""
        return self.good + self.bad


@dataclass(frozen=True)
class Reported:
    """Good and bad of the operation so far (smallest unit), and what this report drew: (item, lot, quantity)."""

    good_total: int
    bad_total: int
    consumed: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Booked:
    """Good and bad of the operation so far (smallest unit), and what the new output drew."""

    good_total: int
    bad_total: int
    drawn: list[Drawn]


@command(
    "production:report",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("报工", "report output"),
    done=Words("已报 {operation}：良品 {good}，不良 {bad}", "Reported {operation}: good {good}, bad {bad}"),
    tells=Words(
        "{operation} 报工：良品 {good}，不良 {bad} {reason}", "{operation} reported: good {good}, bad {bad} {reason}"
    ),
)
def report(
    tx: Transaction,
    operation: CardOperation,
    good: Annotated[str, Amount("operation"), Words("良品", "good")],
    bad: Annotated[str, Amount("operation"), Words("不良", "bad")] = "0",
    reason: Annotated[str | None, Reason(64), Words("不良原因", "reason of the bad ones")] = None,
) -> Reported:
    """Report good and bad pieces of a started operation, in the item's stock unit (P6, F3).

    Raises `QuantityNotWhole`, and every reason of `book` at once.
    """
    item = operation.card.item
    output = Output(amount(item, good, least=0), amount(item, bad, least=0), (reason or "").strip() or None)
    if output.made == 0:
        raise refuse(QuantityNotWhole(item=item.code, asked=good))
    booked = book(tx, operation, output)
    return Reported(booked.good_total, booked.bad_total, tuple(one.words for one in booked.drawn))


def book(
    tx: Transaction,
    operation: CardOperation,
    output: Output,
    gates_of_caller: Sequence[Refusal] = (),
    *,
    may_set_up: bool = True,
) -> Booked:
    """Draw material for an output, move its pieces here and write the report; packing books its cartons by it too.

    Where a first article is due again these pieces are its first ones, or refused where `may_set_up` is not. Raises
    every reason at once, the caller's among them: `CardClosed`, `NotStarted`, `AlreadyFinished`,
    `WrongWorkCenter`, `OnHold`, `NotQualified`…, `FinalInspectionOpen`, `ReasonMissing`, `FirstArticleOpen`,
    `FirstArticleAgain`, `MoreThanCard`, `PreviousNotReady`, `LabelNotVerified`, `MaterialShort`.
    """
    work.lock(tx, operation)
    good, bad = work.good_so_far(tx, operation) + output.good, work.bad_so_far(tx, operation) + output.bad
    wanted = drawing.needs(tx, operation, good + bad)
    due = again.changes(tx, operation, operation.equipment, wanted) if output.good else ()
    again_due = again.asked_again(tx, operation, due)
    allowed = work.set_up_quantity(tx, operation) if may_set_up else 0
    tx.require(
        gates_of_caller,
        reasons_not_to_report(tx, operation, output),
        _within_set_up(tx, operation, output),
        again_due if output.made > allowed else [],
        again.machine_scanned_anew(operation, due),
        _within_card(tx, operation, output),
        _previous_delivers(tx, operation, output),
        _previous_marked(tx, operation, output),
        drawing.reasons_short(tx, operation, wanted),
    )
    tx.warn([*gates.warnings(gates.Start(tx, operation, operation.equipment)), *again_due])
    if due:
        again.open_first_article(tx, operation)
    sources = _sources(tx, operation, output.made)
    drawn = drawing.take(tx, operation, wanted)
    _receive(tx, operation, output, sources)
    _write(tx, operation, output)
    return Booked(good, bad, drawn)


def reasons_not_to_report(tx: Transaction, operation: CardOperation, output: Output) -> list[Refusal]:
    """What forbids any report here now: the card, the place, a hold, the person, a reason that is missing."""
    start = gates.Start(tx, operation, operation.equipment)
    reasons = [*gates.card_open(start), *at_work(operation), *gates.right_station(start), *gates.not_on_hold(start)]
    if start.process_class != gates.ProcessClass.NORMAL:
        reasons += gates.operator_qualified(start)
    if work.is_final_inspection(tx, operation):
        reasons.append(FinalInspectionOpen(card=operation.card.code))
    return [*reasons, *_reasoned(output)]


def _reasoned(output: Output) -> list[Refusal]:
    return [ReasonMissing()] if output.bad and not output.reason else []


def _within_set_up(tx: Transaction, operation: CardOperation, output: Output) -> list[Refusal]:
    """In set-up at most the pieces of the open first article (P9, F1)."""
    waiting = work.open_first_article(tx, operation)
    if waiting is None or work.made_in_attempt(tx, operation) + output.made <= waiting.quantity:
        return []
    card = operation.card
    allowed = shown(waiting.quantity, card.item.uom)
    return [FirstArticleOpen(card=card.code, seq=operation.seq, attempt=waiting.attempt, allowed=allowed)]


def _within_card(tx: Transaction, operation: CardOperation, output: Output) -> list[Refusal]:
    card = operation.card
    left = card.quantity - work.made_so_far(tx, operation)
    if output.made <= left:
        return []
    uom = card.item.uom
    return [MoreThanCard(card=card.code, seq=operation.seq, left=shown(left, uom), asked=shown(output.made, uom))]


def _previous_delivers(tx: Transaction, operation: CardOperation, output: Output) -> list[Refusal]:
    before, card = work.previous(tx, operation), operation.card
    if before is None or (ready := work.ready(tx, before)) >= output.made:
        return []
    uom = card.item.uom
    return [
        PreviousNotReady(card=card.code, previous=before.seq, ready=shown(ready, uom), asked=shown(output.made, uom))
    ]


def _previous_marked(tx: Transaction, operation: CardOperation, output: Output) -> list[Refusal]:
    """Accepted pieces go on, or into a carton, only under a label that counts (F5); bad ones always may (law 8)."""
    before = work.previous(tx, operation)
    return lots.scanned_back(tx, before.id, Status.ACCEPTED) if before and output.good else []


def _receive(tx: Transaction, operation: CardOperation, output: Output, sources: list[tuple[End, int]]) -> None:
    """Move pieces to this operation, the good ones first."""
    good = work.delivered_as(tx, operation)
    for quantity, status in ((output.good, good), (output.bad, WHEN_BAD[good])):
        target = work.end_at(tx, operation, status)
        for source, part in _taken(sources, quantity):
            ledger.move(tx, operation.card.lot, part, source, target)


def _sources(tx: Transaction, operation: CardOperation, quantity: int) -> list[tuple[End, int]]:
    """Where pieces come from: the operation before, or production at the first."""
    before = work.previous(tx, operation)
    if before is None:
        return [(ledger.outside(tx, "PRODUCTION"), quantity)]
    return [(ledger.end_of(found), found.quantity) for found in work.deliverable(tx, before)]


def _taken(sources: list[tuple[End, int]], quantity: int) -> list[tuple[End, int]]:
    """Take a quantity off the first sources that have it."""
    taken: list[tuple[End, int]] = []
    while quantity and sources:
        source, held = sources.pop(0)
        part = min(quantity, held)
        taken.append((source, part))
        quantity -= part
        if held > part:
            sources.insert(0, (source, held - part))
    return taken


def _write(tx: Transaction, operation: CardOperation, output: Output) -> None:
    tx.add(
        Report,
        event_id=tx.event.id,
        card_operation_id=operation.id,
        operator_id=tx.actor.id,
        equipment_id=operation.equipment_id,
        good=output.good,
        bad=output.bad,
        reason=output.reason,
        at=tx.happened_at,
    )
    if output.bad and output.reason:
        # F3: they wait at their operation for quality's disposition
        nonconforming.raised(tx, operation.card.lot, operation.id, output.bad, output.reason)
    tx.cause("report", work.code_of(operation), output.good, output.bad, output.reason)
