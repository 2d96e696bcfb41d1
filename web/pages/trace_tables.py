"""A trace as tables, for a workbook that goes to a customer or to the authorities: lots, deliveries, mass balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from mes.trace.answers import Node, Trace
from mes.trace.recall import Recall
from web.language import t
from web.sheets import Sheet

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


@dataclass(frozen=True)
class Column:
    """One column: its heading in both languages, its text, and whether it is a number."""

    zh: str
    en: str
    text: Callable[[Any], Any]
    number: bool = False


def trace_tables(trace: Trace, balances: Recall | None) -> list[Sheet]:
    """Every lot of a trace and what was delivered of it; of a recall also the balance, lot by lot."""
    sheets = [_lots(trace), _links(trace), _deliveries(trace)]
    return sheets if balances is None else [*sheets, _balance(balances)]


def _lots(trace: Trace) -> Sheet:
    return _sheet(
        "批次",
        "Lots",
        trace.nodes,
        (
            Column("批次", "Lot", attrgetter("lot")),
            Column("物料", "Item", lambda one: one.item.code),
            Column("名称", "Name", lambda one: _named(one.item)),
            Column("数量", "Quantity", attrgetter("quantity"), number=True),
            Column("单位", "Unit", attrgetter("uom")),
            Column("供方", "Supplier", lambda one: _named(one.supplier)),
            Column("供方批次", "Supplier's lot", attrgetter("supplier_lot")),
            Column("收货日", "Received", lambda one: one.received_on if one.supplier else ""),
            Column("生产日", "Produced", attrgetter("produced_on")),
            Column("库存位置", "Where it lies", _places),
        ),
    )


def _places(node: Node) -> str:
    return "; ".join(f"{one.place.code} {one.quantity}" for one in (*node.on_hand, *node.in_process))


def _links(trace: Trace) -> Sheet:
    return _sheet(
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


def _deliveries(trace: Trace) -> Sheet:
    gone = [(node, one) for node in trace.nodes for one in node.deliveries]
    return _sheet(
        "发货",
        "Deliveries",
        gone,
        (
            Column("批次", "Lot", lambda row: row[0].lot),
            Column("客户", "Customer", lambda row: _named(row[1].customer)),
            Column("订单", "Order", lambda row: row[1].order),
            Column("数量", "Quantity", lambda row: row[1].quantity, number=True),
            Column("单位", "Unit", lambda row: row[0].uom),
            Column("时间", "When", lambda row: _minute(row[1].at)),
        ),
    )


def _balance(found: Recall) -> Sheet:
    amounts = tuple(Column(zh, en, _share(name), number=True) for zh, en, name in BALANCE)
    return _sheet(
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


def _sheet(zh: str, en: str, rows: Sequence[Any], columns: tuple[Column, ...]) -> Sheet:
    numbers = frozenset(place for place, column in enumerate(columns) if column.number)
    texts = [[column.text(row) for column in columns] for row in rows]
    return Sheet(t(zh, en), [t(column.zh, column.en) for column in columns], texts, numbers)


def _named(thing: Any) -> str:
    """A partner or item as people call it, empty for none."""
    return f"{thing.code} {t(thing.zh, thing.en)}" if thing else ""


def _minute(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]}"
