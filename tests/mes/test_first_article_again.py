"""A first article is asked for again in the middle of a batch, when what it vouched for has changed (F1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from mes.intake.problems import Position
from mes.intake.rows import PlantSheets, SettingRow
from mes.journal import Event
from mes.production.again_refusals import FirstArticleAgain
from mes.production.model import CardOperation, Report, RunCard
from mes.production.refusals import FirstArticleOpen, MachineElsewhere, MachineNotNamed
from tests.mes.kiosk import at_operation, judge_first, readings, set_up
from tests.mes.lineside import Line, changed_process, first_of
from tests.mes.test_gates import QUALIFIED, changed_machine, ready
from tests.plant import SamplePlant

OTHER = "2010"
Change = Callable[[SamplePlant, Line], dict[str, Any]]


def running(plant: SamplePlant) -> Line:
    """Moulding whose first article has passed; its pieces were made by 2009, on no named machine."""
    line = set_up(plant, "PT-BAS", 20)
    judge_first(line, "pass")
    return line


def asked_again(line: Line, person: str = "2009", good: str = "6") -> tuple[str, ...]:
    """After what the first article is asked for again, where more than its pieces are reported."""
    how = {"operation": line.operation, "good": good, "person": person, "station": line.station}
    [reason] = line.plant.refuse("production:report", FirstArticleAgain, **how)
    return tuple(reason.facts["changes"])


def operation_of(line: Line) -> CardOperation:
    """The operation as it stands."""
    card, _, seq = line.operation.partition("+")
    with line.plant.read() as session:
        found = select(CardOperation).join(RunCard, RunCard.id == CardOperation.card_id)
        return session.scalars(found.where(RunCard.code == card, CardOperation.seq == int(seq))).one()


def go_on(line: Line, equipment: str, person: str = "2009") -> Any:
    """Go on with the operation on a machine; it must be allowed."""
    how = {"operation": line.operation, "equipment": equipment, "person": person, "station": line.station}
    return line.plant.accept("production:resume", **how)


def test_while_nothing_changes_the_batch_goes_on(plant: SamplePlant) -> None:
    line = running(plant)
    assert line.report("50").good_total == 55
    assert line.report("45").good_total == 100


def test_another_person_makes_a_first_article_first(plant: SamplePlant) -> None:
    line = running(plant)
    assert asked_again(line, OTHER) == ("person",)
    line.report("5", person=OTHER)
    assert operation_of(line).state == "setup"
    plant.refuse("production:report", FirstArticleOpen, operation=line.operation, good="1", person=OTHER)
    assert judge_first(line, "pass").attempt == 2
    line.report("80", person=OTHER)


def test_why_it_is_asked_for_again_is_recorded_with_the_report(plant: SamplePlant) -> None:
    line = running(plant)
    line.report("5", person=OTHER)
    with plant.read() as session:
        event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert event.result == "accepted"
        assert [one["code"] for one in json.loads(event.reasons)] == ["first_article_again"]


def test_another_shift_begins_with_a_first_article(plant: SamplePlant) -> None:
    line = running(plant)
    plant.at("2026-12-02T05:59+08:00")
    line.report("1")
    plant.at("2026-12-02T06:00+08:00")
    assert asked_again(line) == ("shift",)


def test_a_plant_says_when_its_shifts_begin(plant: SamplePlant) -> None:
    shifts = SettingRow(at=Position("settings", 1), name="shift_starts", value="08:00;16:00;00:00")
    plant.accept("plant:import", source="test", digest="", payload=PlantSheets(settings=(shifts,)))
    line = running(plant)
    plant.at("2026-12-01T15:59+08:00")
    line.report("1")
    plant.at("2026-12-01T16:00+08:00")
    assert asked_again(line) == ("shift",)
    line.report("5")
    judge_first(line, "pass")
    plant.at("2026-12-02T00:00+08:00")
    assert asked_again(line) == ("shift",)


def test_another_machine_is_recorded_and_makes_a_first_article_first(plant: SamplePlant) -> None:
    line = running(plant)
    value = go_on(line, "EQ-IM-01")
    assert (value.state, value.set_up) == ("setup", "5 pcs")
    line.report("5")
    with plant.read() as session:
        newest = session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
        assert newest.equipment is not None
        assert newest.equipment.code == "EQ-IM-01"


def test_a_machine_that_may_not_be_used_is_refused_in_the_middle_too(plant: SamplePlant) -> None:
    line = running(plant)
    how = {"operation": line.operation, "person": "2009", "station": line.station}
    plant.refuse("production:resume", MachineElsewhere, equipment="EQ-BZ-01", **how)
    assert operation_of(line).equipment_id is None


def test_a_machine_that_changes_before_the_signature_makes_the_pieces_anew(plant: SamplePlant) -> None:
    line = set_up(plant, "PT-BAS", 20, made="4")
    go_on(line, "EQ-IM-01")
    line.report("5")
    assert judge_first(line, "pass").attempt == 1


def test_after_a_stop_that_the_routing_calls_too_long_it_is_asked_for_again(plant: SamplePlant) -> None:
    changed_process(plant, "PT-BAS", routing=lambda rows: [replace(row, longest_stop_minutes=120) for row in rows])
    line = running(plant)
    plant.at("2026-12-01T10:00+08:00")
    line.report("1")
    plant.at("2026-12-01T12:01+08:00")
    assert asked_again(line) == ("stop",)


def test_without_a_longest_stop_no_stop_is_too_long(plant: SamplePlant) -> None:
    line = running(plant)
    plant.at("2026-12-01T23:00+08:00")
    line.report("95")


def two_lots(plant: SamplePlant, *, flagged: bool) -> Line:
    """Ten pieces' worth of one lot of a component is loaded, then another lot; the first article is of the first."""
    changed_process(
        plant,
        "SA-AC",
        bom=lambda rows: [replace(rows[0], qty_per=Decimal(1), scrap_pct=Decimal(0), new_lot_first_article=flagged)],
    )
    line = first_of(plant, "SA-AC", "100")
    [component] = line.components()
    for quantity in ("10", "90"):
        line.load(component, quantity)
    line.start()
    line.report("5")
    judge_first(line, "pass")
    return line


