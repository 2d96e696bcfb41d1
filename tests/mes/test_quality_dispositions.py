"""P14: what becomes of nonconforming goods, in a box and at an operation; and nobody decides on his own work (F8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mes.quality import regrading
from mes.quality.model import Nonconformance
from mes.quality.refusals import NothingToDispose
from mes.refusals import GroundsMissing, Misread, OwnWork
from mes.stock import ledger, lots
from mes.stock.locks import MOVE_FIRST, TO_RETURN
from mes.stock.model import Lot
from mes.stock.refusals import OnHold
from mes.stock.status import Status
from mes.transaction import Transaction
from tests.mes.kiosk import (
    BREAKER,
    INSPECTOR,
    MANAGER,
    at_operation,
    at_step,
    dispose,
    employ,
    inspections_of,
    judge_first,
    label,
    locks_of,
    readings,
    set_up,
)
from tests.mes.lineside import Line
from tests.mes.warehouse import arrange, labels_of, split, where_is
from tests.plant import SamplePlant

WORKER = "9001"


def lot_of(line: Line) -> str:
    """The batch number on the line's card."""
    return line.operation.partition("+")[0]


def rejected_box(plant: SamplePlant) -> tuple[str, str]:
    """Three of a hundred breakers rejected by the final inspection: the batch number and the report."""
    line = at_step(plant, BREAKER, 70, 100)
    done = plant.accept(
        "quality:final",
        operation=line.operation,
        accepted="97",
        nonconforming="3",
        reason="外壳划伤",
        measurements=readings(line, "final"),
        **INSPECTOR,
    )
    return lot_of(line), str(done.nonconformance)


def rejected_first(plant: SamplePlant) -> tuple[Line, str]:
    """Five first pieces rejected where they were made, and the report on them."""
    line = set_up(plant)
    return line, str(judge_first(line, "reject", remark="缩痕").nonconformance)


@pytest.mark.parametrize(
    ("kind", "status", "stock", "lock"),
    [
        ("return", "nonconforming", "yellow", TO_RETURN),
        ("concession", "accepted", "blue", MOVE_FIRST),
        ("rework", "pending", "white", MOVE_FIRST),
        ("repair", "pending", "white", MOVE_FIRST),
        ("scrap", "scrap", "red", MOVE_FIRST),
    ],
)
def test_each_decision_on_a_box_gives_it_its_status_its_colour_and_a_lock(
    plant: SamplePlant, kind: str, status: str, stock: str, lock: str
) -> None:
    lot, report = rejected_box(plant)
    decided = dispose(plant, report, kind)
    assert (decided.kind, decided.quantity, decided.status) == (kind, "3 pcs", status)
    assert [found[1:] for found in where_is(plant, lot)] == [(status, 3)]
    ((serial, colour),) = [(serial, colour) for serial, colour, valid in labels_of(plant, lot) if valid]
    assert (colour, decided.label) == (stock, None if kind == "return" else serial)  # a box to be returned stays yellow
    assert locks_of(plant, lot) == [lock]


@pytest.mark.parametrize(
    ("kind", "left", "boxed"),
    [
        ("concession", {"accepted": 5}, []),
        ("rework", {"pending": 5}, []),
        ("repair", {"pending": 5}, []),
        ("return", {}, [("LN-MLD", "nonconforming", 5)]),
        ("scrap", {}, [("LN-MLD", "scrap", 5)]),
    ],
)
def test_pieces_at_an_operation_stay_on_their_card_unless_they_leave_the_routing(
    plant: SamplePlant, kind: str, left: dict[str, int], boxed: list[tuple[str, str, int]]
) -> None:
    line, report = rejected_first(plant)
    decided = dispose(plant, report, kind)
    assert at_operation(plant, line.operation) == left
    assert where_is(plant, lot_of(line)) == boxed
    assert (decided.label is None) == (kind == "concession")
    assert locks_of(plant, lot_of(line)) == {"return": [TO_RETURN], "scrap": [MOVE_FIRST]}.get(kind, [])


def test_a_decision_on_bad_pieces_leaves_the_good_ones_beside_them_alone(plant: SamplePlant) -> None:
    line = set_up(plant)
    judge_first(line, "pass")
    line.report("10", "3", "DENT")
    with plant.read() as session:
        report = session.scalars(select(Nonconformance.code)).one()
    dispose(plant, report, "scrap")
    assert at_operation(plant, line.operation) == {"in_process": 15}
    assert where_is(plant, lot_of(line)) == [("LN-MLD", "scrap", 3)]


@pytest.mark.parametrize(("verdict", "status"), [("pass", "accepted"), ("reject", "nonconforming")])
def test_reworked_pieces_are_inspected_again_where_they_lie(plant: SamplePlant, verdict: str, status: str) -> None:
    line, report = rejected_first(plant)
    white = dispose(plant, report, "rework").label
    judged = plant.accept(
        "quality:judge", lot=lot_of(line), stage="recheck", verdict=verdict, reason="返工后复检", **INSPECTOR
    )
    assert at_operation(plant, line.operation) == {status: 5}
    assert len(judged.nonconformances) == (verdict == "reject")
    assert label(plant, white).voided_by is not None
    assert inspections_of(plant, lot_of(line))[-1] == ("recheck", 1, "passed" if verdict == "pass" else "rejected")


