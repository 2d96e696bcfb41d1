"""Starting an operation of a run card: every gate asked, then set-up until the first article is signed, else running.

Also where an operation ends. Decides nothing about material or quality itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Amount
from mes.masters.amounts import amount
from mes.masters.model import Equipment
from mes.masters.units import shown
from mes.production import again, work
from mes.production.gates import Start, card_open, reasons_not_to_go_on, reasons_not_to_start, right_station, warnings
from mes.production.model import CardOperation
from mes.production.refusals import AlreadyFinished, FirstArticleOpen, NotStarted, OperationsOpen, PiecesWaiting
from mes.production.undo_refusals import NotPacked, PiecesMissing
from mes.quality.model import Inspection
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Warned:
    """Something that forbids nothing here, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Started:
    """An operation at work: `setup` or `running`, the set-up quantity if there is one, what to beware of."""

    operation: str
    state: str
    set_up: str | None
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class Finished:
    """An operation that is done, and the state of its card."""

    operation: str
    card_state: str


@command(
    "production:start",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("开工", "start an operation"),
    done=Words("{operation} 已开工", "{operation} started"),
    tells=Words("{operation} 开工，设备 {equipment}", "{operation} started on machine {equipment}"),
)
def start(tx: Transaction, operation: CardOperation, equipment: Equipment | None = None) -> Started:
    """Start an operation; where the routing asks for a first article only its pieces may be made (P9, F1).

    Raises every reason of the gates of its process class at once (law 6).
    """
    card = work.lock(tx, operation)
    asked = Start(tx, operation, equipment)
    tx.require(reasons_not_to_start(asked))
    tx.warn(warnings(asked))
    operation.operator, operation.equipment, operation.started_at = tx.actor, equipment, tx.happened_at
    operation.state, card.state = "running", "running"
    inspection = again.open_first_article(tx, operation) if operation.operation.first_article else None
    tx.session.flush()
    tx.cause("started", work.code_of(operation), tx.actor.badge, equipment.code if equipment else None)
    return _started(operation, inspection, warnings(asked))


@command(
    "production:resume",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("续作工序", "go on with an operation"),
    done=Words("{operation} 续作", "Going on with {operation}"),
    tells=Words("{operation} 续作，设备 {equipment}", "{operation} gone on with on machine {equipment}"),
)
def resume(tx: Transaction, operation: CardOperation, equipment: Equipment | None = None) -> Started:
    """Go on with a started operation, perhaps on another machine; asks for a first article again where it is due (F1).

    Without `equipment` the work stays on its machine, which the next person and shift scan anew at key and special
    processes. Raises `NotStarted`, `AlreadyFinished` and every reason that forbids going on, at once.
    """
    work.lock(tx, operation)
    machine = equipment or operation.equipment
    asked = Start(tx, operation, machine)
    due = again.changes(tx, operation, machine)
    tx.require(
        at_work(operation), reasons_not_to_go_on(asked), [] if equipment else again.machine_scanned_anew(operation, due)
    )
    beware = [*warnings(asked), *again.asked_again(tx, operation, due)]
    tx.warn(beware)
    if operation.state == "setup" and machine is not operation.equipment:
        again.begin_anew(tx, operation)
    operation.equipment = machine
    inspection = again.open_first_article(tx, operation) if due else None
    tx.session.flush()
    tx.cause("resumed", work.code_of(operation), tx.actor.badge, machine.code if machine else None)
    return _started(operation, inspection, beware)


def _started(operation: CardOperation, inspection: Inspection | None, beware: list[Refusal]) -> Started:
    return Started(
        work.code_of(operation),
        operation.state,
        shown(inspection.quantity, operation.card.item.uom) if inspection else None,
        tuple(Warned(one.sentence("zh"), one.sentence("en")) for one in beware),
    )