def test_another_lot_of_a_flagged_component_is_begun_with_a_first_article(plant: SamplePlant) -> None:
    line = two_lots(plant, flagged=True)
    line.report("5")
    assert asked_again(line) == ("lot",)
    line.report("5")
    judge_first(line, "pass")
    line.report("85")


def test_another_lot_of_a_component_without_a_flag_changes_nothing(plant: SamplePlant) -> None:
    assert two_lots(plant, flagged=False).report("95").good_total == 100


def test_pieces_that_are_bad_are_reported_whatever_has_changed(plant: SamplePlant) -> None:
    line = running(plant)
    line.report("0", "8", "SHORT_SHOT", person=OTHER)
    assert operation_of(line).state == "running"


def test_only_the_pieces_of_the_rejected_attempt_become_nonconforming(plant: SamplePlant) -> None:
    line = running(plant)
    line.report("40")
    line.report("5", person=OTHER)
    judge_first(line, "reject", remark="色差")
    assert at_operation(plant, line.operation) == {"in_process": 45, "nonconforming": 5}


def test_the_second_failure_in_a_row_calls_the_quality_manager(plant: SamplePlant) -> None:
    line = running(plant)
    calls = []
    for _ in range(2):
        line.report("5", person=OTHER)
        calls.append(judge_first(line, "reject", remark="色差").calls_quality_manager)
    assert calls == [False, True]


def test_when_nothing_is_left_to_make_a_rejection_asks_for_no_other(plant: SamplePlant) -> None:
    line = running(plant)
    line.report("92")
    line.report("3", person=OTHER)
    value = judge_first(line, "reject", remark="色差", given=readings(line, "first_article"))
    assert (value.next_attempt, value.state) == (None, "running")
    line.finish()


@pytest.fixture
def brazing(plant: SamplePlant) -> Line:
    """A special process whose first article has passed."""
    line = ready(plant, "SA-MC")
    line.start(QUALIFIED, "EQ-BZ-01")
    line.report("5", person=QUALIFIED)
    judge_first(line, "pass")
    return line


def test_at_a_special_process_the_next_shift_scans_the_machine_anew(plant: SamplePlant, brazing: Line) -> None:
    plant.at("2026-12-02T08:30+08:00")
    how = {"operation": brazing.operation, "person": QUALIFIED, "station": brazing.station}
    plant.refuse("production:report", MachineNotNamed, good="5", **how)
    plant.refuse("production:resume", MachineNotNamed, **how)
    go_on(brazing, "EQ-BZ-01", QUALIFIED)
    brazing.report("5", person=QUALIFIED)
    assert judge_first(brazing, "pass").attempt == 2


def test_a_warning_is_recorded_with_every_report_on_the_machine(plant: SamplePlant) -> None:
    changed_machine(plant, "EQ-IM-01", last_maintained=plant.now.date().replace(year=2025))
    line = ready(plant, "PT-BAS")
    line.start("2009", "EQ-IM-01")
    line.report("5")
    with plant.read() as session:
        events = session.scalars(select(Event).order_by(Event.id.desc()).limit(2)).all()
        told = [(event.kind, event.result, [one["code"] for one in json.loads(event.reasons)]) for event in events]
    assert told == [
        ("production:report", "accepted", ["maintenance_overdue"]),
        ("production:start", "accepted", ["maintenance_overdue"]),
    ]
