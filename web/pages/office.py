"""The office's pages: dense tables to look at, filter and print; nothing here changes anything but holds.

Every table is described once by its columns and shown by one template; quantities come as text from the queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask import session as browser
from flask_login import current_user, login_required
from sqlalchemy import select

from labels.run_card import read_sheet, run_card_pdf
from mes.planning.sheet import sheet
from mes.plant.model import Customer, Printer
from mes.production.model import RunCard
from mes.queries.cards import run_cards
from mes.queries.events import EventFilter, events
from mes.queries.plans import orders, plan, plan_heads
from mes.queries.print_jobs import print_jobs
from mes.queries.stock import StockFilter, stock
from mes.stock.status import STATUS_NAMES, Status
from web.house import look
from web.language import language, said, t
from web.pages.tables import Column, Grid, named

LIMIT = 400


def add_to(pages: Blueprint) -> None:
    """Add the office's pages; all need a login."""
    for path, view in (
        ("/plan", plan_page),
        ("/stock", stock_page),
        ("/shipping", shipping_page),
        ("/quality", quality_page),
        ("/service", service_page),
        ("/admin", admin_page),
    ):
        pages.add_url_rule(path, view.__name__, login_required(view))
    pages.add_url_rule("/run-cards/<card>.pdf", "run_card_file", run_card_file)


def _show(zh: str, en: str, grids: Sequence[Grid], filters: Sequence[tuple[str, str, str]] = ()) -> str:
    return render_template("office.html", title=(zh, en), grids=grids, filters=filters)


def plan_page() -> str:
    """The plan's revisions, its lines with what is released and done, and the run cards (QR-7501, QR-7502)."""
    with look() as session:
        heads = plan_heads(session)
        month = request.args.get("month") or (heads[0].month if heads else "")
        view = plan(session, month, request.args.get("revision", type=int)) if month else None
        cards = run_cards(session, limit=LIMIT)
    revisions = Grid(
        "计划版本",
        "Plan revisions",
        heads,
        (
            Column(
                "月份",
                "Month",
                lambda row: row.month,
                link=lambda row: f"/plan?month={row.month}&revision={row.revision}",
            ),
            Column("版本", "Revision", lambda row: row.revision),
            Column("状态", "State", lambda row: row.state),
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
    return _show("月生产计划与流转单", "Production plan and run cards", [_cards(cards), lines, revisions])


def _cards(rows: Sequence[Any]) -> Grid:
    return Grid(
        "流转单",
        "Run cards",
        rows,
        (
            Column("流转单", "Run card", lambda row: row.card, link=lambda row: f"/trace?code={row.card}"),
            Column("物料", "Item", lambda row: named(row.item)),
            Column("数量", "Quantity", lambda row: row.quantity, number=True),
            Column("入箱", "Into boxes", lambda row: row.done, number=True),
            Column("当前工序", "At", lambda row: row.at_seq),
            Column("状态", "State", lambda row: row.state),
            Column("订单", "Order", lambda row: row.order),
            Column("打印", "Print", lambda _row: "QR-7502 PDF", link=lambda row: f"/run-cards/{row.card}.pdf"),
        ),
    )


def stock_page() -> str:
    """The stock by item, lot, place and status."""
    asked = {name: request.args.get(name, "").strip() or None for name in ("item", "lot", "place", "status")}
    with look() as session:
        rows = stock(session, StockFilter(**asked), limit=LIMIT)
    grid = Grid(
        "库存",
        "Stock",
        rows,
        (
            Column("物料", "Item", lambda row: named(row.item)),
            Column("批次", "Lot", lambda row: row.lot, link=lambda row: f"/trace?code={row.lot}"),
            Column("数量", "Quantity", lambda row: f"{row.quantity} {row.uom}", number=True),
            Column("库位", "Place", lambda row: row.place.code),
            Column("状态", "Status", _status, status=lambda row: row.status),
            Column("外箱", "Carton", lambda row: row.container),
            Column("锁定", "Locked", lambda row: said(row.locked or row.hold)),
            Column("收货", "Received", lambda row: row.received_on),
            Column("到期", "Expires", lambda row: row.expires_on),
            Column("复检", "Re-inspect", lambda row: row.recheck_on),
        ),
    )
    filters = [
        ("item", "物料", "Item"),
        ("lot", "批次", "Lot"),
        ("place", "库位", "Place"),
        ("status", "状态", "Status"),
    ]
    return _show("库存", "Stock", [grid], filters)


def _status(row: Any) -> str:
    zh, en = STATUS_NAMES[Status(row.status)]
    return t(zh, en)


def shipping_page() -> str:
    """Sales orders with what is picked and shipped."""
    with look() as session:
        rows = orders(session)
    grid = Grid(
        "订单",
        "Orders",
        rows,
        (
            Column("订单", "Order", lambda row: row.order, link=lambda row: f"/trace?code={row.order}"),
            Column("客户", "Customer", lambda row: named(row.customer)),
            Column("物料", "Item", lambda row: named(row.item)),
            Column("订货", "Ordered", lambda row: row.quantity, number=True),
            Column("已拣", "Picked", lambda row: row.picked, number=True),
            Column("已发", "Shipped", lambda row: row.shipped, number=True),
            Column("交期", "Due", lambda row: row.due_on),
            Column("状态", "State", lambda row: row.state),
        ),
    )
    return _show("订单与发货", "Orders and shipping", [grid])


def quality_page() -> str:
    """What waits for quality: nonconforming, doubtful and pending goods, with place and reason."""
    with look() as session:
        rows = [
            row
            for status in (Status.NONCONFORMING, Status.AWAITING_DECISION, Status.PENDING, Status.SCRAP)
            for row in stock(session, StockFilter(status=status), limit=LIMIT)
        ]
    grid = Grid(
        "待处置与待检",
        "Waiting for quality",
        rows,
        (
            Column("物料", "Item", lambda row: named(row.item)),
            Column("批次", "Lot", lambda row: row.lot, link=lambda row: f"/trace?code={row.lot}"),
            Column("数量", "Quantity", lambda row: f"{row.quantity} {row.uom}", number=True),
            Column("库位", "Place", lambda row: row.place.code),
            Column("状态", "Status", _status, status=lambda row: row.status),
            Column("原因", "Reason", lambda row: said(row.hold or row.locked)),
        ),
    )
    return _show("检验与不合格品", "Inspections and nonconformances", [grid])


def service_page() -> str:
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
            Column(
                "订单与批次", "Order and batches", lambda row: row.order, link=lambda row: f"/trace?code={row.order}"
            ),
        ),
    )
    return _show("客户", "Customers", [people, bought])


