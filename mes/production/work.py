"""Questions about the work on a run card: what was made, what the operation before delivers, where it all lies.

Only asks; every department that works on a run card may use it. A run card is locked here, and nowhere else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased, contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from mes.masters.model import BomLine, Characteristic, Customer, Item, Location, Operation, WorkCenter
from mes.production.model import STANDS, CardOperation, Report, RunCard
from mes.production.refusals import NoLineSide
from mes.quality.model import Inspection
from mes.refusals import refuse
from mes.stock import ledger, lots
from mes.stock.ledger import End, Lying
from mes.stock.model import HandlingUnit, Movement
from mes.stock.status import Status
from mes.transaction import Transaction

SEEN = "run cards"
"""Where a session keeps the cards that it has looked up: terminal and door ask for the same."""


def lock(tx: Transaction, operation: CardOperation) -> RunCard:
    """Lock the run card of an operation, the first lock of every command on it, and look at all of it afresh."""
    if not tx.alone and operation.card_id not in tx.locked:
        _card(tx.session, LOCK, {"card": operation.card_id})
        tx.locked.add(operation.card_id)
        tx.seen.clear()
    return operation.card


def card_of(session: Session, code: str) -> RunCard | None:
    """The run card of a code, with all its operations and the order that it works for; looked up once per session."""
    seen: dict[str, RunCard] = session.info.setdefault(SEEN, {})
    if code not in seen and (found := _card(session, OF_CODE, {"code": code})):
        seen[code] = found
    return seen.get(code)


def _card(session: Session, query: Select[CardOperation], which: dict[str, Any]) -> RunCard | None:
    operations = session.scalars(query, which, execution_options=ledger.AFRESH).unique().all()
    if not operations:
        return None
    card = operations[0].card
    set_committed_value(card, "operations", list(operations))
    return card


OPERATIONS = (
    select(CardOperation)
    .join(CardOperation.card)
    .options(contains_eager(CardOperation.card).joinedload(RunCard.plan_line))
    .order_by(CardOperation.seq)
)
OF_CODE = OPERATIONS.where(RunCard.code == bindparam("code"))
LOCK = OPERATIONS.where(CardOperation.card_id == bindparam("card")).with_for_update(of=[RunCard, CardOperation])


def code_of(operation: CardOperation) -> str:
    """How an operation is called on the wire: CARD+SEQ."""
    return f"{operation.card.code}+{operation.seq}"


def previous(tx: Transaction, operation: CardOperation) -> CardOperation | None:
    """The operation before on the same card, or None for the first."""
    before = [one for one in operation.card.operations if one.seq < operation.seq]
    return max(before, key=lambda one: one.seq, default=None)


def following(operation: CardOperation) -> CardOperation | None:
    """The operation after it on the same card, or None for the last."""
    after = [one for one in operation.card.operations if one.seq > operation.seq]
    return min(after, key=lambda one: one.seq, default=None)


def is_last(operation: CardOperation) -> bool:
    """Whether nothing comes after it on its card."""
    return operation.seq == max(one.seq for one in operation.card.operations)


def components(tx: Transaction, operation: CardOperation) -> list[BomLine]:
    """What an operation uses by the revision of its card, in the order in which their boxes are locked."""
    lines = tx.masters.where(BomLine, revision_id=operation.card.revision_id, seq=operation.seq)
    return sorted(lines, key=lambda line: line.component_id)


def steps_using(tx: Transaction, item: Item) -> list[Operation]:
    """Every step of every revision that uses an item."""
    lines = tx.masters.where(BomLine, component_id=item.id)
    return [step for line in lines for step in tx.masters.where(Operation, revision_id=line.revision_id, seq=line.seq)]


def characteristics(tx: Transaction, operation: CardOperation, *stages: str) -> list[Characteristic]:
    """What is inspected at an operation in these stages, by the revision of the card (law 10)."""
    planned = tx.masters.where(Characteristic, revision_id=operation.card.revision_id, seq=operation.seq)
    return sorted((one for one in planned if one.stage in stages), key=lambda one: one.number)


def final_inspection_at(tx: Transaction, operation: CardOperation) -> int | None:
    """The step of the card at which its final inspection plan stands, or None without one (P10)."""
    planned = tx.masters.where(Characteristic, revision_id=operation.card.revision_id, stage="final")
    return min((one.seq for one in planned if one.seq is not None), default=None)


def is_final_inspection(tx: Transaction, operation: CardOperation) -> bool:
    """Whether the final inspection of its card happens at this operation (P10)."""
    return final_inspection_at(tx, operation) == operation.seq


def good_so_far(tx: Transaction, operation: CardOperation) -> int:
    """Good pieces reported at an operation."""
    return _reported(tx, operation, 0)[0]


def bad_so_far(tx: Transaction, operation: CardOperation) -> int:
    """Bad pieces reported at an operation."""
    return _reported(tx, operation, 0)[1]


def made_so_far(tx: Transaction, operation: CardOperation) -> int:
    """Everything reported at an operation, good and bad: what its material was used for."""
    return sum(_reported(tx, operation, 0))


def made_at(session: Session, operation: CardOperation, after: int = 0) -> int:
    """The same for whoever only looks, outside a command; `after` a report: only what was made since."""
    good, bad = session.execute(REPORTED, {"operation": operation.id, "after": after}).one()
    return int(good) + int(bad)


def made_in_attempt(tx: Transaction, operation: CardOperation) -> int:
    """What was made of the first article that is open: the reports since it was asked for (F1)."""
    return sum(in_attempt(tx, operation))


def in_attempt(tx: Transaction, operation: CardOperation) -> tuple[int, int]:
    """Good and bad pieces of the first article that is open."""
    waiting = open_first_article(tx, operation)
    return _reported(tx, operation, waiting.after_report or 0) if waiting else (0, 0)


def _reported(tx: Transaction, operation: CardOperation, after: int) -> tuple[int, int]:
    counted = {"operation": operation.id, "after": after}
    good, bad = tx.once((Report, *counted.values()), lambda: tx.rows(REPORTED, counted)[0])
    return int(good), int(bad)


REPORTED = select(func.coalesce(func.sum(Report.good), 0), func.coalesce(func.sum(Report.bad), 0)).where(
    Report.card_operation_id == bindparam("operation"), Report.id > bindparam("after"), STANDS
)


def in_boxes(tx: Transaction, card: RunCard) -> int:
    """What of a card went into boxes as accepted; what was reversed does not count (smallest unit)."""
    tx.write()
    return int(tx.session.scalar(IN_BOXES, {"card": card.id}) or 0)


Undoing = aliased(Movement)
IN_BOXES = (
    select(func.sum(Movement.quantity))
    .join(CardOperation, CardOperation.id == Movement.from_holder_id)
    .join(HandlingUnit, HandlingUnit.id == Movement.to_holder_id)
    .where(
        CardOperation.card_id == bindparam("card"),
        Movement.to_status == Status.ACCEPTED,
        ~exists().where(Undoing.reverses_id == Movement.id),
    )
)


def open_first_article(tx: Transaction, operation: CardOperation) -> Inspection | None:
    """The first article that waits for a verdict at an operation; there is one while it is in set-up."""
    if operation.state != "setup":
        return None
    asked = {"operation": operation.id}
    return tx.once((Inspection, operation.id), lambda: tx.session.scalars(FIRST_ARTICLE, asked).first())


FIRST_ARTICLE = select(Inspection).where(
    Inspection.card_operation_id == bindparam("operation"),
    Inspection.stage == "first_article",
    Inspection.state == "open",
)


def set_up_quantity(tx: Transaction, operation: CardOperation) -> int:
    """How many pieces the next first article takes: as the routing says, but no more than is left of the card (F1)."""
    return max(1, min(operation.operation.first_article_quantity, operation.card.quantity - made_so_far(tx, operation)))


def delivered_as(tx: Transaction, operation: CardOperation) -> Status:
    """The status in which an operation hands its good pieces on: accepted from the final inspection on."""
    final = final_inspection_at(tx, operation)
    return Status.ACCEPTED if final is not None and operation.seq >= final else Status.IN_PROCESS


def deliverable(tx: Transaction, operation: CardOperation) -> list[Lying]:
    """The good pieces that an operation has ready for the next; none while its first article is not signed (F1)."""
    if operation.state == "setup":
        return []
    wanted = {delivered_as(tx, operation), Status.ACCEPTED}  # accepted: by concession, or inspected after rework
    lots.look(tx, [one.id for one in operation.card.operations])
    return [found for found in lots.standing(tx, operation.id).balances if found.status in wanted]


def ready(tx: Transaction, operation: CardOperation) -> int:
    """How many good pieces an operation has ready for the next."""
    return sum(found.quantity for found in deliverable(tx, operation))


def line_side(tx: Transaction, center: WorkCenter) -> Location:
    """Where the material and the work in process of a work centre lie; raises `NoLineSide`."""
    places = tx.masters.where(Location, zone="line", work_center_id=center.id)
    if not places:
        raise refuse(NoLineSide(work_center=center.code))
    return min(places, key=lambda place: place.code)


def place_of(tx: Transaction, operation: CardOperation) -> Location:
    """The line side where an operation is done; raises `NoLineSide`."""
    return line_side(tx, operation.operation.work_center)


def end_at(tx: Transaction, operation: CardOperation, status: Status) -> End:
    """The end of a movement that an operation is, at its line side."""
    return End(operation.id, place_of(tx, operation), status)


def customer_of(card: RunCard) -> Customer | None:
    """Whose order a card works for; only that customer's property may go in (P16).

    A subassembly serves whatever its line and later ones need: it is nobody's.
    """
    line = card.plan_line
    order = line.order if line and line.item_id == card.item_id else None
    return order.customer if order else None
