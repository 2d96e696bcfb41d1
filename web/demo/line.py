"""One operation of one run card as people at the line do it: fetch, load, start, first article, report, finish."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes import codes
from mes.clock import local_day
from mes.labelling.model import Label
from mes.masters.model import BomLine, Item, Location
from mes.masters.units import needed
from mes.production.model import CardOperation, Loaded, RunCard
from mes.stock import fifo
from mes.stock.model import Balance, HandlingUnit, Lot
from web.demo.cast import OPERATORS, STOREKEEPER
from web.demo.hands import DemoFailed, Floor
from web.demo.kiosk import FIRST_ARTICLE, Kiosk

STORE = "RAW-1"
# Items of which the store holds one box for two lines: the storekeeper opens it and takes this much out (stock unit).
SPLIT = {"RM-GRS": "100"}


@dataclass(frozen=True)
class Step:
    """An operation on a card: number, kind, the crew mark of its work centre, whether a first article is asked for."""

    seq: int
    operation: str
    line: str
    first_article: bool


@dataclass(frozen=True)
class Card:
    """A run card on paper."""

    code: str
    lot: str
    item: str
    quantity: int

    def steps(self, floor: Floor) -> list[Step]:
        """The operations printed on it."""
        with floor.look.read() as session:
            return [
                Step(one.seq, one.operation.code, one.operation.work_center.crew_mark, one.operation.first_article)
                for one in _card(session, self).operations
            ]

    def step(self, floor: Floor, seq: int) -> Step:
        """One operation."""
        return next(one for one in self.steps(floor) if one.seq == seq)

    def waiting(self, floor: Floor, seq: int) -> int:
        """Good pieces that wait for an operation; at the first, what of the card is not made yet."""
        with floor.look.read() as session:
            operations = _card(session, self).operations
            before = [one for one in operations if one.seq < seq]
            if before:
                return _held(session, before[-1].id, "in_process", "accepted")
            return self.quantity - _held(session, operations[0].id, "in_process", "nonconforming")


def _card(session: Session, card: Card) -> RunCard:
    return session.scalars(select(RunCard).where(RunCard.code == card.code)).one()


def _held(session: Session, holder_id: int, *statuses: str) -> int:
    query = select(func.coalesce(func.sum(Balance.quantity), 0)).where(
        Balance.holder_id == holder_id, Balance.status.in_(statuses)
    )
    return int(session.scalar(query) or 0)


# --- material --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """A component that an operation of a card uses, in its smallest unit, and where."""

    item_id: int
    item: str
    quantity: int
    place: str
    line: str
    seq: int


def needs(floor: Floor, card: Card, seq: int | None = None) -> list[Need]:
    """What the card's bill of material asks for, at one operation or at all."""
    with floor.look.read() as session:
        return [
            _need(session, line, operation)
            for operation in _card(session, card).operations
            if seq in (None, operation.seq)
            for line in _bom(session, operation)
        ]


def _bom(session: Session, operation: CardOperation) -> list[BomLine]:
    card = operation.card
    return list(
        session.scalars(
            select(BomLine)
            .where(BomLine.revision_id == card.revision_id, BomLine.seq == operation.seq)
            .order_by(BomLine.id)
        )
    )


def _need(session: Session, line: BomLine, operation: CardOperation) -> Need:
    card, component, center = operation.card, line.component, operation.operation.work_center
    quantity = needed(card.quantity, line.qty_per, card.item.uom, component.uom)
    return Need(component.id, component.code, quantity, f"LN-{center.crew_mark}", center.crew_mark, operation.seq)


def issue_for(floor: Floor, card: Card) -> None:
    """Bring boxes to the line sides until there is enough for the card: next box by FIFO, one scan each (F2)."""
    floor.badge(STORE, STOREKEEPER)
    floor.must(STORE, f"W{card.code}")
    for need in needs(floor, card):
        while _at_line(floor, need) < need.quantity:
            floor.must(STORE, _next_box(floor, card, need))


def _at_line(floor: Floor, need: Need) -> int:
    with floor.look.read() as session:
        query = (
            select(func.coalesce(func.sum(Balance.quantity), 0))
            .join(Location, Location.id == Balance.location_id)
            .where(
                Balance.item_id == need.item_id,
                Location.code == need.place,
                Balance.status == "accepted",
                Balance.holder_id.in_(select(HandlingUnit.id)),
            )
        )
        return int(session.scalar(query) or 0)


