"""From codes to the things they name: one resolver per kind of thing, each refusing what nothing here is called.

Labels are looked up through the database, never believed (F5): a voided one resolves only for rescue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from mes import codes
from mes.labelling.colour_cards import marked_by
from mes.labelling.model import Label
from mes.labelling.refusals import CardMarksNothing
from mes.masters.model import Customer, Equipment, Item, Location, Printer, Station, WorkCenter
from mes.outside import whole_of
from mes.packing.refusals import WholePallet
from mes.people.model import Person, Qualification
from mes.planning.model import SalesOrder
from mes.production import work
from mes.production.model import CardOperation, RunCard
from mes.quality.model import Nonconformance
from mes.refusals import MistypedCode, Refusal, UnknownCode, refuse
from mes.shipping import shipping
from mes.stock import lots, scanned
from mes.stock.model import Container, HandlingUnit, Lot
from mes.stock.refusals import LabelVoided, LotCodeNotEnough, SeveralBoxes
from mes.transaction import Transaction

CARD = "ZK."


@dataclass(frozen=True)
class Resolver:
    """How one kind of thing is found by its code; `find` refuses, `try_find` gives None."""

    try_find: Callable[[Transaction, str], Any]

    def find(self, tx: Transaction, code: str) -> Any:
        """The thing; raises a refusal (`UnknownCode`, `MistypedCode`) when there is none."""
        found = self.try_find(tx, code)
        if found is None:
            raise refuse(unknown(code))
        return found


def unknown(code: str) -> Refusal:
    """The refusal for a code that nothing here has: mistyped when it has our form but a wrong check character."""
    return MistypedCode(text=code) if codes.looks_mistyped(code) else UnknownCode(text=code)


def _by(column: Any) -> Callable[[Transaction, str], Any]:
    def find(tx: Transaction, code: str) -> Any:
        condition: ColumnElement[bool] = column == code
        return tx.session.scalar(select(column.class_).where(condition))

    return find


def _master(kind: type, name: str = "code") -> Callable[[Transaction, str], Any]:
    def find(tx: Transaction, code: str) -> Any:
        return tx.masters.find(kind, **{name: code})

    return find


def find_label(tx: Transaction, serial: str) -> Label | None:
    """The label of a serial, or that a colour card stands for.

    Raises `LabelVoided` when it is voided and the command is no rescue (F5), `CardMarksNothing` for a free card.
    """
    label = tx.session.scalar(select(Label).where(Label.serial == serial)) or _by_card(tx, serial)
    return label if label is None or _counts(tx, label) else None


def _counts(tx: Transaction, label: Label) -> bool:
    """A voided label counts for rescue only; raises `LabelVoided`."""
    if label.voided_at and not tx.rescue:
        raise refuse(LabelVoided(label=label.serial, since=_since(tx, label)))
    return True


def _since(tx: Transaction, label: Label) -> str:
    """When a label was voided, in the plant's zone."""
    return f"{label.voided_at.astimezone(ZoneInfo(tx.plant.zone)):%Y-%m-%d %H:%M}" if label.voided_at else ""


def _by_card(tx: Transaction, code: str) -> Label | None:
    if not code.startswith(CARD):
        return None
    label = marked_by(tx, code)
    if label is None:
        raise refuse(CardMarksNothing(card=code))
    return label


def find_unit(tx: Transaction, code: str) -> HandlingUnit | None:
    """A box by its label, or by its lot code where the lot lies in one box only.

    Raises `SeveralBoxes`; `LotCodeNotEnough` where a label of the box was voided and the command is no rescue (F5).
    """
    if found := scanned.by_code(tx, code):
        unit, mark = found.unit, found.label
        if mark is None and code == unit.lot.code:
            return _told_by_lot(tx, unit, found.voided_id)
        return unit if mark is None or _counts(tx, mark) else None
    label = find_label(tx, code)
    if label and label.holder_id:
        return tx.session.get(HandlingUnit, label.holder_id)
    if label and label.container_id:
        return _only_unit_in(tx, label.container_id)
    lot = tx.session.scalar(select(Lot).where(Lot.code == code))
    return _only_unit_of(tx, lot) if lot else _unit_in_container(tx, code)


def _only_unit_of(tx: Transaction, lot: Lot) -> HandlingUnit | None:
    boxes = lots.units_of(tx, lot) or list(
        tx.session.scalars(select(HandlingUnit).where(HandlingUnit.lot_id == lot.id))
    )
    if len(boxes) > 1:
        raise refuse(SeveralBoxes(lot=lot.code, count=len(boxes)))
    return _told_by_lot(tx, boxes[0], scanned.voided_mark(tx, boxes[0].id)) if boxes else None


def _told_by_lot(tx: Transaction, unit: HandlingUnit, voided_id: int | None) -> HandlingUnit:
    """A lot code stands on every label a box ever had, so it counts only while none of them was voided."""
    if voided_id and not tx.rescue:
        old = tx.session.get_one(Label, voided_id)
        raise refuse(LotCodeNotEnough(lot=unit.lot.code, voided=old.serial, since=_since(tx, old)))
    return unit


def _unit_in_container(tx: Transaction, serial: str) -> HandlingUnit | None:
    container = find_container(tx, serial)
    return _only_unit_in(tx, container.id) if container else None


def find_container(tx: Transaction, code: str) -> Container | None:
    """A carton or pallet by our serial or by its SSCC (18 digits)."""
    if found := scanned.by_code(tx, code):
        around = found.unit.container
        return around if around and code in (around.serial, around.sscc) else None
    return tx.session.scalar(select(Container).where((Container.serial == code) | (Container.sscc == code)))


def _only_unit_in(tx: Transaction, container_id: int) -> HandlingUnit | None:
    """The box in a carton; raises `WholePallet` for a pallet where one box is asked for."""
    container = tx.session.get_one(Container, container_id)
    if container.kind == "pallet":
        raise refuse(WholePallet(pallet=container.serial))
    boxes = list(tx.session.scalars(select(HandlingUnit).where(HandlingUnit.container_id == container_id)))
    if len(boxes) > 1:
        raise refuse(SeveralBoxes(lot=boxes[0].lot.code, count=len(boxes)))
    return boxes[0] if boxes else None


def find_operation(tx: Transaction, code: str) -> CardOperation | None:
    """An operation of a run card by `CARD+SEQ`."""
    card, _, seq = code.partition("+")
    try:
        step = whole_of(seq)
    except ValueError:
        return None
    found = work.card_of(tx.session, card)
    return next((one for one in found.operations if one.seq == step), None) if found else None


RESOLVERS: dict[type, Resolver] = {
    HandlingUnit: Resolver(find_unit),
    CardOperation: Resolver(find_operation),
    RunCard: Resolver(lambda tx, code: work.card_of(tx.session, code)),
    Lot: Resolver(_by(Lot.code)),
    Item: Resolver(_master(Item)),
    Location: Resolver(_master(Location)),
    Equipment: Resolver(_master(Equipment)),
    Person: Resolver(_master(Person, "badge")),
    Station: Resolver(_master(Station)),
    Printer: Resolver(_master(Printer)),
    WorkCenter: Resolver(_by(WorkCenter.code)),
    Qualification: Resolver(_by(Qualification.certificate)),
    Customer: Resolver(_master(Customer)),
    SalesOrder: Resolver(shipping.order_of),
    Container: Resolver(find_container),
    Label: Resolver(find_label),
    Nonconformance: Resolver(_by(Nonconformance.code)),
}
