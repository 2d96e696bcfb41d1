"""Reported pieces move on, draw what they need from the loaded boxes, and never exceed what there is (P6, F1 to F3)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from mes.journal import Event
from mes.masters.refusals import QuantityNotWhole
from mes.production.model import CardOperation, Report, RunCard
from mes.production.refusals import (
    AlreadyFinished,
    CertificateExpired,
    FinalInspectionOpen,
    FirstArticleOpen,
    MaterialShort,
    MoreThanCard,
    NotQualified,
    NotStarted,
    OperationsOpen,
    PiecesWaiting,
    PreviousNotReady,
    WrongWorkCenter,
)
from mes.quality.model import Nonconformance
from mes.refusals import Misread, ReasonMissing, Refusal
from mes.stock.model import Balance, Lot
from mes.stock.refusals import RecheckDue
from mes.trace.model import Consumption, Edge
from tests.mes.lineside import Line, box, changed_process, first_of
from tests.plant import SamplePlant


@pytest.fixture
def drying(plant: SamplePlant) -> Line:
    """Drying for 100 mouldings: a normal process without first article, its granulate loaded, started."""
    line = first_of(plant, "PT-BAS", "100")
    line.load_all("20")
    line.start()
    return line


def refused(line: Line, *reasons: type[Refusal], person: str = "2009", **how: Any) -> tuple[Refusal, ...]:
    """Reporting must be refused for exactly these reasons."""
    how = {"good": "1", "bad": "0", "station": line.station, **how}
    return line.plant.refuse("production:report", *reasons, operation=line.operation, person=person, **how)


def balances(line: Line) -> dict[tuple[str, str], int]:
    """What lies at an operation, by place and status."""
    card, _, seq = line.operation.partition("+")
    with line.plant.read() as session:
        found = session.scalars(
            select(Balance)
            .join(CardOperation, CardOperation.id == Balance.holder_id)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == card, CardOperation.seq == int(seq), Balance.quantity > 0)
        )
        return {(one.location.code, one.status): one.quantity for one in found}


# --- where the pieces go ---------------------------------------------------------------------------------------------


def test_good_pieces_lie_in_process_at_the_line_and_bad_ones_are_nonconforming(drying: Line) -> None:
    value = drying.report("60", "2", "SCORCHED")
    assert (value.good_total, value.bad_total) == (60, 2)
    assert balances(drying) == {("LN-MLD", "in_process"): 60, ("LN-MLD", "nonconforming"): 2}


def test_reports_add_up_and_tell_who_made_what(plant: SamplePlant, drying: Line) -> None:
    drying.report("60", person="2009")
    value = drying.report("30", "1", "SCORCHED", person="2010")
    assert (value.good_total, value.bad_total) == (90, 1)
    with plant.read() as session:
        found = [(one.operator.badge, one.good, one.bad, one.reason) for one in session.scalars(select(Report))]
    assert found == [("2009", 60, 0, None), ("2010", 30, 1, "SCORCHED")]


def test_the_next_operation_takes_its_pieces_from_the_one_before(drying: Line) -> None:
    drying.report("60")
    moulding = drying.next()
    moulding.start()
    moulding.report("4", "1", "SHORT_SHOT")
    assert balances(drying) == {("LN-MLD", "in_process"): 55}
    assert balances(moulding) == {("LN-MLD", "in_process"): 4, ("LN-MLD", "nonconforming"): 1}


def test_bad_pieces_wait_for_a_disposition(plant: SamplePlant, drying: Line) -> None:
    drying.report("0", "3", "SCORCHED")
    with plant.read() as session:
        found = session.scalars(select(Nonconformance)).one()
        facts = (found.quantity, found.reason, found.state, found.lot.code)
    assert facts == (3, "SCORCHED", "open", drying.operation.partition("+")[0])


# --- what is refused -------------------------------------------------------------------------------------------------


def test_no_more_is_reported_than_the_card_has(drying: Line) -> None:
    drying.report("60", "10", "SCORCHED")
    [reason] = refused(drying, MoreThanCard, good="31")
    assert (reason.facts["left"], reason.facts["asked"]) == ("30 pcs", "31 pcs")


def test_no_more_is_reported_than_the_operation_before_delivered(drying: Line) -> None:
    drying.report("3")
    moulding = drying.next()
    moulding.start()
    [reason] = refused(moulding, PreviousNotReady, good="3", bad="1", reason="SHORT_SHOT")
    assert (reason.facts["ready"], reason.facts["asked"]) == ("3 pcs", "4 pcs")


def test_in_set_up_only_the_first_article_is_made(drying: Line) -> None:
    drying.report("60")
    moulding = drying.next()
    moulding.start()
    refused(moulding, FirstArticleOpen, good="6")
    moulding.report("3", "1", "SHORT_SHOT")
    refused(moulding, FirstArticleOpen, good="2")
    moulding.report("1")


def test_bad_pieces_need_a_reason(drying: Line) -> None:
    refused(drying, ReasonMissing, good="5", bad="1")
    refused(drying, ReasonMissing, good="5", bad="1", reason="  ")


def test_a_reason_is_a_code_and_no_story(drying: Line) -> None:
    refused(drying, Misread, good="5", bad="1", reason="x" * 65)


@pytest.mark.parametrize(("good", "bad"), [("0", "0"), ("-1", "0"), ("2.5", "0"), ("3", "-1")])
def test_whole_pieces_are_reported(drying: Line, good: str, bad: str) -> None:
    refused(drying, QuantityNotWhole, good=good, bad=bad, reason="SCORCHED")


@pytest.mark.parametrize(("good", "bad"), [("", "0"), ("3", "二")])
def test_what_is_no_number_is_not_reported(drying: Line, good: str, bad: str) -> None:
    refused(drying, Misread, good=good, bad=bad, reason="SCORCHED")


def test_nothing_is_reported_before_the_start(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    line.load_all("20")
    refused(line, NotStarted)


def test_nothing_is_reported_after_the_end(drying: Line) -> None:
    drying.finish(missing="100")
    refused(drying, AlreadyFinished)


def test_work_is_reported_where_it_is_done(drying: Line) -> None:
    refused(drying, WrongWorkCenter, station="BRZ-1")


@pytest.mark.parametrize(("person", "reason"), [("2009", NotQualified), ("2002", CertificateExpired)])
def test_at_a_special_process_only_a_qualified_person_reports(
    plant: SamplePlant, person: str, reason: type[Refusal]
) -> None:
    line = first_of(plant, "SA-MC", "100")
    line.load_all()
    line.start("2001", "EQ-BZ-01")
    refused(line, reason, person=person)
    line.report("5", person="1004")


def test_a_refused_report_leaves_nothing_behind(plant: SamplePlant, drying: Line) -> None:
    refused(drying, ReasonMissing, MoreThanCard, good="99", bad="2")
    assert balances(drying) == {}
    with plant.read() as session:
        assert session.scalars(select(Report)).all() == []
        last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert (last.kind, last.result) == ("production:report", "refused")


def test_a_final_inspection_is_not_reported_by_the_line(plant: SamplePlant) -> None:
    changed_process(plant, "PT-BAS", characteristics=final_at_20, routing=no_first_article)
    line = first_of(plant, "PT-BAS", "100")
    line.load_all("20")
    line.start()
    line.report("10")
    line.next().start()
    refused(line.next(), FinalInspectionOpen)


def final_at_20(rows: list[Any]) -> list[Any]:
    """Moulding inspected finally."""
    return [replace(row, stage="final") if row.operation_seq == 20 else row for row in rows]


def no_first_article(rows: list[Any]) -> list[Any]:
    """No operation asks for a first article."""
    return [replace(row, first_article=False) for row in rows]


# --- material --------------------------------------------------------------------------------------------------------


def arc_chutes(plant: SamplePlant, quantity: str = "100") -> Line:
    """Arc chute assembly (nine plates, two sides) without first article; nothing loaded."""
    changed_process(plant, "SA-AC", routing=no_first_article)
    return first_of(plant, "SA-AC", quantity)


def test_output_draws_what_good_and_bad_pieces_needed(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    lots = line.load_all("2000")
    line.start()
    value = line.report("10", "1", "LOOSE")
    assert sorted(value.consumed) == [("PT-FIB", lots["PT-FIB"], "22 pcs"), ("PT-SPL", lots["PT-SPL"], "99 pcs")]


def test_the_box_that_was_loaded_first_is_emptied_first_and_all_lots_are_recorded(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    first, second = line.load("PT-SPL", "50"), line.load("PT-SPL", "50")
    side = line.load("PT-FIB", "500")
    line.start()
    assert line.report("8").consumed == (
        ("PT-SPL", first, "50 pcs"),
        ("PT-SPL", second, "22 pcs"),
        ("PT-FIB", side, "16 pcs"),
    )
    assert edges(plant, line) == {first: 50, second: 22, side: 16}


def edges(plant: SamplePlant, line: Line) -> dict[str, int]:
    """What went into the card's lot, by component lot."""
    with plant.read() as session:
        parent = session.scalars(select(Lot).where(Lot.code == line.operation.partition("+")[0])).one()
        found = session.execute(
            select(Lot.code, Edge.quantity).join(Edge, Edge.child_id == Lot.id).where(Edge.parent_id == parent.id)
        ).all()
        return {code: quantity for code, quantity in found}  # noqa: C416  rows, not pairs, to the type checker


