"""Quality's commands by their rules: what is signed, what is refused with which reasons, and what labels say after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from mes.labelling.model import Label
from mes.masters.model import Location, WorkCenter
from mes.people.model import Person
from mes.production import work
from mes.production.model import Report
from mes.production.refusals import MaterialShort, NoLineSide
from mes.quality.model import Nonconformance
from mes.quality.refusals import (
    AlreadyOnHold,
    ConsentMissing,
    FirstArticleHasBad,
    FirstArticleNotMade,
    GaugeNotForThis,
    GaugeNotNamed,
    GaugeOutOfCalibration,
    MeasurementMissing,
    NotAMeasurement,
    NothingToDispose,
    NothingToInspect,
    NotOnHold,
    OutOfLimits,
    PiecesNotMeasured,
    SplitDoesNotAddUp,
    UnknownCharacteristic,
)
from mes.refusals import GroundsMissing, Misread, NotAllowed, OwnWork, ReasonMissing, Refused, SignatureMissing
from mes.stock.model import Balance, Lot
from mes.transaction import Transaction
from tests.mes.kiosk import (
    BREAKER,
    INSPECTOR,
    MANAGER,
    OTHER_INSPECTOR,
    at_step,
    employ,
    first_is_refused,
    inspections_of,
    judge_first,
    readings,
    set_up,
    with_value,
)
from tests.mes.lineside import changed_process
from tests.mes.warehouse import arrange, where_is
from tests.plant import SamplePlant


@pytest.fixture
def finals(plant: SamplePlant) -> Any:
    """A breaker's final inspection with 100 pieces waiting."""
    return at_step(plant, BREAKER, 70, 100)


def final(line: Any, accepted: str, nonconforming: str, reason: str | None = "外壳划伤") -> Any:
    asked = {"operation": line.operation, "accepted": accepted, "nonconforming": nonconforming, "reason": reason}
    return line.plant.accept("quality:final", measurements=readings(line, "final"), **asked, **INSPECTOR)


def test_a_first_article_within_limits_opens_the_batch(plant: SamplePlant) -> None:
    verdict = judge_first(set_up(plant), "pass")
    assert (verdict.verdict, verdict.attempt, verdict.state) == ("pass", 1, "running")


def test_a_rejected_first_article_asks_for_the_next_and_the_second_calls_the_manager(plant: SamplePlant) -> None:
    line = set_up(plant)
    first = judge_first(line, "reject", remark="缩痕")
    line.report("5")
    second = judge_first(line, "reject", remark="缩痕")
    assert (first.next_attempt, first.calls_quality_manager) == (2, False)
    assert (second.next_attempt, second.calls_quality_manager) == (3, True)
    assert second.nonconformance


def test_a_first_article_needs_its_pieces(plant: SamplePlant) -> None:
    line = set_up(plant, made="0")
    first_is_refused(line, "pass", readings(line, "first_article"), FirstArticleNotMade)


def test_every_characteristic_is_measured_before_a_pass(plant: SamplePlant) -> None:
    line = set_up(plant)
    [reason] = first_is_refused(line, "pass", readings(line, "first_article")[:-1], PiecesNotMeasured)
    assert reason.facts == {"pieces": ["项目 6 第 5 件¦characteristic 6 piece 5"]}


def test_every_piece_of_a_first_article_is_good_before_a_pass(plant: SamplePlant) -> None:
    line = set_up(plant)
    given = readings(line, "first_article")
    first_is_refused(line, "pass", [*given[:-1], {**given[-1], "conforms": False}], OutOfLimits)


def test_a_first_article_with_a_piece_reported_as_bad_is_rejected_and_made_anew(plant: SamplePlant) -> None:
    line = set_up(plant, made="4")
    line.report("0", "1", "SHORT_SHOT")
    first_is_refused(line, "pass", readings(line, "first_article"), FirstArticleHasBad)
    judge_first(line, "reject", remark="一件缺料")
    line.report("5")
    assert judge_first(line, "pass").attempt == 2


def test_a_value_out_of_limits_can_be_rejected_but_not_passed(plant: SamplePlant) -> None:
    line = set_up(plant)
    given = readings(line, "first_article")
    number = next(one["number"] for one in given if "value" in one)
    spoiled = with_value(given, number, value="99999")
    (reason,) = first_is_refused(line, "pass", spoiled, OutOfLimits)
    assert reason == OutOfLimits(characteristics=(number,))
    assert judge_first(line, "reject", spoiled).next_attempt == 2


