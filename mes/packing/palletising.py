"""Palletising: closed cartons onto a pallet, off it again, and the label that says what is on it (F6, P15).

The first carton begins a pallet; a pallet has a label exactly while it is closed. What is put on it may be used, lies
at its place, and is picked for its order or for none; taking off is never refused while the goods are here (law 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mes.declaring import command
from mes.labelling import marking
from mes.masters.units import from_smallest, shown
from mes.packing import pallets
from mes.packing.gs1 import content_facts, next_sscc
from mes.packing.refusals import (
    AlreadyShipped,
    CartonElsewhere,
    CartonNotOnPallet,
    CartonOpened,
    NotAPallet,
    NotInCarton,
    NotPicked,
    PalletOnPallet,
)
from mes.planning.model import SalesOrder
from mes.refusals import Refusal, refuse
from mes.roles import HANDS, Role
from mes.stock import fifo, lots
from mes.stock.model import Container, HandlingUnit, Movement
from mes.stock.serials import next_container_serial
from mes.transaction import Transaction
from mes.words import Words

PALLET = Words("托盘", "pallet")


@dataclass(frozen=True)
class OnPallet:
    """A carton that was put on a pallet or taken off it, and how many are on it now."""

    pallet: str
    carton: str
    cartons: int


@dataclass(frozen=True)
class Closed:
    """A closed pallet: its label, how many cartons of which lots are on it, and the order they are picked for."""

    pallet: str
    label: str
    cartons: int
    lots: str
    order: str | None


@command(
    "packing:put_on_pallet",
    HANDS,
    Words("外箱上托盘", "put a carton on a pallet"),
    done=Words(
        "外箱 {carton} 已上托盘 {pallet}，共 {cartons} 箱", "Carton {carton} is on pallet {pallet}: {cartons} on it"
    ),
    tells=Words("外箱 {carton} 放上托盘 {pallet}", "carton {carton} put on pallet {pallet}"),
)
def put_on_pallet(
    tx: Transaction, carton: Container | HandlingUnit, pallet: Annotated[Container | None, PALLET] = None
) -> OnPallet:
    """Put a carton on a pallet; without one on a new one, or on the open one that it lies on already.

    Raises `NotAPallet`, `PalletOnPallet`, `NotInCarton`, and at once `AlreadyShipped` or whatever forbids the use of
    what is inside, `CartonOnPallet`, `CartonOpened`, `CartonElsewhere`, `PickedAlready`, `NotPicked`.
    """
    box = _box(carton)
    units = pallets.take(tx, box)
    pallets.lock(tx, _pallet(pallet) if pallet else box.pallet)
    if pallet is None and box.pallet and box.pallet.sealed_at is None:
        return _on(tx, box.pallet, box)
    for unit in units:
        gone = _shipped(tx, box, unit)
        tx.require(gone or _usable(tx, unit), pallets.on_pallet(tx, box), gone or _belongs(tx, box, unit, pallet))
    onto = pallet or _new_pallet(tx)
    box.pallet = onto
    pallets.reopen(tx, onto)
    tx.cause("on pallet", box.serial, onto.serial)
    return _on(tx, onto, box)


@command(
    "packing:take_off_pallet",
    HANDS | {Role.INSPECTOR, Role.QUALITY_MANAGER},
    Words("外箱取下托盘", "take a carton off its pallet"),
    done=Words(
        "外箱 {carton} 已取下托盘 {pallet}，还有 {cartons} 箱",
        "Carton {carton} is off pallet {pallet}: {cartons} left on it",
    ),
    tells=Words("外箱 {carton} 取下托盘", "carton {carton} taken off its pallet"),
    rescue=True,
)
def take_off_pallet(tx: Transaction, carton: Container | HandlingUnit) -> OnPallet:
    """Take a carton off its pallet, whatever is inside (law 8); the pallet is open again and its label void.

    Raises `PalletOnPallet`, `NotInCarton`, `CartonNotOnPallet`, `AlreadyShipped`.
    """
    box = _box(carton)
    units = pallets.take(tx, box)
    pallets.lock(tx, box.pallet)
    tx.require(
        [] if box.pallet else [CartonNotOnPallet(carton=box.serial)],
        [reason for unit in units for reason in _shipped(tx, box, unit)],
    )
    pallet = pallets.take_off(tx, box)
    return _on(tx, pallet or box, box)


@command(
    "packing:close_pallet",
    HANDS,
    Words("封托", "close a pallet"),
    done=Words("托盘 {pallet} 已封托，共 {cartons} 箱", "Pallet {pallet} closed: {cartons} cartons"),
    tells=Words("托盘 {pallet} 封托", "pallet {pallet} closed"),
)
def close_pallet(tx: Transaction, pallet: Annotated[Container, PALLET]) -> Closed:
    """Close a pallet and print what is on it; once more makes a new label, so that it names an order picked since.

    Raises `NotAPallet`, `PalletEmpty`, `AlreadyShipped`.
    """
    units = pallets.take(tx, _pallet(pallet))
    tx.require(_shipped(tx, pallet, units[0]))
    facts = pallet_facts(tx, pallet, units)
    label = marking.mark_container(tx, pallet, facts)
    pallet.sealed_at = tx.happened_at
    tx.cause("pallet", pallet.serial, len(units))
    return Closed(pallet.serial, label.serial, _cartons(units), pallets.lots_named(units), facts.get("order"))


def pallet_facts(tx: Transaction, pallet: Container, units: Sequence[HandlingUnit]) -> dict[str, str]:
    """What stands on a pallet: its number, whose it is if that is settled, how many cartons, and what is in them."""
    facts = {
        "container": pallet.serial,
        "cartons": f"{_cartons(units)} 箱 cartons",
        "contents": _contents(tx, units),
        "packed_on": f"{tx.happened_at.astimezone(ZoneInfo(tx.plant.zone)):%Y-%m-%d}",
        **_customer(tx, units),
    }
    if pallet.sscc is None:
        return {**facts, **_one_lot(tx, units)}
    return {**facts, "sscc": pallet.sscc, **_gs1_content(tx, units)}


def _customer(tx: Transaction, units: Sequence[HandlingUnit]) -> dict[str, str]:
    """The order that all of it is picked for, and its customer."""
    order = tx.session.get(SalesOrder, units[0].order_id) if units[0].order_id else None
    if order is None:
        return {}
    return {"order": order.order_no, "customer": f"{order.customer.code} {order.customer.name_zh}"}


def _contents(tx: Transaction, units: Sequence[HandlingUnit]) -> str:
    """Items, lots and quantities, as people read them."""
    return "; ".join(
        f"{unit.lot.item.code} {unit.lot.code} {shown(_held(tx, same), unit.lot.item.uom)}"
        for unit, same in ((one[0], one) for one in _by_lot(units))
    )


def _one_lot(tx: Transaction, units: Sequence[HandlingUnit]) -> dict[str, str]:
    """Item, lot and quantity of a pallet of one lot: only then can its code say them."""
    if len(_by_lot(units)) > 1:
        return {}
    lot = units[0].lot
    count = from_smallest(_held(tx, units), lot.item.uom)
    return {"item": lot.item.code, "lot": lot.code, "count": f"{count:f}"}


def _gs1_content(tx: Transaction, units: Sequence[HandlingUnit]) -> dict[str, str]:
    """(02) and (37) of a pallet that holds one item; (10) and (17) only where it is one lot as well."""
    lot = units[0].lot
    if len({unit.lot.item_id for unit in units}) > 1:
        return {}
    content = content_facts(lot.item, _held(tx, units))
    if len(_by_lot(units)) > 1:
        return content
    return {**content, "lot": lot.code, **({"expires_on": f"{lot.expires_on:%Y-%m-%d}"} if lot.expires_on else {})}


def _by_lot(units: Sequence[HandlingUnit]) -> list[list[HandlingUnit]]:
    groups: dict[int, list[HandlingUnit]] = {}
    for unit in units:
        groups.setdefault(unit.lot_id, []).append(unit)
    return list(groups.values())


def _held(tx: Transaction, units: Sequence[HandlingUnit]) -> int:
    return sum(lots.filled(tx, unit).quantity for unit in units)


def _cartons(units: Sequence[HandlingUnit]) -> int:
    return len({unit.container_id for unit in units})


def _box(goods: Container | HandlingUnit) -> Container:
    """The carton that was scanned, by its own code or by the label of the box inside."""
    if pallet := pallets.whole_pallet(goods):
        raise refuse(PalletOnPallet(pallet=pallet.serial))
    carton = pallets.carton_of(goods)
    if carton is None:
        raise refuse(NotInCarton(lot=goods.lot.code if isinstance(goods, HandlingUnit) else ""))
    return carton


def _pallet(container: Container) -> Container:
    if container.kind != "pallet":
        raise refuse(NotAPallet(carton=container.serial))
    return container


def _new_pallet(tx: Transaction) -> Container:
    pallet = Container(serial=next_container_serial(tx), sscc=next_sscc(tx), kind="pallet")
    tx.session.add(pallet)
    tx.session.flush()
    return pallet


def _shipped(tx: Transaction, container: Container, unit: HandlingUnit) -> list[Refusal]:
    """The order with which a carton or pallet left."""
    left = select(SalesOrder.order_no).join(Movement, Movement.order_id == SalesOrder.id)
    order = tx.session.scalar(left.where(Movement.from_holder_id == unit.id).limit(1))
    return [AlreadyShipped(what=container.serial, order=order)] if order else []


def _usable(tx: Transaction, unit: HandlingUnit) -> list[Refusal]:
    """What forbids the use of what is inside; whose property it is matters only when it is shipped."""
    return lots.usable(tx, unit, unit.lot.owner)


def _belongs(tx: Transaction, box: Container, unit: HandlingUnit, pallet: Container | None) -> list[Refusal]:
    """Closed, at the place of a pallet that is still here, and for its order."""
    opened: list[Refusal] = [CartonOpened(carton=box.serial)] if unit.opened_at else []
    if pallet is None:
        return opened
    other = next(iter(pallets.boxes_in(tx, pallet)), None)
    if other is None:
        return opened
    gone = _shipped(tx, pallet, other)
    return [*opened, *(gone or [*_elsewhere(tx, box, unit, pallet, other), *_for_another(tx, unit, other.order_id)])]


def _elsewhere(
    tx: Transaction, box: Container, unit: HandlingUnit, pallet: Container, other: HandlingUnit
) -> list[Refusal]:
    here, there = lots.content(tx, unit), lots.content(tx, other)
    if here is None or there is None or here.location_id == there.location_id:
        return []
    at, place = here.location.code, there.location.code
    return [CartonElsewhere(carton=box.serial, at=at, pallet=pallet.serial, place=place)]


def _for_another(tx: Transaction, unit: HandlingUnit, order_id: int | None) -> list[Refusal]:
    """All of a pallet is picked for one order, or none of it: it leaves as a whole."""
    if unit.order_id == order_id:
        return []
    if order_id is None or unit.order_id is not None:
        return fifo.not_picked(tx, unit)
    return [NotPicked(order=tx.session.get_one(SalesOrder, order_id).order_no, lot=unit.lot.code)]


def _on(tx: Transaction, pallet: Container, box: Container) -> OnPallet:
    tx.session.flush()
    return OnPallet(pallet.serial, box.serial, _cartons(pallets.boxes_in(tx, pallet)))
