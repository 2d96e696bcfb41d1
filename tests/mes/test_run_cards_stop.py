"""A run card is held and goes on, is cancelled or closed short; a start is given back, an end confirmed or undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from mes.production.model import CardOperation, RunCard
from mes.production.refusals import AlreadyFinished, CardClosed, NotStarted, WrongWorkCenter
from mes.production.undo_refusals import (
    CardHeld,
    CardNotHeld,
    DestinationMissing,
    FinishedPieces,
    NotFinished,
    NotLoaded,
    NotPacked,
    PiecesMissing,
    PiecesWithQuality,
    SomethingMade,
    WorkReported,
)
from mes.quality.model import Nonconformance
from mes.quality.refusals import HalfMade
from mes.queries import plans
from mes.refusals import GroundsMissing, NotAllowed, NotExpectedHere, Refusal, SignatureMissing
from mes.stock.model import HandlingUnit, Lot
from mes.stock.refusals import WrongPlaceForStatus
from tests.mes.kiosk import INSPECTOR, MANAGER, at_operation, at_step, dispose, judge_first, readings, set_up
from tests.mes.lineside import Line, changed_process, first_of
from tests.mes.test_packing import pack
from tests.mes.test_taking_back import arc_chutes, plain, two_steps
from tests.mes.warehouse import labels_of, where_is
from tests.plant import SamplePlant

PLANNER: dict[str, Any] = {"person": "1002", "signed": True, "reason": "订单变更"}
HERE = {"person": "2009"}


def code(line: Line) -> str:
    return line.operation.partition("+")[0]


def card_of(plant: SamplePlant, line: Line) -> tuple[str, int, str | None]:
    """State, missing and hold reason of a line's card."""
    with plant.read() as session:
        found = session.scalars(select(RunCard).where(RunCard.code == code(line))).one()
        return found.state, found.missing, found.hold_reason


def operation_of(plant: SamplePlant, line: Line) -> tuple[str, int | None, bool]:
    """State and operator of a line's operation, and whether it says when it began."""
    card, _, seq = line.operation.partition("+")
    with plant.read() as session:
        found = session.scalars(
            select(CardOperation)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == card, CardOperation.seq == int(seq))
        ).one()
        return found.state, found.equipment_id, found.started_at is not None


def stopped(plant: SamplePlant, verb: str, line: Line, **how: Any) -> Any:
    return plant.accept(f"production:{verb}_card", card=code(line), **{**PLANNER, **how})


def not_stopped(plant: SamplePlant, verb: str, line: Line, *reasons: type[Refusal], **how: Any) -> tuple[Refusal, ...]:
    return plant.refuse(f"production:{verb}_card", *reasons, card=code(line), **{**PLANNER, **how})


# --- held -------------------------------------------------------------------------------------------------------------