def _next_box(floor: Floor, card: Card, need: Need) -> str:
    with floor.look.read() as session:
        item = session.get_one(Item, need.item_id)
        queue = fifo.standing(session, item, local_day(floor.stage.clock(), "Asia/Shanghai"), limit=1)
    if not queue:
        raise DemoFailed(f"the store has no {need.item} for {card.code}")
    if need.item in SPLIT:
        return _split(floor, card, queue[0], SPLIT[need.item])
    return floor.box_code(queue[0].lot, queue[0].unit)


def _split(floor: Floor, card: Card, box: fifo.Candidate, quantity: str) -> str:
    """Open the only box, take some out into a new box with a label of its own, and go on issuing to the card."""
    whole = floor.box_code(box.lot, box.unit)
    floor.must(STORE, codes.encode(codes.CommandCode("SPLIT")), whole, f"Q{quantity}", f"W{card.code}")
    return floor.label_code(_newest_box(floor, box.lot))


def _newest_box(floor: Floor, lot: str) -> str:
    """The label of the box that was filled last."""
    with floor.look.read() as session:
        return session.scalars(
            select(Label.serial)
            .join(HandlingUnit, HandlingUnit.id == Label.holder_id)
            .join(Lot, Lot.id == HandlingUnit.lot_id)
            .where(Lot.code == lot, Label.voided_by.is_(None))
            .order_by(HandlingUnit.id.desc())
            .limit(1)
        ).one()


# --- work ------------------------------------------------------------------------------------------------------------


def start_and_sign(floor: Floor, kiosk: Kiosk, card: Card, seq: int, *, reject_first: bool = False) -> None:
    """Badge, machine, boxes, start; then first-article pieces until the inspector has signed (P9, F1)."""
    step = card.step(floor, seq)
    station = f"{step.line}-1"
    operator, machine = OPERATORS[step.operation]
    floor.badge(station, operator)
    if machine:
        floor.must(station, f"ZE.{machine}")
    _load(floor, card, step, station)
    floor.must(station, f"3W{card.code}+{seq}")
    if step.first_article:
        _first_article(floor, kiosk, card, step, station, reject_first)


def _first_article(floor: Floor, kiosk: Kiosk, card: Card, step: Step, station: str, reject_first: bool) -> None:
    floor.must(station, f"Q{FIRST_ARTICLE}")
    if reject_first:
        floor.refused(station, "Q100", "first_article_open")
        kiosk.first_article(card.code, step.seq, passes=False)
        floor.must(station, f"Q{FIRST_ARTICLE}")
    kiosk.first_article(card.code, step.seq, passes=True)


def run_operation(
    floor: Floor, kiosk: Kiosk, card: Card, seq: int, *, bad: int = 0, reject_first: bool = False
) -> None:
    """Do a whole operation: everything that waits for it is made; `bad` pieces are reported with a reason."""
    start_and_sign(floor, kiosk, card, seq, reject_first=reject_first)
    station = f"{card.step(floor, seq).line}-1"
    left = card.waiting(floor, seq)
    if bad:
        floor.must(station, codes.encode(codes.ReasonCode("SLOW")), f"Q{bad}")
    floor.must(station, f"Q{left - bad}", codes.encode(codes.CommandCode("FINISH")))


def _load(floor: Floor, card: Card, step: Step, station: str) -> None:
    """Open boxes at the line until what is loaded covers the card; a box once opened stays loaded (F2)."""
    for need in needs(floor, card, step.seq):
        for lot, unit in _to_open(floor, need):
            floor.must(station, floor.box_code(lot, unit))


def _to_open(floor: Floor, need: Need) -> list[tuple[str, int]]:
    """Boxes lying at the line unopened, oldest first, as many as are missing."""
    with floor.look.read() as session:
        open_units = set(session.scalars(select(Loaded.unit_id).where(Loaded.unloaded_at.is_(None))))
        rows = session.execute(
            select(HandlingUnit.id, Lot.code, Balance.quantity)
            .join(Balance, Balance.holder_id == HandlingUnit.id)
            .join(Lot, Lot.id == HandlingUnit.lot_id)
            .join(Location, Location.id == Balance.location_id)
            .where(
                Lot.item_id == need.item_id,
                Location.code == need.place,
                Balance.status == "accepted",
                Balance.quantity > 0,
            )
            .order_by(Balance.goes_first, Lot.code)
        ).all()
    loaded = sum(quantity for unit, _, quantity in rows if unit in open_units)
    wanted = []
    for unit, lot, quantity in rows:
        if unit not in open_units and loaded < need.quantity:
            wanted.append((lot, unit))
            loaded += quantity
    return wanted
