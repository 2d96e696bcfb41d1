"""What waits for quality, as the kiosk and the quality page show it: inspections with their plans, and what is open.

Only looks. Times are minutes up to the moment that the caller gives; quantities and limits are texts for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from mes.masters.model import Characteristic, Location
from mes.masters.units import shown
from mes.people.model import Person
from mes.production import gates
from mes.production.model import STANDS, CardOperation, Report, RunCard
from mes.quality.model import Inspection, Nonconformance
from mes.quality.plans import Asked, plan_of
from mes.stock.model import Balance, HandlingUnit, Lot
from mes.stock.status import Status
from mes.words import Words

Before, Earlier = aliased(CardOperation, name="before"), aliased(CardOperation, name="earlier")
OPEN_CARDS = ("released", "running")
Lying = tuple[CardOperation, int, datetime | None]  # an operation, the pieces ready for it, since when


@dataclass(frozen=True)
class Waiting:
    """A card at an operation where an inspector is wanted: since when, how much, and what is to be recorded.

    `ready` tells whether the pieces are there; `attempt` counts first articles; `warnings` forbid nothing (P8).
    """

    stage: str
    operation: str
    seq: int
    name_zh: str
    name_en: str
    work_center: str
    card: str
    item: str
    item_zh: str
    item_en: str
    operator: str
    attempt: int
    pieces: int
    quantity: str
    made: str
    ready: bool
    minutes: int
    characteristics: tuple[Asked, ...]
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True)
class OpenReport:
    """A nonconformance without a disposition."""

    code: str
    lot: str
    item: str
    item_zh: str
    item_en: str
    quantity: str
    reason: str
    found_by: str
    found_at: datetime
    place: str
    held_by: str


@dataclass(frozen=True)
class Undecided:
    """A box that waits for a judgement: pending, undecided, or accepted but due for re-inspection."""

    lot: str
    item: str
    item_zh: str
    item_en: str
    quantity: str
    status: str
    place: str
    stage: str
    recheck_on: date
    hold_reason: str


def first_articles(session: Session, now: datetime, today: date) -> list[Waiting]:
    """First articles without a verdict, those that wait longest first."""
    rows = session.execute(
        select(Inspection, CardOperation)
        .join(CardOperation, CardOperation.id == Inspection.card_operation_id)
        .where(Inspection.stage == "first_article", Inspection.state == "open")
        .order_by(Inspection.opened_at, Inspection.id)
    ).all()
    return [_first_article(session, inspection, operation, now, today) for inspection, operation in rows]


def finals(session: Session, now: datetime, today: date) -> list[Waiting]:
    """Cards with pieces ready for their final inspection, those that wait longest first."""
    found = [
        _waiting(session, "final", operation, quantity, _minutes(now, since), today)
        for operation, quantity, since in _ready_for_final(session)
    ]
    return sorted(found, key=lambda one: -one.minutes)


def completions(session: Session, now: datetime, today: date) -> list[Waiting]:
    """Last operations of finished batches that only the completion scan is missing."""
    found = [
        _waiting(session, "completion", operation, quantity, _minutes(now, since), today)
        for operation, quantity, since in _ready_to_complete(session)
    ]
    return sorted(found, key=lambda one: -one.minutes)


def open_nonconformances(session: Session) -> list[OpenReport]:
    """Nonconformances without a disposition, the oldest first."""
    rows = session.execute(
        select(Nonconformance, Person)
        .join(Person, Person.id == Nonconformance.found_by)
        .where(Nonconformance.state == "open")
        .order_by(Nonconformance.found_at, Nonconformance.id)
    ).all()
    return [_open_report(session, report, person) for report, person in rows]


def undecided(session: Session, today: date) -> list[Undecided]:
    """Boxes that wait for incoming inspection, a judgement or a re-inspection, by lot."""
    due = and_(Balance.status == Status.ACCEPTED, Lot.recheck_on <= today)
    rows = session.execute(
        select(Balance, Lot, Location)
        .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.quantity > 0, or_(Balance.status.in_((Status.PENDING, Status.AWAITING_DECISION)), due))
        .order_by(Lot.code, Balance.holder_id)
    ).all()
    return [
        Undecided(
            lot=lot.code,
            item=lot.item.code,
            item_zh=lot.item.name_zh,
            item_en=lot.item.name_en,
            quantity=shown(found.quantity, lot.item.uom),
            status=found.status,
            place=place.code,
            stage="recheck" if lot.recheck_on <= today else "incoming",
            recheck_on=lot.recheck_on,
            hold_reason=lot.hold_reason or "",
        )
        for found, lot, place in rows
    ]


def _ready_for_final(session: Session) -> list[Lying]:
    """Final operations with what lies ready at the operation before each."""
    plan = Characteristic.revision_id == RunCard.revision_id, Characteristic.stage == "final"
    final = select(func.min(Characteristic.seq)).where(*plan).scalar_subquery()
    earlier = Earlier.card_id == CardOperation.card_id, Earlier.seq < CardOperation.seq
    before = select(func.max(Earlier.seq)).where(*earlier).scalar_subquery()
    return _lying(session, CardOperation.seq == final, Before.seq == before)


def _ready_to_complete(session: Session) -> list[Lying]:
    """Last operations of cards without a final plan whose operations have all ended, with what lies there."""
    planned = select(Characteristic.id).where(
        Characteristic.revision_id == RunCard.revision_id, Characteristic.stage == "final"
    )
    going_on = select(Earlier.id).where(Earlier.card_id == CardOperation.card_id, Earlier.state != "finished")
    last = select(func.max(Earlier.seq)).where(Earlier.card_id == CardOperation.card_id).scalar_subquery()
    return _lying(session, CardOperation.seq == last, Before.seq == last, ~planned.exists(), ~going_on.exists())


def _lying(session: Session, *conditions: ColumnElement[bool]) -> list[Lying]:
    """Operations, the good quantity that lies at `Before` of the same card, and when it was last reported there."""
    since = select(func.max(Report.at)).where(Report.card_operation_id == Before.id, STANDS).scalar_subquery()
    good = Balance.status.in_((Status.IN_PROCESS, Status.ACCEPTED)), Balance.quantity > 0
    lying = select(func.sum(Balance.quantity)).where(Balance.holder_id == Before.id, *good).scalar_subquery()
    rows = session.execute(
        select(CardOperation, lying, since)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .join(Before, Before.card_id == CardOperation.card_id)
        .where(RunCard.state.in_(OPEN_CARDS), Before.state != "setup", lying > 0, *conditions)
        .order_by(CardOperation.id)
    )
    return [(operation, int(quantity), last) for operation, quantity, last in rows]


def _first_article(
    session: Session, inspection: Inspection, operation: CardOperation, now: datetime, today: date
) -> Waiting:
    """Minutes count from the first piece, or from the start while nothing is made."""
    made, since = _made_since(session, inspection)
    uom = operation.card.item.uom
    return _waiting(
        session,
        "first_article",
        operation,
        inspection.quantity,
        _minutes(now, since or inspection.opened_at),
        today,
        inspection.attempt,
        shown(made, uom),
        made >= inspection.quantity,
    )


def _made_since(session: Session, inspection: Inspection) -> tuple[int, datetime | None]:
    """What was made of an open first article, and when its first piece was."""
    made, since = session.execute(
        select(func.coalesce(func.sum(Report.good + Report.bad), 0), func.min(Report.at)).where(
            Report.card_operation_id == inspection.card_operation_id, Report.id > (inspection.after_report or 0), STANDS
        )
    ).one()
    return int(made), since


def _waiting(
    session: Session,
    stage: str,
    operation: CardOperation,
    pieces: int,
    minutes: int,
    today: date,
    attempt: int = 1,
    made: str = "",
    ready: bool = True,
) -> Waiting:
    card, step, worker = operation.card, operation.operation, operation.operator
    quantity = shown(pieces, card.item.uom)
    return Waiting(
        stage=stage,
        operation=f"{card.code}+{operation.seq}",
        seq=operation.seq,
        name_zh=step.name_zh,
        name_en=step.name_en,
        work_center=step.work_center.code,
        card=card.code,
        item=card.item.code,
        item_zh=card.item.name_zh,
        item_en=card.item.name_en,
        operator=_called(worker) if worker else "",
        attempt=attempt,
        pieces=pieces,
        quantity=quantity,
        made=made or quantity,
        ready=ready,
        minutes=minutes,
        characteristics=plan_of(session, operation, stage, today),
        warnings=tuple(Words(one.sentence("zh"), one.sentence("en")) for one in gates.beware(operation, today)),
    )


def _open_report(session: Session, report: Nonconformance, person: Person) -> OpenReport:
    item = report.lot.item
    operation = session.get(CardOperation, report.holder_id)
    place = session.scalar(
        select(Location.code)
        .join(Balance, Balance.location_id == Location.id)
        .where(Balance.holder_id == report.holder_id, Balance.quantity > 0)
        .limit(1)
    )
    return OpenReport(
        code=report.code,
        lot=report.lot.code,
        item=item.code,
        item_zh=item.name_zh,
        item_en=item.name_en,
        quantity=shown(report.quantity, item.uom),
        reason=report.reason,
        found_by=_called(person),
        found_at=report.found_at,
        place=place or "",
        held_by=f"{operation.card.code}+{operation.seq}" if operation else report.lot.code,
    )


def _minutes(now: datetime, since: datetime | None) -> int:
    return max(0, int((now - since).total_seconds() // 60)) if since else 0


def _called(person: Person) -> str:
    return f"{person.badge} {person.name_zh}"
