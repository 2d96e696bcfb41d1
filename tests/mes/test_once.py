"""Questions of programs that name themselves by a key: answered once, whatever the network does (law 2)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, update

from mes.commands import Outcome, Request
from mes.declaring import REGISTER, command
from mes.journal import Answered, Event
from mes.once import KEPT, Key, ask_once
from mes.refusals import GroundsMissing, KeyReused, refuse
from mes.roles import Role
from mes.stock.model import Lot
from mes.transaction import Transaction
from mes.words import COMMAND_NAMES, Words
from tests.plant import SamplePlant

QUALITY = "3001"
HOLD = Request("quality:hold", {"lot": "R260817-01", "reason": "doubt"}, person=QUALITY)
RELEASE = Request("quality:release", {"lot": "R260817-01", "reason": "doubt"}, person=QUALITY, signed_by=QUALITY)
WORDS = Words("打翻", "spill")
KEY = Key("person:3001", "k-1")


def told(outcome: Outcome) -> dict[str, Any]:
    return {"event": outcome.event_id, "reasons": [one.code for one in outcome.reasons]}


def ask(plant: SamplePlant, request: Request = HOLD, key: Key = KEY) -> dict[str, Any]:
    return ask_once(plant.database, request, key, plant.clock, told)


def events(plant: SamplePlant) -> int:
    with plant.read() as session:
        query = select(func.count()).select_from(Event).where(Event.kind.in_(["quality:hold", "quality:release"]))
        return session.scalar(query) or 0


def test_the_same_question_is_answered_as_the_first_time(plant: SamplePlant) -> None:
    first = ask(plant)
    assert first["reasons"] == []
    assert ask(plant) == first
    assert events(plant) == 1


def test_many_at_the_same_time_are_one(plant: SamplePlant) -> None:
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: ask(plant), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["reasons"] == []
    assert events(plant) == 1


OTHERS = [RELEASE, replace(HOLD, arguments={**HOLD.arguments, "lot": "R260807-02"}), replace(HOLD, station="QC-1")]


@pytest.mark.parametrize("other", OTHERS, ids=["command", "arguments", "station"])
def test_another_question_under_the_same_key_is_refused_and_recorded(sqlite_plant: SamplePlant, other: Request) -> None:
    first = ask(sqlite_plant)
    assert ask(sqlite_plant, other)["reasons"] == [KeyReused(key=KEY.text).code]
    assert ask(sqlite_plant) == first
    assert events(sqlite_plant) == 2


@pytest.fixture
def spilling() -> Iterator[Request]:
    """A made-up command that is refused after it has begun to write."""

    @command("garden:spill", {Role.QUALITY_MANAGER}, WORDS, done=WORDS, tells=WORDS)
    def spill(tx: Transaction, lot: Lot) -> None:
        """Write something, then say no."""
        tx.session.execute(update(Lot).where(Lot.id == lot.id).values(hold_reason="spilt"))
        raise refuse(GroundsMissing())

    yield Request("garden:spill", {"lot": "R260817-01"}, person=QUALITY)
    del REGISTER["garden:spill"], COMMAND_NAMES["garden:spill"]


def test_what_was_refused_half_written_leaves_its_refusal_and_nothing_else(
    plant: SamplePlant, spilling: Request
) -> None:
    first = ask(plant, spilling)
    assert first["reasons"] == ["grounds_missing"]
    assert ask(plant, spilling) == first
    with plant.read() as session:
        assert session.scalars(select(Lot.hold_reason).where(Lot.code == "R260817-01")).one() is None
        assert session.scalars(select(Event.result).where(Event.kind == "garden:spill")).all() == ["refused"]


def test_keys_of_different_callers_never_meet(plant: SamplePlant) -> None:
    ask(plant)
    assert ask(plant, OTHERS[1], Key("station:QC-1", KEY.text))["reasons"] == []


def test_an_answer_is_kept_for_a_week(sqlite_plant: SamplePlant) -> None:
    ask(sqlite_plant)
    sqlite_plant.now += KEPT
    ask(sqlite_plant, RELEASE, Key("person:3001", "k-2"))
    sqlite_plant.now += KEPT
    ask(sqlite_plant, HOLD, Key("person:3001", "k-3"))
    with sqlite_plant.read() as session:
        assert set(session.scalars(select(Answered.key))) == {"k-2", "k-3"}
