"""What tests of the quality department arrange and ask: cards at an inspection, readings, an inspector's signature."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from mes.intake.problems import Position
from mes.intake.rows import EmployeeRow, PlantSheets
from mes.labelling.model import Label
from mes.production import work
from mes.production.model import CardOperation, RunCard
from mes.quality import plans
from mes.quality.model import Inspection
from mes.quality.plans import Asked
from mes.refusals import Refusal
from mes.stock import ledger
from mes.stock.model import Balance, HandlingUnit, Lot
from mes.stock.status import Status
from mes.transaction import Transaction
from tests.mes.lineside import Line, card, lines_of
from tests.mes.warehouse import arrange
from tests.plant import SamplePlant

BREAKER = "FG-1P-C16"
INSPECTOR = {"person": "3002", "station": "QC-1", "signed": True}
OTHER_INSPECTOR = {"person": "3003", "station": "QC-1", "signed": True}
MANAGER = {"person": "3001", "station": "QC-1", "signed": True}


def at_step(plant: SamplePlant, item: str, seq: int, ready: int, quantity: str = "100") -> Line:
    """One operation of a new card whose operations before have ended, with so many good pieces ready for it."""
    lines = lines_of(plant, card(plant, item, quantity))
    place = [line.operation.partition("+")[2] for line in lines].index(str(seq))
    arrange(plant, lambda tx: _made_before(tx, lines[place - 1].operation, ready))
    return lines[place]


def _made_before(tx: Transaction, code: str, ready: int) -> None:
    operation = find(tx, code)
    operation.card.state = "running"
    for one in operation.card.operations:
        if one.seq <= operation.seq:
            one.state = "finished"
    target = work.end_at(tx, operation, Status.IN_PROCESS)
    ledger.move(tx, operation.card.lot, ready, ledger.outside(tx, "PRODUCTION"), target)


def find(tx: Transaction, code: str) -> CardOperation:
    """The operation of CARD+SEQ."""
    name, _, seq = code.partition("+")
    return tx.session.scalars(
        select(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .where(RunCard.code == name, CardOperation.seq == int(seq))
    ).one()


def set_up(plant: SamplePlant, item: str = "PT-BAS", seq: int = 20, made: str = "5") -> Line:
    """An operation in set-up with its first pieces made."""
    line = at_step(plant, item, seq, 100)
    line.load_all()
    line.start()
    if made != "0":
        line.report(made)
    return line


def plan(line: Line, stage: str) -> tuple[Asked, ...]:
    """The characteristics that are inspected at an operation."""
    with line.plant.read() as session:
        name, _, seq = line.operation.partition("+")
        operation = session.scalars(
            select(CardOperation)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == name, CardOperation.seq == int(seq))
        ).one()
        return plans.plan_of(session, operation, stage, line.plant.now.date())


def readings(line: Line, stage: str, **change: Any) -> list[dict[str, Any]]:
    """A good reading of every characteristic, by the first calibrated gauge; `change` alters all of them.

    Of a first article every piece is read, of other inspections piece 1.
    """
    pieces = _pieces(line) if stage == "first_article" else 1
    return [{**_good(one, piece), **change} for one in plan(line, stage) for piece in range(1, pieces + 1)]


def _pieces(line: Line) -> int:
    name, _, seq = line.operation.partition("+")
    with line.plant.read() as session:
        found = session.scalars(
            select(Inspection.quantity)
            .join(CardOperation, CardOperation.id == Inspection.card_operation_id)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == name, CardOperation.seq == int(seq), Inspection.stage == "first_article")
            .order_by(Inspection.attempt.desc())
        )
        return found.first() or 1


def _good(one: Asked, piece: int) -> dict[str, Any]:
    reading: dict[str, Any] = {"number": one.number, "piece": piece}
    gauge = next((gauge.code for gauge in one.gauges if gauge.calibrated), None)
    if gauge:
        reading["gauge"] = gauge
    if one.kind == "attribute":
        return {**reading, "conforms": True}
    return {**reading, "value": one.nominal or middle(one)}


def middle(one: Asked) -> str:
    """A value well within limits."""
    if one.lower and one.upper:
        return f"{(float(one.lower) + float(one.upper)) / 2:.3f}"
    return f"{float(one.upper) / 2:.3f}" if one.upper else f"{float(one.lower) * 1.5:.3f}"


def with_value(given: list[dict[str, Any]], number: int, **change: Any) -> list[dict[str, Any]]:
    """The same readings with one characteristic read otherwise."""
    return [{**one, **change} if one["number"] == number else one for one in given]


def judge_first(line: Line, verdict: str, given: list[dict[str, Any]] | None = None, **how: Any) -> Any:
    """The inspector's verdict on a first article; it must be allowed."""
    measurements = readings(line, "first_article") if given is None else given
    asked = {"operation": line.operation, "verdict": verdict, "measurements": measurements}
    return line.plant.accept("quality:first_article", **{**asked, **INSPECTOR, **how})


def first_is_refused(
    line: Line, verdict: str, given: list[dict[str, Any]], *reasons: type[Refusal], **how: Any
) -> tuple[Refusal, ...]:
    """The inspector's verdict must be refused for exactly these reasons."""
    asked = {"operation": line.operation, "verdict": verdict, "measurements": given}
    return line.plant.refuse("quality:first_article", *reasons, **{**asked, **INSPECTOR, **how})


def dispose(plant: SamplePlant, report: str, kind: str, **how: Any) -> Any:
    """The quality manager's disposition; it must be allowed."""
    asked = {"nonconformance": report, "kind": kind, "reason": "评审结论 review"}
    return plant.accept("quality:dispose", **{**asked, **MANAGER, **how})


def at_operation(plant: SamplePlant, code: str) -> dict[str, int]:
    """What an operation holds, by status (smallest unit)."""
    return arrange(plant, lambda tx: {found.status: found.quantity for found in ledger.where(tx, find(tx, code).id)})


def locks_of(plant: SamplePlant, lot: str) -> list[str | None]:
    """Why the filled boxes of a lot are locked, oldest box first."""
    with plant.read() as session:
        return list(
            session.scalars(
                select(HandlingUnit.lock_reason)
                .join(Lot, Lot.id == HandlingUnit.lot_id)
                .join(Balance, Balance.holder_id == HandlingUnit.id)
                .where(Lot.code == lot, Balance.quantity > 0)
                .order_by(HandlingUnit.id)
            )
        )


def label(plant: SamplePlant, serial: str) -> Label:
    """A label by its serial."""
    with plant.read() as session:
        return session.scalars(select(Label).where(Label.serial == serial)).one()


def inspections_of(plant: SamplePlant, lot: str) -> list[tuple[str, int, str]]:
    """Stage, attempt and state of every inspection of a lot."""
    with plant.read() as session:
        rows = session.scalars(
            select(Inspection).join(Lot, Lot.id == Inspection.lot_id).where(Lot.code == lot).order_by(Inspection.id)
        )
        return [(one.stage, one.attempt, one.state) for one in rows]


def employ(plant: SamplePlant, badge: str, *roles: str) -> str:
    """Somebody with just these roles; returns the badge."""
    row = EmployeeRow(
        at=Position("employees", 1),
        badge=badge,
        name_zh="多面手",
        name_en="All-rounder",
        department="quality",
        roles=roles,
    )
    plant.bring(PlantSheets(employees=(row,)), by="5002")
    return badge
