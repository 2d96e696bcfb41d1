"""Taking back a report that was wrong: pieces, material and genealogy go back by entries that name what they reverse.

Corrects what was counted, never what was signed (law 3); refuses where the pieces have gone on, and says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import select

from mes.declaring import command
from mes.given import Reason, Whole
from mes.labelling import marking
from mes.masters.units import shown
from mes.people.model import Person
from mes.production import again, gates, giving_back, starting, way_back, work
from mes.production.model import STANDS, CardOperation, Loaded, Report
from mes.production.model import TakenBack as TakenBackRow
from mes.production.undo_refusals import NothingToTakeBack, TakenBackBefore
from mes.quality import inspecting
from mes.quality.model import Nonconformance
from mes.refusals import OwnWork, Refusal, UnknownCode, refuse
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.model import HandlingUnit, Movement
from mes.trace import genealogy
from mes.trace.model import Consumption
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class TakenBack:
    """A report that no longer counts: its operation, good and bad pieces, and what went back into its boxes."""

    operation: str
    good: str
    bad: str
    returned: tuple[tuple[str, str], ...]


@command(
    "production:take_back",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("撤回报工", "take back the last report"),
    done=Words(
        "已撤回 {operation} 的报工：良品 {good}，不良 {bad}", "Taken back at {operation}: good {good}, bad {bad}"
    ),
    tells=Words("{operation} 撤回上次报工", "the last report of {operation} taken back"),
    confirm=Words(
        "您在该工序的上次报工将撤回：数量、用料和谱系一并冲回，之后请重新报工。",
        "Your last report there is taken back with its pieces, its material and its genealogy. Report anew after it.",
    ),
)
def take_back(tx: Transaction, operation: CardOperation) -> TakenBack:
    """Take back one's own last report while the operation is at work.

    Raises `NothingToTakeBack`, and at once `CardClosed`, `CardHeld`, `NotStarted`, `AlreadyFinished`,
    `WrongWorkCenter`, `JudgedSince`, `DecidedSince`, `GoneOn`, `CartonGoneOn`, `NextStarted`,
    `MaterialGoneOn`.
    """
    work.lock(tx, operation)
    report = tx.session.scalar(last_report(operation.id, tx.actor.badge))
    if report is None:
        raise refuse(NothingToTakeBack(card=operation.card.code, seq=operation.seq, person=tx.actor.shown))
    start = gates.Start(tx, operation)
    tx.require(
        gates.card_open(start),
        starting.at_work(operation),
        gates.right_station(start),
        way_back.reasons_not_to_take_back(tx, operation, report),
    )
    return _take_back(tx, operation, report)


@command(
    "production:reverse_report",
    {Role.SUPERVISOR},
    Words("冲回报工", "reverse a report"),
    done=Words("已冲回 {operation} 的报工：良品 {good}，不良 {bad}", "Reversed at {operation}: good {good}, bad {bad}"),
    tells=Words("报工 {report} 冲回：{reason}", "report {report} reversed: {reason}"),
    confirm=Words(
        "该报工的数量、用料和谱系将一并冲回；工序已完工的，重新打开。",
        "Its pieces, its material and its genealogy are taken back; an operation that has ended is opened again.",
    ),
    signed=True,
)
def reverse_report(
    tx: Transaction,
    report: Annotated[int, Whole(), Words("报工编号", "number of the report")],
    reason: Annotated[str, Reason()],
) -> TakenBack:
    """Take back anybody else's report later; an operation that has ended is opened again, so that it can be put right.

    Raises `UnknownCode`, `TakenBackBefore`, and at once `OwnWork`, `GroundsMissing`, `CardClosed`, `CardHeld`,
    `AlreadyFinished` of a later operation, `JudgedSince`, `DecidedSince`, `GoneOn`, `CartonGoneOn`, `NextStarted`,
    `MaterialGoneOn`.
    """
    wrong = tx.session.get(Report, report)
    if wrong is None:
        raise refuse(UnknownCode(text=str(report)))
    operation = tx.session.get_one(CardOperation, wrong.card_operation_id)
    work.lock(tx, operation)
    tx.require(_not_before(tx, wrong))
    tx.require(
        [OwnWork(person=tx.actor.shown)] if wrong.operator_id == tx.actor.id else [],
        inspecting.grounds(reason),
        gates.card_open(gates.Start(tx, operation)),
        giving_back.reasons_not_to_reopen(operation) if operation.state == "finished" else [],
        way_back.reasons_not_to_take_back(tx, operation, wrong),
    )
    tx.sign("reverse report")
    if operation.state == "finished":
        giving_back.open_again(tx, operation)
    return _take_back(tx, operation, wrong, reason.strip())


def last_report(operation_id: int, badge: str) -> Any:
    """The question for somebody's last report at an operation that stands."""
    mine = Report.operator_id == select(Person.id).where(Person.badge == badge).scalar_subquery()
    return (
        select(Report).where(Report.card_operation_id == operation_id, mine, STANDS).order_by(Report.id.desc()).limit(1)
    )


def _not_before(tx: Transaction, report: Report) -> list[Refusal]:
    taken = select(TakenBackRow.id).where(TakenBackRow.report_id == report.id)
    return [TakenBackBefore(report=str(report.id))] if tx.session.scalar(taken) is not None else []


def _take_back(tx: Transaction, operation: CardOperation, report: Report, reason: str | None = None) -> TakenBack:
    tx.session.add(
        TakenBackRow(event_id=tx.event.id, report_id=report.id, person_id=tx.actor.id, reason=reason, at=tx.now)
    )
    for used in tx.session.scalars(select(Consumption).where(Consumption.event_id == report.event_id)).all():
        genealogy.reverse(tx, used)
    returned = [back for one in way_back.movements_of(tx, report) if (back := _move_back(tx, one, report))]
    for raised in tx.session.scalars(select(Nonconformance).where(Nonconformance.event_id == report.event_id)):
        raised.state = "withdrawn"
    tx.session.flush()
    again.ask_no_more(tx, operation)
    tx.cause("taken back", work.code_of(operation), report.id, report.good, report.bad, reason)
    uom = operation.card.item.uom
    return TakenBack(work.code_of(operation), shown(report.good, uom), shown(report.bad, uom), tuple(returned))


def _move_back(tx: Transaction, movement: Movement, report: Report) -> tuple[str, str] | None:
    """Reverse one movement; material goes where its box lies by now. Returns lot and quantity of material."""
    unit = tx.session.get(HandlingUnit, movement.from_holder_id)
    if unit is None:
        _unpack(tx, movement)
        ledger.reverse(tx, movement)
        return None
    found = lots.content(tx, unit)
    lies = ledger.end_of(found) if found else None
    _load_again(tx, unit, report)
    source = ledger.reverse(tx, movement).target
    if lies and lies != source:
        ledger.move(tx, unit.lot, movement.quantity, source, lies)
    return unit.lot.code, shown(movement.quantity, unit.lot.item.uom)


def _unpack(tx: Transaction, movement: Movement) -> None:
    """A carton that is empty again: its labels no longer tell the truth (law 9)."""
    unit = tx.session.get(HandlingUnit, movement.to_holder_id)
    if unit:
        marking.void_marks(tx, unit.id)
        if unit.container:
            marking.void_container(tx, unit.container)


def _load_again(tx: Transaction, unit: HandlingUnit, report: Report) -> None:
    """A box that this report emptied is as loaded as it was."""
    emptied = select(Loaded).where(Loaded.unit_id == unit.id, Loaded.unloaded_at == report.at)
    for one in tx.session.scalars(emptied):
        one.unloaded_at = None
