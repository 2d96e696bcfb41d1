"""How a lot stands for quality: its boxes and operations, what a release would free, what nobody reported yet.

Only looks; the sentences that a person reads before he signs come from here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from mes.labelling.model import Label
from mes.masters.model import Location
from mes.masters.units import shown
from mes.production.model import CardOperation
from mes.quality.model import Nonconformance
from mes.stock.model import Balance, HandlingUnit, Lot, Movement
from mes.stock.status import STATUS_WORDS, Status
from mes.words import Words

USABLE = (Status.ACCEPTED, Status.IN_PROCESS)
FREED = Words("{place}：{quantity} {status} → 恢复合格", "{place}: {quantity}, {status} → accepted again")
GOES_ON = Words("{place}：{quantity} {status}，恢复使用", "{place}: {quantity}, {status}, may be used again")
STAYS = Words("{place}：{quantity} 仍为{status}", "{place}: {quantity} stays {status}")
NOTHING = Words("此批无在厂货物", "nothing of this lot is here")


@dataclass(frozen=True)
class Part:
    """What of a lot lies in one box or at one operation: the code it is scanned by, where, how much, how it stands."""

    code: str
    place: str
    quantity: str
    status: Status
    stopped_by_hold: bool
    unreported: bool

    @property
    def on_release(self) -> Words:
        """What becomes of it when the lot is released from hold."""
        template = FREED if self.stopped_by_hold else GOES_ON if self.status in USABLE else STAYS
        words = STATUS_WORDS[self.status]
        facts = {"place": self.place, "quantity": self.quantity}
        return Words(template.zh.format(status=words.zh, **facts), template.en.format(status=words.en, **facts))


@dataclass(frozen=True)
class LotStanding:
    """A lot with its item, why it is on hold (empty: it is not), and its parts in the plant."""

    lot: str
    item: str
    item_zh: str
    item_en: str
    hold_reason: str
    parts: tuple[Part, ...]

    @property
    def on_release(self) -> list[Words]:
        """What a release would do, line by line."""
        return [part.on_release for part in self.parts] or [NOTHING]


def standing_of(session: Session, code: str) -> LotStanding | None:
    """The lot of a code; None where there is none."""
    lot = session.scalar(select(Lot).where(Lot.code == code))
    if lot is None:
        return None
    item = lot.item
    return LotStanding(
        lot.code, item.code, item.name_zh, item.name_en, lot.hold_reason or "", tuple(_parts(session, lot))
    )


def what_a_release_frees(session: Session, arguments: Mapping[str, Any]) -> list[Words]:
    """The list that is read before a release from hold is signed."""
    found = standing_of(session, str(arguments.get("lot", "")))
    return found.on_release if found else []


def unreported(session: Session) -> list[str]:
    """Lots with nonconforming boxes that no open report speaks of, as an opening stock brings them."""
    lying = Balance.status == Status.NONCONFORMING, Balance.quantity > 0, Balance.outside.is_(False)
    found = (
        select(Lot.code)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .where(*lying, ~REPORTED)
        .distinct()
        .order_by(Lot.code)
    )
    return list(session.scalars(found))


def stopped_by_hold(session: Session, lot_id: int) -> set[int]:
    """The boxes that await a decision and were accepted before, or are parts of such a box: a hold stopped them.

    What came in undecided is judged, never released.
    """
    moved = (
        select(Movement.from_holder_id, Movement.from_status, Movement.to_holder_id)
        .where(Movement.lot_id == lot_id, Movement.to_status == Status.AWAITING_DECISION)
        .order_by(Movement.id)
    )
    found: set[int] = set()
    for source, status, target in session.execute(moved):
        if status == Status.ACCEPTED or source in found:
            found.add(target)
    return found


# Reported: its report is open, or it was decided that it goes back to who sent it.
REPORTED = exists().where(
    Nonconformance.holder_id == Balance.holder_id,
    (Nonconformance.state == "open") | Nonconformance.dispositions.any(kind="return"),
)
MARK = (
    select(Label.serial)
    .where(Label.holder_id == Balance.holder_id, Label.voided_by.is_(None))
    .order_by(Label.id.desc())
    .limit(1)
    .scalar_subquery()
)


def _parts(session: Session, lot: Lot) -> Iterator[Part]:
    query = (
        select(Balance, Location.code, MARK, REPORTED, CardOperation.id)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(CardOperation, CardOperation.id == Balance.holder_id)
        .where(and_(Balance.lot_id == lot.id, Balance.quantity > 0, Balance.outside.is_(False)))
        .order_by(Balance.holder_id, Balance.status)
    )
    stopped = stopped_by_hold(session, lot.id)
    for found, place, mark, reported, operation in session.execute(query):
        status = Status(found.status)
        yield Part(
            code=mark or lot.code,
            place=place,
            quantity=shown(found.quantity, lot.item.uom),
            status=status,
            stopped_by_hold=status == Status.AWAITING_DECISION and found.holder_id in stopped,
            unreported=status == Status.NONCONFORMING and not reported and operation is None,
        )
