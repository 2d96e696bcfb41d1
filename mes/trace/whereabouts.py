"""Where the goods of lots are and went: on hand, at operations, to customers; and how much came in and went out.

Quantities of `Flow` are integers in the smallest unit; everything else here is text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from mes.journal import Event
from mes.masters.model import Customer, Item, Location
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.stock.model import Balance, Container, HandlingUnit, Lot, Movement
from mes.trace.answers import Delivery, Named, Standing
from mes.trace.looking import Look, about, amount_text

Pallet = aliased(Container)
CAME_FROM = ("SUPPLIER", "OPENING", "PRODUCTION")


@dataclass
class Flow:
    """Net quantities of a lot that crossed the plant's border, by outside place; reversals are taken off."""

    inward: dict[str, int]
    outward: dict[str, int]

    @property
    def came_in(self) -> int:
        """Received, found in the opening stock, or made."""
        return sum(self.inward.get(place, 0) for place in CAME_FROM)


def _crossed(column: Any, inward: bool) -> Any:
    """What went over the plant's border in one direction, by lot and place; what is taken back apart."""
    reversal = Movement.reverses_id.is_not(None)
    return (
        select(Movement.lot_id, Location.code, reversal, literal(inward), func.sum(Movement.quantity))
        .join(Location, Location.id == column)
        .where(Location.zone == "outside")
        .group_by(Movement.lot_id, Location.code, reversal)
    )


FLOWS = tuple(
    about(_crossed(column, inward), Movement.lot_id)
    for column, inward in ((Movement.from_location_id, True), (Movement.to_location_id, False))
)


def flows(look: Look) -> dict[int, Flow]:
    """What crossed the border, by lot."""
    found: dict[int, Flow] = defaultdict(lambda: Flow(defaultdict(int), defaultdict(int)))
    for question in FLOWS:
        for lot, place, reverses, inward, quantity in look.rows(question):
            # What reverses an issue comes in, but it is an issue less.
            side = found[lot].inward if bool(inward) != bool(reverses) else found[lot].outward
            side[place] += -int(quantity) if reverses else int(quantity)
    return found


STANDING = about(
    select(
        Balance.lot_id,
        Balance.status,
        Balance.quantity,
        Item.uom,
        Location,
        RunCard.code,
        CardOperation.seq,
        Container.serial,
        Pallet.serial,
        SalesOrder.order_no,
        HandlingUnit.lock_reason,
    )
    .join(Item, Item.id == Balance.item_id)
    .join(Location, Location.id == Balance.location_id)
    .outerjoin(HandlingUnit, HandlingUnit.id == Balance.holder_id)
    .outerjoin(Container, Container.id == HandlingUnit.container_id)
    .outerjoin(Pallet, Pallet.id == Container.pallet_id)
    .outerjoin(SalesOrder, SalesOrder.id == HandlingUnit.order_id)
    .outerjoin(CardOperation, CardOperation.id == Balance.holder_id)
    .outerjoin(RunCard, RunCard.id == CardOperation.card_id)
    .where(Balance.quantity != 0, Balance.outside.is_(False))
    .order_by(Location.code, Balance.holder_id),
    Balance.lot_id,
)


def standing(look: Look) -> tuple[dict[int, list[Standing]], dict[int, list[Standing]]]:
    """Boxes on hand and quantities at operations, by lot."""
    on_hand: dict[int, list[Standing]] = defaultdict(list)
    in_process: dict[int, list[Standing]] = defaultdict(list)
    for lot, status, quantity, uom, place, card, seq, container, pallet, order, locked in look.rows(STANDING):
        operation = f"{card}+{seq}" if card else None
        (in_process if card else on_hand)[lot].append(
            Standing(
                place=Named(place.code, place.name_zh, place.name_en),
                zone=place.zone,
                status=status,
                quantity=amount_text(quantity, uom),
                operation=operation,
                container=container,
                pallet=pallet,
                picked_for=order,
                locked=locked,
            )
        )
    return on_hand, in_process


def _crossing(column: Any, sign: int) -> Any:
    return (
        select(
            Movement.lot_id, Movement.event_id, Movement.order_id, (Movement.quantity * literal(sign)).label("quantity")
        )
        .join(Location, Location.id == column)
        .where(Location.code == "CUSTOMER")
    )


def _delivered() -> Any:
    crossing = union_all(_crossing(Movement.to_location_id, 1), _crossing(Movement.from_location_id, -1)).subquery()
    total = func.sum(crossing.c.quantity)
    query = (
        select(
            crossing.c.lot_id,
            SalesOrder.order_no,
            Customer.code,
            Customer.name_zh,
            Customer.name_en,
            Item.uom,
            total,
            func.max(case((crossing.c.quantity > 0, Event.occurred_at))),
        )
        .join(Event, Event.id == crossing.c.event_id)
        .join(SalesOrder, SalesOrder.id == crossing.c.order_id)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Lot, Lot.id == crossing.c.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .group_by(crossing.c.lot_id, SalesOrder.order_no, Customer.code, Customer.name_zh, Customer.name_en, Item.uom)
        .having(total != 0)
        .order_by(SalesOrder.order_no)
    )
    return about(query, crossing.c.lot_id)


DELIVERED = _delivered()


def deliveries(look: Look) -> dict[int, list[Delivery]]:
    """What customers got, by lot, in the order of shipping; what came back is taken off."""
    found: dict[int, list[Delivery]] = defaultdict(list)
    for lot, order, code, zh, en, uom, quantity, at in look.rows(DELIVERED):
        found[lot].append(Delivery(order, Named(code, zh, en), amount_text(int(quantity), uom), look.moment(at)))
    return found
