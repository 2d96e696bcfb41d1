"""What tests of the stores arrange and ask: scans of a storekeeper and a shipper, and where a box lies afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from mes.commands import Outcome
from mes.journal import SCHEMA_VERSION, Effect, Event
from mes.labelling.model import Label
from mes.masters.model import Location, Plant
from mes.planning.model import SalesOrder
from mes.refusals import Refusal
from mes.stock.model import Balance, Container, HandlingUnit, Lot
from mes.transaction import Override, Transaction
from tests.plant import SamplePlant

T = TypeVar("T")
STOREKEEPER = {"person": "4001", "station": "RAW-1"}
SHIPPER = {"person": "4003", "station": "DOCK-1"}
PICKER = {"person": "4002", "station": "DOCK-1"}
APPROVER = {"person": "1001", "station": "OFFICE", "signed": True}


def issue(plant: SamplePlant, unit: str, to: str) -> Any:
    """The storekeeper issues a box; it must be allowed."""
    return plant.accept("stock:issue", unit=unit, to=to, **STOREKEEPER)


def issue_is_refused(plant: SamplePlant, unit: str, to: str, *reasons: type[Refusal]) -> tuple[Refusal, ...]:
    """The storekeeper must not get the box, for exactly these reasons."""
    return plant.refuse("stock:issue", *reasons, unit=unit, to=to, **STOREKEEPER)


def put_away(plant: SamplePlant, unit: str, to: str) -> Any:
    """The storekeeper puts a box away; it must be allowed."""
    return plant.accept("stock:put_away", unit=unit, to=to, **STOREKEEPER)


def split(plant: SamplePlant, unit: str, quantity: str) -> Any:
    """The storekeeper takes some out of a box into a new one; it must be allowed."""
    return plant.accept("stock:split", unit=unit, quantity=quantity, **STOREKEEPER)


def overriding(plant: SamplePlant, refused: Outcome, badge: str, command: str, **how: Any) -> Outcome:
    """Ask again with somebody's decision to let the refusals of the first time pass."""
    decisions = tuple(Override(reason.fingerprint, badge, "shift leader decided") for reason in refused.reasons)
    return plant.do(command, overrides=decisions, **how)


def plan_card(plant: SamplePlant, item: str, quantity: str, order: str, due_on: str = "2026-12-04") -> str:
    """A run card from the approved December plan; returns its code."""
    if not plant_is_approved(plant):
        plant.accept("planning:approve", month="2026-12", revision=1, **APPROVER)
    value = plant.accept(
        "planning:release",
        item=item,
        quantity=quantity,
        month="2026-12",
        due_on=due_on,
        order=order,
        person="1002",
        station="OFFICE",
    )
    return str(value.card)


def plant_is_approved(plant: SamplePlant) -> bool:
    """Whether revision 1 of the December plan is in force."""
    with plant.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM plan_revision WHERE state = 'approved'")))


def where_is(plant: SamplePlant, lot: str) -> list[tuple[str, str, int]]:
    """Place, status and quantity (smallest unit) of every box of a lot that holds something."""
    with plant.read() as session:
        rows = session.execute(
            select(Location.code, Balance.status, Balance.quantity)
            .join(Location, Location.id == Balance.location_id)
            .join(Lot, Lot.id == Balance.lot_id)
            .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
            .where(Lot.code == lot, Balance.quantity > 0)
            .order_by(HandlingUnit.id)
        )
        return [(place, status, quantity) for place, status, quantity in rows]


def labels_of(plant: SamplePlant, lot: str) -> list[tuple[str, str, bool]]:
    """Serial, colour of paper and validity of every label ever issued for boxes of a lot, oldest first."""
    with plant.read() as session:
        rows = session.execute(
            select(Label.serial, Label.stock, Label.voided_at.is_(None))
            .join(HandlingUnit, HandlingUnit.id == Label.holder_id)
            .join(Lot, Lot.id == HandlingUnit.lot_id)
            .where(Lot.code == lot)
            .order_by(Label.id)
        )
        return [(serial, stock, valid) for serial, stock, valid in rows]


def in_a_carton(plant: SamplePlant, lot: str, carton: str) -> str:
    """The one box of an opening lot, put into a closed carton of this number; returns it."""

    def close(tx: Transaction) -> str:
        unit = (
            tx.session.scalars(select(HandlingUnit).join(Lot, Lot.id == HandlingUnit.lot_id).where(Lot.code == lot))
            .unique()
            .one()
        )
        unit.container = Container(serial=carton, kind="carton", sealed_at=tx.now)
        return carton

    return arrange(plant, close)


def shipped_to(plant: SamplePlant, order: str) -> int:
    """How much (smallest unit) left for an order."""
    with plant.read() as session:
        return int(
            session.scalar(
                text(
                    "SELECT coalesce(sum(movement.quantity), 0) FROM movement "
                    "JOIN sales_order ON sales_order.id = movement.order_id WHERE order_no = :order"
                ),
                {"order": order},
            )
        )


def order_for(plant: SamplePlant, order_no: str, customer: str, item: str, quantity: int) -> str:
    """A sales order of just the size that a test needs; returns its number."""

    def add(tx: Transaction) -> str:
        asked = text(
            "INSERT INTO sales_order (order_no, customer_id, item_id, quantity, due_on) "
            "SELECT :order, customer.id, item.id, :quantity, '2026-12-04' FROM customer, item "
            "WHERE customer.code = :customer AND item.code = :item"
        )
        facts = {"order": order_no, "customer": customer, "item": item, "quantity": quantity}
        tx.session.execute(asked, facts)
        return tx.session.scalars(select(SalesOrder.order_no).where(SalesOrder.order_no == order_no)).one()

    return arrange(plant, add)


def arrange(plant: SamplePlant, work: Callable[[Transaction], T]) -> T:
    """Lay out what no command brings about yet, with the departments' own means and under an event of its own."""

    def write(connection: Connection) -> T:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            event = Event(
                uuid=str(uuid4()),
                kind="test:arrange",
                schema_version=SCHEMA_VERSION,
                arguments="{}",
                result="accepted",
                reasons="[]",
                overrides="[]",
                occurred_at=plant.now,
                recorded_at=plant.now,
            )
            session.add(event)
            session.flush()
            tx = Transaction(session, event, plant.now, session.scalars(select(Plant)).one())
            result = work(tx)
            session.flush()
            session.add(Effect(event_id=event.id, digest=tx.digest))
            session.commit()
            return result

    return plant.database.write(write)
