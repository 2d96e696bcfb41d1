"""A code that comes twice in a moment: at every role of station, for every kind of code and word, it acts once.

A repeat that would act again or undo asks, and the same scan a moment later confirms; a second read of one pull never
confirms anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from sqlalchemy import func, select, update

from mes import codes
from mes.journal import Event
from mes.masters.model import Station
from mes.production.model import Report
from mes.stock.model import Movement
from mes.terminal import register
from mes.terminal.dialogue import Talk, revive
from mes.terminal.model import Dialogue
from mes.terminal.register import TASKS, tasks_of
from mes.terminal.repeats import ANSWERED_WITHIN, BY_KIND, ONE_PULL, SOON, rule_of
from mes.terminal.reply import Answer, Reply
from mes.terminal.task import OwnWords, Spoken, Step, Task, Twice
from mes.terminal.tasks.bad import Bad
from mes.terminal.tasks.bind_card import BindCard
from mes.terminal.tasks.issue import Issue
from mes.terminal.tasks.not_found import NotFound
from mes.terminal.tasks.pick import Pick
from mes.terminal.tasks.put_away import PutAway
from mes.terminal.tasks.reprint import Reprint
from mes.terminal.tasks.rescue import Rescue
from mes.terminal.tasks.split import Split
from mes.terminal.tasks.unpick import Unpick
from mes.words import Words
from tests.mes.lineside import Line, card, first_of
from tests.mes.test_terminal import say, signed_on, spoken
from tests.mes.test_terminal_tasks import reason, word
from tests.plant import SamplePlant

STATION = {
    "line": "MLD-1",
    "packing": "PKG-1",
    "store": "RAW-1",
    "dock": "DOCK-1",
    "inspection": "QC-1",
    "office": "OFFICE",
}
BADGE = {"line": "2009", "packing": "2009", "store": "4001", "dock": "4003", "inspection": "3002", "office": "1002"}
LOT, CARD = "R260911-01", codes.with_check("261201-MLD-01")
SAMPLES: dict[type, Any] = {
    codes.BadgeCode: codes.BadgeCode("2001"),
    codes.RunCardCode: codes.RunCardCode(CARD),
    codes.OperationCode: codes.OperationCode(CARD, 10),
    codes.LotCode: codes.LotCode(LOT),
    codes.ItemCode: codes.ItemCode("SA-BW-32"),
    codes.QuantityCode: codes.QuantityCode(Decimal(5)),
    codes.LabelCode: codes.LabelCode(codes.label_serial(1, 1)),
    codes.ContainerCode: codes.ContainerCode(codes.label_serial(1, 2)),
    codes.CardCode: codes.CardCode("WHITE", 1),
    codes.LocationCode: codes.LocationCode("HLD-01"),
    codes.OrderCode: codes.OrderCode("SO-2611-001"),
    codes.EquipmentCode: codes.EquipmentCode("EQ-RW-01"),
    codes.PrinterCode: codes.PrinterCode("PR-1"),
    codes.ReasonCode: codes.ReasonCode("CRACK"),
    codes.RollCode: codes.RollCode("BLUE", 100, 70),
    codes.Gs1: codes.parse("]C10102000026001010"),
    OwnWords: OwnWords("edge is rough"),
}
REMEMBERING: Mapping[type[Task], Task] = {
    Bad: Bad("CRACK"),
    BindCard: BindCard(LOT),
    Issue: Issue("LN-WLD"),
    NotFound: NotFound(LOT),
    Pick: Pick("SO-2611-001"),
    PutAway: PutAway("FGS-02"),
    Reprint: Reprint("CRACK"),
    Rescue: Rescue("HLD-01"),
    Split: Split(LOT),
    Unpick: Unpick("SO-2611-001"),
}
"""Tasks in the middle of something; each is tried from its beginning too."""


@pytest.fixture
def plant(sqlite_plant: SamplePlant) -> SamplePlant:
    """One engine is enough: what a repeat means is decided before anything is stored."""
    return sqlite_plant


def twice(plant: SamplePlant, station: str, code: str, apart_s: float = 0.3) -> tuple[Reply, Reply]:
    """One pull of the trigger that delivered the code twice."""
    first = say(plant.later(5), station, code)
    return first, say(plant.later(apart_s), station, code)


def done(plant: SamplePlant) -> tuple[int, ...]:
    """What the plant's record holds: accepted work and movements."""
    with plant.read() as session:
        accepted = select(func.count()).select_from(Event).where(Event.result == "accepted")
        moved = select(func.count()).select_from(Movement)
        return int(session.scalar(accepted) or 0), int(session.scalar(moved) or 0)


