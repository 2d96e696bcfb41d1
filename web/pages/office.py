"""The office's pages: dense tables to look at, filter and print; nothing here changes anything but holds.

Every table is described once by its columns and shown by one template; quantities come as text from the queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_login import login_required
from sqlalchemy import select

from mes.masters.model import Customer
from mes.queries.cards import run_cards
from mes.queries.plans import orders, plan, plan_heads
from mes.queries.stock import StockFilter, stock
from mes.stock.status import STATUS_NAMES, Status
from web.house import look
from web.language import said, t
from web.pages.tables import Column, Filter, Grid, most, named, show
from web.pages.words import CARD_STATE, ORDER_STATE, PLAN_STATE, word

Page = str | Response
MOST_DIGITS = 10


def add_to(pages: Blueprint) -> None:
    """Add the office's pages; all need a login."""
    for path, view in (
        ("/plan", plan_page),
        ("/stock", stock_page),
        ("/shipping", shipping_page),
        ("/quality", quality_page),
        ("/service", service_page),
    ):
        pages.add_url_rule(path, view.__name__, login_required(view))


def plan_page() -> Page:
    """The plan's revisions, its lines with what is released and done, and the run cards (QR-7501, QR-7502)."""
    with look() as session:
        heads = plan_heads(session)
        month = request.args.get("month") or (heads[0].month if heads else "")
        view = plan(session, month, request.args.get("revision", type=_revision)) if month else None
        cards = run_cards(session, limit=most())
    revisions = Grid(
        "计划版本",
        "Plan revisions",
        heads,
        (
            Column(
                "月份",
                "Month",
                lambda row: row.month,
                link=lambda row: url_for("pages.plan_page", month=row.month, revision=row.revision),
            ),
            Column("版本", "Revision", lambda row: row.revision),
            Column("状态", "State", lambda row: word(PLAN_STATE, row.state)),
            Column("编制", "Author", lambda row: named(row.author)),
            Column("批准", "Approved by", lambda row: named(row.approver)),
        ),
    )
    lines = Grid(
        f"计划 {month}",
        f"Plan {month}",
        view.lines if view else (),
        (
            Column("物料", "Item", lambda row: named(row.item)),
            Column("数量", "Quantity", lambda row: row.quantity, number=True),
            Column("完成日", "Due", lambda row: row.due_on),
            Column("订单", "Order", lambda row: row.order),
            Column("客户", "Customer", lambda row: named(row.customer)),
            Column("已投", "Released", lambda row: row.released, number=True),
            Column("完成", "Done", lambda row: row.done, number=True),
        ),
    )
    return show("月生产计划与流转单", "Production plan and run cards", [_cards(cards), lines, revisions])


def _revision(text: str) -> int:
    """A revision as the plan has them; raises ValueError, so that the newest is shown."""
    if not (text.isascii() and text.isdigit() and len(text) < MOST_DIGITS):
        raise ValueError(text)
    return int(text)


def _cards(rows: Sequence[Any]) -> Grid:
    return Grid(
        "流转单",
        "Run cards",
        rows,
        (
            Column("流转单", "Run card", lambda row: row.card, link=lambda row: _trace(row.card)),
            Column("物料", "Item", lambda row: named(row.item)),
            Column("数量", "Quantity", lambda row: row.quantity, number=True),
            Column("入箱", "Into boxes", lambda row: row.done, number=True),
            Column("当前工序", "At", lambda row: row.at_seq),
            Column("状态", "State", lambda row: word(CARD_STATE, row.state)),
            Column("订单", "Order", lambda row: row.order),
            Column(
                "打印",
                "Print",
                lambda _row: "QR-7502 PDF",
                link=lambda row: url_for("pages.run_card_file", card=row.card),
            ),
        ),
        most(),
    )


