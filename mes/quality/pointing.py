"""What a scanned code points at among the things that may wait for quality: operations, cards, lots, items, places.

Looks labels and cartons up and never believes them (F5); whether anything waits there is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from mes import codes
from mes.labelling.model import Label
from mes.production.model import CardOperation, RunCard
from mes.stock.model import Container, HandlingUnit, Lot

Pallet = aliased(Container, name="pallet")


@dataclass(frozen=True)
class Pointed:
    """Names that a code stands for: of operations (CARD+SEQ), cards, lots and reports; of items; of places."""

    names: frozenset[str] = field(default_factory=frozenset)
    items: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.names or self.items or self.places)


def pointed_at(session: Session, code: codes.Code) -> Pointed:
    """What a code points at; nothing for a code of another kind, and for one that nothing here has."""
    match code:
        case codes.OperationCode(card, seq):
            return Pointed(names=frozenset({f"{card}+{seq}"}))
        case codes.RunCardCode(name) | codes.LotCode(name):
            return Pointed(names=frozenset({name}))
        case codes.ItemCode(item):
            return Pointed(items=frozenset({item}))
        case codes.LocationCode(place):
            return Pointed(places=frozenset({place}))
        case codes.LabelCode(serial):
            return Pointed(names=_marked(session, serial))
        case codes.ContainerCode(serial):
            return Pointed(names=_lots_in(session, serial))
        case codes.Gs1(elements):
            return _of_message(session, dict(elements))
        case codes.Envelope(parts):
            found = (pointed_at(session, part) for part in parts)
            return next((one for one in found if one.names), Pointed())
    return Pointed()


def _of_message(session: Session, said: dict[str, str]) -> Pointed:
    """A GS1 message: the carton or pallet of its (00), else the lot of its (10)."""
    if "00" in said:
        return Pointed(names=_lots_in(session, said["00"]))
    return Pointed(names=frozenset({said["10"]}) if "10" in said else frozenset())


def _marked(session: Session, serial: str) -> frozenset[str]:
    """The lot of the box, or the operation, or the lots in the carton, that a label marks."""
    label = session.scalar(select(Label).where(Label.serial == serial))
    if label is None:
        return frozenset()
    if label.container_id:
        return _lots_in(session, session.get_one(Container, label.container_id).serial)
    boxes = select(Lot.code).join(HandlingUnit, HandlingUnit.lot_id == Lot.id)
    work = select(RunCard.code, CardOperation.seq).join(RunCard, RunCard.id == CardOperation.card_id)
    operations = session.execute(work.where(CardOperation.id == label.holder_id)).all()
    lots = session.scalars(boxes.where(HandlingUnit.id == label.holder_id)).all()
    return frozenset([*lots, *(f"{card}+{seq}" for card, seq in operations)])


def _lots_in(session: Session, code: str) -> frozenset[str]:
    """The lots in a carton, or in the cartons of a pallet, by its serial or SSCC."""
    named = or_(Container.serial == code, Container.sscc == code, Pallet.serial == code, Pallet.sscc == code)
    inside = (
        select(Lot.code)
        .join(HandlingUnit, HandlingUnit.lot_id == Lot.id)
        .join(Container, Container.id == HandlingUnit.container_id)
        .outerjoin(Pallet, Pallet.id == Container.pallet_id)
    )
    return frozenset(session.scalars(inside.where(named)))