def talk_at(plant: SamplePlant, station: str) -> Talk:
    with plant.read() as session:
        found = select(Dialogue.state, Station.role).join(Station, Station.id == Dialogue.station_id)
        stored, role = session.execute(found.where(Station.code == station)).one()
        return revive(stored, tasks_of(role)).but(before=None)


def in_hand(plant: SamplePlant, station: str, *hand: Task) -> None:
    """Put these tasks in hand, as if they had been begun."""
    talk = talk_at(plant, station).but(hand=hand)
    here = select(Station.id).where(Station.code == station).scalar_subquery()
    put = update(Dialogue).where(Dialogue.station_id == here).values(state=talk.stored)
    plant.database.write(lambda connection: connection.execute(put))


def reports(plant: SamplePlant) -> list[tuple[int, int]]:
    with plant.read() as session:
        return [(row.good, row.bad) for row in session.scalars(select(Report).order_by(Report.id))]


@pytest.fixture
def moulding(plant: SamplePlant) -> Line:
    """An operation without a set-up in hand at MLD-1; 2009 is signed on."""
    line = first_of(plant, "PT-BAS", "100")
    line.load_all()
    signed_on(plant, "MLD-1", "2009")
    assert say(plant, "MLD-1", f"3W{line.operation}").result == "accepted"
    return line


# --- the table -------------------------------------------------------------------------------------------------------
def hands(role: str) -> Iterator[tuple[Task, ...]]:
    """Every task of this role in hand, from its beginning and in the middle."""
    own, *others = tasks_of(role)
    yield from ((one,) for one in dict.fromkeys((own(), REMEMBERING.get(own, own()))))
    for kind in (one for one in others if one.expects is not Task.expects):  # others are done by one scan
        yield from ((own(), one) for one in dict.fromkeys((kind(), REMEMBERING.get(kind, kind()))))


def meant_to(role: str, hand: tuple[Task, ...]) -> dict[str, Twice]:
    """Every text that means something to what is in hand, with its rule; at first, what does so always."""
    always = [task.openings() for task in tasks_of(role)] if len(hand) == 1 else []
    spoken_now = [*hand[-1].hears(), *(one for opening in always for one in opening.words)]
    kinds = [*hand[-1].takes(), *(kind for opening in always for kind in opening.codes or {})]
    found = {one.code: rule_of(None, one) for one in reversed(spoken_now)}
    return found | {text_of(SAMPLES[kind]): rule_of(SAMPLES[kind]) for kind in kinds}


def text_of(code: Any) -> str:
    return code.text if isinstance(code, OwnWords) else codes.encode(code)


def test_every_kind_of_code_has_a_rule_and_a_sample() -> None:
    kinds = {*get_args(codes.Code), OwnWords} - {codes.CommandCode, codes.Envelope}
    kinds |= {kind for role in TASKS for task in tasks_of(role) for kind in task().takes()}
    assert set(BY_KIND) == kinds
    taken = {
        kind for role in TASKS for task in tasks_of(role) for kind in (*task().takes(), *(task.openings().codes or {}))
    }
    assert taken <= set(SAMPLES)


@pytest.mark.parametrize("role", TASKS)
def test_every_word_that_a_station_understands_has_a_rule(role: str) -> None:
    spoken_ever: list[Spoken] = [one for kind in tasks_of(role) for one in kind.openings().words]
    spoken_ever += [one for hand in hands(role) for one in hand[-1].hears()]
    assert {one.word for one in spoken_ever if one.twice is None} == set()


