"""What lies where: the stock list by item, lot, place and status, work in process included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from mes.labelling.model import Label
from mes.masters.model import Item, Location
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.stock.model import Balance, Container, HandlingUnit, Lot
from mes.trace.answers import Named
from mes.trace.looking import amount_text, day_or_none

PAGE = 500
Pallet = aliased(Container)


@dataclass(frozen=True)
class StockFilter:
    """What to list; None means any. `lot` is our code or the supplier's."""

    item: str | None = None
    lot: str | None = None
    place: str | None = None
    zone: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class StockRow:
    """A quantity of a lot at a place in a status: in a box (with its valid label), or at a run card's operation."""

    item: Named
    lot: str
    supplier_lot: str | None
    quantity: str
    uom: str
    place: Named
    zone: str
    status: str
    label: str | None
    container: str | None
    pallet: str | None
    operation: str | None
    picked_for: str | None
    locked: str | None
    hold: str | None
    opened: bool
    received_on: str
    expires_on: str | None
    recheck_on: str


def stock(session: Session, only: StockFilter | None = None, *, limit: int = PAGE, offset: int = 0) -> list[StockRow]:
    """The stock in the plant in the order in which it goes (item, FIFO date, lot), `limit` rows from `offset`."""
    only = only or StockFilter()
    rows = session.execute(_query().where(*_conditions(only)).limit(limit).offset(offset))
    return [_row(*row) for row in rows]


def _query() -> Any:
    label = (
        select(Label.serial)
        .where(Label.holder_id == Balance.holder_id, Label.voided_by.is_(None))
        .order_by(Label.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Balance,
            Lot,
            Location,
            HandlingUnit,
            label,
            Container.serial,
            Pallet.serial,
            SalesOrder.order_no,
            RunCard.code,
            CardOperation.seq,
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .outerjoin(Container, Container.id == HandlingUnit.container_id)
        .outerjoin(Pallet, Pallet.id == Container.pallet_id)
        .outerjoin(SalesOrder, SalesOrder.id == HandlingUnit.order_id)
        .outerjoin(CardOperation, CardOperation.id == Balance.holder_id)
        .outerjoin(RunCard, RunCard.id == CardOperation.card_id)
        .where(Balance.quantity > 0, Balance.outside.is_(False))
        .order_by(Item.code, Balance.goes_first, Lot.code, Balance.holder_id, Balance.status)
    )


def _conditions(only: StockFilter) -> list[Any]:
    conditions: list[Any] = []
    if only.item:
        conditions.append(Item.code == only.item)
    if only.lot:
        conditions.append((Lot.code == only.lot) | (Lot.supplier_lot == only.lot))
    if only.place:
        conditions.append(Location.code == only.place)
    if only.zone:
        conditions.append(Location.zone == only.zone)
    if only.status:
        conditions.append(Balance.status == only.status)
    return conditions


def _row(
    found: Balance,
    lot: Lot,
    place: Location,
    unit: HandlingUnit | None,
    label: str | None,
    container: str | None,
    pallet: str | None,
    order: str | None,
    card: str | None,
    seq: int | None,
) -> StockRow:
    item = lot.item
    return StockRow(
        item=Named(item.code, item.name_zh, item.name_en),
        lot=lot.code,
        supplier_lot=lot.supplier_lot,
        quantity=amount_text(found.quantity, item.uom),
        uom=item.uom,
        place=Named(place.code, place.name_zh, place.name_en),
        zone=place.zone,
        status=found.status,
        label=label,
        container=container,
        pallet=pallet,
        operation=f"{card}+{seq}" if card else None,
        picked_for=order,
        locked=unit.lock_reason if unit else None,
        hold=lot.hold_reason,
        opened=bool(unit and unit.opened_at),
        received_on=lot.received_on.isoformat(),
        expires_on=day_or_none(lot.expires_on),
        recheck_on=lot.recheck_on.isoformat(),
    )
