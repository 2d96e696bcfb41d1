"""A report that was wrong is taken back with all it booked, as long as its pieces lie where they were reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from mes.audit.findings import audit
from mes.production.model import CardOperation, Report, RunCard
from mes.production.refusals import AlreadyFinished, CardClosed, WrongWorkCenter
from mes.production.undo_refusals import (
    CartonGoneOn,
    DecidedSince,
    GoneOn,
    JudgedSince,
    MaterialGoneOn,
    NextStarted,
    NothingToTakeBack,
    TakenBackBefore,
)
from mes.quality.model import Nonconformance
from mes.refusals import GroundsMissing, OwnWork, Refusal, SignatureMissing, UnknownCode
from tests.mes.kiosk import at_operation, at_step, dispose, judge_first, set_up
from tests.mes.lineside import Line, changed_process, first_of
from tests.mes.test_packing import first_article_passed, pack, ready_to_pack
from tests.mes.warehouse import labels_of, put_away, where_is
from tests.plant import SamplePlant

SUPERVISOR: dict[str, Any] = {"person": "1004", "signed": True}
BOOKS = {
    "balances": "SELECT holder_id, lot_id, location_id, status, quantity FROM balance WHERE quantity <> 0",
    "net": "SELECT parent_lot_id, child_lot_id, card_operation_id, sum(quantity) FROM consumption "
    "GROUP BY parent_lot_id, child_lot_id, card_operation_id HAVING sum(quantity) <> 0",
    "edges": "SELECT parent_id, child_id, quantity FROM edge WHERE quantity <> 0",
    "loaded": "SELECT location_id, unit_id FROM loaded WHERE unloaded_at IS NULL",
    "open": "SELECT holder_id, quantity FROM nonconformance WHERE state = 'open'",
}


def plain(rows: list[Any]) -> list[Any]:
    """Normal processes without first article."""
    return [replace(row, first_article=False, process_class="normal") for row in rows]


def arc_chutes(plant: SamplePlant, quantity: str = "100") -> Line:
    """Arc chute assembly (nine plates and two sides each), at work."""
    changed_process(plant, "SA-AC", routing=plain)
    line = first_of(plant, "SA-AC", quantity)
    line.load_all("2000")
    line.start()
    return line


def books(plant: SamplePlant) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a report changes, as the database has it."""
    with plant.read() as session:
        return {name: sorted(tuple(row) for row in session.execute(text(ask))) for name, ask in BOOKS.items()}


def take_back(line: Line, person: str = "2009") -> Any:
    return line.plant.accept("production:take_back", operation=line.operation, person=person, station=line.station)


def not_taken_back(line: Line, *reasons: type[Refusal], person: str = "2009", **how: Any) -> tuple[Refusal, ...]:
    asked = {"operation": line.operation, "person": person, "station": line.station, **how}
    return line.plant.refuse("production:take_back", *reasons, **asked)


def last_report(plant: SamplePlant) -> int:
    with plant.read() as session:
        return int(session.scalars(select(Report.id).order_by(Report.id.desc())).first() or 0)


def reverse(plant: SamplePlant, report: int) -> Any:
    return plant.accept("production:reverse_report", report=report, reason="数错", **SUPERVISOR)


def not_reversed(plant: SamplePlant, report: int, *reasons: type[Refusal], **how: Any) -> tuple[Refusal, ...]:
    return plant.refuse(
        "production:reverse_report", *reasons, **{"report": report, "reason": "数错", **SUPERVISOR, **how}
    )


# --- what goes back ---------------------------------------------------------------------------------------------------


def test_what_was_reported_and_taken_back_leaves_the_books_as_they_were(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    line.report("10")
    before = books(plant)
    line.report("20", "2", "LOOSE")
    value = take_back(line)
    assert (value.good, value.bad) == ("20 pcs", "2 pcs")
    assert sorted(quantity for _, quantity in value.returned) == ["198 pcs", "44 pcs"]
    assert books(plant) == before
    assert line.report("90").good_total == 100


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(reports=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)).filter(any), min_size=1, max_size=3))
def test_taking_back_one_after_the_other_walks_the_books_back_step_by_step(
    sqlite_plant: SamplePlant, reports: list[tuple[int, int]]
) -> None:
    line = arc_chutes(sqlite_plant)
    stood = []
    for good, bad in reports:
        stood.append(books(sqlite_plant))
        line.report(str(good), str(bad), "LOOSE" if bad else None)
    for before in reversed(stood):
        take_back(line)
        assert books(sqlite_plant) == before
    with sqlite_plant.read() as session:
        assert audit(session) == []