@pytest.mark.parametrize("role", TASKS)
def test_one_pull_of_the_trigger_acts_once_whatever_is_scanned_and_whatever_is_in_hand(
    plant: SamplePlant, role: str
) -> None:
    station = STATION[role]
    assert card(plant, "PT-BAS", "100") == CARD
    signed_on(plant, station, BADGE[role])
    answered = set()
    for hand in hands(role):
        for text, rule in meant_to(role, hand).items():
            in_hand(plant, station, *hand)
            first = say(plant.later(60), station, text, typed=text == SAMPLES[OwnWords].text)
            before = done(plant), talk_at(plant, station)
            again = say(plant.later(0.3), station, text, typed=text == SAMPLES[OwnWords].text)
            assert (done(plant), talk_at(plant, station)) == before, (hand, text)
            if first.result == "refused":
                assert spoken(again) == spoken(first), (hand, text)
                continue
            asks = first.result == "asks" or rule == Twice.ASKS
            assert again.result == ("asks" if asks else "accepted"), (hand, text, again.headline)
            assert first.headline.en in again.headline.en
            answered.add(text)
            if talk_at(plant, station).badge is None:
                signed_on(plant.later(60), station, BADGE[role])
    assert len(answered) >= 8, answered


# --- quantities ------------------------------------------------------------------------------------------------------
def test_a_quantity_read_twice_is_reported_once_and_asked_about(moulding: Line) -> None:
    plant = moulding.plant
    first, second = twice(plant, "MLD-1", "Q2")
    assert (first.result, second.result, second.tone) == ("accepted", "asks", "attention")
    assert "scan it once more" in second.headline.en
    assert reports(plant) == [(2, 0)]


def test_the_same_quantity_is_reported_again_when_the_question_is_confirmed_or_some_time_has_passed(
    moulding: Line,
) -> None:
    plant = moulding.plant
    twice(plant, "MLD-1", "Q2")
    assert say(plant.later(3), "MLD-1", "Q2").result == "accepted"
    assert say(plant.later(SOON.total_seconds() + 0.1), "MLD-1", "Q2").result == "accepted"
    assert reports(plant) == [(2, 0)] * 3


def test_a_scanner_that_goes_on_delivering_never_confirms_its_own_question(moulding: Line) -> None:
    plant = moulding.plant
    twice(plant, "MLD-1", "Q2")
    for _ in range(8):
        assert say(plant.later(0.9), "MLD-1", "Q2").result == "asks"
    assert say(plant.later(ONE_PULL.total_seconds() + 0.1), "MLD-1", "Q2").result == "accepted"
    assert say(plant.later(0.2), "MLD-1", "Q2").result == "asks"
    assert reports(plant) == [(2, 0)] * 2


def test_whoever_scans_a_quantity_again_after_two_seconds_is_asked_too(moulding: Line) -> None:
    assert [one.result for one in twice(moulding.plant, "MLD-1", "Q2", apart_s=2)] == ["accepted", "asks"]


def test_another_quantity_is_no_repeat_and_forgets_the_question(moulding: Line) -> None:
    plant = moulding.plant
    twice(plant, "MLD-1", "Q2")
    assert say(plant.later(0.3), "MLD-1", "Q3").result == "accepted"
    assert say(plant.later(0.3), "MLD-1", "Q2").result == "accepted"
    assert reports(plant) == [(2, 0), (3, 0), (2, 0)]


def test_broken_bytes_between_two_reads_do_not_make_them_two_reports(moulding: Line) -> None:
    plant = moulding.plant
    say(plant.later(5), "MLD-1", "Q2")
    assert spoken(say(plant.later(0.2), "MLD-1", "Q", garbage="torn")) == ["garbage_scanned"]
    assert say(plant.later(0.2), "MLD-1", "Q2").result == "asks"
    assert reports(plant) == [(2, 0)]


def test_bad_pieces_read_twice_are_not_reported_as_good_ones(moulding: Line) -> None:
    plant = moulding.plant
    say(plant.later(5), "MLD-1", reason("CRACK"))
    assert [one.result for one in twice(plant, "MLD-1", "Q1")] == ["accepted", "asks"]
    assert reports(plant) == [(0, 1)]


@pytest.mark.parametrize("wrong", [timedelta(days=-14), timedelta(minutes=-20)])
def test_a_wrong_clock_on_the_floor_keeps_right_differences(moulding: Line, wrong: timedelta) -> None:
    plant = moulding.plant
    now = plant.now
    quick = [say(plant, "PKG-1", "1H2009", scanned_at=now + wrong + timedelta(seconds=at)) for at in (0, 0.4)]
    slow = [say(plant, "PKG-1", "1H2009", scanned_at=now + wrong + timedelta(seconds=at)) for at in (5, 20)]
    assert [one.result for one in quick + slow] == ["accepted", "asks", "accepted", "accepted"]