def test_a_held_card_takes_no_work_and_goes_on_where_it_stood(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    assert stopped(plant, "hold", line).at_work == (10,)
    assert card_of(plant, line) == ("held", 0, "订单变更")
    asked = {"operation": line.operation, "station": line.station, **HERE}
    [reason] = plant.refuse("production:report", CardHeld, good="1", **asked)
    assert "订单变更" in reason.sentence("zh")
    plant.refuse("production:finish", CardHeld, **asked)
    plant.refuse("stock:issue", CardHeld, unit="R260817-01", to=code(line), person="4001", station="RAW-1")
    not_stopped(plant, "hold", line, CardHeld)
    not_stopped(plant, "resume", line, SignatureMissing, signed=False)
    not_stopped(plant, "resume", line, GroundsMissing, reason=" ")
    stopped(plant, "resume", line)
    assert card_of(plant, line) == ("running", 0, None)
    line.report("1")
    not_stopped(plant, "resume", line, CardNotHeld)


# --- cancelled, closed short ------------------------------------------------------------------------------------------


def test_a_card_of_which_nothing_was_made_is_cancelled_and_its_start_ends(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = set_up(plant, made="0")
    held = at_operation(plant, f"{code(line)}+10")
    assert held == {"in_process": 100}
    not_stopped(plant, "cancel", line, DestinationMissing)
    drying = first_of(plant, "PT-BAS", "100")
    ended = stopped(plant, "cancel", drying)
    assert (ended.missing, ended.nonconformance) == ("100 pcs", None)
    assert card_of(plant, drying) == ("cancelled", 100, None)
    plant.refuse("production:finish", CardClosed, NotStarted, operation=drying.operation, station="MLD-1", **HERE)
    not_stopped(plant, "hold", drying, CardClosed)
    not_stopped(plant, "cancel", drying, CardClosed)


def test_what_is_half_made_goes_where_it_is_told_and_quality_decides(plant: SamplePlant) -> None:
    line = arc_chutes(plant)
    line.report("10")
    [reason] = not_stopped(plant, "cancel", line, DestinationMissing)
    assert (reason.facts["operations"], reason.facts["lying"]) == ([10], "10 pcs")
    not_stopped(plant, "cancel", line, WrongPlaceForStatus, to="FGS-01")
    ended = stopped(plant, "cancel", line, to="NCR-03")
    assert where_is(plant, code(line)) == [("NCR-03", "nonconforming", 10)]
    assert at_operation(plant, line.operation) == {}
    assert operation_of(plant, line)[0] == "finished"
    assert [(stock, valid) for _, stock, valid in labels_of(plant, code(line))] == [("yellow", True)]
    for kind in ("concession", "rework", "repair"):
        decided = {"nonconformance": ended.nonconformance, "kind": kind, "reason": "评审"}
        plant.refuse("quality:dispose", HalfMade, **decided, **MANAGER)
    assert dispose(plant, ended.nonconformance, "scrap").quantity == "10 pcs"


def test_what_quality_has_in_hand_is_decided_before_the_card_ends(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    line = arc_chutes(plant)
    line.report("4", "2", "LOOSE")
    [reason] = not_stopped(plant, "close", line, PiecesWithQuality, to="NCR-03")
    assert reason.facts["waiting"] == "2 pcs"
    with plant.read() as session:
        number = session.scalars(select(Nonconformance.code)).one()
    dispose(plant, number, "scrap")
    assert stopped(plant, "close", line, to="NCR-03").missing == "100 pcs"


def finally_accepted(plant: SamplePlant) -> Line:
    """The packing of 100 breakers, of which 97 were accepted and wait for it."""
    changed_process(plant, "FG-1P-C16", routing=plain)
    line = at_step(plant, "FG-1P-C16", 70, 100)
    verdict = {"accepted": "97", "nonconforming": "3", "reason": "划伤", "measurements": readings(line, "final")}
    plant.accept("quality:final", operation=line.operation, **verdict, **INSPECTOR)
    packing = line.next()
    packing.load_all("1000")
    packing.start()
    return packing


def test_a_card_closed_short_says_what_is_missing_and_the_plan_has_it_back(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    packing = finally_accepted(plant)
    [reason] = not_stopped(plant, "close", packing, FinishedPieces)
    assert reason.facts["waiting"] == "97 pcs"
    pack(packing, "97")
    not_stopped(plant, "cancel", packing, SomethingMade)
    assert stopped(plant, "close", packing).missing == "3 pcs"
    assert card_of(plant, packing) == ("closed", 3, None)


def test_a_card_that_is_complete_with_fewer_says_so_too(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    packing = finally_accepted(plant)
    pack(packing, "97")
    packing.finish()
    assert card_of(plant, packing) == ("complete", 3, None)


def test_the_plan_releases_again_what_a_closed_card_did_not_make(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    plant.accept("planning:approve", person="1001", signed=True, month="2026-12", revision=1)
    wanted = {"item": "FG-1P-C16", "month": "2026-12", "person": "1002", "station": "OFFICE"}
    before = released(plant)
    value = plant.accept("planning:release", quantity="120", **wanted)
    assert released(plant) == before + 120
    plant.accept("production:cancel_card", card=value.card, **PLANNER)
    assert released(plant) == before


def released(plant: SamplePlant) -> int:
    """What the plan's lines of the breaker count as released."""
    with plant.read() as session:
        view = plans.plan(session, "2026-12")
    return sum(int(one.released) for one in view.lines if one.item.code == "FG-1P-C16") if view else 0


# --- given back, ended, opened again ----------------------------------------------------------------------------------


def test_a_start_by_mistake_is_given_back_and_all_is_as_before(plant: SamplePlant) -> None:
    line = first_of(plant, "SA-BW-32", "100")
    line.load_all()
    before = operation_of(plant, line), card_of(plant, line)
    give = {"operation": line.operation, "person": "2002", "station": line.station}
    plant.refuse("production:give_back", NotStarted, **give)
    line.start("2002", "EQ-RW-01")
    plant.refuse("production:give_back", WrongWorkCenter, **{**give, "station": "MLD-1"})
    plant.accept("production:give_back", **give)
    assert (operation_of(plant, line), card_of(plant, line)) == before
    line.start("2002", "EQ-RW-01")
    line.report("1", person="2002")
    [reason] = plant.refuse("production:give_back", WorkReported, **give)
    assert reason.facts["made"] == "1 pcs"


def test_an_operation_that_ends_short_is_asked_back_with_the_count(plant: SamplePlant) -> None:
    line = arc_chutes(plant, "10")
    line.report("8")
    asked = {"operation": line.operation, "station": line.station, **HERE}
    [reason] = plant.refuse("production:finish", PiecesMissing, **asked)
    assert reason.facts["missing"] == "2 pcs"
    plant.refuse("production:finish", PiecesMissing, missing="1", **asked)
    line.finish(missing="2")


def test_a_first_article_asked_for_again_does_not_stop_an_end_when_nobody_made_a_piece_of_it(
    sqlite_plant: SamplePlant,
) -> None:
    plant = sqlite_plant
    line = first_of(plant, "SA-AC", "10")
    line.load_all()
    line.start()
    line.report("5")
    judge_first(line, "pass")
    line.report("2")
    plant.accept("production:resume", operation=line.operation, person="2010", station=line.station)
    assert operation_of(plant, line)[0] == "setup"
    line.finish("2010", missing="3")
    assert operation_of(plant, line)[0] == "finished"


def test_later_operations_end_with_what_came_to_them(sqlite_plant: SamplePlant) -> None:
    drying, moulding = two_steps(sqlite_plant)
    drying.report("60")
    drying.finish(missing="40")
    moulding.start()
    moulding.report("60")
    moulding.finish()


def test_an_operation_finished_too_early_is_opened_again_by_a_supervisor(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    drying, moulding = two_steps(plant)
    wanted = {"operation": drying.operation, "person": "1004"}
    plant.refuse("production:reopen", NotFinished, reason="误扫", **wanted)
    drying.report("60")
    drying.finish(missing="40")
    plant.refuse("production:reopen", GroundsMissing, reason=" ", **wanted)
    plant.accept("production:reopen", reason="误扫", **wanted)
    drying.report("40")
    drying.finish()
    moulding.start()
    moulding.report("100")
    moulding.finish()
    plant.refuse("production:reopen", AlreadyFinished, reason="误扫", **wanted)


def test_the_last_operation_does_not_end_with_accepted_pieces_unpacked(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    packing = finally_accepted(plant)
    packing.report("97")
    pack(packing, "92")
    [reason] = plant.refuse("production:finish", NotPacked, operation=packing.operation, station="PKG-1", **HERE)
    assert reason.facts["left"] == "5 pcs"


# --- boxes ------------------------------------------------------------------------------------------------------------


def opened(plant: SamplePlant, lot: str) -> bool:
    with plant.read() as session:
        found = session.scalars(
            select(HandlingUnit).join(Lot, Lot.id == HandlingUnit.lot_id).where(Lot.code == lot)
        ).one()
        return found.opened_at is not None


def test_a_wrong_box_is_unloaded_and_closed_as_before_when_nothing_was_drawn(plant: SamplePlant) -> None:
    changed_process(plant, "SA-AC", routing=plain)
    line = first_of(plant, "SA-AC", "100")
    right = line.load_all("2000")
    wrong = line.load("PT-SPL", "50")
    unload = {"person": "2009", "station": line.station}
    done = plant.accept("production:unload", unit=wrong, **unload)
    assert (done.left, done.place, opened(plant, wrong)) == ("50 pcs", line.place, False)
    plant.refuse("production:unload", NotLoaded, unit=wrong, **unload)
    plant.refuse("production:unload", NotExpectedHere, unit=wrong, person="2009", station="OFFICE")
    line.start()
    line.report("10")
    assert plant.accept("production:unload", unit=right["PT-SPL"], **unload).left == "1910 pcs"
    assert opened(plant, right["PT-SPL"])
    assert where_is(plant, right["PT-SPL"]) == [(line.place, "accepted", 1910)]


# --- rework after completion ------------------------------------------------------------------------------------------


def reworked(plant: SamplePlant, line: Line) -> None:
    """Quality has the bad pieces of a card reworked and finds them good."""
    with plant.read() as session:
        number = session.scalars(select(Nonconformance.code).where(Nonconformance.state == "open")).one()
    dispose(plant, number, "rework")
    plant.accept("quality:judge", lot=code(line), stage="recheck", verdict="pass", **INSPECTOR)


def test_pieces_reworked_after_their_card_was_completed_go_into_store(plant: SamplePlant) -> None:
    line = arc_chutes(plant, "10")
    line.report("8", "2", "LOOSE")
    line.finish()
    complete = {"operation": line.operation, **INSPECTOR}
    plant.accept("quality:complete", **complete)
    assert card_of(plant, line) == ("complete", 2, None)
    reworked(plant, line)
    assert card_of(plant, line)[0] == "running"
    box = plant.accept("quality:complete", **complete)
    assert (box.quantity, card_of(plant, line)) == ("2 pcs", ("complete", 0, None))
    plant.accept("stock:put_away", unit=box.label, to="ST-B07", person="4001", station="RAW-1")


def test_pieces_reworked_in_the_middle_go_through_everything_that_comes_after(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    drying, moulding = two_steps(plant)
    drying.report("98", "2", "SCORCHED")
    drying.finish()
    moulding.start()
    moulding.report("98")
    moulding.finish()
    trimming = moulding.next()
    trimming.start()
    trimming.report("98")
    trimming.finish()
    plant.accept("quality:complete", operation=trimming.operation, **INSPECTOR)
    reworked(plant, drying)
    assert (card_of(plant, drying)[0], operation_of(plant, trimming)[0]) == ("running", "running")
    for line in (moulding, trimming):
        line.report("2")
        line.finish()
    assert plant.accept("quality:complete", operation=trimming.operation, **INSPECTOR).quantity == "2 pcs"


def test_pieces_conceded_at_packing_after_completion_are_packed(sqlite_plant: SamplePlant) -> None:
    plant = sqlite_plant
    packing = finally_accepted(plant)
    packing.report("0", "1", "LOOSE")
    pack(packing, "96")
    packing.finish()
    with plant.read() as session:
        number = session.scalars(select(Nonconformance.code).order_by(Nonconformance.id.desc())).first()
    dispose(plant, str(number), "concession")
    pack(packing, "1")
    packing.finish()
    assert card_of(plant, packing)[0] == "complete"


@pytest.mark.parametrize("verb", ["hold", "cancel", "close"])
def test_an_operator_stops_no_card(sqlite_plant: SamplePlant, verb: str) -> None:
    not_stopped(sqlite_plant, verb, first_of(sqlite_plant, "PT-BAS", "100"), NotAllowed, person="2009")
