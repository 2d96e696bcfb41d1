"""Questions of programs that name themselves by a key: answered once, whatever the network does (law 2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from mes.commands import Outcome, Request
from mes.journal import Answered, Event
from mes.once import KEPT, Key, ask_once
from mes.refusals import KeyReused
from tests.plant import SamplePlant

QUALITY = "3001"
HOLD = Request("quality:hold", {"lot": "R260817-01", "reason": "doubt"}, person=QUALITY)
RELEASE = Request("quality:release", {"lot": "R260817-01", "reason": "doubt"}, person=QUALITY)
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


def test_another_question_under_the_same_key_is_refused_and_recorded(plant: SamplePlant) -> None:
    first = ask(plant)
    other = ask(plant, RELEASE)
    assert other["reasons"] == [KeyReused(key=KEY.text).code]
    assert ask(plant) == first
    assert events(plant) == 2


def test_keys_of_different_callers_never_meet(plant: SamplePlant) -> None:
    ask(plant)
    assert ask(plant, RELEASE, Key("station:QC-1", KEY.text))["reasons"] == []


def test_an_answer_is_kept_for_a_week(sqlite_plant: SamplePlant) -> None:
    ask(sqlite_plant)
    sqlite_plant.now += KEPT
    ask(sqlite_plant, RELEASE, Key("person:3001", "k-2"))
    sqlite_plant.now += KEPT
    ask(sqlite_plant, HOLD, Key("person:3001", "k-3"))
    with sqlite_plant.read() as session:
        assert set(session.scalars(select(Answered.key))) == {"k-2", "k-3"}
