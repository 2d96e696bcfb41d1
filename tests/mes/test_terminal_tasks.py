"""The tasks of terminals: what each takes, what comes next, what may be touched, and that typed words mean the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

from mes import codes
from mes.journal import Event
from mes.masters.model import Station
from mes.production.model import Report
from mes.terminal import register
from mes.terminal.model import Dialogue
from mes.terminal.reply import Answer
from mes.terminal.screen import screen_of
from mes.terminal.sheet import words_of
from mes.terminal.task import Meaning, Step, Task
from mes.words import Words
from tests.mes.lineside import Line, first_of
from tests.mes.test_terminal import say, signed_on, spoken
from tests.plant import SamplePlant


@pytest.fixture
def plant(sqlite_plant: SamplePlant) -> SamplePlant:
    """One engine is enough: what a scan means is decided before anything is stored."""
    return sqlite_plant


def word(text: str) -> str:
    return codes.encode(codes.CommandCode(text))


def reason(text: str) -> str:
    return codes.encode(codes.ReasonCode(text))


def state(plant: SamplePlant, code: str) -> dict[str, Any]:
    with plant.read() as session:
        station = session.scalars(select(Station).where(Station.code == code)).one()
        return screen_of(session, station, plant.now)


def touched(plant: SamplePlant, station: str, name: str) -> str:
    """The code on the button that is called so."""
    (found,) = [one["code"] for one in state(plant, station)["buttons"] if name in (one["zh"], one["en"])]
    return str(found)


def rows(plant: SamplePlant, station: str, name: str) -> list[dict[str, Any]]:
    """What a list of the screen offers."""
    (found,) = [one["rows"] for one in state(plant, station)["lists"] if one["name"] == name]
    return list(found)


def typed(plant: SamplePlant, station: str, text: str) -> Any:
    return say(plant, station, text, typed=True)


@pytest.fixture
def welding(plant: SamplePlant) -> Line:
    """An operation of a run card at WLD-1 with all its material; 2002 is signed on at its machine."""
    line = first_of(plant, "SA-BW-32", "100")
    line.load_all()
    signed_on(plant, "WLD-1", "2002")
    say(plant, "WLD-1", "ZE.EQ-RW-01")
    assert say(plant, "WLD-1", f"3W{line.operation}").result == "accepted"
    return line


# --- a task is a room of its own -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tasting(Task):
    """A made-up task of a made-up station: a cup is tasted, then judged."""

    cup: str | None = None

    name = "tasting"
    words = Words("品尝", "Taste")
    begun_by = "TASTE"
    begun = Words("品尝：请扫杯子", "Taste: scan the cup")

    @property
    def expects(self) -> Words:
        return Words("请评分", "Say how it tastes") if self.cup else Words("请扫杯子", "Scan the cup")

    def takes(self) -> Mapping[type, Meaning]:
        return {
            codes.LotCode: lambda floor, code: Step(Answer(Words("{}", "{}")), self.but(cup=code.lot)),
            codes.QuantityCode: lambda floor, code: Step(Answer(Words("好喝", "Delicious"))),
        }

    @property
    def pad(self) -> Words | None:
        return Words("几分", "Points") if self.cup else None


@pytest.fixture
def tea_house(plant: SamplePlant) -> Iterator[SamplePlant]:
    """A station of a role that nobody knew before."""
    register.TASKS["tea_house"] = (register.TASKS["office"][0], Tasting)
    plant.accept("plant:station", code="TEA-1", name_zh="茶室", name_en="Tea room", role="office")
    plant.database.write(
        lambda connection: connection.execute(update(Station).where(Station.code == "TEA-1").values(role="tea_house"))
    )
    yield plant
    del register.TASKS["tea_house"]


@pytest.mark.parametrize("how", ["scanned", "touched", "typed"])
def test_a_new_task_is_its_module_and_one_line_of_the_register(tea_house: SamplePlant, how: str) -> None:
    signed_on(tea_house, "TEA-1", "1002")
    if how == "typed":
        begun = typed(tea_house, "TEA-1", "品尝")
    else:
        begun = say(tea_house, "TEA-1", word("TASTE") if how == "scanned" else touched(tea_house, "TEA-1", "Taste"))
    assert begun.expects.en == "Scan the cup"
    assert say(tea_house, "TEA-1", "1TOOLONG-04").expects.en == "Say how it tastes"
    shown = state(tea_house, "TEA-1")
    assert shown["task"] == {"name": "tasting", "zh": "品尝", "en": "Taste", "state": {"cup": "OOLONG-04"}}
    assert shown["pad"]["en"] == "Points"
    assert say(tea_house, "TEA-1", "Q9").headline.en == "Delicious"
    assert state(tea_house, "TEA-1")["task"]["name"] == "office"


def test_every_word_of_the_command_sheet_is_called_the_same_on_a_button_somewhere() -> None:
    spoken_of: dict[str, set[tuple[str, str]]] = {}
    for tasks in register.TASKS.values():
        for kind in (*tasks, *register.EVERYWHERE):
            for one in (*kind().hears(), *kind.openings().words):
                names = spoken_of.setdefault(one.word, set())
                names |= {(words.zh, words.en) for words in (one.words, one.also) if words}
    assert {one.word for one in words_of()} == set(spoken_of)
    assert [one.word for one in words_of() if (*one.words,) not in spoken_of[one.word]] == []


def test_what_an_older_program_left_in_a_dialogue_is_understood_or_dropped(plant: SamplePlant) -> None:
    signed_on(plant, "WLD-1", "2002")
    old = {"badge": "2002", "machine": "EQ-RW-01", "operation": "261201-WLD-01-K+10", "mode": "PRINT", "parked": False}
    odd = {"badge": "2002", "hand": [{"task": "line", "state": {"colour": "blue"}}, {"task": "gone", "state": {}}, 7]}
    for stored in (old, odd):
        plant.database.write(
            lambda connection, said=stored: connection.execute(update(Dialogue).values(state=json.dumps(said)))
        )
        shown = state(plant, "WLD-1")
        assert (shown["person"]["badge"], shown["task"]["name"], shown["operation"]) == ("2002", "line", None)
    assert say(plant, "WLD-1", "ZE.EQ-RW-01").result == "accepted"


# --- what comes next -------------------------------------------------------------------------------------------------


def test_after_split_the_screen_asks_for_the_box_then_for_the_quantity_then_for_what_was_before(
    plant: SamplePlant,
) -> None:
    signed_on(plant, "RAW-1", "4001")
    before = say(plant, "RAW-1", "LLN-WLD").expects
    assert say(plant, "RAW-1", word("SPLIT")).expects.en == "Scan the box to split"
    assert spoken(say(plant, "RAW-1", "Q100")) == ["box_first"]
    assert say(plant, "RAW-1", "1TR260911-01").expects.en == "Scan how much to take out of R260911-01"
    assert state(plant, "RAW-1")["pad"]["en"] == "How much to take out"
    assert say(plant, "RAW-1", "Q100").expects == before


def test_not_found_asks_for_the_lot_then_for_the_empty_place(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    assert say(plant, "RAW-1", word("NOTFOUND")).expects.en == "Scan the lot that is missing"
    assert spoken(say(plant, "RAW-1", "LST-A01")) == ["box_first"]
    assert "empty place" in say(plant, "RAW-1", "1TR260911-01").expects.en


def test_a_count_asks_for_the_place_the_box_and_the_quantity(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    plant.accept("stock:not_found", unit_lot="R260817-01", place="ST-B04", person="4002", station="RAW-1")
    before = say(plant, "RAW-1", word("DONE")).expects
    assert say(plant, "RAW-1", word("COUNT")).expects.en == "Scan the place where you count"
    assert spoken(say(plant, "RAW-1", "1TR260817-01")) == ["place_first"]
    say(plant, "RAW-1", "LST-B04")
    assert spoken(say(plant, "RAW-1", "Q1")) == ["box_first"]
    assert [one["code"] for one in rows(plant, "RAW-1", "boxes")] == ["1TR260817-01"]
    say(plant, "RAW-1", "1TR260817-01")
    assert state(plant, "RAW-1")["pad"]["en"] == "How much is in it"
    assert spoken(say(plant, "RAW-1", "Q1")) == ["count_differs"]
    assert say(plant, "RAW-1", "Q93000").expects == before


def test_a_dock_says_not_found_and_counts_as_a_store_does(plant: SamplePlant) -> None:
    signed_on(plant, "DOCK-1", "4003")
    for spoken_word in ("NOTFOUND", "COUNT"):
        assert say(plant, "DOCK-1", word(spoken_word)).result == "accepted"


def test_rescue_goes_on_until_done_and_then_the_destination_of_before_holds(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    say(plant, "RAW-1", word("RESCUE"))
    assert spoken(say(plant, "RAW-1", "1TR260911-01")) == ["destination_first"]
    say(plant, "RAW-1", "LHLD-02")
    assert say(plant, "RAW-1", "1TR260911-01").headline.en == "Lot R260911-01 moved to HLD-02"
    assert say(plant, "RAW-1", word("DONE")).expects.en == "Scan the box to issue to LN-WLD"


def test_bad_pieces_are_a_state_that_is_seen_and_can_be_left(plant: SamplePlant, welding: Line) -> None:
    good = say(plant, "WLD-1", "Q1").expects
    assert say(plant, "WLD-1", word("BAD")).expects.en == "Scan or type the reason"
    assert spoken(say(plant, "WLD-1", "Q2")) == ["reason_missing"]
    assert say(plant, "WLD-1", reason("BURR")).expects.en == "Scan how many are bad (BURR)"
    assert state(plant, "WLD-1")["task"] == {"name": "bad", "zh": "不良", "en": "Bad", "state": {"reason": "BURR"}}
    assert say(plant, "WLD-1", word("DONE")).expects == good
    say(plant, "WLD-1", reason("BURR"))
    assert say(plant, "WLD-1", "Q2").expects == good
    with plant.read() as session:
        assert [(one.good, one.bad, one.reason) for one in session.scalars(select(Report).order_by(Report.id))] == [
            (1, 0, None),
            (0, 2, "BURR"),
        ]


def test_another_run_card_or_another_person_forgets_the_reason_but_material_does_not(
    plant: SamplePlant, welding: Line
) -> None:
    def task() -> str:
        return str(state(plant, "WLD-1")["task"]["name"])

    say(plant, "WLD-1", reason("BURR"))
    say(plant, "WLD-1", "ZE.EQ-RW-01")
    assert task() == "bad"
    say(plant, "WLD-1", f"3W{welding.operation}")
    assert task() == "line"
    say(plant, "WLD-1", reason("BURR"))
    say(plant, "WLD-1", "1H2009")
    assert task() == "line"


def test_a_pallet_stays_in_hand_while_an_order_is_chosen(plant: SamplePlant) -> None:
    signed_on(plant, "DOCK-1", "4003")
    say(plant, "DOCK-1", word("PALLET"))
    say(plant, "DOCK-1", "KSO-2611-001")
    shown = state(plant, "DOCK-1")
    assert shown["hand"] == ["pick", "pallet"]
    assert "cartons onto the pallet" in shown["expects"]["en"]


# --- by touch --------------------------------------------------------------------------------------------------------


def test_a_worker_needs_no_code_sheet_to_begin(plant: SamplePlant) -> None:
    line = first_of(plant, "SA-BW-32", "100")
    line.load_all()
    person = next(one for one in rows(plant, "WLD-1", "people") if one["hint"] == "2002")
    say(plant, "WLD-1", person["code"])
    machine = next(one for one in rows(plant, "WLD-1", "machines") if one["hint"] == "EQ-RW-01")
    say(plant, "WLD-1", machine["code"])
    card = rows(plant, "WLD-1", "cards")[0]
    assert card["hint"] == line.operation
    assert say(plant, "WLD-1", card["code"]).headline.en == f"{line.operation} started"
    assert say(plant, "WLD-1", "Q1").result == "accepted"
    say(plant, "WLD-1", touched(plant, "WLD-1", "不良"))
    typed(plant, "WLD-1", "焊点发黑")
    say(plant, "WLD-1", "Q1")
    (own,) = _reasons(plant)
    assert (own["zh"], own["typed"]) == ("焊点发黑", True)
    assert typed(plant, "WLD-1", own["code"]).expects.en == "Scan how many are bad (焊点发黑)"
    say(plant, "WLD-1", word("DONE"))
    assert spoken(say(plant, "WLD-1", touched(plant, "WLD-1", "完工"))) == ["first_article_open"]


def _reasons(plant: SamplePlant) -> list[dict[str, Any]]:
    say(plant, "WLD-1", word("BAD"))
    return rows(plant, "WLD-1", "given")


def test_the_boxes_that_are_offered_for_an_issue_are_those_that_may_go_next(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    line = next(one for one in rows(plant, "RAW-1", "places") if one["hint"] == "LN-WLD")
    say(plant, "RAW-1", line["code"])
    offered = rows(plant, "RAW-1", "boxes")
    assert say(plant, "RAW-1", offered[0]["code"]).result == "accepted"
    assert offered[0] not in rows(plant, "RAW-1", "boxes")


def test_every_row_of_every_list_carries_a_code_that_can_be_scanned(plant: SamplePlant, welding: Line) -> None:
    walks = {
        "RAW-1": ["1H4001", word("RESCUE"), "LHLD-01", word("SPLIT"), word("NOTFOUND"), "1TR260911-01", word("PRINT")],
        "DOCK-1": ["1H4003", "KSO-2611-001", word("PALLET"), word("UNPICK"), word("REPRINT"), reason("TORN")],
        "WLD-1": [word("DONE"), reason("BURR")],
    }
    seen = set()
    for station, scans in walks.items():
        for one in scans:
            say(plant, station, one)
            for offered in state(plant, station)["lists"]:
                seen |= {type(codes.parse(row["code"])) for row in offered["rows"]}
    assert seen >= {codes.LocationCode, codes.LotCode, codes.OrderCode, codes.RunCardCode, codes.OperationCode}


# --- typed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["完工", "FINISH", "finish", " Ｆinish ", "ZC.FINISH-*"])
def test_a_word_may_be_typed_in_either_language(plant: SamplePlant, welding: Line, text: str) -> None:
    wanted = word("FINISH") if text.startswith("ZC.") else text
    assert spoken(typed(plant, "WLD-1", wanted)) == ["first_article_open"]


def test_the_general_word_works_where_the_button_says_it_more_closely(plant: SamplePlant, welding: Line) -> None:
    for text in ("结束", "DONE", "Back, none are bad"):
        say(plant, "WLD-1", reason("BURR"))
        assert typed(plant, "WLD-1", text).headline.en == "Back to normal"


def test_bare_numbers_badges_cards_lots_and_places_are_understood(plant: SamplePlant, welding: Line) -> None:
    assert "good 2" in typed(plant, "WLD-1", "2").headline.en
    card = welding.operation.partition("+")[0]
    assert "operation" in typed(plant, "WLD-1", welding.operation).headline.en
    assert card in typed(plant, "WLD-1", card).headline.en
    assert "signed on" in typed(plant, "RAW-1", "4001").headline.en
    assert "LN-WLD" in typed(plant, "RAW-1", "LN-WLD").headline.en
    assert typed(plant, "RAW-1", "R260710-02").headline.en.startswith("Issued")


def test_what_may_mean_two_things_is_asked_with_choices(plant: SamplePlant, welding: Line) -> None:
    asked = typed(plant, "WLD-1", "2002")
    assert (asked.result, asked.may_wait) == ("asks", False)
    assert {one["code"] for one in asked.choices} == {"Q2002", "1H2002"}
    assert "signed off" in say(plant, "WLD-1", "1H2002").headline.en


def test_a_scanner_sends_no_bare_numbers(plant: SamplePlant, welding: Line) -> None:
    assert spoken(say(plant, "WLD-1", "8")) == ["unknown_code"]
    assert spoken(say(plant, "WLD-1", "完工")) == ["unknown_code"]


@pytest.mark.parametrize("text", ["1J9900000001", "W261201-ASA-01-0", "3W261201-ASA-01-0+10"])
def test_a_mistyped_check_character_stays_refused(plant: SamplePlant, welding: Line, text: str) -> None:
    assert spoken(typed(plant, "WLD-1", text)) == ["mistyped_code"]
    say(plant, "WLD-1", word("BAD"))
    assert spoken(typed(plant, "WLD-1", text)) == ["mistyped_code"]


def test_typed_and_scanned_are_two_contents_of_one_id(plant: SamplePlant) -> None:
    first = say(plant, "RAW-1", "1H4001", id="7b0a3b5e-7c3e-4c3e-8f0e-000000000001")
    again = say(plant, "RAW-1", "1H4001", id=first.id, typed=True)
    assert spoken(again) == ["scan_id_reused"]
    with plant.read() as session:
        assert session.scalars(select(Event.kind).where(Event.result == "refused")).all() == ["terminal:scan"]
