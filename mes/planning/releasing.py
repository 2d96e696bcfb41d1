"""Releasing run cards (P6, P11): each serves a line of an approved plan, as its product or as what goes into it.

A card keeps the process revision it is released with (law 10). Starts nothing and reserves no material.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from mes.declaring import command
from mes.given import Amount, Day, Month, Whole
from mes.labelling.marking import queue_print
from mes.masters.amounts import amount
from mes.masters.model import Item, Operation, ProcessRevision, Station
from mes.masters.units import shown
from mes.outside import day_of
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.planning.needs import Need, needs_of, process_of
from mes.planning.plan import from_month_on, in_force, numbered
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

    A card stands for a line of a plan in force: its own, or that of a product which it goes into (P4, P6). `month`,
    `revision`, `due_on` and `order` name the line; without them the first is taken that needs so much. Raises
    `QuantityNotWhole`, `NoRouting`, `PlanNotApproved`, `MoreThanPlanned`.
    """
    wanted = amount(item, quantity)
    process = _process(tx, item)
    line = _serves(tx, _plans(tx, month, revision), item, wanted, _day(due_on), order)
    card = _card(tx, item, process, wanted, line)
    _print(tx, card)
    tx.cause("run card", card.code, item.code, wanted, process.revision, line.id if line else None)
    return Released(card.code, card.lot.code, shown(wanted, item.uom))


def _serves(
    tx: Transaction,
    plans: Sequence[PlanRevision],
    item: Item,
    wanted: int,
    due_on: date | None,
    order: SalesOrder | None,
) -> PlanLine | None:
    """The first line, by due date, that needs so much; else the refusal names the one with the most left.

    None only where the refusal was overridden for an item that no plan needs.
    """
    found = [need for plan in plans for need in needs_of(tx, plan, item, due_on, order)]
    enough = [need for need in found if need.left >= wanted]
    if enough:
        return enough[0].line
    best = max(found, key=lambda need: need.left, default=None)
    tx.require([_too_much(item, wanted, best)])
    return best.line if best else None


def _too_much(item: Item, wanted: int, best: Need | None) -> Refusal:
    needed, left, uom = best.quantity if best else 0, max(best.left, 0) if best else 0, item.uom
    return MoreThanPlanned(item=item.code, planned=shown(needed, uom), left=shown(left, uom), asked=shown(wanted, uom))


def _plans(tx: Transaction, month: str | None, revision: int | None) -> list[PlanRevision]:
    """The plan that is named, or every one in force from this month on, the nearest first.

    Locked, so that two planners don't release the same line.
    """
    named = [_approved(tx, month, revision)] if month else from_month_on(tx, f"{tx.production_day:%Y-%m}")
    for plan in named:
        tx.session.refresh(plan, with_for_update={"of": PlanRevision})
    return named


def _approved(tx: Transaction, month: str, revision: int | None) -> PlanRevision:
    plan = numbered(tx, month, revision) if revision is not None else in_force(tx, month)
    if plan is None or plan.state != "approved":
        raise refuse(PlanNotApproved(month=month, revision=revision or 0))
    return plan


def _day(text: str | None) -> date | None:
    try:
        return day_of(text) if text else None
    except ValueError:
        raise refuse(UnknownCode(text=str(text))) from None


def _process(tx: Transaction, item: Item) -> ProcessRevision:
    process = process_of(tx, item)
    if process is None:
        raise refuse(NoRouting(item=item.code))
    return process


def _card(tx: Transaction, item: Item, process: ProcessRevision, quantity: int, line: PlanLine | None) -> RunCard:
    lot = _lot(tx, item, process.operations[0])
    card = RunCard(
        code=lot.code,
        lot=lot,
        item=item,
        revision=process,
        plan_line=line,
        outside_plan=line is None,
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
