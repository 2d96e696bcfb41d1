"""The machine in hand: scanned for one operation, checked in the middle too, gone with the person and the shift."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from mes import codes
from mes.production.model import CardOperation
from tests.mes.kiosk import judge_first
from tests.mes.lineside import Line, first_of
from tests.mes.test_gates import changed_machine
from tests.mes.test_terminal import say, signed_on
from tests.mes.test_terminal_tasks import state
from tests.plant import SamplePlant

FINISH = codes.encode(codes.CommandCode("FINISH"))


@pytest.fixture
def plant(sqlite_plant: SamplePlant) -> SamplePlant:
    """One engine is enough: what a scan means is decided before anything is stored."""
    return sqlite_plant


@pytest.fixture
def brazing(plant: SamplePlant) -> Line:
    """A special process at BRZ-1 with all its material; nobody has started it."""
    line = first_of(plant, "SA-MC", "100")
    line.load_all()
    return line


def codes_of(reply: Any) -> list[str]:
    """The reasons of a refused scan."""
    assert reply.result == "refused", reply.headline
    return [reason["code"] for reason in reply.reasons]


def started(plant: SamplePlant, line: Line) -> None:
    """2001 has started the operation on EQ-BZ-01 and its first article has passed."""
    signed_on(plant, "BRZ-1", "2001")
    say(plant, "BRZ-1", "ZE.EQ-BZ-01")
    for code in (f"3W{line.operation}", "Q5"):
        assert say(plant, "BRZ-1", code).result == "accepted"
    judge_first(line, "pass")


def machine_of(plant: SamplePlant) -> str | None:
    """The machine that stands in the record of the operation."""
    with plant.read() as session:
        found = session.scalars(select(CardOperation).order_by(CardOperation.id).limit(1)).one()
        return found.equipment.code if found.equipment else None


def test_a_machine_serves_the_operation_that_it_was_scanned_for_alone(plant: SamplePlant, brazing: Line) -> None:
    other = first_of(plant, "SA-SC", "100")
    other.load_all()
    started(plant, brazing)
    assert codes_of(say(plant, "BRZ-1", f"3W{other.operation}")) == ["machine_not_named"]


def test_the_machine_in_hand_ends_with_the_operation(plant: SamplePlant, brazing: Line) -> None:
    started(plant, brazing)
    say(plant, "BRZ-1", "ZE.EQ-BZ-01")
    say(plant, "BRZ-1", "Q95")
    assert say(plant, "BRZ-1", FINISH).result == "accepted"
    assert state(plant, "BRZ-1")["machine"] is None


def test_the_machine_in_hand_ends_with_the_person(plant: SamplePlant, brazing: Line) -> None:
    signed_on(plant, "BRZ-1", "2009")
    say(plant, "BRZ-1", "ZE.EQ-BZ-01")
    say(plant, "BRZ-1", "1H2001")
    assert state(plant, "BRZ-1")["machine"] is None
    assert codes_of(say(plant, "BRZ-1", f"3W{brazing.operation}")) == ["machine_not_named"]


def test_the_machine_in_hand_ends_with_the_shift(plant: SamplePlant, brazing: Line) -> None:
    plant.at("2026-12-02T05:50+08:00")
    signed_on(plant, "BRZ-1", "2001")
    say(plant, "BRZ-1", "ZE.EQ-BZ-01")
    plant.at("2026-12-02T06:05+08:00")
    assert state(plant, "BRZ-1")["machine"] is None
    assert codes_of(say(plant, "BRZ-1", f"3W{brazing.operation}")) == ["machine_not_named"]


def test_whoever_is_idle_is_gone_and_so_is_the_machine(plant: SamplePlant, brazing: Line) -> None:
    started(plant, brazing)
    say(plant, "BRZ-1", "ZE.EQ-BZ-01")
    plant.at("2026-12-01T09:01+08:00")
    shown = state(plant, "BRZ-1")
    assert shown["person"] is None
    assert shown["expects"]["en"] == "Scan your badge"


def test_a_machine_scanned_in_the_middle_passes_its_gates_and_is_recorded(plant: SamplePlant, brazing: Line) -> None:
    started(plant, brazing)
    assert codes_of(say(plant, "BRZ-1", "ZE.EQ-BZ-02")) == ["machine_not_qualified"]
    assert codes_of(say(plant, "BRZ-1", "ZE.EQ-RW-01")) == ["machine_elsewhere"]
    assert machine_of(plant) == "EQ-BZ-01"
    changed_machine(plant, "EQ-BZ-02", qualified_until=plant.now.date())
    reply = say(plant, "BRZ-1", "ZE.EQ-BZ-02")
    assert machine_of(plant) == "EQ-BZ-02"
    assert [one["code"] for one in reply.warnings] == ["first_article_again"]
    assert state(plant, "BRZ-1")["operation"]["state"] == "setup"


def test_a_warning_is_shown_with_what_was_done_in_both_languages(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    line.load_all()
    signed_on(plant, "MLD-1", "2009")
    say(plant, "MLD-1", "ZE.EQ-IM-02")
    reply = say(plant, "MLD-1", f"3W{line.operation}")
    assert (reply.result, reply.lamp) == ("accepted", "amber")
    assert reply.warnings == [
        {
            "code": "maintenance_overdue",
            "zh": "设备 EQ-IM-02 保养已逾期（应于 2026-11-04 前完成）。",
            "en": "Maintenance of machine EQ-IM-02 was due on 2026-11-04.",
        }
    ]
    assert state(plant, "MLD-1")["recent"][0]["warnings"] == reply.warnings


def test_yesterdays_answers_are_gone_from_the_screen(plant: SamplePlant) -> None:
    signed_on(plant, "MLD-1", "2009")
    assert state(plant, "MLD-1")["recent"]
    plant.at("2026-12-02T06:00+08:00")
    shown = state(plant, "MLD-1")
    assert (shown["recent"], shown["day"]) == ([], "2026-12-02")
