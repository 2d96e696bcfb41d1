"""A trace as tables, for a workbook that goes to a customer or to the authorities: lots, deliveries, mass balance."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from mes.trace.answers import Node, Trace
from mes.trace.recall import Recall
from web.pages.tables import Column, Grid, minute, named

BALANCE = (
    ("来料/生产", "Came in", "came_in"),
    ("库存", "On hand", "on_hand"),
    ("在制", "In process", "in_process"),
    ("已发货", "Shipped", "shipped"),
    ("已耗用", "Consumed", "consumed"),
    ("报废", "Scrapped", "scrapped"),
    ("抽样", "Samples", "samples"),
    ("退货", "Returned", "returned"),
    ("差额", "Difference", "difference"),
)


def trace_tables(trace: Trace, balances: Recall | None) -> list[Grid]:
    """Every lot of a trace and what was delivered of it; of a recall also the balance, lot by lot."""
    grids = [_lots(trace), _links(trace), _deliveries(trace)]
    return grids if balances is None else [*grids, _balance(balances)]


def _lots(trace: Trace) -> Grid:
    return Grid(
        "批次",
        "Lots",
        trace.nodes,
        (
            Column("批次", "Lot", attrgetter("lot")),
            Column("物料", "Item", lambda one: one.item.code),
            Column("名称", "Name", lambda one: named(one.item)),
            Column("数量", "Quantity", attrgetter("quantity"), number=True),
            Column("单位", "Unit", attrgetter("uom")),
            Column("供方", "Supplier", lambda one: named(one.supplier)),
            Column("供方批次", "Supplier's lot", attrgetter("supplier_lot")),
            Column("收货日", "Received", lambda one: one.received_on if one.supplier else ""),
            Column("生产日", "Produced", attrgetter("produced_on")),
            Column("库存位置", "Where it lies", _places),
        ),
    )


def _places(node: Node) -> str:
    return "; ".join(f"{one.place.code} {one.quantity}" for one in (*node.on_hand, *node.in_process))


def _links(trace: Trace) -> Grid:
    return Grid(
        "用料关系",
        "What went into what",
        trace.links,
        (
            Column("用料批次", "Used lot", attrgetter("child")),
            Column("物料", "Item", lambda one: one.item.code),
            Column("数量", "Quantity", attrgetter("quantity"), number=True),
            Column("单位", "Unit", attrgetter("uom")),
            Column("做成批次", "Made lot", attrgetter("parent")),
        ),
    )


def _deliveries(trace: Trace) -> Grid:
    gone = [(node, one) for node in trace.nodes for one in node.deliveries]
    return Grid(
        "发货",
        "Deliveries",
        gone,
        (
            Column("批次", "Lot", lambda row: row[0].lot),
            Column("客户", "Customer", lambda row: named(row[1].customer)),
            Column("订单", "Order", lambda row: row[1].order),
            Column("数量", "Quantity", lambda row: row[1].quantity, number=True),
            Column("单位", "Unit", lambda row: row[0].uom),
            Column("时间", "When", lambda row: minute(row[1].at)),
        ),
    )


def _balance(found: Recall) -> Grid:
    amounts = tuple(Column(zh, en, _share(name), number=True) for zh, en, name in BALANCE)
    return Grid(
        "数量平衡",
        "Mass balance",
        found.lots,
        (
            Column("批次", "Lot", attrgetter("lot")),
            Column("物料", "Item", attrgetter("item")),
            *amounts,
            Column("单位", "Unit", attrgetter("uom")),
        ),
    )


def _share(name: str) -> Callable[[Any], Any]:
    return attrgetter(f"balance.{name}")
