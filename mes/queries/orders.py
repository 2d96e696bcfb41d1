"""Customers, what they ordered, and what went to them: from which batch, and when (P24, P25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, case, cast, func, select
from sqlalchemy.orm import Session

from mes.journal import Event
from mes.masters.model import Customer, Item
from mes.planning.model import SalesOrder
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.cards import CUSTOMER
from mes.queries.declaring import Column, table
from mes.queries.reading import Amount, Called, Code, Day, Moment, Text
from mes.queries.wording import Word
from mes.roles import Role
from mes.stock.model import Balance, HandlingUnit, Lot, Movement
from mes.trace.answers import Named
from mes.words import Words

ORDER_STATES = {
    "open": Words("未发", "open"),
    "picked": Words("已拣货", "picked"),
    "shipped": Words("已发货", "shipped"),
}
LOOKING = {Role.QUALITY_MANAGER, Role.SHIPPER, Role.PLANNER, Role.PLAN_APPROVER, Role.SERVICE, Role.ADMIN}
"""Who needs to know a customer's business (P17)."""


@dataclass(frozen=True)
class OrderRow:
    """A sales order: ordered, picked at the dock, shipped; state open, picked or shipped."""

    order: str
    customer: Named
    item: Named
    uom: str
    quantity: str
    picked: str
    shipped: str
    due_on: str
    state: str


def orders(session: Session, *, customer: str | None = None) -> list[OrderRow]:
    """Sales orders by due date: all, or a customer's."""
    wanted = [Customer.code == customer] if customer else []
    return [OrderRow(**row) for row in asking.rows(session, ORDERS, Asked(), None, *wanted)]


def _orders() -> Select[Any]:
    return (
        select()
        .select_from(SalesOrder)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Item, Item.id == SalesOrder.item_id)
    )


def _shipped() -> Select[Any]:
    return (
        select()
        .select_from(Movement)
        .join(SalesOrder, SalesOrder.id == Movement.order_id)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Event, Event.id == Movement.event_id)
    )


def _customers() -> Select[Any]:
    return select().select_from(Customer)


SHIPPED_OF_ORDER = cast(
    select(func.coalesce(func.sum(Movement.quantity), 0)).where(Movement.order_id == SalesOrder.id).scalar_subquery(),
    BigInteger,
)
PICKED_OF_ORDER = cast(
    select(func.coalesce(func.sum(Balance.quantity), 0))
    .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
    .where(HandlingUnit.order_id == SalesOrder.id)
    .scalar_subquery(),
    BigInteger,
)
STATE = case((SHIPPED_OF_ORDER > 0, "shipped"), (PICKED_OF_ORDER > 0, "picked"), else_="open")
ITEM = Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item")
UOM = Column("uom", Words("单位", "Unit"), Text(Item.uom), beside=True)

ORDERS = table(
    "orders",
    Words("订单", "Orders"),
    LOOKING,
    source=_orders,
    columns=(
        Column("order", Words("订单", "Order"), Code(SalesOrder.order_no), leads="order"),
        Column("customer", Words("客户", "Customer"), CUSTOMER, leads="customer"),
        ITEM,
        UOM,
        Column("quantity", Words("订货", "Ordered"), Amount(SalesOrder.quantity, Item.uom)),
        Column("picked", Words("已拣", "Picked"), Amount(PICKED_OF_ORDER, Item.uom)),
        Column("shipped", Words("已发", "Shipped"), Amount(SHIPPED_OF_ORDER, Item.uom)),
        Column("due_on", Words("交期", "Due"), Day(SalesOrder.due_on)),
        Column("state", Words("状态", "State"), Word(STATE, ORDER_STATES)),
    ),
    order=(SalesOrder.due_on, SalesOrder.order_no),
    filters=("order", "customer", "item", "due_on", "state"),
    papers={"packing_list": "order"},
)
SHIPPED = table(
    "shipped",
    Words("已发货", "Shipped"),
    LOOKING,
    source=_shipped,
    columns=(
        Column("customer", Words("客户", "Customer"), CUSTOMER, leads="customer"),
        ITEM,
        UOM,
        Column("quantity", Words("数量", "Quantity"), Amount(Movement.quantity, Item.uom)),
        Column("lot", Words("批次", "Batch"), Code(Lot.code), leads="lot"),
        Column("order", Words("订单", "Order"), Code(SalesOrder.order_no), leads="order"),
        Column("shipped_at", Words("发货时间", "Shipped"), Moment(Event.occurred_at)),
    ),
    order=(Movement.id.desc(),),
    filters=("customer", "item", "lot", "order", "shipped_at"),
)
CUSTOMERS = table(
    "customers",
    Words("客户", "Customers"),
    LOOKING,
    source=_customers,
    columns=(
        Column("customer", Words("客户", "Customer"), CUSTOMER, leads="customer"),
        Column("address", Words("地址", "Address"), Text(Customer.address)),
        Column("contact", Words("联系人", "Contact"), Text(Customer.contact)),
        Column("phone", Words("电话", "Phone"), Text(Customer.phone)),
    ),
    order=(Customer.code,),
    filters=("customer",),
)