@command(
    "production:finish",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("完工", "finish an operation"),
    done=Words("{operation} 已完工", "{operation} finished"),
    tells=Words("{operation} 完工", "{operation} finished"),
)
def finish(
    tx: Transaction,
    operation: CardOperation,
    missing: Annotated[str | None, Amount("operation"), Words("确认的缺数", "missing, as confirmed")] = None,
) -> Finished:
    """End an operation whose predecessor is done and has nothing left for it; the last one completes a packed card.

    Raises at once `CardClosed`, `CardHeld`, `NotStarted`, `AlreadyFinished`, `FirstArticleOpen`, `OperationsOpen`,
    `PiecesWaiting`, `NotPacked`; then `PiecesMissing`, unless `missing` says exactly how many the card lacks.
    """
    card = work.lock(tx, operation)
    asked = Start(tx, operation)
    tx.require(
        card_open(asked),
        right_station(asked),
        at_work(operation),
        _signed(tx, operation),
        _nothing_left(tx, operation),
        _packed(tx, operation),
    )
    tx.require(_all_made(tx, operation, missing))
    again.ask_no_more(tx, operation)
    operation.state, operation.finished_at = "finished", tx.happened_at
    before = work.previous(tx, operation)
    if before and work.is_final_inspection(tx, before) and work.is_last(operation):
        card.state, card.missing = "complete", max(0, card.quantity - work.in_boxes(tx, card))
    tx.session.flush()
    tx.cause("finished", work.code_of(operation), card.state)
    return Finished(work.code_of(operation), card.state)


def at_work(operation: CardOperation) -> list[Refusal]:
    """The operation was started and has not ended."""
    if operation.state == "waiting":
        return [NotStarted(card=operation.card.code, seq=operation.seq)]
    if operation.state == "finished":
        return [AlreadyFinished(card=operation.card.code, seq=operation.seq)]
    return []


def _signed(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """No first article waits for its verdict (P9); one that was asked for again and has no pieces needs none."""
    waiting = work.open_first_article(tx, operation)
    if waiting is None or again.judges_nothing(tx.session, operation, waiting):
        return []
    card = operation.card
    allowed = shown(waiting.quantity, card.item.uom)
    return [FirstArticleOpen(card=card.code, seq=operation.seq, attempt=waiting.attempt, allowed=allowed)]


def missing_at(made: int, operation: CardOperation) -> int:
    """How many pieces a first operation that made so many ends short by; later ones report whatever comes to them."""
    return max(0, operation.card.quantity - made) if is_first(operation) else 0


def is_first(operation: CardOperation) -> bool:
    """Whether nothing comes before it on its card."""
    return all(one.seq >= operation.seq for one in operation.card.operations)


def _all_made(tx: Transaction, operation: CardOperation, confirmed: str | None) -> list[Refusal]:
    """Nobody ends an operation short without having seen by how many."""
    made = work.made_so_far(tx, operation) if is_first(operation) else 0
    card, short = operation.card, missing_at(made, operation)
    if short == 0 or (confirmed is not None and amount(card.item, confirmed) == short):
        return []
    return [PiecesMissing(card=card.code, seq=operation.seq, missing=shown(short, card.item.uom))]


def _packed(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """The last operation after a final inspection leaves nothing accepted behind: it goes into boxes."""
    finished = work.is_last(operation) and work.delivered_as(tx, operation) == Status.ACCEPTED
    left = work.ready(tx, operation) if finished and not work.is_final_inspection(tx, operation) else 0
    card = operation.card
    return [NotPacked(card=card.code, seq=operation.seq, left=shown(left, card.item.uom))] if left else []


def _nothing_left(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """The operation before has ended and delivered everything."""
    before, card = work.previous(tx, operation), operation.card
    if before is None:
        return []
    reasons: list[Refusal] = []
    if before.state != "finished":
        reasons.append(OperationsOpen(card=card.code, operations=(before.seq,)))
    if waiting := work.ready(tx, before):
        reasons.append(
            PiecesWaiting(card=card.code, seq=operation.seq, previous=before.seq, waiting=shown(waiting, card.item.uom))
        )
    return reasons
