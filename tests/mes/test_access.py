"""Badges, PINs, enrolment and tokens: what opens what, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from mes.commands import Request, perform
from mes.masters.model import Station
from mes.people import access
from mes.people.model import Credential
from mes.people.refusals import SignatureLocked, SignatureWrong
from mes.refusals import Refused, UnknownCode
from tests.plant import SamplePlant


def refusals(refused: pytest.ExceptionInfo[Refused]) -> list[type]:
    return [type(reason) for reason in refused.value.reasons]


def test_badge_and_pin_sign_and_a_wrong_pin_does_not(plant: SamplePlant) -> None:
    access.set_pin(plant.database, "3002", "4711")
    access.verify_pin(plant.database, "3002", "4711", "QC-1", plant.now)
    with pytest.raises(Refused) as refused:
        access.verify_pin(plant.database, "3002", "4712", "QC-1", plant.now)
    assert refusals(refused) == [SignatureWrong]


def test_somebody_without_a_pin_cannot_sign_with_any(plant: SamplePlant) -> None:
    with pytest.raises(Refused) as refused:
        access.verify_pin(plant.database, "3003", "0000", "QC-1", plant.now)
    assert refusals(refused) == [SignatureWrong]


def test_five_wrong_pins_lock_the_badge_at_that_station_only_and_for_ten_minutes(plant: SamplePlant) -> None:
    access.set_pin(plant.database, "3001", "4711")
    for _ in range(access.TRIES):
        with pytest.raises(Refused):
            access.verify_pin(plant.database, "3001", "0000", "QC-1", plant.now)
    with pytest.raises(Refused) as refused:
        access.verify_pin(plant.database, "3001", "4711", "QC-1", plant.now)
    assert refusals(refused) == [SignatureLocked]
    access.verify_pin(plant.database, "3001", "4711", "OFFICE", plant.now)
    access.verify_pin(plant.database, "3001", "4711", "QC-1", plant.now + access.LOCK + timedelta(seconds=1))


def test_a_pin_is_kept_as_a_hash_only(plant: SamplePlant) -> None:
    access.set_pin(plant.database, "3002", "471147")
    with plant.read() as session:
        stored = session.scalars(select(Credential.pin_hash)).one()
    assert stored.startswith("$argon2id$")
    assert "471147" not in stored


@pytest.mark.parametrize("pin", ["", "123", "12a4", "1234567890123"])
def test_a_pin_has_four_to_twelve_digits(plant: SamplePlant, pin: str) -> None:
    with pytest.raises(ValueError, match="4 to 12 digits"):
        access.set_pin(plant.database, "3002", pin)


def test_an_invitation_enrols_once_and_only_for_ten_minutes(plant: SamplePlant) -> None:
    code = access.invite(plant.database, "5002", plant.now)
    assert access.enrol(plant.database, code, "4711", "long enough", plant.now) == "5002"
    access.verify_password(plant.database, "5002", "long enough", "127.0.0.1", plant.now)
    late = access.invite(plant.database, "5002", plant.now)
    for used, at in ((code, plant.now), (late, plant.now + timedelta(minutes=11))):
        with pytest.raises(Refused) as refused:
            access.enrol(plant.database, used, "4711", "long enough", at)
        assert refusals(refused) == [UnknownCode]


def test_a_station_code_opens_its_screen_once_and_enrols_nobody(plant: SamplePlant) -> None:
    code = access.invite_station(plant.database, "QC-1", plant.now)
    with pytest.raises(Refused):
        access.enrol(plant.database, code, "4711", "long enough", plant.now)
    assert access.use_station_invitation(plant.database, code, plant.now).station == "QC-1"
    with pytest.raises(Refused):
        access.use_station_invitation(plant.database, code, plant.now)


def test_ended_screens_stay_ended_and_others_open(plant: SamplePlant) -> None:
    raw, inspection = (
        access.use_station_invitation(plant.database, access.invite_station(plant.database, code, plant.now), plant.now)
        for code in ("RAW-1", "QC-1")
    )
    access.end_screens(plant.database, "RAW-1")
    again = access.invite_station(plant.database, "RAW-1", plant.now)
    new = access.use_station_invitation(plant.database, again, plant.now)
    with plant.read() as session:
        assert [access.is_open(session, one) for one in (raw, inspection, new)] == [False, True, True]
    with pytest.raises(Refused) as refused:
        access.end_screens(plant.database, "NONE")
    assert refusals(refused) == [UnknownCode]


def test_a_new_token_ends_the_old_one_and_is_stored_hashed(plant: SamplePlant) -> None:
    old = access.new_station_token(plant.database, "RAW-1")
    new = access.new_station_token(plant.database, "RAW-1")
    with plant.read() as session:
        assert access.station_of_token(session, old) is None
        assert access.station_of_token(session, new) == "RAW-1"
        assert session.scalars(select(Station.token_hash).where(Station.code == "RAW-1")).one() == access.sha256(new)


def test_a_badge_that_nobody_has_may_not_even_what_the_program_may(plant: SamplePlant) -> None:
    asked = Request(
        "plant:station", {"code": "X-1", "name_zh": "测", "name_en": "x", "role": "office"}, person="no such badge"
    )
    outcome = perform(plant.database, asked, plant.clock)
    assert [reason.code for reason in outcome.reasons] == ["not_allowed"]
    assert "no such badge" in outcome.reasons[0].sentence("en")
    assert perform(plant.database, replace(asked, person=None), plant.clock).accepted
