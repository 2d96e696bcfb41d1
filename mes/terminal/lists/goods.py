"""Lists of places, boxes, cartons, lots and orders; what goes first comes first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from mes.labelling.model import Label
from mes.masters.model import BomLine, Item, Location, Operation
from mes.planning.model import SalesOrder
from mes.production.model import Loaded, RunCard
from mes.stock.locks import MISSING
from mes.stock.model import Balance, Container, HandlingUnit, Lot, Movement
from mes.stock.status import Status
from mes.terminal.lists.listing import Here, Listing, row
from mes.words import Words


def places() -> Listing:
    """Every place of the plant."""
    return _places("places", Words("库位", "Places"), Location.zone != "outside")


def hold_places() -> Listing:
    """Where doubtful goods lie."""
    held = Location.zone.in_(("hold", "nonconforming", "scrap"))
    return _places("places", Words("隔离库位", "Hold places"), held)


def _places(name: str, words: Words, which: ColumnElement[bool]) -> Listing:
    query = row("L" + Location.code, Location.name_zh, Location.name_en, Location.code)
    return Listing(name, words, query.where(which).order_by(Location.code))


def loaded(here: Here) -> Listing:
    """The boxes that are opened at this line and not empty, in the order in which they were."""
    query = (
        row(Lot.code, Item.name_zh, Item.name_en, Item.code, Balance.quantity, Item.uom)
        .select_from(Loaded)
        .join(Balance, and_(Balance.holder_id == Loaded.unit_id, Balance.quantity > 0))
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(Loaded.location_id == here.location_id, Loaded.unloaded_at.is_(None))
        .order_by(Loaded.id)
    )
    return Listing("loaded", Words("已上料", "Loaded"), query)


def boxes_to_load(here: Here) -> Listing:
    """Accepted boxes at this line that are not opened yet."""
    here_now = and_(Balance.location_id == here.location_id, Balance.status == Status.ACCEPTED)
    return _boxes("boxes", Words("待上料", "Boxes to load"), here_now, HandlingUnit.id.not_in(_loaded(here)))


def boxes_loaded(here: Here) -> Listing:
    """The boxes that are opened at this line, to be taken off it."""
    return _boxes("boxes", Words("已上料，可卸下", "Loaded here"), HandlingUnit.id.in_(_loaded(here)))


def _loaded(here: Here) -> Select[Any]:
    return select(Loaded.unit_id).where(Loaded.location_id == here.location_id, Loaded.unloaded_at.is_(None))


def boxes_to_issue(to: str) -> Listing:
    """Free boxes in the store that the run card, or the line side, wants; what goes first comes first (F4)."""
    wanted = select(BomLine.component_id).join(RunCard, RunCard.revision_id == BomLine.revision_id)
    at_line = (
        select(BomLine.component_id)
        .join(Operation, and_(Operation.revision_id == BomLine.revision_id, Operation.seq == BomLine.seq))
        .join(Location, Location.work_center_id == Operation.work_center_id)
    )
    fits = or_(
        Balance.item_id.in_(wanted.where(RunCard.code == to)), Balance.item_id.in_(at_line.where(Location.code == to))
    )
    free = and_(HandlingUnit.order_id.is_(None), HandlingUnit.lock_reason.is_(None))
    in_store = and_(Location.zone == "store", Balance.status == Status.ACCEPTED)
    return _boxes("boxes", Words("可发料箱", "Boxes to issue"), fits, free, in_store)


def boxes_in_store() -> Listing:
    """Boxes in the stores."""
    return _boxes("boxes", Words("料箱", "Boxes"), Location.zone.in_(("store", "finished", "receiving")))


def boxes_to_put_away() -> Listing:
    """Boxes that lie where goods come in, at lines, at the dock, and those that may change their place."""
    where = Location.zone.in_(("receiving", "dock", "line", "finished", "store"))
    return _boxes("boxes", Words("料箱", "Boxes"), where)


def lots_in_store() -> Listing:
    """Lots that should lie in the stores, each once."""
    query = (
        row("1T" + Lot.code, Item.name_zh, Item.name_en, Lot.code + " " + func.min(Location.code))
        .select_from(Balance)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.quantity > 0, Location.zone.in_(("store", "finished")))
        .group_by(Lot.code, Item.name_zh, Item.name_en)
        .order_by(Lot.code)
    )
    return Listing("boxes", Words("批次", "Lots"), query)


def missing_boxes() -> Listing:
    """Boxes that somebody did not find."""
    return _boxes("boxes", Words("待盘点料箱", "Missing"), HandlingUnit.lock_reason == MISSING)


def cartons_here(here: Here) -> Listing:
    """Cartons that lie on no pallet."""
    loose = and_(Container.kind == "carton", Container.pallet_id.is_(None))
    return _boxes("boxes", Words("外箱", "Cartons"), loose, Location.zone.in_(("finished", "dock", "line")))


def open_orders() -> Listing:
    """Orders of which nothing has left."""
    left = select(Movement.order_id).where(Movement.order_id.is_not(None))
    query = (
        row("K" + SalesOrder.order_no, Item.name_zh, Item.name_en, SalesOrder.order_no, SalesOrder.quantity, Item.uom)
        .join(Item, Item.id == SalesOrder.item_id)
        .where(SalesOrder.id.not_in(left))
        .order_by(SalesOrder.due_on, SalesOrder.order_no)
    )
    return Listing("orders", Words("订单", "Orders"), query)


def goods_for(order: str) -> Listing:
    """What may be picked for the order, the oldest first."""
    item = select(SalesOrder.item_id).where(SalesOrder.order_no == order).scalar_subquery()
    free = and_(HandlingUnit.order_id.is_(None), HandlingUnit.lock_reason.is_(None))
    at_hand = and_(Location.zone.in_(("finished", "dock")), Balance.status == Status.ACCEPTED)
    return _boxes("boxes", Words("可拣外箱", "To pick"), Balance.item_id == item, free, at_hand)


def picked_for(order: str) -> Listing:
    """What was picked for the order."""
    mine = select(SalesOrder.id).where(SalesOrder.order_no == order).scalar_subquery()
    return _boxes("boxes", Words("已拣外箱", "Picked"), HandlingUnit.order_id == mine)


def _boxes(name: str, words: Words, *which: ColumnElement[bool]) -> Listing:
    """Boxes by their carton's code, their label's, or their lot's; what goes first comes first."""
    code = func.coalesce("2J" + Container.serial, "1J" + Label.serial, "1T" + Lot.code)
    query = (
        row(code, Item.name_zh, Item.name_en, Lot.code + " " + Location.code, Balance.quantity, Item.uom)
        .select_from(Balance)
        .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(Label, and_(Label.holder_id == HandlingUnit.id, Label.voided_by.is_(None)))
        .outerjoin(Container, Container.id == HandlingUnit.container_id)
        .where(Balance.quantity > 0, *which)
        .order_by(Item.code, Balance.goes_first, Balance.holder_id)
    )
    return Listing(name, words, query)