def stock_page() -> Page:
    """The stock by item, lot, place and status."""
    asked = {name: request.args.get(name, "").strip() or None for name in ("item", "lot", "place", "status")}
    with look() as session:
        rows = stock(session, StockFilter(**asked), limit=most())
    grid = Grid(
        "库存",
        "Stock",
        rows,
        (
            Column("物料", "Item", lambda row: named(row.item)),
            Column("批次", "Lot", lambda row: row.lot, link=lambda row: _trace(row.lot)),
            Column("数量", "Quantity", lambda row: row.quantity, number=True),
            Column("单位", "Unit", lambda row: row.uom),
            Column("库位", "Place", lambda row: row.place.code),
            Column("状态", "Status", _status, status=lambda row: row.status),
            Column("外箱", "Carton", lambda row: row.container),
            Column("托盘", "Pallet", lambda row: row.pallet),
            Column("锁定", "Locked", lambda row: said(row.locked or row.hold)),
            Column("收货", "Received", lambda row: row.received_on),
            Column("到期", "Expires", lambda row: row.expires_on),
            Column("复检", "Re-inspect", lambda row: row.recheck_on),
            Column("材料卡", "Material card", lambda _row: "PDF", link=_material_card),
        ),
        most(),
    )
    filters = [
        Filter("item", "物料", "Item"),
        Filter("lot", "批次", "Lot"),
        Filter("place", "库位", "Place"),
        Filter("status", "状态", "Status", tuple((one.value, t(*STATUS_NAMES[one])) for one in Status)),
    ]
    return show("库存", "Stock", [grid], filters)


def _material_card(row: Any) -> str:
    return url_for("pages.material_card_file", item=row.item.code)


def _trace(code: str) -> str:
    return url_for("pages.trace", code=code)


def _status(row: Any) -> str:
    zh, en = STATUS_NAMES[Status(row.status)]
    return t(zh, en)


def shipping_page() -> Page:
    """Sales orders with what is picked and shipped."""
    with look() as session:
        rows = orders(session)
    grid = Grid(
        "订单",
        "Orders",
        rows,
        (
            Column("订单", "Order", lambda row: row.order, link=lambda row: _trace(row.order)),
            Column("客户", "Customer", lambda row: named(row.customer)),
            Column("物料", "Item", lambda row: named(row.item)),
            Column("订货", "Ordered", lambda row: row.quantity, number=True),
            Column("已拣", "Picked", lambda row: row.picked, number=True),
            Column("已发", "Shipped", lambda row: row.shipped, number=True),
            Column("交期", "Due", lambda row: row.due_on),
            Column("状态", "State", lambda row: word(ORDER_STATE, row.state)),
            Column(
                "装箱单",
                "Packing list",
                lambda _row: "PDF",
                link=lambda row: url_for("pages.packing_list_file", order=row.order),
            ),
        ),
    )
    return show("订单与发货", "Orders and shipping", [grid])


def quality_page() -> Page:
    """What waits for quality: nonconforming, doubtful and pending goods, with place and reason."""
    with look() as session:
        rows = [
            row
            for status in (Status.NONCONFORMING, Status.AWAITING_DECISION, Status.PENDING, Status.SCRAP)
            for row in stock(session, StockFilter(status=status), limit=most())
        ]
    grid = Grid(
        "待处置与待检",
        "Waiting for quality",
        rows,
        (
            Column("物料", "Item", lambda row: named(row.item)),
            Column("批次", "Lot", lambda row: row.lot, link=lambda row: _trace(row.lot)),
            Column("数量", "Quantity", lambda row: row.quantity, number=True),
            Column("单位", "Unit", lambda row: row.uom),
            Column("库位", "Place", lambda row: row.place.code),
            Column("状态", "Status", _status, status=lambda row: row.status),
            Column("原因", "Reason", lambda row: said(row.hold or row.locked)),
        ),
    )
    return show("检验与不合格品", "Inspections and nonconformances", [grid])


def service_page() -> Page:
    """P25: customers and what each bought."""
    with look() as session:
        customers = session.scalars(select(Customer).order_by(Customer.code)).all()
        shipped = [row for row in orders(session) if row.state == "shipped"]
    people = Grid(
        "客户",
        "Customers",
        customers,
        (
            Column("编号", "Code", lambda row: row.code),
            Column("名称", "Name", lambda row: t(row.name_zh, row.name_en)),
            Column("地址", "Address", lambda row: row.address),
            Column("联系人", "Contact", lambda row: row.contact),
            Column("电话", "Phone", lambda row: row.phone),
        ),
    )
    bought = Grid(
        "已发货",
        "Shipped",
        shipped,
        (
            Column("客户", "Customer", lambda row: named(row.customer)),
            Column("物料", "Item", lambda row: named(row.item)),
            Column("数量", "Quantity", lambda row: row.shipped, number=True),
            Column("订单与批次", "Order and batches", lambda row: row.order, link=lambda row: _trace(row.order)),
        ),
    )
    return show("客户", "Customers", [people, bought])
