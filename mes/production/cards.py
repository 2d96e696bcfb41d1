"""A run card that stops: held and let go on, cancelled, or closed short of what it asks for.

Nothing that was made is left lying about: what is half made goes to a nonconforming area, where quality decides on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Reason
from mes.labelling import marking
from mes.masters.model import Location
from mes.masters.units import shown
from mes.production import gates, work
from mes.production.model import CardOperation, RunCard
from mes.production.refusals import CardClosed
from mes.production.undo_refusals import (
    CardNotHeld,
    DestinationMissing,
    FinishedPieces,
    PiecesWithQuality,
    SomethingMade,
)
from mes.quality import inspecting, nonconforming, regrading
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.ledger import End, Lying
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words

OPEN = ("released", "running")
OF_QUALITY = (Status.NONCONFORMING, Status.AWAITING_DECISION, Status.PENDING)
GOING_TO = Words("在制品去向（不合格品区库位）", "nonconforming area for what is half made")


@dataclass(frozen=True)
class Card:
    """A run card, its state, and the operations that are at work on it."""

    card: str
    state: str
    at_work: tuple[int, ...]


@dataclass(frozen=True)
class Ended:
    """A run card that has ended: what was never made, and the report on what was half made with its label."""

    card: str
    missing: str
    nonconformance: str | None
    label: str | None


@command(
    "production:hold_card",
    {Role.SUPERVISOR, Role.PLANNER},
    Words("流转单挂起", "put a run card on hold"),
    done=Words("流转单 {card} 已挂起", "Run card {card} is on hold"),
    tells=Words("流转单 {card} 挂起：{reason}", "run card {card} put on hold: {reason}"),
)
def hold_card(tx: Transaction, card: RunCard, reason: Annotated[str, Reason()]) -> Card:
    """Stop all work on a card and all material for it; what is known of its goods does not change.

    Raises `CardClosed`, `CardHeld`, `GroundsMissing`.
    """
    work.lock(tx, card.operations[0])
    tx.require(gates.card_open(gates.Start(tx, card.operations[0])), inspecting.grounds(reason))
    card.state, card.hold_reason = "held", reason.strip()
    return _told(tx, card)


@command(
    "production:resume_card",
    {Role.SUPERVISOR, Role.PLANNER},
    Words("流转单恢复", "let a held run card go on"),
    done=Words("流转单 {card} 已恢复", "Run card {card} goes on"),
    tells=Words("流转单 {card} 恢复：{reason}", "run card {card} goes on: {reason}"),
    signed=True,
)
def resume_card(tx: Transaction, card: RunCard, reason: Annotated[str, Reason()]) -> Card:
    """Let a held card go on where it stood; raises `CardNotHeld`, `GroundsMissing`."""
    work.lock(tx, card.operations[0])
    held = card.state == "held"
    tx.require([] if held else [CardNotHeld(card=card.code)], inspecting.grounds(reason))
    tx.sign("resume card")
    begun = any(one.state != "waiting" for one in card.operations)
    card.state, card.hold_reason = "running" if begun else "released", None
    return _told(tx, card)


@command(
    "production:cancel_card",
    {Role.SUPERVISOR, Role.PLANNER},
    Words("流转单取消", "cancel a run card"),
    done=Words("流转单 {card} 已取消", "Run card {card} is cancelled"),
    tells=Words(
        "流转单 {card} 取消：{reason}，在制品去向 {to}", "run card {card} cancelled: {reason}; half made to {to}"
    ),
    confirm=Words(
        "流转单 {card} 取消后不能恢复；在制品转为不合格品，等待质量处置。",
        "A cancelled run card stays so ({card}); what is half made becomes nonconforming and waits for quality.",
    ),
    signed=True,
)
def cancel_card(
    tx: Transaction, card: RunCard, reason: Annotated[str, Reason()], to: Annotated[Location | None, GOING_TO] = None
) -> Ended:
    """Cancel a card of which nothing went into store; the plan has its quantity back.

    Raises at once `CardClosed`, `GroundsMissing`, `SomethingMade`, `PiecesWithQuality`, `FinishedPieces`,
    `DestinationMissing`, `WrongPlaceForStatus`.
    """
    work.lock(tx, card.operations[0])
    made = work.in_boxes(tx, card)
    kept = [SomethingMade(card=card.code, made=shown(made, card.item.uom))] if made else []
    tx.require(_may_end(card), inspecting.grounds(reason), kept, _nothing_forgotten(tx, card, to))
    return _end(tx, card, "cancelled", reason.strip(), to)


@command(
    "production:close_card",
    {Role.SUPERVISOR, Role.PLANNER},
    Words("流转单短缺关闭", "close a run card short"),
    done=Words("流转单 {card} 已关闭，缺 {missing}", "Run card {card} is closed, {missing} are missing"),
    tells=Words(
        "流转单 {card} 短缺关闭：{reason}，在制品去向 {to}", "run card {card} closed short: {reason}; half made to {to}"
    ),
    confirm=Words(
        "流转单 {card} 关闭后不能再报工；缺数退回计划，在制品转为不合格品，等待质量处置。",
        "Nothing more is made on {card}; the plan has back what is missing, what is half made waits for quality.",
    ),
    signed=True,
)
def close_card(
    tx: Transaction, card: RunCard, reason: Annotated[str, Reason()], to: Annotated[Location | None, GOING_TO] = None
) -> Ended:
    """End a card before all of it is made; what is missing is recorded, and the plan has it back.

    Raises at once `CardClosed`, `GroundsMissing`, `PiecesWithQuality`, `FinishedPieces`, `DestinationMissing`,
    `WrongPlaceForStatus`.
    """
    work.lock(tx, card.operations[0])
    tx.require(_may_end(card), inspecting.grounds(reason), _nothing_forgotten(tx, card, to))
    return _end(tx, card, "closed", reason.strip(), to)


def _told(tx: Transaction, card: RunCard) -> Card:
    tx.session.flush()
    tx.cause("card", card.code, card.state, card.hold_reason)
    return Card(card.code, card.state, tuple(one.seq for one in card.operations if one.state in ("setup", "running")))


def _may_end(card: RunCard) -> list[Refusal]:
    """A card ends once; one on hold may."""
    return [] if card.state in (*OPEN, "held") else [CardClosed(card=card.code, state=card.state)]


def _nothing_forgotten(tx: Transaction, card: RunCard, to: Location | None) -> list[Refusal]:
    """Everything that lies on the card is quality's, store's, or has a place to go to."""
    lying, uom = _lying(tx, card), card.item.uom
    with_quality = _some(lying, lambda one, found: found.status in OF_QUALITY)
    finished = _some(lying, lambda one, found: _is_finished(tx, one, found))
    half_made = _some(lying, lambda one, found: _is_half_made(tx, one, found))
    reasons: list[Refusal] = []
    if with_quality[1]:
        reasons.append(PiecesWithQuality(card.code, with_quality[0], shown(with_quality[1], uom)))
    if finished[1]:
        reasons.append(FinishedPieces(card.code, finished[0], shown(finished[1], uom)))
    if half_made[1] and to is None:
        reasons.append(DestinationMissing(card.code, half_made[0], shown(half_made[1], uom)))
    return [*reasons, *(lots.may_lie(to, Status.NONCONFORMING) if to else [])]


Pieces = list[tuple[CardOperation, Lying]]


def _lying(tx: Transaction, card: RunCard) -> Pieces:
    lots.look(tx, [one.id for one in card.operations])
    return [(one, found) for one in card.operations for found in lots.standing(tx, one.id).balances]


def _some(lying: Pieces, which: Callable[[CardOperation, Lying], bool]) -> tuple[tuple[int, ...], int]:
    """The operations where such pieces lie, and how many."""
    found = [(operation, balance) for operation, balance in lying if which(operation, balance)]
    return tuple(dict.fromkeys(one.seq for one, _ in found)), sum(balance.quantity for _, balance in found)


def _is_finished(tx: Transaction, operation: CardOperation, found: Lying) -> bool:
    return found.status == Status.ACCEPTED and work.delivered_as(tx, operation) == Status.ACCEPTED


def _is_half_made(tx: Transaction, operation: CardOperation, found: Lying) -> bool:
    return found.status not in OF_QUALITY and not _is_finished(tx, operation, found)


def _end(tx: Transaction, card: RunCard, state: str, reason: str, to: Location | None) -> Ended:
    tx.sign(f"{state} card")
    half_made = [found for one, found in _lying(tx, card) if _is_half_made(tx, one, found)]
    report, label = _boxed(tx, card, half_made, to, reason) if half_made and to else (None, None)
    _end_operations(tx, card.operations)
    card.state, card.hold_reason, card.missing = state, None, card.quantity - work.in_boxes(tx, card)
    tx.session.flush()
    tx.cause("card", card.code, state, reason, card.missing)
    return Ended(card.code, shown(card.missing, card.item.uom), report, label)


def _boxed(tx: Transaction, card: RunCard, half_made: list[Lying], to: Location, reason: str) -> tuple[str, str | None]:
    """What is half made, in one box at its place, marked yellow, with a report for quality."""
    unit, quantity = lots.new_unit(tx, card.lot), sum(found.quantity for found in half_made)
    for found in half_made:
        bad = regrading.regrade(tx, card.lot, found.quantity, ledger.end_of(found), Status.NONCONFORMING)
        ledger.move(tx, card.lot, found.quantity, bad, End(unit.id, to, Status.NONCONFORMING))
    report = nonconforming.raised(tx, card.lot, unit.id, quantity, reason)
    facts = nonconforming.facts_of(report)
    label = marking.mark_status(tx, unit.id, card.lot, Status.NONCONFORMING, quantity, facts)
    return report.code, label.serial if label else None


def _end_operations(tx: Transaction, operations: Iterable[CardOperation]) -> None:
    """What was at work has ended; what a first article was asked for is asked no more."""
    for one in operations:
        if waiting := work.open_first_article(tx, one):
            tx.session.delete(waiting)
        if one.state in ("setup", "running"):
            one.state, one.finished_at = "finished", tx.now
