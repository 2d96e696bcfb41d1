"""Drawing material out of the loaded boxes as output is reported, and its genealogy with it (F2, P13).

Per run card and operation it consumes ceil(cumulative need) minus what was consumed already, oldest loaded box first;
shared by reporting and packing. Never draws from a box that may not be used.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from mes.masters.model import BomLine, Item, Location
from mes.masters.units import needed, shown
from mes.production import loading, work
from mes.production.model import CardOperation
from mes.production.model import Loaded as LoadedBox
from mes.production.refusals import MaterialShort
from mes.refusals import Refusal
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.model import HandlingUnit, Lot
from mes.stock.status import Status
from mes.trace import genealogy
from mes.trace.model import Consumption
from mes.transaction import Transaction


@dataclass(frozen=True)
class Drawn:
    """A quantity (smallest unit) of a lot that went into the card."""

    item: Item
    lot: Lot
    quantity: int

    @property
    def words(self) -> tuple[str, str, str]:
        """Item, lot and quantity as people read them."""
        return self.item.code, self.lot.code, shown(self.quantity, self.item.uom)


@dataclass(frozen=True)
class Need:
    """What is still to be drawn of one component at a line, the boxes it can come from, why others can't be used."""

    item: Item
    place: Location
    quantity: int
    boxes: tuple[tuple[LoadedBox, int], ...]
    unusable: tuple[Refusal, ...]

    @property
    def lots(self) -> set[int]:
        """The lots (by id) that the quantity comes from, oldest loaded box first."""
        left, found = self.quantity, set()
        for box, content in self.boxes:
            if left > 0 and content:
                found.add(box.unit.lot_id)
            left -= content
        return found

    @property
    def short(self) -> int:
        """How much the usable boxes lack."""
        return max(0, self.quantity - sum(content for _, content in self.boxes))


def draw(tx: Transaction, operation: CardOperation, made_total: int) -> list[Drawn]:
    """Draw what `made_total` pieces (good and bad, cumulative) of the operation need beyond what was drawn before.

    Raises `MaterialShort` for every component that is short, with the reasons why loaded boxes can't be used.
    """
    wanted = needs(tx, operation, made_total)
    tx.require(reasons_short(tx, operation, wanted))
    return take(tx, operation, wanted)


def needs(tx: Transaction, operation: CardOperation, made_total: int) -> list[Need]:
    """What is to be drawn, component by component, in the order in which their boxes are locked."""
    lines = work.components(tx, operation)
    if not lines:
        return []
    place = work.place_of(tx, operation)
    loaded = loading.loaded_at(tx, place, [line.component_id for line in lines])
    drawn = consumed(tx, operation)
    return [
        _need(
            tx,
            operation,
            place,
            line,
            _total(operation, line, made_total) - drawn.get(line.component_id, 0),
            loaded[line.component_id],
        )
        for line in lines
    ]


def _total(operation: CardOperation, line: BomLine, made_total: int) -> int:
    return needed(made_total, line.qty_per, operation.card.item.uom, line.component.uom)


def reasons_short(tx: Transaction, operation: CardOperation, wanted: list[Need]) -> list[Refusal]:
    """Every component that is short, and what stops its loaded boxes."""
    station = tx.station.code if tx.station else operation.operation.work_center.code
    reasons: list[Refusal] = []
    for need in wanted:
        if need.short:
            amount = shown(need.short, need.item.uom)
            reasons += [MaterialShort(item=need.item.code, short=amount, station=station), *need.unusable]
    return reasons


def take(tx: Transaction, operation: CardOperation, wanted: list[Need]) -> list[Drawn]:
    """Take the needs out of their boxes, oldest loaded first, and record where it went."""
    return [drawn for need in wanted for drawn in _take_one(tx, operation, need)]


def consumed(tx: Transaction, operation: CardOperation) -> dict[int, int]:
    """What an operation of a card has drawn of each item (by id), reversals taken off (smallest unit)."""
    return {item: int(total) for item, total in tx.rows(DRAWN_SO_FAR, {"operation": operation.id})}


DRAWN_SO_FAR = (
    select(Lot.item_id, func.sum(Consumption.quantity))
    .join(Lot, Lot.id == Consumption.child_lot_id)
    .where(Consumption.card_operation_id == bindparam("operation"))
    .group_by(Lot.item_id)
)


def _need(
    tx: Transaction, operation: CardOperation, place: Location, line: BomLine, quantity: int, loaded: list[LoadedBox]
) -> Need:
    boxes: list[tuple[LoadedBox, int]] = []
    unusable: list[Refusal] = []
    for box in loaded:
        reasons = lots.usable(tx, box.unit, work.customer_of(operation.card))
        unusable += reasons
        if not reasons:
            boxes.append((box, _content(tx, box.unit)))
    return Need(line.component, place, max(0, quantity), tuple(boxes), tuple(unusable))


def _content(tx: Transaction, unit: HandlingUnit) -> int:
    found = lots.content(tx, unit)
    return found.quantity if found else 0


def _take_one(tx: Transaction, operation: CardOperation, need: Need) -> list[Drawn]:
    drawn: list[Drawn] = []
    left = need.quantity
    for box, content in need.boxes:
        quantity = min(left, content)
        if quantity:
            drawn.append(_take_from(tx, operation, box, need.place, quantity))
        if quantity == content:
            box.unloaded_at = tx.happened_at
        left -= quantity
    return drawn


def _take_from(tx: Transaction, operation: CardOperation, box: LoadedBox, place: Location, quantity: int) -> Drawn:
    lot = box.unit.lot
    source = End(box.unit_id, place, Status.ACCEPTED)
    ledger.move(tx, lot, quantity, source, ledger.outside(tx, "PRODUCTION"))
    genealogy.record(tx, operation, box.unit, quantity)
    return Drawn(lot.item, lot, quantity)
