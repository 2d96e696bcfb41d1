"""At the terminal: the last report is taken back, a start given back, a wrong box unloaded, an end short confirmed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from mes.production.model import CardOperation
from mes.terminal.reply import Reply
from tests.mes.lineside import Line, changed_process, first_of
from tests.mes.test_taking_back import books, plain
from tests.mes.test_terminal import say, signed_on, spoken
from tests.mes.test_terminal_tasks import rows, state, touched, typed, word
from tests.plant import SamplePlant

AT = "ARC-1"


@pytest.fixture
def plant(sqlite_plant: SamplePlant) -> SamplePlant:
    """One engine is enough: what the door does is tested there."""
    return sqlite_plant


@pytest.fixture
def working(plant: SamplePlant) -> Line:
    """Ten arc chutes in work at ARC-1, where 2009 is signed on."""
    changed_process(plant, "SA-AC", routing=plain)
    line = first_of(plant, "SA-AC", "10")
    line.load_all("2000")
    signed_on(plant, AT, "2009")
    assert scanned(plant, f"3W{line.operation}").result == "accepted"
    return line


def scanned(plant: SamplePlant, code: str) -> Reply:
    """A scan of its own, some seconds after the one before."""
    return say(plant.later(5), AT, code)


def states(plant: SamplePlant) -> list[str]:
    with plant.read() as session:
        return list(session.scalars(select(CardOperation.state).order_by(CardOperation.seq)))


def test_the_last_report_is_taken_back_after_the_screen_has_shown_what_goes_back(
    plant: SamplePlant, working: Line
) -> None:
    before = books(plant)
    scanned(plant, "Q8")
    button = touched(plant, AT, "Take back the last report")
    asked = scanned(plant, button)
    assert asked.result == "asks"
    assert "good 8 pcs, bad 0 pcs, material of 2 lots" in asked.headline.en
    assert "良品 8 pcs，不良 0 pcs" in asked.headline.zh
    assert say(plant.later(0.3), AT, button).result == "asks"  # the same pull of the trigger confirms nothing
    assert scanned(plant, button).result == "accepted"
    assert books(plant) == before
    assert spoken(scanned(plant, button)) == ["nothing_to_take_back"]


def test_whoever_goes_on_after_the_question_has_taken_nothing_back(plant: SamplePlant, working: Line) -> None:
    scanned(plant, "Q5")
    scanned(plant, word("TAKEBACK"))
    assert scanned(plant, "Q2").result == "accepted"
    assert scanned(plant, word("TAKEBACK")).headline.en.startswith(f"Takes back at {working.operation}: good 2 pcs")
    assert state(plant, AT)["operation"]["good"] == 7


def test_finish_with_pieces_missing_names_how_many_and_the_same_again_confirms(
    plant: SamplePlant, working: Line
) -> None:
    scanned(plant, "Q8")
    asked = scanned(plant, word("FINISH"))
    assert (asked.result, states(plant)) == ("asks", ["running"])
    assert asked.headline.en.startswith("2 are missing")
    assert "还缺 2" in asked.headline.zh
    assert scanned(plant, "Q1").result == "accepted"
    assert scanned(plant, word("FINISH")).headline.en.startswith("1 are missing")
    assert scanned(plant, word("FINISH")).result == "accepted"
    assert states(plant) == ["finished"]


def test_finish_with_nothing_missing_asks_nothing(plant: SamplePlant, working: Line) -> None:
    scanned(plant, "Q10")
    assert scanned(plant, word("FINISH")).result == "accepted"


def test_a_start_by_mistake_is_given_back_and_neither_card_nor_machine_is_in_hand(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    line.load_all("20")
    signed_on(plant, "MLD-1", "2009")
    for code in ("ZE.EQ-DR-01", f"3W{line.operation}"):
        assert say(plant.later(5), "MLD-1", code).result == "accepted"
    given = say(plant.later(5), "MLD-1", word("GIVEBACK"))
    assert given.headline.en == f"{line.operation} given back: it waits again"
    assert states(plant)[0] == "waiting"
    shown = state(plant, "MLD-1")
    assert (shown["operation"], shown["machine"]) == (None, None)
    assert spoken(say(plant.later(5), "MLD-1", word("GIVEBACK"))) == ["card_first"]
    for code in (f"3W{line.operation}", "Q1"):
        assert say(plant.later(5), "MLD-1", code).result == "accepted"
    assert spoken(say(plant.later(5), "MLD-1", word("GIVEBACK"))) == ["work_reported"]


@pytest.mark.parametrize("how", ["scanned", "touched", "typed"])
def test_a_wrong_box_is_unloaded_and_may_be_loaded_again(plant: SamplePlant, working: Line, how: str) -> None:
    wrong = working.load("PT-SPL", "50")
    begun: Any = typed(plant.later(5), AT, "卸料") if how == "typed" else scanned(plant, word("UNLOAD"))
    assert begun.expects.en == "Scan the box to take off the line"
    offered = [one["code"] for one in rows(plant, AT, "boxes") if wrong in one["code"] + one["hint"]]
    code = offered[0] if how == "touched" else f"1T{wrong}"
    assert "50 pcs stay at LN-ARC" in scanned(plant, code).headline.en
    assert [one["lot"] for one in state(plant, AT)["loaded"] if one["lot"] == wrong] == []
    assert scanned(plant, f"1T{wrong}").headline.en == f"Loaded PT-SPL lot {wrong}"
