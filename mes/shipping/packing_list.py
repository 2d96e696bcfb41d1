"""What stands on a packing list (装箱单, P20): the cartons picked or shipped for an order, as plain values.

Read-only. Before shipping it lists what stands picked at the dock, afterwards what left.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from mes.masters.units import shown
from mes.planning.model import SalesOrder
from mes.stock.model import Balance, Container, HandlingUnit, Lot, Movement

Pallet = aliased(Container)
CARTON = (Container.serial, Container.sscc, Pallet.serial.label("pallet"))
PICKED, SHIPPED = ("已拣", "picked"), ("已发", "shipped")


def packing_list(session: Session, order: SalesOrder) -> dict[str, Any]:
    """Heading, one row per box (carton, its SSCC and pallet if any, lot, quantity), totals and quantities by lot."""
    shipped = _shipped(session, order)
    rows = shipped or _picked(session, order)
    uom, customer, by_lot = order.item.uom, order.customer, Counter[str]()
    for row in rows:
        by_lot[row.lot] += row.quantity
    return {
        "order": order.order_no,
        "customer": f"{customer.code} {customer.name_zh}",
        "address": customer.address or "",
        "item": order.item.code,
        "name_zh": order.item.name_zh,
        "name_en": order.item.name_en,
        "ordered": shown(order.quantity, uom),
        "total": shown(sum(by_lot.values()), uom),
        "cartons": str(len(rows)),
        "due_on": f"{order.due_on:%Y-%m-%d}",
        "lots": ", ".join(f"{lot} ({shown(quantity, uom)})" for lot, quantity in by_lot.items()),
        "state": " ".join(SHIPPED if shipped else PICKED),
        "boxes": [
            {
                "container": row.serial or "",
                "sscc": row.sscc or "",
                "pallet": row.pallet or "",
                "lot": row.lot,
                "quantity": shown(row.quantity, uom),
            }
            for row in rows
        ],
    }


def _shipped(session: Session, order: SalesOrder) -> list[Row[Any]]:
    query = (
        select(*CARTON, Lot.code.label("lot"), Movement.quantity)
        .select_from(Movement)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(HandlingUnit, HandlingUnit.id == Movement.from_holder_id)
        .outerjoin(Container, Container.id == HandlingUnit.container_id)
        .outerjoin(Pallet, Pallet.id == Container.pallet_id)
        .where(Movement.order_id == order.id)
        .order_by(Movement.id)
    )
    return list(session.execute(query))


def _picked(session: Session, order: SalesOrder) -> list[Row[Any]]:
    query = (
        select(*CARTON, Lot.code.label("lot"), Balance.quantity)
        .select_from(HandlingUnit)
        .join(Balance, Balance.holder_id == HandlingUnit.id)
        .join(Lot, Lot.id == Balance.lot_id)
        .outerjoin(Container, Container.id == HandlingUnit.container_id)
        .outerjoin(Pallet, Pallet.id == Container.pallet_id)
        .where(HandlingUnit.order_id == order.id, Balance.quantity > 0)
        .order_by(HandlingUnit.id)
    )
    return list(session.execute(query))
