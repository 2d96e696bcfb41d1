"""A trace as tables, for a workbook that goes to a customer or to the authorities: lots, deliveries, mass balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from mes.trace.answers import Node, Trace
from mes.trace.recall import Recall
from mes.words import Words
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


@dataclass(frozen=True)
class Named:
    """A partner or item as people call it, in the reader's language; empty for none."""

    thing: Any

    def read(self, language: str) -> str:
        """Its code and name."""
        return f"{self.thing.code} {Words(self.thing.zh, self.thing.en).read(language)}" if self.thing else ""


@dataclass(frozen=True)
class Drawn:
    """One table before anybody's language: its name in both, its rows and columns."""

    zh: str
    en: str
    rows: Sequence[Any]
    columns: tuple[Column, ...]


def trace_tables(trace: Trace, balances: Recall | None, language: str) -> list[Sheet]:
    """Every lot of a trace and what was delivered of it; of a recall also the balance, lot by lot."""
    tables = [_lots(trace), _links(trace), _deliveries(trace), *([] if balances is None else [_balance(balances)])]
    return [_sheet(table, language) for table in tables]


def _lots(trace: Trace) -> Drawn:
    return Drawn(
        "批次",
        "Lots",
        trace.nodes,
        (
            Column("批次", "Lot", attrgetter("lot")),
            Column("物料", "Item", lambda one: one.item.code),
            Column("名称", "Name", lambda one: Named(one.item)),
            Column("数量", "Quantity", attrgetter("quantity"), number=True),
            Column("单位", "Unit", attrgetter("uom")),
            Column("供方", "Supplier", lambda one: Named(one.supplier)),
            Column("供方批次", "Supplier's lot", attrgetter("supplier_lot")),
            Column("收货日", "Received", lambda one: one.received_on if one.supplier else ""),
            Column("生产日", "Produced", attrgetter("produced_on")),
            Column("库存位置", "Where it lies", _places),
        ),
    )


def _places(node: Node) -> str:
    return "; ".join(f"{one.place.code} {one.quantity}" for one in (*node.on_hand, *node.in_process))


def _links(trace: Trace) -> Drawn:
    return Drawn(
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


def _deliveries(trace: Trace) -> Drawn:
    gone = [(node, one) for node in trace.nodes for one in node.deliveries]
    return Drawn(
        "发货",
        "Deliveries",
        gone,
        (
            Column("批次", "Lot", lambda row: row[0].lot),
            Column("客户", "Customer", lambda row: Named(row[1].customer)),
            Column("订单", "Order", lambda row: row[1].order),
            Column("数量", "Quantity", lambda row: row[1].quantity, number=True),
            Column("单位", "Unit", lambda row: row[0].uom),
            Column("时间", "When", lambda row: _minute(row[1].at)),
        ),
    )


def _balance(found: Recall) -> Drawn:
    amounts = tuple(Column(zh, en, _share(name), number=True) for zh, en, name in BALANCE)
    return Drawn(
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


def _sheet(table: Drawn, language: str) -> Sheet:
    numbers = frozenset(place for place, column in enumerate(table.columns) if column.number)
    texts = ([_read(column.text(row), language) for column in table.columns] for row in table.rows)
    headings = [Words(column.zh, column.en).read(language) for column in table.columns]
    return Sheet(Words(table.zh, table.en).read(language), headings, texts, numbers)


def _read(value: Any, language: str) -> Any:
    return value.read(language) if isinstance(value, Named) else value


def _minute(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]}"
