"""Releasing run cards (P6, P11): from a line of the approved plan, or for a subassembly that is needed.

A card keeps the process revision it is released with (law 10). Starts nothing and reserves no material.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from sqlalchemy import ColumnElement, func, select

from mes.declaring import command
from mes.given import Amount, Day, Month, Whole
from mes.labelling.marking import queue_print
from mes.masters.amounts import amount
from mes.masters.model import Item, Operation, ProcessRevision, Station
from mes.masters.units import shown
from mes.outside import day_of
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.planning.plan import in_force, numbered
from mes.planning.refusals import MoreThanPlanned, NoRouting, PlanNotApproved
from mes.planning.sheet import sheet
from mes.production.model import CardOperation, RunCard
from mes.refusals import Refusal, UnknownCode, refuse
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.model import Lot
from mes.stock.serials import next_batch_number
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Released:
    """A new run card, its batch number, and how many it is for."""

    card: str
    lot: str
    quantity: str


@command(
    "planning:release",
    {Role.PLANNER, Role.SUPERVISOR},
    Words("下达流转单", "release a run card"),
    done=Words("流转单 {card} 已下达", "Run card {card} released"),
    tells=Words("下达 {item} 流转单 {quantity}", "run card over {quantity} of {item} released"),
)
def release(
    tx: Transaction,
    item: Item,
    quantity: Annotated[str, Amount("item")],
    month: Annotated[str | None, Month(), Words("计划月份", "month of the plan")] = None,
    revision: Annotated[int | None, Whole(1, 9999), Words("计划版本", "revision of the plan")] = None,
    due_on: Annotated[str | None, Day(), Words("完成日", "due day")] = None,
    order: SalesOrder | None = None,
) -> Released:
    """Release a run card over `quantity` (stock unit) with a batch number of today's production day (P11).

    With `month`: from a line of the plan in force (`revision` names it expressly, `due_on` and `order` the line);
    without: a subassembly need. Raises `QuantityNotWhole`, `NoRouting`, `PlanNotApproved`, `MoreThanPlanned`.
    """
    wanted = amount(item, quantity)
    process = _process(tx, item)
    line = None
    if month:
        plan = _approved(tx, month, revision)
        line = _line(tx, plan, item, wanted, _day(due_on), order)
    card = _card(tx, item, process, wanted, line)
    _print(tx, card)
    tx.cause("run card", card.code, item.code, wanted, process.revision, line.id if line else None)
    return Released(card.code, card.lot.code, shown(wanted, item.uom))


def left_of(tx: Transaction, line: PlanLine) -> int:
    """What of a plan line is still to be released, in the item's smallest unit.

    Cards of older revisions count: those of the same line, and over the month all cards of the item (P5).
    """
    same = (PlanLine.due_on == line.due_on, PlanLine.order_id.is_not_distinct_from(line.order_id))
    planned = tx.session.scalar(
        select(func.sum(PlanLine.quantity)).where(
            PlanLine.revision_id == line.revision_id, PlanLine.item_id == line.item_id
        )
    )
    return min(line.quantity - _released(tx, line, *same), int(planned or 0) - _released(tx, line))


def _released(tx: Transaction, line: PlanLine, *narrower: ColumnElement[bool]) -> int:
    total = (
        select(func.sum(RunCard.quantity - RunCard.missing))
        .join(PlanLine, PlanLine.id == RunCard.plan_line_id)
        .join(PlanRevision, PlanRevision.id == PlanLine.revision_id)
        .where(
            PlanRevision.month == line.revision.month, PlanLine.item_id == line.item_id, RunCard.state != "cancelled"
        )
    )
    return int(tx.session.scalar(total.where(*narrower)) or 0)


def _approved(tx: Transaction, month: str, revision: int | None) -> PlanRevision:
    """The plan in force, locked so that two planners don't release the same line."""
    plan = numbered(tx, month, revision) if revision is not None else in_force(tx, month)
    if plan is None or plan.state != "approved":
        raise refuse(PlanNotApproved(month=month, revision=revision or 0))
    tx.session.refresh(plan, with_for_update={"of": PlanRevision})
    return plan


def _line(
    tx: Transaction, plan: PlanRevision, item: Item, wanted: int, due_on: date | None, order: SalesOrder | None
) -> PlanLine | None:
    """The first fitting line, by due date, that has enough left; else the refusal names the one with the most left.

    None only where the refusal was overridden for an item that the plan does not have.
    """
    fitting = [
        (line, left_of(tx, line))
        for line in sorted(plan.lines, key=lambda line: (line.due_on, line.id))
        if line.item_id == item.id
        and (due_on is None or line.due_on == due_on)
        and (order is None or line.order_id == order.id)
    ]
    enough = [line for line, left in fitting if left >= wanted]
    if not enough:
        tx.require([_too_much(item, wanted, fitting)])
    return enough[0] if enough else max(fitting, key=lambda pair: pair[1], default=(None, 0))[0]


def _too_much(item: Item, wanted: int, fitting: list[tuple[PlanLine, int]]) -> Refusal:
    line, left = max(((line.quantity, left) for line, left in fitting), key=lambda pair: pair[1], default=(0, 0))
    uom = item.uom
    return MoreThanPlanned(
        item=item.code, planned=shown(line, uom), left=shown(max(left, 0), uom), asked=shown(wanted, uom)
    )


def _day(text: str | None) -> date | None:
    try:
        return day_of(text) if text else None
    except ValueError:
        raise refuse(UnknownCode(text=str(text))) from None


def _process(tx: Transaction, item: Item) -> ProcessRevision:
    """The newest released revision that has a routing (P1); a draft only where nothing was ever released."""
    usable = [one for one in tx.masters.where(ProcessRevision, item_id=item.id) if one.operations]
    if not usable:
        raise refuse(NoRouting(item=item.code))
    return max(usable, key=lambda one: (one.released_at is not None, one.revision))


def _card(tx: Transaction, item: Item, process: ProcessRevision, quantity: int, line: PlanLine | None) -> RunCard:
    lot = _lot(tx, item, process.operations[0])
    card = RunCard(
        code=lot.code,
        lot=lot,
        item=item,
        revision=process,
        plan_line=line,
        quantity=quantity,
        released_for=tx.production_day,
    )
    tx.session.add(card)
    tx.session.flush()
    holders = ledger.new_holders(tx, "operation", len(process.operations))
    for step, holder in zip(process.operations, holders, strict=True):
        card.operations.append(CardOperation(id=holder, operation_id=step.id, seq=step.seq))
    tx.session.flush()
    return card


def _lot(tx: Transaction, item: Item, first: Operation) -> Lot:
    day = tx.production_day
    expires_on = day + timedelta(days=item.shelf_life_days) if item.shelf_life_days else None
    code = next_batch_number(tx, first.work_center.crew_mark)
    return lots.new_lot(
        tx, code, item, "made", received_on=day, produced_on=day, expires_on=expires_on, owner=item.owner
    )


def _print(tx: Transaction, card: RunCard) -> None:
    """Queue the run card where it was released, else at the first operation's line."""
    first = card.operations[0].operation.work_center_id
    at_first = sorted(tx.masters.where(Station, work_center_id=first), key=lambda one: one.code)
    station = tx.station or next(iter(at_first), None)
    if station:
        title = f"{card.code} {card.item.code} {shown(card.quantity, card.item.uom)}"
        queue_print(tx, station, "run_card", "receipt", title, sheet(tx.session, card))