# --- on and off, one step back ---------------------------------------------------------------------------------------
def test_a_badge_read_twice_signs_on_and_asks_before_it_signs_off(plant: SamplePlant) -> None:
    first, second = twice(plant, "RAW-1", "1H4001")
    assert (first.result, second.result) == ("accepted", "asks")
    assert say(plant.later(0.5), "RAW-1", "LLN-WLD").result == "accepted"


def test_a_badge_scanned_once_more_after_the_question_signs_off(plant: SamplePlant) -> None:
    twice(plant, "RAW-1", "1H4001")
    say(plant.later(2), "RAW-1", "1H4001")
    assert spoken(say(plant.later(2), "RAW-1", "LLN-WLD")) == ["badge_first"]


def test_done_read_twice_ends_one_thing_and_not_the_one_beneath_it(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant.later(5), "RAW-1", "LLN-WLD")
    say(plant.later(5), "RAW-1", word("SPLIT"))
    assert [one.result for one in twice(plant, "RAW-1", word("DONE"))] == ["accepted", "asks"]
    assert [task.name for task in talk_at(plant, "RAW-1").hand] == ["store", "issue"]


def test_a_box_read_twice_is_issued_once_and_the_answer_says_so(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant.later(5), "RAW-1", "LLN-WLD")
    first, second = twice(plant, "RAW-1", "1TR260710-02")
    assert (second.result, second.tone) == ("accepted", "good")
    assert second.headline.en == f"Read twice, done once: {first.headline.en}"
    assert second.headline.zh == f"重复扫描，只执行一次：{first.headline.zh}"


def test_the_label_that_was_reprinted_is_not_loaded_by_the_same_pull(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant.later(5), "RAW-1", word("SPLIT"))
    say(plant.later(5), "RAW-1", f"1T{LOT}")
    assert [one.result for one in twice(plant, "RAW-1", "Q100")] == ["accepted", "asks"]


def test_the_same_scan_of_a_backlog_is_a_repeat_by_the_time_it_was_made(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    made = plant.now + timedelta(minutes=1)
    plant.at("2026-12-01T08:40+08:00")
    read = [say(plant, "RAW-1", "LLN-WLD", scanned_at=made + timedelta(seconds=at)) for at in (0, 0.5)]
    assert read[1].headline.en.startswith("Read twice")


# --- asking before an act --------------------------------------------------------------------------------------------
SURE = Words("确定倒掉？再扫一次", "Really pour it away? Scan once more")


@dataclass(frozen=True)
class Pouring(Task):
    """A made-up task that asks before it acts."""

    name = "pouring"
    words = Words("倒掉", "Pour away")

    @property
    def expects(self) -> Words:
        return Words("请扫", "Scan")

    def hears(self) -> tuple[Spoken, ...]:
        return (Spoken("POUR", self.words, self.pour, twice=Twice.NOTHING),)

    def pour(self, floor: Any) -> Step:
        floor.make_sure(SURE)
        return Step(Answer(Words("已倒掉", "Poured away")), self)


@pytest.fixture
def pouring(plant: SamplePlant, monkeypatch: pytest.MonkeyPatch) -> SamplePlant:
    """The store has nothing to do but to pour."""
    monkeypatch.setitem(register.TASKS, "store", (Pouring,))
    return signed_on(plant, "RAW-1", "4001")


def test_what_asks_first_is_confirmed_by_the_same_scan_and_never_by_a_second_read(pouring: SamplePlant) -> None:
    first, second = twice(pouring, "RAW-1", word("POUR"))
    assert [first.headline, second.headline] == [SURE, SURE]
    assert (first.result, second.result) == ("asks", "asks")
    assert say(pouring.later(2), "RAW-1", word("POUR")).headline.en == "Poured away"
    assert say(pouring.later(0.3), "RAW-1", word("POUR")).headline.en == "Read twice, done once: Poured away"


def test_a_question_is_forgotten_by_any_other_scan_and_after_a_while(pouring: SamplePlant) -> None:
    say(pouring.later(5), "RAW-1", word("POUR"))
    say(pouring.later(2), "RAW-1", word("RETRY"))
    assert say(pouring.later(2), "RAW-1", word("POUR")).result == "asks"
    assert say(pouring.later(ANSWERED_WITHIN.total_seconds() + 1), "RAW-1", word("POUR")).result == "asks"
    assert say(pouring.later(2), "RAW-1", word("POUR")).result == "accepted"
