"""Dispositions of nonconforming goods (P14): return, concession, rework, repair, scrap; signed by the quality manager.

Decides on the goods of one nonconformance, in a box or at an operation. Reworked and repaired goods are pending again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Choice, Reason
from mes.journal import Event
from mes.labelling import marking
from mes.masters.units import shown
from mes.people.model import Person
from mes.production import giving_back, work
from mes.production.model import CardOperation
from mes.quality import consenting, inspecting, regrading
from mes.quality.model import DISPOSITIONS, Disposition, Nonconformance
from mes.quality.refusals import HalfMade, NothingToDispose
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.locks import MOVE_FIRST, TO_RETURN
from mes.stock.model import HandlingUnit, Lot
from mes.stock.status import LABEL_OF, Status
from mes.transaction import Transaction
from mes.words import Words

BECOMES = {
    "return": Status.NONCONFORMING,
    "concession": Status.ACCEPTED,
    "rework": Status.PENDING,
    "repair": Status.PENDING,
    "scrap": Status.SCRAP,
}
OUT_OF_THE_ROUTING = ("return", "scrap")  # these never go on to the next operation, so they get a box of their own
ENDS_OF_CARDS = ("production:cancel_card", "production:close_card")
DISPOSABLE = (Status.NONCONFORMING, Status.AWAITING_DECISION)


@dataclass(frozen=True)
class Disposed:
    """What was decided: kind, quantity, the status that follows, and the new label if there is one."""

    nonconformance: str
    kind: str
    lot: str
    quantity: str
    status: str
    label: str | None


@dataclass(frozen=True)
class Goods:
    """What a nonconformance still covers: quantities (smallest unit) at ends of movements."""

    parts: tuple[tuple[End, int], ...]

    @property
    def quantity(self) -> int:
        """All of it."""
        return sum(quantity for _, quantity in self.parts)


@command(
    "quality:dispose",
    {Role.QUALITY_MANAGER},
    Words("处置不合格品", "dispose of nonconforming goods"),
    done=Words("已处置：{nonconformance} {kind}，{quantity}", "Decided: {nonconformance} {kind}, {quantity}"),
    tells=Words("不合格品 {nonconformance} 处置为 {kind}：{reason}", "{nonconformance} decided as {kind}: {reason}"),
    confirm=Words("处置签字后不能更改。", "The decision cannot be changed once it is signed."),
    signed=True,
)
def dispose(
    tx: Transaction,
    nonconformance: Nonconformance,
    kind: Annotated[str, Choice(DISPOSITIONS), Words("处置", "disposition")],
    reason: Annotated[str, Reason()],
) -> Disposed:
    """Decide on nonconforming goods (P14, P16).

    Raises `NothingToDispose` for what is decided already or has gone, and at once `GroundsMissing`,
    `OwnWork`, `ConsentMissing` for a customer's property, `HalfMade`.
    """
    operation = _lock(tx, nonconformance)
    lot, goods = nonconformance.lot, _goods(tx, nonconformance)
    tx.require(
        [] if nonconformance.state == "open" and goods.parts else [NothingToDispose(what=nonconformance.code)],
        inspecting.grounds(reason),
        inspecting.own_lot(tx, lot),
        inspecting.own_report(tx, nonconformance),
        _whole(tx, nonconformance, kind),
        consenting.consented(tx, nonconformance, kind),
    )
    facts = {
        "reason": reason.strip(),
        "document": f"{DISPOSITIONS[kind].zh} {DISPOSITIONS[kind].en} {nonconformance.code}",
    }
    label = _at_operation(tx, operation, goods, kind, facts) if operation else _in_box(tx, lot, goods, kind, facts)
    _write(tx, nonconformance, kind, goods.quantity, reason)
    return Disposed(
        nonconformance.code, kind, lot.code, shown(goods.quantity, lot.item.uom), BECOMES[kind].value, label
    )


def _lock(tx: Transaction, nonconformance: Nonconformance) -> CardOperation | None:
    """The operation that holds the goods, if one does; its card is locked, then the nonconformance is read afresh."""
    operation = tx.session.get(CardOperation, nonconformance.holder_id)
    if operation:
        work.lock(tx, operation)
    tx.session.refresh(nonconformance, with_for_update={"of": Nonconformance})
    return operation


def _goods(tx: Transaction, nonconformance: Nonconformance) -> Goods:
    """The reported quantity at an operation, or whatever the box holds now: it may have been split since."""
    left, parts = nonconformance.quantity, []
    for found in ledger.where(tx, nonconformance.holder_id):
        taken = min(left, found.quantity)
        if taken and found.status in DISPOSABLE and found.lot_id == nonconformance.lot_id:
            parts.append((ledger.end_of(found), taken))
            left -= taken
    return Goods(tuple(parts))


def _whole(tx: Transaction, nonconformance: Nonconformance, kind: str) -> list[Refusal]:
    """What was left half made when its card ended never becomes good."""
    raised_by = tx.session.scalar(select(Event.kind).where(Event.id == nonconformance.event_id))
    half_made = raised_by in ENDS_OF_CARDS and kind not in OUT_OF_THE_ROUTING
    return [HalfMade(nonconformance=nonconformance.code)] if half_made else []


def _in_box(tx: Transaction, lot: Lot, goods: Goods, kind: str, facts: Mapping[str, str]) -> str | None:
    """A box changes its status as a whole; one to be returned stays what it is, under lock until decided anew."""
    unit = tx.session.get_one(HandlingUnit, goods.parts[0][0].holder_id)
    if unit.lock_reason == TO_RETURN:
        unit.lock_reason = None
    label = regrading.regrade_box(tx, unit, BECOMES[kind], facts)
    if kind == "return":
        regrading.lock(unit, TO_RETURN)
    return label


def _at_operation(
    tx: Transaction, operation: CardOperation, goods: Goods, kind: str, facts: Mapping[str, str]
) -> str | None:
    """Pieces at an operation stay on their run card, unless they leave the routing for good."""
    if kind in OUT_OF_THE_ROUTING:
        return _box_out(tx, operation.card.lot, goods, kind, facts)
    for source, quantity in goods.parts:
        regrading.regrade(tx, operation.card.lot, quantity, source, BECOMES[kind])
    if BECOMES[kind] == Status.ACCEPTED:
        giving_back.go_on_from(tx, operation)
    if BECOMES[kind] != Status.PENDING:
        return None
    layout, stock = LABEL_OF[Status.PENDING]
    content = {**marking.status_facts(tx, operation.card.lot, goods.quantity), **facts}
    return marking.issue_label(tx, layout, stock, content, holder_id=operation.id, status=Status.PENDING).serial


def _box_out(tx: Transaction, lot: Lot, goods: Goods, kind: str, facts: Mapping[str, str]) -> str | None:
    unit = lots.new_unit(tx, lot)
    for source, quantity in goods.parts:
        end = regrading.regrade(tx, lot, quantity, source, BECOMES[kind])
        ledger.move(tx, lot, quantity, end, End(unit.id, end.location, end.status))
    unit.lock_reason = TO_RETURN if kind == "return" else MOVE_FIRST
    label = marking.mark_status(tx, unit.id, lot, BECOMES[kind], goods.quantity, facts)
    return label.serial if label else None


def _write(tx: Transaction, nonconformance: Nonconformance, kind: str, quantity: int, reason: str) -> None:
    finder = tx.session.get_one(Person, nonconformance.found_by)
    signer = tx.sign(f"dispose:{kind} of {finder.badge}")
    nonconformance.state = "disposed"
    tx.session.add(
        Disposition(
            nonconformance_id=nonconformance.id,
            kind=kind,
            quantity=quantity,
            person_id=signer.id,
            event_id=tx.event.id,
            at=tx.now,
            reason=reason.strip(),
        )
    )
    tx.session.flush()
    tx.cause("disposition", nonconformance.code, kind, quantity)