def test_every_component_that_is_short_is_named_and_nothing_is_drawn(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    line.load("PT-SPL", "80"), line.load("PT-FIB", "19")
    line.start()
    reasons = refused(line, MaterialShort, MaterialShort, good="10")
    assert {(one.facts["item"], one.facts["short"]) for one in reasons} == {("PT-SPL", "10 pcs"), ("PT-FIB", "1 pcs")}
    with plant.read() as session:
        assert session.scalars(select(Consumption)).all() == []


def test_after_loading_the_next_box_the_same_report_is_accepted(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    line.load("PT-SPL", "80"), line.load("PT-FIB", "100")
    line.start()
    refused(line, MaterialShort, good="10")
    line.load("PT-SPL", "80")
    line.report("10")


def test_a_loaded_lot_that_may_not_be_used_any_more_is_not_drawn(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    old = box(plant, "PT-SPL", "900", line.place, age_days=179)
    plant.accept("production:load", unit=old, person="2009", station=line.station)
    line.load("PT-FIB", "500")
    line.start()
    plant.at("2026-12-02T08:00+08:00")
    refused(line, MaterialShort, RecheckDue, good="10")
    young = line.load("PT-SPL", "900")
    assert ("PT-SPL", young, "90 pcs") in line.report("10").consumed


def test_the_operations_own_material_is_drawn_and_no_other(drying: Line) -> None:
    assert [item for item, _, _ in drying.report("10").consumed] == ["RM-PAN"]
    moulding = drying.next()
    moulding.start()
    assert moulding.report("5").consumed == ()


def test_two_cards_drawing_at_once_never_take_more_than_there_is(plant: SamplePlant) -> None:
    changed_process(plant, "SA-AC", routing=no_first_article)
    lines = [first_of(plant, "SA-AC", "100") for _ in range(4)]
    lines[0].load("PT-SPL", "270"), lines[0].load("PT-FIB", "5000")
    for line in lines:
        line.start()
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(reporter(plant), lines))
    assert sorted(one.accepted for one in outcomes) == [False, True, True, True]
    assert {type(reason) for one in outcomes for reason in one.reasons} == {MaterialShort}


def reporter(plant: SamplePlant) -> Callable[[Line], Any]:
    """Somebody who reports ten pieces at a line."""
    return lambda line: plant.do(
        "production:report", operation=line.operation, good="10", bad="0", person="2009", station=line.station
    )


# --- the end ---------------------------------------------------------------------------------------------------------


def unfinished(line: Line, *reasons: type[Refusal]) -> tuple[Refusal, ...]:
    """Ending must be refused for exactly these reasons."""
    return line.plant.refuse(
        "production:finish", *reasons, operation=line.operation, person="2009", station=line.station
    )


def test_an_operation_that_never_started_does_not_end(plant: SamplePlant) -> None:
    unfinished(first_of(plant, "PT-BAS", "100"), NotStarted)


def test_an_operation_ends_once(drying: Line) -> None:
    drying.finish(missing="100")
    unfinished(drying, AlreadyFinished)


def test_an_operation_ends_after_everything_before_it_is_done_and_reported(plant: SamplePlant) -> None:
    changed_process(plant, "PT-BAS", routing=no_first_article)
    drying = first_of(plant, "PT-BAS", "100")
    drying.load_all("20")
    drying.start()
    drying.report("60")
    moulding = drying.next()
    moulding.start()
    unfinished(moulding, OperationsOpen, PiecesWaiting)
    drying.finish(missing="40")
    [reason] = unfinished(moulding, PiecesWaiting)
    assert reason.facts["waiting"] == "60 pcs"
    moulding.report("60")
    assert moulding.finish().card_state == "running"


def test_an_operation_does_not_end_before_its_first_article_is_signed(drying: Line) -> None:
    drying.report("5")
    drying.finish(missing="95")
    moulding = drying.next()
    moulding.start()
    moulding.report("5")
    unfinished(moulding, FirstArticleOpen)