def test_what_is_no_value_or_no_characteristic_is_refused(plant: SamplePlant) -> None:
    line = set_up(plant)
    given = readings(line, "first_article")
    number = next(one["number"] for one in given if "value" in one)
    first_is_refused(line, "pass", with_value(given, number, value="many"), NotAMeasurement)
    first_is_refused(line, "pass", [*given, {"number": 999, "piece": 1, "conforms": True}], UnknownCharacteristic)


def test_only_the_listed_gauge_in_calibration_measures(plant: SamplePlant) -> None:
    line = set_up(plant, BREAKER, 50)
    given = readings(line, "first_article")
    expired = [{**one, "gauge": "EQ-HV-02"} for one in given]
    wrong = [{**one, "gauge": "EQ-IT-01"} for one in given]
    unnamed = [{name: value for name, value in one.items() if name != "gauge"} for one in given]
    first_is_refused(line, "pass", expired, GaugeOutOfCalibration)
    first_is_refused(line, "pass", wrong, GaugeNotForThis)
    first_is_refused(line, "pass", unnamed, GaugeNotNamed)
    assert judge_first(line, "pass").state == "running"


def test_a_rejection_without_a_fault_needs_grounds_and_a_verdict_is_pass_or_reject(plant: SamplePlant) -> None:
    line = set_up(plant)
    first_is_refused(line, "reject", readings(line, "first_article"), GroundsMissing)
    first_is_refused(line, "perhaps", readings(line, "first_article"), Misread)


def test_an_operator_signs_no_first_article_and_an_inspector_only_with_a_pin(plant: SamplePlant) -> None:
    line = set_up(plant)
    given = readings(line, "first_article")
    first_is_refused(line, "pass", given, NotAllowed, person="2001")
    first_is_refused(line, "pass", given, SignatureMissing, signed=False)


def test_nothing_is_judged_where_nothing_waits(plant: SamplePlant) -> None:
    line = set_up(plant)
    judge_first(line, "pass")
    first_is_refused(line, "pass", readings(line, "first_article"), NothingToInspect)


def test_a_final_inspection_splits_what_waits_blue_and_yellow(finals: Any) -> None:
    done = final(finals, "97", "3")
    with finals.plant.read() as session:
        found = {label.status: label.stock for label in session.scalars(select(Label).where(Label.voided_by.is_(None)))}
    assert (done.accepted, done.nonconforming) == ("97 pcs", "3 pcs")
    assert found == {"accepted": "blue", "nonconforming": "yellow"}


def test_a_final_inspection_is_signed_and_reported_by_its_inspector(finals: Any) -> None:
    final(finals, "97", "3")
    assert inspections_of(finals.plant, finals.operation.partition("+")[0]) == [("final", 1, "passed")]
    with finals.plant.read() as session:
        report = session.scalars(select(Report)).one()
        operator = session.get_one(Person, report.operator_id).badge
    assert (report.good, report.bad, report.reason, operator) == (97, 3, "外壳划伤", INSPECTOR["person"])


def test_a_final_inspection_that_accepts_everything_fills_no_yellow_box(finals: Any) -> None:
    done = final(finals, "100", "0", None)
    assert (done.nonconforming, done.nonconforming_label, done.nonconformance) == ("0 pcs", None, None)
    assert inspections_of(finals.plant, finals.operation.partition("+")[0]) == [("final", 1, "passed")]


@pytest.mark.parametrize(
    ("accepted", "nonconforming", "reason", "refusal"),
    [("97", "2", "划伤", SplitDoesNotAddUp), ("97", "3", None, ReasonMissing)],
)
def test_a_split_adds_up_and_says_why(
    finals: Any, accepted: str, nonconforming: str, reason: str | None, refusal: type
) -> None:
    finals.plant.refuse(
        "quality:final",
        refusal,
        operation=finals.operation,
        accepted=accepted,
        nonconforming=nonconforming,
        reason=reason,
        measurements=readings(finals, "final"),
        **INSPECTOR,
    )


def test_what_a_final_inspection_accepts_is_measured(finals: Any) -> None:
    asked = {"operation": finals.operation, "accepted": "100", "measurements": readings(finals, "final")[:1]}
    finals.plant.refuse("quality:final", MeasurementMissing, **asked, **INSPECTOR)


def test_nobody_disposes_of_what_he_rejected(finals: Any) -> None:
    both = {"person": employ(finals.plant, "3900", "inspector", "quality_manager"), "station": "QC-1", "signed": True}
    asked = {"operation": finals.operation, "accepted": "97", "nonconforming": "3", "reason": "外壳划伤"}
    value = finals.plant.accept("quality:final", measurements=readings(finals, "final"), **asked, **both)
    decided = {"nonconformance": value.nonconformance, "kind": "concession", "reason": "客户可用"}
    finals.plant.refuse("quality:dispose", OwnWork, **decided, **both)
    finals.plant.accept("quality:dispose", **decided, **MANAGER)


