"""Opening boxes at the line (F2): a box is scanned once and stays loaded there, across cards, until it is empty.

Knows which boxes are loaded where, oldest first; takes nothing out of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from mes.declaring import command
from mes.masters.model import Item, Location, Station
from mes.masters.units import shown
from mes.packing import pallets
from mes.production import work
from mes.production.model import Loaded as LoadedBox
from mes.production.refusals import NotAtLine, NotNeededAtStation
from mes.production.undo_refusals import NotLoaded
from mes.refusals import NotExpectedHere, Refusal, refuse
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.model import HandlingUnit, Movement
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Loaded:
    """The lot and item of a box that is loaded now."""

    lot: str
    item: str


@dataclass(frozen=True)
class Unloaded:
    """A box that is loaded no more: its lot and item, what is left in it and where."""

    lot: str
    item: str
    left: str
    place: str


@command(
    "production:load",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("上料", "load a box"),
    done=Words("已上料 {item} 批次 {lot}", "Loaded {item} lot {lot}"),
    tells=Words("料箱 {unit} 上料", "box {unit} loaded"),
    at_station=True,
)
def load(tx: Transaction, unit: HandlingUnit) -> Loaded:
    """Open a box at the station's line; a second scan of the same box changes nothing (F2).

    Raises what forbids using it, `CartonOnPallet`, `NotAtLine`, `NotNeededAtStation`; `NotExpectedHere` where there is
    no line.
    """
    station, place = _line_of(tx, unit)
    tx.require(
        lots.unit_usable(tx, unit),
        lots.lot_usable(tx, unit.lot),
        _lies_here(tx, unit, place),
        pallets.on_pallet(tx, unit),
        _needed_here(tx, unit.lot.item, station),
    )
    if not _is_loaded(tx, unit, place):
        tx.session.add(
            LoadedBox(location_id=place.id, unit_id=unit.id, item_id=unit.lot.item_id, loaded_at=tx.happened_at)
        )
        unit.opened_at = unit.opened_at or tx.happened_at
        tx.cause("loaded", unit.id, unit.lot.code, place.code)
    return Loaded(unit.lot.code, unit.lot.item.code)


@command(
    "production:unload",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("卸料", "unload a box"),
    done=Words(
        "已卸下 {item} 批次 {lot}，余 {left}，放在 {place}", "Unloaded {item} lot {lot}: {left} stay at {place}"
    ),
    tells=Words("料箱 {unit} 卸料", "box {unit} unloaded"),
    rescue=True,
    at_station=True,
)
def unload(tx: Transaction, unit: HandlingUnit) -> Unloaded:
    """Take a box off the station's line again: nothing more is drawn from it, what was drawn stays where it went (F2).

    A box of which nothing was used counts as closed, as before. Raises `NotLoaded`; `NotExpectedHere` where there is no
    line.
    """
    station, place = _line_of(tx, unit)
    found = [one for one in loaded_at(tx, place, [unit.lot.item_id])[unit.lot.item_id] if one.unit_id == unit.id]
    tx.require([] if found else [NotLoaded(lot=unit.lot.code, station=station.code)])
    for one in found:
        one.unloaded_at = tx.happened_at
        if unit.opened_at == one.loaded_at and not _drawn_from(tx, unit):
            unit.opened_at = None
    tx.session.flush()
    tx.cause("unloaded", unit.id, unit.lot.code, place.code)
    left, item = lots.content(tx, unit), unit.lot.item
    return Unloaded(unit.lot.code, item.code, shown(left.quantity if left else 0, item.uom), place.code)


def _drawn_from(tx: Transaction, unit: HandlingUnit) -> bool:
    """Whether something went from the box into production and was not taken back."""
    target = ledger.outside(tx, "PRODUCTION").holder_id
    drawn = select(Movement.id).where(
        Movement.from_holder_id == unit.id,
        Movement.to_holder_id == target,
        ~exists().where(Undoing.reverses_id == Movement.id),
    )
    return tx.session.scalar(drawn.limit(1)) is not None


Undoing = aliased(Movement)


def loaded_at(tx: Transaction, place: Location, items: Collection[int]) -> dict[int, list[LoadedBox]]:
    """The loadings of items (by id) at a place that hold, oldest first; all boxes are looked at.

    Locked, so that two cards don't draw the same: PostgreSQL answers a query that waited for a lock with the balance of
    before, so the boxes are looked at after it.
    """
    loaded: dict[int, list[LoadedBox]] = {item: [] for item in items}
    if not loaded:
        return loaded
    found = tx.session.scalars(LOADED, {"place": place.id, "items": list(loaded)}).unique().all()
    if not tx.alone:
        tx.seen.clear()
    lots.look(tx, [one.unit_id for one in found])
    for one in found:
        if any(lying.location_id == place.id for lying in lots.standing(tx, one.unit_id).balances):
            loaded[one.item_id].append(one)
    return loaded


LOADED = (
    select(LoadedBox)
    .where(
        LoadedBox.location_id == bindparam("place"),
        LoadedBox.item_id.in_(bindparam("items", expanding=True)),
        LoadedBox.unloaded_at.is_(None),
    )
    .order_by(LoadedBox.item_id, LoadedBox.id)
    .with_for_update(of=LoadedBox)
)


def _line_of(tx: Transaction, unit: HandlingUnit) -> tuple[Station, Location]:
    station = tx.station
    if station is None or station.location is None or station.location.zone != "line":
        raise refuse(NotExpectedHere(text=unit.lot.code, station=station.code if station else "-"))
    return station, station.location


def _lies_here(tx: Transaction, unit: HandlingUnit, place: Location) -> list[Refusal]:
    found = lots.content(tx, unit)
    if found is None or found.location_id == place.id:
        return []
    return [NotAtLine(lot=unit.lot.code, place=found.location.code, line=place.code)]


def _needed_here(tx: Transaction, item: Item, station: Station) -> list[Refusal]:
    """Some operation of the station's work centre uses the item, by whatever revision: older cards are still open."""
    used = any(step.work_center_id == station.work_center_id for step in work.steps_using(tx, item))
    return [] if used else [NotNeededAtStation(item=item.code, station=station.code)]


def _is_loaded(tx: Transaction, unit: HandlingUnit, place: Location) -> bool:
    item = unit.lot.item_id
    return any(one.unit_id == unit.id for one in loaded_at(tx, place, [item])[item])
