"""Pallets as others meet them: what lies on one, what a scan of it stands for, and how a carton leaves it.

A pallet has neither quantity nor place of its own: both are those of its cartons, and it moves only as a whole. A
carton that is to go alone is taken off first; rescue takes it off by itself (law 8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, select

from mes.labelling import marking
from mes.labelling.model import Label
from mes.packing.refusals import CartonAtFault, CartonOnPallet, PalletEmpty, PalletOpen
from mes.refusals import Refusal, Refused, refuse
from mes.stock import fifo, lots, scanned
from mes.stock.model import Container, HandlingUnit
from mes.transaction import Transaction

Goods = HandlingUnit | Container


def boxes_in(tx: Transaction, container: Container) -> list[HandlingUnit]:
    """The boxes in a carton, or in all cartons on a pallet, in the order in which they go (F4)."""
    return sorted(lots.boxes(tx, _inside(container)), key=_turn)


def _inside(container: Container) -> ColumnElement[bool]:
    if container.kind == "pallet":
        return HandlingUnit.id.in_(marking.inside(container.id))
    return HandlingUnit.container_id == container.id


def _turn(unit: HandlingUnit) -> tuple[object, ...]:
    lot = unit.lot
    return (lot.goes_first, lot.received_on, lot.code, unit.opened_at is None, unit.id)


def take(tx: Transaction, goods: Goods) -> list[HandlingUnit]:
    """Every box that a scan stands for, locked and as it is now; raises `PalletEmpty`.

    Queues of items come first, then the pallet, as everywhere (see `fifo.lock`).
    """
    units = [goods] if isinstance(goods, HandlingUnit) else _scanned(tx, goods)
    for item in sorted({unit.lot.item_id for unit in units}):
        fifo.lock_item(tx, item)
    container = goods.container if isinstance(goods, HandlingUnit) else goods
    if not tx.alone:
        units = _locked(tx, goods, container)
    if not units:
        raise refuse(PalletEmpty(pallet=container.serial if container else ""))
    return units


def _scanned(tx: Transaction, container: Container) -> list[HandlingUnit]:
    """The boxes in a carton or on a pallet; the one of a carton was looked at when it was scanned."""
    found = scanned.by_code(tx, container.serial) if container.kind == "carton" else None
    return [found.unit] if found else boxes_in(tx, container)


def _locked(tx: Transaction, goods: Goods, container: Container | None) -> list[HandlingUnit]:
    """The boxes as they are once nobody else can put the carton on a pallet, or take it off."""
    if container is None or container.kind == "pallet":
        lock(tx, container)
        which = _inside(container) if container else HandlingUnit.id == goods.id
        return sorted(lots.boxes(tx, which), key=_turn)
    which = _inside(container) if isinstance(goods, Container) else HandlingUnit.id == goods.id
    return sorted(lots.boxes(tx, which, lock_cartons=True), key=_turn)


def lock(tx: Transaction, container: Container | None) -> None:
    """Let nobody else put on or take off before this transaction ends, then see the container as it is now."""
    if container and not tx.alone:
        tx.session.refresh(container, with_for_update={"of": Container})
        tx.seen.clear()


def whole_pallet(goods: Goods) -> Container | None:
    """The pallet that was scanned; None for a single carton or box."""
    return goods if isinstance(goods, Container) and goods.kind == "pallet" else None


def carton_of(goods: Goods) -> Container | None:
    """The carton that was scanned, or that the box is in."""
    return goods if isinstance(goods, Container) else goods.container


def on_pallet(tx: Transaction, goods: Goods) -> list[Refusal]:
    """Why a carton does not go alone: it is on a pallet, as the database has it now."""
    carton = carton_of(goods)
    if carton is None or carton.pallet is None:
        return []
    return [CartonOnPallet(carton=carton.serial, pallet=carton.pallet.serial)]


def not_closed(container: Container | None) -> list[Refusal]:
    """Why a pallet does not leave: it is open."""
    if container is None or container.kind != "pallet" or container.sealed_at:
        return []
    return [PalletOpen(pallet=container.serial)]


@contextmanager
def at_fault(goods: Goods, unit: HandlingUnit, whole: Sequence[Refusal]) -> Iterator[None]:
    """Name the carton that the reasons speak of where a whole pallet was asked for; `whole` are those of no carton."""
    try:
        yield
    except Refused as refused:
        pallet = whole_pallet(goods)
        if pallet is None or unit.container is None or set(refused.reasons) <= set(whole):
            raise
        fault = CartonAtFault(pallet=pallet.serial, carton=unit.container.serial)
        raise Refused([*refused.reasons, fault]) from refused


def take_off(tx: Transaction, carton: Container) -> Container | None:
    """A carton leaves its pallet, which is open again: its label would lie now (law 9)."""
    pallet = carton.pallet
    if pallet is None:
        return None
    carton.pallet = None
    reopen(tx, pallet)
    tx.cause("off pallet", carton.serial, pallet.serial)
    return pallet


def reopen(tx: Transaction, pallet: Container) -> None:
    """What is on a pallet changes: until somebody closes it, nothing says what is on it."""
    pallet.sealed_at = None
    marking.void_container(tx, pallet)
    tx.session.flush()


def forget_order(tx: Transaction, goods: Goods) -> None:
    """A pallet whose label names an order that it is no longer picked for is open again (law 9)."""
    pallet = whole_pallet(goods)
    if pallet is None:
        return
    valid = tx.session.scalars(select(Label).where(Label.container_id == pallet.id, Label.voided_by.is_(None)))
    if any("order" in marking.facts_of(label) for label in valid):
        reopen(tx, pallet)


def lots_named(units: Sequence[HandlingUnit]) -> str:
    """How people call what moved: by its lots."""
    return ", ".join(dict.fromkeys(unit.lot.code for unit in units))
