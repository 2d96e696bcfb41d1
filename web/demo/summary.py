"""What the demo prints at its end: plan, run cards, scans with their refusals, labels, shipments, and the traces."""

from __future__ import annotations

import json
from collections import Counter

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.journal import Event, Scan
from mes.labelling.model import PrintJob
from mes.queries.cards import run_cards
from mes.queries.orders import orders
from mes.queries.plans import plan
from mes.refusals import revive
from mes.trace.answers import Direction
from mes.trace.tracing import trace
from web.cli_tables import print_tree, show_recall
from web.demo.story import MONTH, SUSPECT, Story


def show(console: Console, session: Session, story: Story) -> None:
    """Everything that happened, as tables and trees."""
    for table in (
        _plan(session),
        _cards(session),
        _scans(session),
        _refusals(session),
        _labels(session),
        _orders(session),
    ):
        console.print(table)
    console.rule("8 trace: what the shipped batch was made from 追溯")
    print_tree(console, trace(session, story.cards["1P"].lot, Direction.BACKWARD))
    console.rule(f"8 trace: where supplier lot {SUSPECT} went 去向")
    print_tree(console, trace(session, SUSPECT, Direction.FORWARD))
    show_recall(console, session, SUSPECT)


def _plan(session: Session) -> Table:
    table = Table("item", "quantity", "due", "order", "customer", "released", "done", title=f"Plan {MONTH} 月生产计划")
    view = plan(session, MONTH)
    for line in view.lines[:10] if view else ():
        customer = line.customer.zh if line.customer else ""
        table.add_row(line.item.code, line.quantity, line.due_on, line.order or "", customer, line.released, line.done)
    return table


def _cards(session: Session) -> Table:
    table = Table("card", "item", "quantity", "into boxes", "state", "order", title="Run cards 流转单")
    for card in reversed(run_cards(session)):
        table.add_row(
            card.card, f"{card.item.code} {card.item.zh}", card.quantity, card.done, card.state, card.order or ""
        )
    return table


def _scans(session: Session) -> Table:
    table = Table("scans", "count", title="Scans 扫描")
    for result, count in session.execute(select(Scan.result, func.count()).group_by(Scan.result).order_by(Scan.result)):
        table.add_row(result, str(count))
    return table


def _refusals(session: Session) -> Table:
    table = Table("refused because", "example", "count", title="Refusals 拒绝")
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for text in session.scalars(select(Event.reasons).where(Event.result == "refused").order_by(Event.id)):
        for reason in json.loads(text):
            counts[reason["code"]] += 1
            examples.setdefault(reason["code"], _sentence(reason))
    for code, count in counts.most_common():
        table.add_row(code, examples[code], str(count))
    return table


def _sentence(reason: dict[str, object]) -> str:
    refusal = revive(str(reason["code"]), dict(reason["facts"]))  # type: ignore[call-overload]
    return f"{refusal.sentence('zh')}\n{refusal.sentence('en')}"


def _labels(session: Session) -> Table:
    table = Table("label", "paper", "state", "count", title="Print jobs 打印")
    rows = session.execute(
        select(PrintJob.layout, PrintJob.stock, PrintJob.state, func.count())
        .group_by(PrintJob.layout, PrintJob.stock, PrintJob.state)
        .order_by(PrintJob.layout)
    )
    for layout, stock, state, count in rows:
        table.add_row(layout, stock, state, str(count))
    return table


def _orders(session: Session) -> Table:
    table = Table("order", "customer", "item", "ordered", "shipped", "state", title="Shipments 发货")
    for order in orders(session):
        if order.state != "open":
            customer = f"{order.customer.code} {order.customer.zh}"
            table.add_row(order.order, customer, order.item.code, order.quantity, order.shipped, order.state)
    return table
