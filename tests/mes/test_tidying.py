"""What is operational is kept for a while and capped; history stays."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

import mes.terminal.garbage
import mes.tidying
from mes.clock import wall_clock
from mes.journal import Event, Scan
from mes.people import access, logins
from mes.people.model import Enrolment, FailedSignature, Login
from mes.refusals import Refused
from mes.terminal.scanning import ScanRequest, scan
from mes.tidying import tidy
from tests.plant import SamplePlant


def kept(plant: SamplePlant) -> dict[str, int]:
    with plant.read() as session:
        counted = (FailedSignature, Enrolment, Login, Event, Scan)
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in counted}


def test_tries_codes_and_logins_that_are_over_are_cleared_away_and_the_journal_stays(plant: SamplePlant) -> None:
    for day in (0, 89):
        now = plant.now + timedelta(days=day)
        with pytest.raises(Refused):
            access.verify_pin(plant.database, "3001", "4712", "QC-1", now)
        access.invite(plant.database, "3001", now)
    for hours in (-1, 1):
        logins.begin(plant.database, "3001", wall_clock() + timedelta(hours=hours))
    before = kept(plant)
    tidy(plant.database, plant.now + timedelta(days=89, hours=1))
    assert kept(plant) == {**before, "enrolment": 1, "login": 1}
    tidy(plant.database, plant.now + timedelta(days=91))
    assert kept(plant) == {**before, "failed_signature": 1, "enrolment": 0, "login": 1}


def test_of_tries_at_many_made_up_badges_the_newest_are_kept(
    plant: SamplePlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mes.tidying, "MOST_TRIES", 3)
    for number in range(5):
        with pytest.raises(Refused):
            access.verify_password(plant.database, f"made up {number}", "guess", "10.0.0.9", plant.now)
    tidy(plant.database, plant.now)
    with plant.read() as session:
        kept_badges = session.scalars(select(FailedSignature.badge).order_by(FailedSignature.id)).all()
    assert kept_badges == ["made up 2", "made up 3", "made up 4"]


def test_garbage_of_a_station_is_answered_always_and_recorded_so_much_an_hour(
    plant: SamplePlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mes.terminal.garbage, "RECORDED", 3)

    def noise(station: str) -> str:
        torn = ScanRequest(str(uuid.uuid4()), station, "", plant.now, garbage="torn")
        return scan(plant.database, torn, plant.clock).reasons[0]["code"]

    before = kept(plant)
    assert {noise("RAW-1") for _ in range(5)} == {"garbage_scanned"}
    assert kept(plant) == {**before, "event": before["event"] + 3, "scan": before["scan"] + 3}
    noise("QC-1")
    plant.now += timedelta(hours=1, minutes=1)
    noise("RAW-1")
    assert kept(plant) == {**before, "event": before["event"] + 5, "scan": before["scan"] + 5}