def test_a_box_that_was_emptied_is_full_and_loaded_again(plant: SamplePlant) -> None:
    changed_process(plant, "SA-AC", routing=plain)
    line = first_of(plant, "SA-AC", "100")
    first, second = line.load("PT-SPL", "50"), line.load("PT-SPL", "50")
    line.load("PT-FIB", "500")
    line.start()
    before = books(plant)
    line.report("8")
    take_back(line)
    assert books(plant) == before
    assert [lot for item, lot, _ in line.report("8").consumed if item == "PT-SPL"] == [first, second]


def test_material_goes_back_into_its_box_wherever_that_lies_by_now(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    changed_process(plant, "SA-AC", routing=plain)
    line = first_of(plant, "SA-AC", "100")
    used = line.load_all("2000")["PT-SPL"]
    line.start()
    line.report("5")
    plant.accept("quality:hold", lot=used, reason="混料", person="3002", station="QC-1")
    take_back(line)
    assert where_is(plant, used) == [(line.place, "awaiting_decision", 2000)]


def test_bad_pieces_are_no_longer_waiting_for_a_decision(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = arc_chutes(plant)
    line.report("0", "3", "LOOSE")
    take_back(line)
    with plant.read() as session:
        assert session.scalars(select(Nonconformance.state)).all() == ["withdrawn"]
    assert at_operation(plant, line.operation) == {}


def test_pieces_taken_back_lie_at_the_operation_before_again(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = at_step(plant, "PT-BAS", 20, 60)
    line.start()
    line.report("3", "1", "SHORT_SHOT")
    take_back(line)
    assert at_operation(plant, line.operation) == {}
    assert line.report("5").good_total == 5


# --- who --------------------------------------------------------------------------------------------------------------


def test_each_takes_back_his_own_reports_and_no_other(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = arc_chutes(plant)
    line.report("10", person="2009")
    line.report("4", person="2010")
    assert take_back(line, "2009").good == "10 pcs"
    not_taken_back(line, NothingToTakeBack, person="2009")
    not_taken_back(line, WrongWorkCenter, person="2010", station="MLD-1")
    assert take_back(line, "2010").good == "4 pcs"


def test_later_a_supervisor_reverses_it_with_a_reason_and_the_operation_goes_on(plant: SamplePlant) -> None:
    line = arc_chutes(plant, "10")
    before = books(plant)
    line.report("10")
    line.finish()
    not_taken_back(line, AlreadyFinished)
    report = last_report(plant)
    not_reversed(plant, report, SignatureMissing, signed=False)
    not_reversed(plant, report, GroundsMissing, reason=" ")
    not_reversed(plant, report + 1, UnknownCode)
    assert reverse(plant, report).operation == line.operation
    assert books(plant) == before
    line.report("8")
    not_reversed(plant, report, TakenBackBefore)


def test_nobody_reverses_his_own_report_by_signature(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = arc_chutes(plant)
    line.report("10", person="1004")
    not_reversed(plant, last_report(plant), OwnWork)
    assert plant.accept(
        "production:reverse_report", report=last_report(plant), reason="数错", person="1005", signed=True
    )


# --- what stands in the way -------------------------------------------------------------------------------------------


def two_steps(plant: SamplePlant) -> tuple[Line, Line]:
    """Drying and moulding of 100 bases without first article, the first at work."""
    changed_process(plant, "PT-BAS", routing=plain)
    drying = first_of(plant, "PT-BAS", "100")
    drying.load_all("20")
    drying.start()
    return drying, drying.next()


def test_pieces_that_the_next_operation_has_reported_are_not_taken_back(plant: SamplePlant) -> None:
    drying, moulding = two_steps(plant)
    drying.report("60")
    moulding.start()
    [reason] = not_taken_back(drying, NextStarted)
    assert reason.facts["following"] == 20
    moulding.report("1")
    [reason] = not_taken_back(drying, GoneOn)
    assert (reason.facts["asked"], reason.facts["left"]) == ("60 pcs", "59 pcs")
    assert "report output" in reason.sentence("en")
    assert "报工" in reason.sentence("zh")
    take_back(moulding)
    plant.accept("production:give_back", operation=moulding.operation, person="2009", station=moulding.station)
    take_back(drying)


def test_what_is_still_there_of_the_batch_may_be_taken_back(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    drying, moulding = two_steps(plant)
    drying.report("60")
    drying.report("30")
    moulding.start()
    moulding.report("60")
    assert take_back(drying).good == "30 pcs"
    not_taken_back(drying, GoneOn)


def test_a_first_article_that_was_judged_stays_what_the_signature_says(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = set_up(plant)
    judge_first(line, "pass")
    [reason] = not_taken_back(line, JudgedSince)
    assert "first article" in reason.sentence("en")
    line.report("10")
    assert take_back(line).good == "10 pcs"


def test_a_first_article_asked_for_again_goes_with_the_only_report_of_it(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = set_up(plant)
    judge_first(line, "pass")
    line.report("10")
    line.report("3", person="2010")
    assert operation_state(plant, line) == "setup"
    take_back(line, "2010")
    assert operation_state(plant, line) == "running"
    assert take_back(line, "2009").good == "10 pcs"
    not_taken_back(line, JudgedSince)


def operation_state(plant: SamplePlant, line: Line) -> str:
    card, _, seq = line.operation.partition("+")
    with plant.read() as session:
        return session.scalars(
            select(CardOperation.state)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == card, CardOperation.seq == int(seq))
        ).one()


def test_bad_pieces_that_quality_has_decided_on_are_not_taken_back(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = arc_chutes(plant)
    line.report("4", "2", "LOOSE")
    with plant.read() as session:
        number = session.scalars(select(Nonconformance.code)).one()
    dispose(plant, number, "scrap")
    not_taken_back(line, DecidedSince, GoneOn)


def test_material_in_a_box_that_was_rejected_meanwhile_waits_for_quality(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    changed_process(plant, "SA-AC", routing=plain)
    line = first_of(plant, "SA-AC", "100")
    loaded = line.load_all("2000")
    line.start()
    line.report("5")
    plant.accept("quality:nonconforming", unit=loaded["PT-SPL"], reason="毛刺", person="3002", station="QC-1")
    [reason] = not_taken_back(line, MaterialGoneOn)
    assert (reason.facts["lot"], reason.facts["place"]) == (loaded["PT-SPL"], line.place)


def test_nothing_is_taken_back_on_a_card_that_is_over(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = arc_chutes(plant, "10")
    line.report("10")
    line.finish()
    plant.accept("quality:complete", operation=line.operation, person="3002", station="QC-1", signed=True)
    not_reversed(plant, last_report(plant), CardClosed, JudgedSince)


def packing(plant: SamplePlant) -> Line:
    """The packing of 480 accepted breakers, at work."""
    line = ready_to_pack(plant, 480)
    line.start()
    first_article_passed(plant)
    return line


def test_a_carton_that_was_just_packed_is_unpacked_with_its_report_and_its_labels_are_void(plant: SamplePlant) -> None:
    line = packing(plant)
    before = books(plant)
    packed = pack(line, "20")
    take_back(line)
    assert books(plant) == before
    assert [valid for _, _, valid in labels_of(plant, packed.lot)] == [False]
    assert pack(line, "20").quantity == "20 pcs"
    with plant.read() as session:
        assert audit(session) == []


def test_a_carton_that_was_put_away_is_not_unpacked(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = packing(plant)
    packed = pack(line, "20")
    put_away(plant, packed.label, "FGS-03")
    [reason] = not_taken_back(line, CartonGoneOn)
    assert reason.facts["place"] == "FGS-03"
