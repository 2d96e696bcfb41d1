"""Issuing from the store: whole boxes with one scan each, to a run card or to the line side (P6, F2).

First in first out decides which box; whoever needs nothing of the item gets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from mes.declaring import command
from mes.masters.model import BomLine, Customer, Item, Location, Operation, ProcessRevision
from mes.masters.units import shown
from mes.packing import pallets
from mes.production import work
from mes.production.model import RunCard
from mes.production.refusals import CardClosed, NotNeededAtStation
from mes.production.undo_refusals import CardHeld
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock import fifo, lots
from mes.stock.model import HandlingUnit
from mes.transaction import Transaction
from mes.warehouse.refusals import NotALine, NotNeeded
from mes.words import Words

OPEN_CARDS = ("released", "running")


@dataclass(frozen=True)
class Issued:
    """A box that left the store: how much of which lot, and where it went."""

    lot: str
    item: str
    quantity: str
    place: str


@command(
    "stock:issue",
    {Role.STOREKEEPER, Role.SUPERVISOR},
    Words("发料", "issue a box"),
    done=Words("已发料 {item} 批次 {lot} 共 {quantity}", "Issued {item} lot {lot}: {quantity}"),
    tells=Words("料箱 {unit} 发至 {to}", "box {unit} issued to {to}"),
)
def issue(tx: Transaction, unit: HandlingUnit, to: RunCard | Location) -> Issued:
    """Issue a whole box from the store by FIFO to the line of a run card or to a line side (P6, F2, F4).

    Raises whatever forbids the use of the box, `NotInStore`, `PickedAlready`, `NotOldest`, `ExpiresLater`,
    `OpenedBoxFirst`, `CartonOnPallet`, `NotNeeded`, `CardClosed`, `CardHeld`, `NotNeededAtStation`, `NotALine`.
    """
    fifo.lock(tx, unit)
    item, places = unit.lot.item, _places_wanting(tx, unit.lot.item, to)
    tx.require(_may_leave(tx, unit, _customer_served(to)), _not_wanted(item, to, places))
    quantity = lots.filled(tx, unit).quantity
    lots.move_unit(tx, unit, places[0])
    return Issued(unit.lot.code, item.code, shown(quantity, item.uom), places[0].code)


def _may_leave(tx: Transaction, unit: HandlingUnit, customer: Customer | None) -> list[Refusal]:
    """The gates of the store; whose turn it is matters only for a box that stands in the queue's place."""
    outside_store = fifo.in_store(tx, unit)
    turn = [] if outside_store else fifo.reasons_not_next(tx, unit, customer)
    free = [*fifo.not_picked(tx, unit), *pallets.on_pallet(tx, unit)]
    return [*lots.usable(tx, unit, customer), *free, *outside_store, *turn]


def _customer_served(to: RunCard | Location) -> Customer | None:
    """Whose property may go there: that of the customer whose order the card makes (P16)."""
    return work.customer_of(to) if isinstance(to, RunCard) else None


def _places_wanting(tx: Transaction, item: Item, to: RunCard | Location) -> list[Location]:
    """The line sides where the item is wanted, the first use first; empty means nowhere."""
    if isinstance(to, RunCard):
        return _lines_of_card(tx, item, to) if to.state in OPEN_CARDS else []
    return [to] if to.zone == "line" and _used_at(tx, item, to) else []


def _not_wanted(item: Item, to: RunCard | Location, places: list[Location]) -> list[Refusal]:
    """Why the item is wanted nowhere."""
    if places:
        return []
    if isinstance(to, RunCard) and to.state == "held":
        return [CardHeld(card=to.code, reason=to.hold_reason or "-")]
    if isinstance(to, RunCard):
        closed = to.state not in OPEN_CARDS
        return [CardClosed(card=to.code, state=to.state) if closed else NotNeeded(item=item.code, card=to.code)]
    return [NotNeededAtStation(item=item.code, station=to.code) if to.zone == "line" else NotALine(place=to.code)]


def _lines_of_card(tx: Transaction, item: Item, card: RunCard) -> list[Location]:
    """The line sides of the card's unfinished operations that use the item, by its own revision (law 10)."""
    using = {line.seq for line in tx.masters.where(BomLine, revision_id=card.revision_id, component_id=item.id)}
    steps = [one.operation for one in card.operations if one.seq in using and one.state != "finished"]
    return [place for step in steps for place in _line_sides(tx, step)]


def _line_sides(tx: Transaction, step: Operation) -> list[Location]:
    places = tx.masters.where(Location, zone="line", work_center_id=step.work_center_id)
    return sorted(places, key=lambda place: place.code)


def _used_at(tx: Transaction, item: Item, line: Location) -> bool:
    """Whether an operation at the line's work centre uses the item in the newest revision of anything we make."""
    return any(
        step.work_center_id == line.work_center_id and _is_newest(tx, step.revision_id)
        for step in work.steps_using(tx, item)
    )


def _is_newest(tx: Transaction, revision_id: int) -> bool:
    made = tx.masters.get(ProcessRevision, revision_id)
    return made.revision == max(one.revision for one in tx.masters.where(ProcessRevision, item_id=made.item_id))
