"""Undoing what began or ended an operation: a start by mistake is given back, one that ended too early is opened again.

Touches no pieces: reports are taken back elsewhere, and before.
"""

from __future__ import annotations

from typing import Annotated

from mes.declaring import command
from mes.given import Reason
from mes.masters.units import shown
from mes.production import work
from mes.production.gates import Start, card_open, right_station
from mes.production.model import CardOperation
from mes.production.refusals import AlreadyFinished
from mes.production.starting import Finished, at_work
from mes.production.undo_refusals import NotFinished, WorkReported
from mes.quality import inspecting
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words


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


def go_on_from(tx: Transaction, operation: CardOperation) -> None:
    """Pieces were made good at an operation: whatever comes after it has work again, also on a card that was complete.

    Where they only wait to be packed, that is this operation itself.
    """
    card = work.lock(tx, operation)
    packs = work.is_last(operation) and work.delivered_as(tx, operation) == Status.ACCEPTED
    for one in card.operations:
        if one.state == "finished" and (one.seq > operation.seq or (packs and one is operation)):
            open_again(tx, one)
    if card.state == "complete":
        card.state = "running"
    tx.session.flush()
    tx.cause("card", card.code, card.state)


def open_again(tx: Transaction, operation: CardOperation) -> None:
    """An operation that has ended goes on."""
    operation.state, operation.finished_at = "running", None
    tx.session.flush()
    tx.cause("opened again", work.code_of(operation))
