"""Rules for sales orders and the monthly plan (QR-7501) with its revisions.

Owns nothing but the rules. A plan that is late or overloads a line is no mistake of the sheet: people decide that.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from decimal import Decimal

from mes.intake.gathered import Gathered, wrong
from mes.intake.parsing import ReadSheet
from mes.intake.problems import Problem
from mes.intake.rows import OrderRow, PlanRow


def only_what_is_sold_is_ordered_and_planned(plant: Gathered) -> Iterator[Problem]:
    """Parts and material follow from the plan by the bill of material."""
    rows: list[OrderRow | PlanRow] = [*plant.plant.orders, *plant.plant.plan]
    for row in rows:
        item = plant.items.get(row.item)
        if item and not plant.is_sold(item):
            yield wrong(row, "item", "须为出售的物料（成品）。", "must be an item of a kind that is sold.")


def customer_property_goes_to_its_owner_only(plant: Gathered) -> Iterator[Problem]:
    """P16: what contains a customer's material may be ordered by that customer alone."""
    for order in plant.plant.orders:
        others = _owners(plant, order.item) - {order.customer}
        if others:
            zh = f"此产品含客户 {'、'.join(sorted(others))} 的财产，只能由该客户订购。"
            en = f"contains property of customer {', '.join(sorted(others))}, who alone may order it."
            yield wrong(order, "customer", zh, en)


def _owners(plant: Gathered, item: str) -> Set[str]:
    """Customers who own anything that goes in, at any depth."""
    seen, waiting = set(), [item]
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            waiting += plant.components.get(code, ())
    return {row.owner for code in seen if (row := plant.items.get(code)) and row.owner}


def a_plan_sheet_is_one_revision_of_one_month(plant: Gathered) -> Iterator[Problem]:
    """P5: revisions replace each other as a whole, so each has a sheet of its own; plan_r2 holds revision 2."""
    taken: dict[tuple[str, int], str] = {}
    for sheet in plant.of("plan"):
        rows = [row.typed for row in sheet.rows if isinstance(row.typed, PlanRow)]
        if not rows:
            continue
        month, revision = Counter((row.month, row.revision) for row in rows).most_common(1)[0][0]
        yield from _of_one_revision(rows, month, _revision_named(sheet) or revision)
        other = taken.setdefault((month, revision), sheet.file)
        if other != sheet.file:
            zh, en = (
                f"{month} 第 {revision} 版已在 {other} 中。",
                f"revision {revision} of {month} stands in {other} already.",
            )
            yield Problem(sheet.file, rows[0].at.row, "revision", str(revision), zh, en)


def _revision_named(sheet: ReadSheet) -> int | None:
    named = re.fullmatch(r"plan_r(\d{1,9})", sheet.name, re.ASCII)
    return int(named[1]) if named else None


def _of_one_revision(rows: list[PlanRow], month: str, revision: int) -> Iterator[Problem]:
    for row in rows:
        if row.month != month:
            yield wrong(
                row, "month", f"本表为 {month} 的计划，须一致。", f"this sheet plans {month}; months must agree."
            )
        if row.revision != revision:
            zh, en = f"本表为第 {revision} 版，须一致。", f"this sheet is revision {revision}; revisions must agree."
            yield wrong(row, "revision", zh, en)


def planned_days_are_working_days_of_the_month(plant: Gathered) -> Iterator[Problem]:
    """Days of the plant's week, without its holidays."""
    for row in plant.plant.plan:
        if f"{row.due_on:%Y-%m}" != row.month or not plant.habits.works_on(row.due_on):
            zh, en = f"须为 {row.month} 内的工作日。", f"must be a working day of {row.month}."
            yield wrong(row, "due_on", zh, en)


def planned_quantities_are_whole_cartons(plant: Gathered) -> Iterator[Problem]:
    """Where the plant says so, what is made goes to stock in master cartons."""
    for row in plant.plant.plan if plant.habits.whole_cartons else ():
        pack = _pack(plant, row.item)
        if row.qty % pack:
            zh, en = f"须为整箱（每箱 {pack} 件）的倍数。", f"must be whole master cartons of {pack}."
            yield wrong(row, "qty", zh, en)


def a_plan_line_makes_what_its_order_asks(plant: Gathered) -> Iterator[Problem]:
    """The order's item, and per revision no more than the order's quantity rounded up to whole cartons."""
    planned: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    for row in plant.plant.plan:
        order = plant.orders.get(row.order_no or "")
        if order is None:
            continue
        if row.item != order.item:
            yield wrong(
                row, "item", f"订单 {order.order_no} 订的是 {order.item}。", f"{order.order_no} orders {order.item}."
            )
            continue
        before = planned[row.month, row.revision, order.order_no]
        after = planned[row.month, row.revision, order.order_no] = before + row.qty
        pack = _pack(plant, row.item)
        most = -(-order.qty // pack) * pack
        if before <= most < after:
            zh, en = (
                f"超过订单数量：合计 {after}，最多 {most}。",
                f"more than the order asks: {after} in all, at most {most}.",
            )
            yield wrong(row, "qty", zh, en)


def _pack(plant: Gathered, code: str) -> int:
    item = plant.items.get(code)
    return (item and item.pack_qty) or 1
