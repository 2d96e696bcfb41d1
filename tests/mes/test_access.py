"""Badges, PINs, enrolment and tokens: what opens what, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, func, insert, select

from mes.commands import Request, perform
from mes.masters.model import Station
from mes.people import access
from mes.people.model import Credential, FailedSignature, Person
from mes.people.refusals import SignatureLocked, SignatureWrong
from mes.refusals import Refused, UnknownCode
from tests.mes.test_fifo_together import at_once
from tests.plant import SamplePlant

HAS_PIN = insert(Credential).from_select(
    ["person_id", "pin_hash"], select(Person.id, bindparam("hash")).where(Person.badge == "3001")
)


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


def test_of_twelve_who_use_one_code_at_once_one_does(plant: SamplePlant) -> None:
    person = access.invite(plant.database, "5002", plant.now)
    screen = access.invite_station(plant.database, "QC-1", plant.now)
    uses: tuple[Callable[[], object], ...] = (
        lambda: access.enrol(plant.database, person, "4711", "long enough", plant.now),
        lambda: access.use_station_invitation(plant.database, screen, plant.now),
    )
    for use in uses:
        assert sorted(at_once(*[partial(opened, use)] * 12)) == [False] * 11 + [True]


def opened(use: Callable[[], object]) -> bool:
    """Whether a code opened something."""
    try:
        use()
    except Refused:
        return False
    return True


def test_a_code_that_was_given_before_opens_nothing_once_its_person_or_station_is_closed(plant: SamplePlant) -> None:
    person = access.invite(plant.database, "2001", plant.now)
    ended, retired = (access.invite_station(plant.database, code, plant.now) for code in ("RAW-1", "QC-1"))
    for command, given in (
        ("plant:disable_person", {"person": "2001"}),
        ("plant:end_screens", {"station": "RAW-1"}),
        ("plant:retire_station", {"station": "QC-1"}),
    ):
        assert perform(plant.database, Request(command, given, person="5002"), plant.clock).accepted
    assert not opened(lambda: access.enrol(plant.database, person, "4711", "long enough", plant.now))
    assert not opened(lambda: access.use_station_invitation(plant.database, ended, plant.now))
    assert not opened(lambda: access.use_station_invitation(plant.database, retired, plant.now))


def test_twelve_guesses_at_once_are_twelve(plant: SamplePlant) -> None:
    access.set_pin(plant.database, "3001", "4711")
    guesses = [partial(guessed, plant, f"{number:04}") for number in range(7001, 7013)]
    said = at_once(*guesses)
    assert sorted(said) == ["signature_locked"] * 7 + ["signature_wrong"] * 5
    assert guessed(plant, "4711") == "signature_locked"
    with plant.read() as session:
        assert session.scalar(select(func.count()).select_from(FailedSignature)) == access.TRIES


def guessed(plant: SamplePlant, pin: str) -> str:
    """What is said to a guess at the PIN of 3001 at QC-1."""
    try:
        access.verify_pin(plant.database, "3001", pin, "QC-1", plant.now)
    except Refused as refused:
        return refused.reasons[0].code
    return ""


def test_the_right_pin_forgets_the_wrong_ones_and_they_stay_to_be_seen(plant: SamplePlant) -> None:
    access.set_pin(plant.database, "3001", "4711")
    for _ in range(3):
        assert [guessed(plant, pin) for pin in ("7001", "7002", "7003", "4711")] == ["signature_wrong"] * 3 + [""]
    with plant.read() as session:
        assert session.scalars(select(FailedSignature.counts)).all() == [False] * 9


@pytest.mark.parametrize("badge", ["\0", "\ud800", "x" * 500])
def test_a_badge_that_no_column_could_hold_is_a_wrong_one(plant: SamplePlant, badge: str) -> None:
    with pytest.raises(Refused) as refused:
        access.verify_password(plant.database, badge, "guess", "x" * 500, plant.now)
    assert refusals(refused) == [SignatureWrong]


@pytest.mark.parametrize("pin", ["0000", "777777", "1234", "9876543", "7890", "4747", "3001"])
def test_what_everybody_would_try_first_is_no_pin(sqlite_plant: SamplePlant, pin: str) -> None:
    with pytest.raises(ValueError, match="choose another"):
        access.set_pin(sqlite_plant.database, "3001", pin)
    sqlite_plant.database.write(lambda connection: connection.execute(HAS_PIN, {"hash": access.HASHER.hash(pin)}))
    assert guessed(sqlite_plant, pin) == "signature_wrong"  # one that an older version let through
    access.set_pin(sqlite_plant.database, "3001", "4711")
    assert guessed(sqlite_plant, "4711") == ""


def test_ended_screens_stay_ended_and_others_open(plant: SamplePlant) -> None:
    raw, inspection = (
        access.use_station_invitation(plant.database, access.invite_station(plant.database, code, plant.now), plant.now)
        for code in ("RAW-1", "QC-1")
    )
    end = Request("plant:end_screens", {"station": "RAW-1"}, person="5002")
    assert perform(plant.database, end, plant.clock).accepted
    again = access.invite_station(plant.database, "RAW-1", plant.now)
    new = access.use_station_invitation(plant.database, again, plant.now)
    with plant.read() as session:
        assert [access.is_open(session, one) for one in (raw, inspection, new)] == [False, True, True]


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
