"""Starting an operation of a run card: every gate asked, then set-up until the first article is signed, else running.

Also where an operation ends. Decides nothing about material or quality itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Reason
from mes.masters.model import Equipment
from mes.masters.units import shown
from mes.production import work
from mes.production.gates import Start, card_open, reasons_not_to_start, right_station, warnings
from mes.production.model import CardOperation
from mes.production.refusals import AlreadyFinished, FirstArticleOpen, NotStarted, OperationsOpen, PiecesWaiting
from mes.production.undo_refusals import NotFinished, WorkReported
from mes.quality import inspecting
from mes.quality.model import Inspection
from mes.refusals import Refusal
from mes.roles import Role
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
    operation.operator, operation.equipment, operation.started_at = tx.actor, equipment, tx.now
    operation.state, card.state = "running", "running"
    inspection = open_first_article(tx, operation, 1) if operation.operation.first_article else None
    tx.session.flush()
    tx.cause("started", work.code_of(operation), tx.actor.badge, equipment.code if equipment else None)
    return Started(
        work.code_of(operation),
        operation.state,
        shown(inspection.quantity, card.item.uom) if inspection else None,
        tuple(Warned(one.sentence("zh"), one.sentence("en")) for one in warnings(asked)),
    )


def open_first_article(tx: Transaction, operation: CardOperation, attempt: int) -> Inspection:
    """Put an operation into set-up and ask for a first article; quality opens the next attempt by it too (F1)."""
    operation.state = "setup"
    inspection = Inspection(
        stage="first_article",
        card_operation_id=operation.id,
        lot_id=operation.card.lot_id,
        attempt=attempt,
        quantity=work.set_up_quantity(tx, operation),
        state="open",
        opened_at=tx.now,
    )
    tx.session.add(inspection)
    tx.session.flush()
    tx.cause("first article", work.code_of(operation), attempt, inspection.quantity)
    return inspection


@command(
    "production:finish",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("完工", "finish an operation"),
    done=Words("{operation} 已完工", "{operation} finished"),
    tells=Words("{operation} 完工", "{operation} finished"),
)
def finish(tx: Transaction, operation: CardOperation) -> Finished:
    """End an operation whose predecessor is done and has nothing left for it; the last one completes a packed card.

    Raises `CardClosed`, `NotStarted`, `AlreadyFinished`, `FirstArticleOpen`, `OperationsOpen`, `PiecesWaiting`.
    """
    card = work.lock(tx, operation)
    asked = Start(tx, operation)
    tx.require(
        card_open(asked), right_station(asked), at_work(operation), _signed(tx, operation), _nothing_left(tx, operation)
    )
    operation.state, operation.finished_at = "finished", tx.now
    before = work.previous(tx, operation)
    if before and work.is_final_inspection(tx, before) and work.is_last(operation):
        card.state = "complete"
    tx.session.flush()
    tx.cause("finished", work.code_of(operation), card.state)
    return Finished(work.code_of(operation), card.state)


@command(
    "production:give_back",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("退回开工", "give back an operation"),
    done=Words("{operation} 已退回，恢复为未开工", "{operation} given back: it waits again"),
    tells=Words("{operation} 退回开工", "{operation} given back"),
)
def give_back(tx: Transaction, operation: CardOperation) -> Finished:
    """Undo a start on which nothing was reported: the operation waits as before, and keeps no machine.

    Raises `CardClosed`, `CardHeld`, `WrongWorkCenter`, `NotStarted`, `AlreadyFinished`, `WorkReported`.
    """
    card = work.lock(tx, operation)
    asked = Start(tx, operation)
    tx.require(card_open(asked), right_station(asked), at_work(operation), _nothing_reported(tx, operation))
    if waiting := work.open_first_article(tx, operation):
        tx.session.delete(waiting)  # nobody has made a piece for it, it is asked for anew
    operation.state, operation.operator, operation.equipment, operation.started_at = "waiting", None, None, None
    if all(one.state == "waiting" for one in card.operations):
        card.state = "released"
    tx.session.flush()
    tx.cause("given back", work.code_of(operation), card.state)
    return Finished(work.code_of(operation), card.state)


@command(
    "production:reopen",
    {Role.SUPERVISOR},
    Words("重新打开工序", "open an operation again"),
    done=Words("{operation} 已重新打开", "{operation} is open again"),
    tells=Words("{operation} 重新打开：{reason}", "{operation} opened again: {reason}"),
)
def reopen(tx: Transaction, operation: CardOperation, reason: Annotated[str, Reason()]) -> Finished:
    """Let an operation go on that was finished too early.

    Raises `CardClosed`, `CardHeld`, `NotFinished`, `AlreadyFinished` of the operation after it, `GroundsMissing`.
    """
    card = work.lock(tx, operation)
    ended = operation.state == "finished"
    tx.require(
        card_open(Start(tx, operation)),
        [] if ended else [NotFinished(card=card.code, seq=operation.seq)],
        reasons_not_to_reopen(operation),
        inspecting.grounds(reason),
    )
    open_again(tx, operation)
    return Finished(work.code_of(operation), card.state)


def _nothing_reported(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    made, card = work.made_so_far(tx, operation), operation.card
    return [WorkReported(card=card.code, seq=operation.seq, made=shown(made, card.item.uom))] if made else []


def reasons_not_to_reopen(operation: CardOperation) -> list[Refusal]:
    """An operation is opened again only while the one after it has not ended."""
    after = work.following(operation)
    ended = after is not None and after.state == "finished"
    return [AlreadyFinished(card=operation.card.code, seq=after.seq)] if after and ended else []


def open_again(tx: Transaction, operation: CardOperation) -> None:
    """An operation that has ended goes on."""
    operation.state, operation.finished_at = "running", None
    tx.session.flush()
    tx.cause("opened again", work.code_of(operation))


def at_work(operation: CardOperation) -> list[Refusal]:
    """The operation was started and has not ended."""
    if operation.state == "waiting":
        return [NotStarted(card=operation.card.code, seq=operation.seq)]
    if operation.state == "finished":
        return [AlreadyFinished(card=operation.card.code, seq=operation.seq)]
    return []


def _signed(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """No first article waits for its verdict (P9)."""
    waiting = work.open_first_article(tx, operation)
    if waiting is None:
        return []
    card = operation.card
    allowed = shown(waiting.quantity, card.item.uom)
    return [FirstArticleOpen(card=card.code, seq=operation.seq, attempt=waiting.attempt, allowed=allowed)]


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
