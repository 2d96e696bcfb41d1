"""A refusal that may pass, passes at the terminal by badge, PIN and reason: exactly that one, and no other way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from mes.journal import Event
from mes.people import access
from mes.people.model import FailedSignature
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.overrides import BY_PERSON, OVERRIDES
from mes.refusals import Refused
from mes.stock.model import Movement
from mes.terminal.overriding import Overriding, override
from mes.terminal.refusals import GroundsForOverride
from mes.terminal.reply import Reply
from tests.mes.test_terminal import count, say, signed_on, spoken
from tests.plant import SamplePlant

PIN = "246813"
YOUNGER, OLDER = "1TR261110-02", "1TR260710-02"


@pytest.fixture
def plant(plant: SamplePlant) -> SamplePlant:
    """The supervisors 1004 and the storekeeper 4001 have PINs."""
    for badge in ("1004", "4001", "3001", "4002"):
        access.set_pin(plant.database, badge, PIN)
    return plant


@pytest.fixture
def younger(plant: SamplePlant) -> Reply:
    """4001 wants to issue the younger lot, and is refused."""
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    reply = say(plant, "RAW-1", YOUNGER)
    assert spoken(reply) == ["not_oldest"]
    return reply


def let_pass(plant: SamplePlant, reply: Reply, **how: Any) -> Reply:
    given = {"station": "RAW-1", "badge": "1004", "pin": PIN, "reason": "老批次被压在下面", **how}
    of = given.pop("of", tuple(one["fingerprint"] for one in reply.reasons))
    return override(plant.database, Overriding(of=of, **given), plant.clock)


def newest(plant: SamplePlant) -> Event:
    with plant.read() as session:
        return session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()


def test_exactly_the_refused_request_is_carried_out_and_recorded_with_who_let_it_pass(
    plant: SamplePlant, younger: Reply
) -> None:
    reply = let_pass(plant, younger)
    assert reply.result == "accepted", reply
    assert reply.headline.en.startswith("Issued")
    event = newest(plant)
    assert (event.kind, event.result, event.scan_id) == ("stock:issue", "accepted", younger.id)
    said = json.loads(event.overrides)
    assert said == [{"of": younger.reasons[0]["fingerprint"], "by": "1004", "reason": "老批次被压在下面"}]
    with plant.read() as session:
        assert session.scalar(select(func.count()).select_from(FailedSignature)) == 0


def test_what_was_let_pass_is_shown_and_counted_per_person(plant: SamplePlant, younger: Reply) -> None:
    let_pass(plant, younger)
    with plant.read() as session:
        (case,) = asking.rows(session, OVERRIDES, Asked(limit=5), plant.now)
        (counted,) = asking.rows(session, BY_PERSON, Asked(limit=5), plant.now)
    assert (case["kind"], case["person"].code, case["station"]) == ("stock:issue", "4001", "RAW-1")
    assert OVERRIDES.column["let_pass"].reads.text(case["let_pass"], "zh") == "1004: 老批次被压在下面"
    assert (counted["person"].code, counted["overrides"]) == ("1004", 1)


def test_an_override_is_good_for_one_request_only(plant: SamplePlant, younger: Reply) -> None:
    let_pass(plant, younger)
    assert spoken(let_pass(plant, younger)) == ["refusal_gone"]


def test_after_another_scan_the_refusal_is_stale(plant: SamplePlant, younger: Reply) -> None:
    say(plant, "RAW-1", "LLN-MAG")
    before = count(plant, Movement)
    assert spoken(let_pass(plant, younger)) == ["refusal_gone"]
    assert count(plant, Movement) == before


@pytest.mark.parametrize("of", [(), ("0" * 64,)])
def test_an_override_of_other_facts_than_those_on_the_screen_lets_nothing_pass(
    plant: SamplePlant, younger: Reply, of: tuple[str, ...]
) -> None:
    assert spoken(let_pass(plant, younger, of=of)) == ["refusal_gone"]


def test_an_override_at_another_station_finds_no_refusal(plant: SamplePlant, younger: Reply) -> None:
    assert spoken(let_pass(plant, younger, station="FGS-1")) == ["refusal_gone"]


def test_nobody_lets_his_own_work_pass_and_somebody_else_still_may(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "1004")
    say(plant, "RAW-1", "LLN-WLD")
    reply = say(plant, "RAW-1", YOUNGER)
    assert spoken(reply) == ["not_oldest"]
    assert spoken(let_pass(plant, reply)) == ["own_work"]
    assert newest(plant).result == "refused"
    access.set_pin(plant.database, "1005", PIN)
    assert let_pass(plant, reply, badge="1005").result == "accepted"


def test_a_role_that_the_refusal_does_not_name_is_refused_and_the_right_one_still_may(
    plant: SamplePlant, younger: Reply
) -> None:
    assert spoken(let_pass(plant, younger, badge="4002")) == ["not_allowed"]
    assert let_pass(plant, younger).result == "accepted"


def test_a_wrong_pin_asks_nothing_of_the_door_is_recorded_and_leaves_the_refusal_open(
    plant: SamplePlant, younger: Reply
) -> None:
    asked = newest(plant)
    for badge in ("1004", "nobody"):
        with pytest.raises(Refused, match="PIN"):
            let_pass(plant, younger, badge=badge, pin="000000")
    guess = newest(plant)
    assert guess.id == asked.id + 1  # badges that nobody has fill no journal
    assert (guess.result, guess.person_id) == ("refused", None)
    assert json.loads(guess.reasons) == [{"code": "signature_wrong", "facts": {"badge": "1004"}}]
    assert let_pass(plant, younger).result == "accepted"


def test_an_override_says_why(plant: SamplePlant, younger: Reply) -> None:
    with pytest.raises(Refused) as refused:
        let_pass(plant, younger, reason="  ")
    assert refused.value.reasons == (GroundsForOverride(),)


def test_whoever_signed_on_meanwhile_did_not_ask_for_it(plant: SamplePlant, younger: Reply) -> None:
    signed_on(plant, "RAW-1", "4002")
    assert spoken(let_pass(plant, younger)) == ["refusal_gone"]


def test_a_new_reason_refuses_again_and_may_be_let_pass_in_its_turn(plant: SamplePlant, younger: Reply) -> None:
    plant.accept("quality:hold", person="3002", station="QC-1", lot=YOUNGER[2:], reason="锈斑")
    again = let_pass(plant, younger)
    assert "on_hold" in spoken(again)
    assert spoken(let_pass(plant, again, of=(again.reasons[0]["fingerprint"],))) == ["not_allowed"]


def test_what_nobody_may_override_is_not_overridden(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    plant.accept("quality:hold", person="3002", station="QC-1", lot=OLDER[2:], reason="锈斑")
    reply = say(plant, "RAW-1", OLDER)
    assert "on_hold" in spoken(reply)
    assert spoken(let_pass(plant, reply)) == ["not_allowed"]
