"""Pre-printed colour cards (F5): a card bound by scan stands for the printed label of goods until that is voided.

The card must be the one of the status, in colour and overprint (law 9, P15). A card marks one thing at a time and is
used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes import codes
from mes.declaring import command
from mes.given import Code
from mes.labelling import marking
from mes.labelling.model import Label
from mes.labelling.print_queue import JobState
from mes.labelling.refusals import CardInUse, CardOfOtherColour, LabelStillPrinting, NotACard, NotMarked
from mes.refusals import Refusal, both, refuse
from mes.roles import FLOOR
from mes.stock import lots
from mes.stock.model import HandlingUnit
from mes.stock.status import CARD_NAMES, CARD_OF, LABEL_OF, Status
from mes.transaction import Transaction
from mes.words import Words

BOUND = both("以颜色卡代替", "a colour card stands for it")
# What a card may stand for: a label of which nothing has come out and nothing may yet.
REPLACEABLE = (JobState.QUEUED, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True)
class Bound:
    """A card and the goods that it marks from now on."""

    card: str
    lot: str
    colour: str
    label: str


@command(
    "label:bind_card",
    FLOOR,
    Words("绑颜色卡", "bind a colour card"),
    done=Words("颜色卡 {card} 已绑批次 {lot}", "Card {card} now stands for lot {lot}"),
    tells=Words("料箱 {unit} 绑颜色卡 {card}", "colour card {card} hung on box {unit}"),
    rescue=True,
)
def bind_card(
    tx: Transaction, unit: HandlingUnit, card: Annotated[str, Code(), Words("颜色卡", "colour card")]
) -> Bound:
    """Hang a colour card on a box instead of its label that still waits; the job of that label is cancelled.

    Raises `NotACard`, `BoxEmpty`, and at once `CardOfOtherColour`, `CardInUse`, `LabelStillPrinting` for a label that
    has come out or may have.
    """
    colour, code = _read(card)
    status = Status(lots.filled(tx, unit).status)
    mark = _mark(tx, unit, status)
    tx.require(_colour(code, colour, status), _free(tx, code), _nothing_out(tx, mark))
    marking.cancel_waiting(tx, mark, BOUND)
    mark.card, mark.verified_at = code, tx.now
    tx.cause("card", code, mark.serial)
    return Bound(code, unit.lot.code, colour, mark.serial)


def marked_by(tx: Transaction, card: str) -> Label | None:
    """The label that a card stands for now."""
    return tx.session.scalar(select(Label).where(Label.card == card, Label.voided_by.is_(None)))


def _read(card: str) -> tuple[str, str]:
    """Colour and printed text of a card."""
    try:
        code = codes.parse(card)
    except codes.CodeError:
        raise refuse(NotACard(text=card[:60])) from None
    if not isinstance(code, codes.CardCode):
        raise refuse(NotACard(text=card[:60]))
    return code.colour.lower(), codes.encode(code)


def _mark(tx: Transaction, unit: HandlingUnit, status: Status) -> Label:
    """The label of the box's status that a card can stand for; a box that never had one gets one, unprinted."""
    if status not in LABEL_OF:
        raise refuse(NotMarked(what=unit.lot.code))
    its = select(Label).where(Label.holder_id == unit.id, Label.voided_by.is_(None), Label.status == status)
    found = tx.session.scalar(its)
    if found:
        return found
    judged = marking.judgement(tx, unit.id, status)
    marking.mark_status(tx, unit.id, unit.lot, status, lots.filled(tx, unit).quantity, judged)
    return tx.session.scalars(its).one()


def _colour(card: str, colour: str, status: Status) -> list[Refusal]:
    wanted = CARD_OF[status]
    if colour == wanted:
        return []
    is_now, needed = (both(*CARD_NAMES.get(one, (one, one))) for one in (colour, wanted))
    return [CardOfOtherColour(card=card, colour=is_now, wanted=needed, status=lots.status_words(status))]


def _free(tx: Transaction, card: str) -> list[Refusal]:
    used = marked_by(tx, card)
    return [CardInUse(card=card, lot=marking.facts_of(used).get("lot", used.serial))] if used else []


def _nothing_out(tx: Transaction, mark: Label) -> list[Refusal]:
    out = [job for job in marking.jobs_of(tx, mark) if job.state not in REPLACEABLE and not job.spoiled]
    return [LabelStillPrinting(label=mark.serial, state=out[0].state)] if out else []