def test_a_decision_is_made_once_with_a_known_word_and_grounds(plant: SamplePlant) -> None:
    _, report = rejected_box(plant)
    asked: dict[str, Any] = {"nonconformance": report, **MANAGER}
    plant.refuse("quality:dispose", Misread, kind="perhaps", reason="评审", **asked)
    plant.refuse("quality:dispose", GroundsMissing, kind="scrap", reason="  ", **asked)
    dispose(plant, report, "rework")
    plant.refuse("quality:dispose", NothingToDispose, kind="scrap", reason="评审", **asked)


def test_a_decision_covers_what_is_left_in_the_box(plant: SamplePlant) -> None:
    lot, report = rejected_box(plant)
    (yellow,) = [serial for serial, stock, valid in labels_of(plant, lot) if valid and stock == "yellow"]
    split(plant, yellow, "1")
    assert dispose(plant, report, "scrap").quantity == "2 pcs"
    assert sorted(found[1:] for found in where_is(plant, lot)) == [("nonconforming", 1), ("scrap", 2)]


def test_whoever_made_a_piece_neither_judges_it_nor_decides_on_it(plant: SamplePlant) -> None:
    employ(plant, WORKER, "operator", "inspector", "quality_manager")
    line = set_up(plant, made="0")
    line.report("5", person=WORKER)
    own = {"person": WORKER, "station": "QC-1", "signed": True}
    asked = {"operation": line.operation, "verdict": "pass", "measurements": readings(line, "first_article")}
    plant.refuse("quality:first_article", OwnWork, **asked, **own)
    report = judge_first(line, "reject", remark="缩痕").nonconformance
    plant.refuse("quality:dispose", OwnWork, nonconformance=report, kind="rework", reason="评审", **own)
    dispose(plant, report, "rework")
    judged = {"lot": lot_of(line), "stage": "recheck", "verdict": "pass"}
    plant.refuse("quality:judge", OwnWork, **judged, **own)
    plant.accept("quality:judge", **judged, **INSPECTOR)


def test_having_inspected_goods_before_is_no_work_on_them(plant: SamplePlant) -> None:
    lot, report = rejected_box(plant)
    dispose(plant, report, "repair")
    plant.accept("quality:judge", lot=lot, stage="incoming", verdict="pass", **INSPECTOR)
    assert [found[1:] for found in where_is(plant, lot)] == [("accepted", 3)]


def test_only_a_passed_recheck_sets_the_next_due_date(plant: SamplePlant) -> None:
    lot, report = rejected_box(plant)
    dispose(plant, report, "rework")
    plant.at("2026-12-05T08:00+08:00")
    made = plant.accept("quality:judge", lot=lot, stage="incoming", verdict="pass", **INSPECTOR)
    again = plant.accept("quality:judge", lot=lot, stage="recheck", verdict="pass", **INSPECTOR)
    assert date.fromisoformat(again.recheck_on) - date.fromisoformat(made.recheck_on) == timedelta(days=4)


def test_a_lot_on_hold_may_be_rejected_and_not_passed(plant: SamplePlant) -> None:
    plant.accept("quality:hold", lot="R260710-02", reason="锈斑", person="3002", station="QC-1")
    judged = {"lot": "R260710-02", "stage": "recheck"}
    plant.refuse("quality:judge", OnHold, **judged, verdict="pass", **INSPECTOR)
    plant.refuse("quality:judge", GroundsMissing, **judged, verdict="reject", **INSPECTOR)
    plant.accept("quality:judge", **judged, verdict="reject", reason="锈斑", **INSPECTOR)
    assert {status for _, status, _ in where_is(plant, "R260710-02")} == {"nonconforming"}


def test_a_word_that_is_no_stage_or_no_verdict_judges_nothing(plant: SamplePlant) -> None:
    judged = {"lot": "R260710-02", **INSPECTOR}
    plant.refuse("quality:judge", Misread, stage="tasting", verdict="pass", **judged)
    plant.refuse("quality:judge", Misread, stage="incoming", verdict="perhaps", **judged)


@pytest.mark.parametrize(
    ("before", "after"),
    [("accepted", "nonconforming"), ("awaiting_decision", "pending"), ("awaiting_decision", "scrap")],
)
def test_a_change_that_takes_two_steps_is_made_in_two(plant: SamplePlant, before: str, after: str) -> None:
    def change(tx: Transaction) -> None:
        lot = tx.session.scalars(select(Lot).where(Lot.code == "R260817-01")).unique().one()
        (unit,) = lots.units_of(tx, lot)
        start = regrading.regrade(tx, lot, 93000, ledger.end_of(lots.filled(tx, unit)), Status(before))
        regrading.regrade(tx, lot, 93000, start, Status(after))

    arrange(plant, change)
    assert where_is(plant, "R260817-01") == [("ST-B04", after, 93000)]