def admin_page() -> str:
    """Printers with their paper, the print queue with states and reasons, and the journal with its refusals."""
    with look() as session:
        printers = session.scalars(select(Printer).order_by(Printer.code)).all()
        jobs = print_jobs(session, limit=100)
        journal = events(session, EventFilter(result=request.args.get("result") or None), limit=200)
    return _show(
        "工位、打印与日志", "Stations, printing, journal", [_printers(printers), _jobs(jobs), _journal(journal)]
    )


def _printers(rows: Sequence[Any]) -> Grid:
    return Grid(
        "打印机",
        "Printers",
        rows,
        (
            Column("打印机", "Printer", lambda row: row.code),
            Column("工位", "Station", lambda row: row.station.code),
            Column("语言", "Language", lambda row: row.language),
            Column("已装标签", "Loaded", lambda row: row.loaded_stock),
        ),
    )


def _jobs(rows: Sequence[Any]) -> Grid:
    return Grid(
        "打印队列",
        "Print queue",
        rows,
        (
            Column("任务", "Job", lambda row: row.title),
            Column("版式", "Layout", lambda row: row.layout),
            Column("标签", "Paper", lambda row: row.stock),
            Column("工位", "Station", lambda row: row.station),
            Column("打印机", "Printer", lambda row: row.printer),
            Column("状态", "State", lambda row: row.state),
            Column("原因", "Reason", lambda row: row.reason),
            Column("时间", "Asked", lambda row: row.asked_at),
        ),
    )


def _journal(rows: Sequence[Any]) -> Grid:
    return Grid(
        "日志",
        "Journal",
        rows,
        (
            Column("时间", "When", lambda row: row.occurred_at),
            Column("操作", "Command", lambda row: row.kind),
            Column("结果", "Result", lambda row: row.result),
            Column("人员", "Person", lambda row: named(row.person)),
            Column("工位", "Station", lambda row: row.station),
            Column("拒绝原因", "Reasons", lambda row: "；".join(getattr(one, language()) for one in row.reasons)),
        ),
    )


def run_card_file(card: str) -> Response:
    """QR-7502 as an A5 PDF, proved before it leaves; for people who are logged in and for stations' screens."""
    if not current_user.is_authenticated and "station" not in browser:
        abort(401)
    with look() as session:
        found = session.scalar(select(RunCard).where(RunCard.code == card))
        if found is None:
            abort(404, f"There is no run card {card}. 没有流转单 {card}。")
        facts = sheet(session, found)
    return Response(run_card_pdf(read_sheet(facts)), mimetype="application/pdf")