def test_nobody_disposes_of_a_box_that_he_found_nonconforming(plant: SamplePlant) -> None:
    both = {"person": employ(plant, "3900", "inspector", "quality_manager"), "station": "QC-1"}
    found = plant.accept("quality:nonconforming", unit="R260817-01", reason="锈斑", **both)
    decided = {"nonconformance": found.nonconformance, "kind": "scrap", "reason": "不可用", "signed": True}
    plant.refuse("quality:dispose", OwnWork, **decided, **both)
    plant.accept("quality:dispose", **{**decided, **MANAGER})


def test_scrap_is_signed_by_the_quality_manager_once_and_turns_red(finals: Any) -> None:
    report = final(finals, "97", "3").nonconformance
    asked = {"nonconformance": report, "kind": "scrap", "reason": "壳体裂纹"}
    finals.plant.refuse("quality:dispose", NotAllowed, **asked, **INSPECTOR)
    finals.plant.accept("quality:dispose", **asked, **MANAGER)
    finals.plant.refuse("quality:dispose", NothingToDispose, **asked, **MANAGER)
    with finals.plant.read() as session:
        red = session.scalars(select(Label).where(Label.status == "scrap", Label.voided_by.is_(None))).one()
        yellow = session.scalars(select(Label).where(Label.status == "nonconforming")).one()
    assert red.stock == "red"
    assert yellow.voided_at is not None


def test_a_hold_stops_use_and_its_release_gives_it_back(plant: SamplePlant) -> None:
    who = {"person": "3002", "station": "QC-1"}
    plant.accept("quality:hold", lot="R260710-02", reason="锈斑", **who)
    plant.refuse("quality:hold", AlreadyOnHold, lot="R260710-02", reason="锈斑", **who)
    with plant.read() as session:
        held = session.scalars(
            select(Balance.status).join(Lot).where(Lot.code == "R260710-02", Balance.quantity > 0)
        ).all()
    assert set(held) == {"awaiting_decision"}
    freeing = {"lot": "R260710-02", "reason": "复检合格"}
    plant.refuse("quality:release", SignatureMissing, **freeing, **who)
    plant.refuse("quality:release", OwnWork, **freeing, **INSPECTOR)
    plant.accept("quality:release", **freeing, **OTHER_INSPECTOR)
    plant.refuse("quality:release", NotOnHold, **freeing, **OTHER_INSPECTOR)


def test_customers_property_is_not_scrapped_without_consent(plant: SamplePlant) -> None:
    judged = {"lot": "R261105-02", "stage": "recheck", "verdict": "reject", "reason": "色差"}
    plant.accept("quality:hold", lot="R261105-02", reason="色差", person="3002", station="QC-1")
    plant.accept("quality:judge", **judged, **INSPECTOR)
    with plant.read() as session:
        report = session.scalars(select(Nonconformance.code)).one()
    plant.refuse("quality:dispose", ConsentMissing, nonconformance=report, kind="scrap", reason="色差", **MANAGER)


def test_a_work_centre_without_a_line_side_is_named(plant: SamplePlant) -> None:
    def ask(tx: Transaction) -> Location:
        return work.line_side(tx, tx.session.scalars(select(WorkCenter).where(WorkCenter.code == "WC-IQC")).one())

    with pytest.raises(Refused) as refused:
        arrange(plant, ask)
    assert [type(reason) for reason in refused.value.reasons] == [NoLineSide]


def test_a_final_inspection_draws_what_it_uses_for_every_piece_it_decides_on(plant: SamplePlant) -> None:
    changed_process(plant, BREAKER, bom=with_seals)
    line = at_step(plant, BREAKER, 70, 100)
    asked = {
        "operation": line.operation,
        "accepted": "97",
        "nonconforming": "3",
        "reason": "外壳划伤",
        "measurements": readings(line, "final"),
        **INSPECTOR,
    }
    plant.refuse("quality:final", MaterialShort, **asked)
    seals = line.load("PK-LBL", "150")
    plant.accept("quality:final", **asked)
    assert [found[2] for found in where_is(plant, seals)] == [50]


def with_seals(rows: list[Any]) -> list[Any]:
    """Labels are stuck on at the final inspection, not at packing."""
    return [replace(row, operation_seq=70) if row.component == "PK-LBL" else row for row in rows]
