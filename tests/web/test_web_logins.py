"""What ended opens nothing, also for whoever kept its cookie; who guesses is seen, and locks out nobody elsewhere."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mes.journal import Event
from mes.people import access
from tests.mes.test_people_commands import done
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD, PIN
from web.app import create_app

LogIn = Callable[[str], FlaskClient]
MANAGER, INSPECTOR, ADMINISTRATOR = "3001", "3002", "5002"


def kept_cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found
    return found.value


def with_cookie(house: SamplePlant, cookie: str) -> FlaskClient:
    """Another browser that shows a cookie which somebody kept."""
    client = create_app(house.database, house.clock, "secret").test_client()
    client.set_cookie("session", cookie)
    return client


def opens(client: FlaskClient, path: str = "/stock") -> bool:
    return client.get(path).status_code == 200


def test_a_login_that_ended_opens_nothing_and_its_kept_cookie_neither(house: SamplePlant, log_in: LogIn) -> None:
    client = log_in(ADMINISTRATOR)
    cookie = kept_cookie(client)
    assert opens(with_cookie(house, cookie))
    client.post("/logout")
    for path in ("/stock", "/api/v1/stock", "/terminal/RAW-1", "/api/v1/stations/RAW-1/state", "/do"):
        assert not opens(with_cookie(house, cookie), path), path
    asked = with_cookie(house, cookie).post("/api/v1/commands/plant/end_screens", json={"station": "RAW-1"})
    assert asked.status_code == 401


def test_somebody_who_logs_in_again_ends_his_login_of_before(house: SamplePlant, log_in: LogIn) -> None:
    client = log_in(ADMINISTRATOR)
    cookie = kept_cookie(client)
    client.post("/login", data={"badge": ADMINISTRATOR, "password": PASSWORD})
    assert opens(client)
    assert not opens(with_cookie(house, cookie))


def test_a_disabled_person_is_out_at_once_and_stays_out_when_enabled_again(house: SamplePlant, log_in: LogIn) -> None:
    client = log_in("1003")
    for command in ("plant:disable_person", "plant:enable_person"):
        done(house, command, person="1003")
        assert not opens(client, "/plan")


def test_a_closed_screen_opens_nothing_and_its_kept_cookie_neither(house: SamplePlant, client: FlaskClient) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "QC-1", house.now)})
    cookie = kept_cookie(client)
    done(house, "plant:end_screens", station="QC-1")
    for path in ("/kiosk/QC-1", "/screen/QC-1", "/api/v1/stations/QC-1/state", "/terminal/QC-1"):
        assert not opens(client, path), path
        assert not opens(with_cookie(house, cookie), path), path
    scan = {"id": str(uuid.uuid4()), "code": f"1H{INSPECTOR}"}
    for path in ("/terminal/QC-1/scans", "/terminal/QC-1/overrides", "/kiosk/QC-1/judge"):
        assert client.post(path, json=scan).status_code in (302, 403), path


def signs(client: FlaskClient, pin: str) -> str:
    form = {"badge": MANAGER, "pin": pin, "unit": "R261027-01", "verdict": "pass", "reason": "x"}
    return client.post("/kiosk/QC-1/judge", data=form).text


def test_who_guesses_from_an_office_locks_nobody_out_at_the_kiosk(house: SamplePlant, log_in: LogIn) -> None:
    access.set_pin(house.database, MANAGER, PIN)
    office = log_in(INSPECTOR)
    for _ in range(access.TRIES):
        assert "PIN" in signs(office, "000000")
    access.verify_pin(house.database, MANAGER, PIN, "QC-1", house.now)
    assert "次数过多" in signs(office, PIN)


def test_guesses_are_journalled_as_refused_work_of_who_was_logged_in_and_shown_in_the_office(
    house: SamplePlant, log_in: LogIn
) -> None:
    access.set_pin(house.database, MANAGER, PIN)
    signs(log_in(INSPECTOR), "000000")
    with house.read() as session:
        event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (event.kind, event.result) == ("quality:judge", "refused")
    assert json.loads(event.reasons) == [{"code": "signature_wrong", "facts": {"badge": MANAGER}}]
    assert "000000" not in event.arguments
    log_in(INSPECTOR)
    rows = log_in(ADMINISTRATOR).get("/api/v1/tables/wrong_signatures").json["rows"]
    assert [(row["badge"], row["place"], row["counts"]) for row in rows] == [(MANAGER, "127.0.0.1", True)]


def test_a_wrong_password_of_a_stranger_is_shown_and_stands_in_no_journal(
    house: SamplePlant, client: FlaskClient, log_in: LogIn
) -> None:
    with house.read() as session:
        before = session.scalars(select(Event.id)).all()
    client.post("/login", data={"badge": "made up", "password": "guess"})
    with house.read() as session:
        assert session.scalars(select(Event.id)).all() == before
    assert "made up" in log_in(ADMINISTRATOR).get("/tables/wrong_signatures").text
    assert log_in("1002").get("/tables/wrong_signatures").status_code == 403


@pytest.mark.parametrize("pin", ["0000", "1234", "5002"])
def test_a_pin_that_everybody_tries_is_refused_in_words_and_the_code_stays_good(
    house: SamplePlant, client: FlaskClient, pin: str
) -> None:
    form = {"code": access.invite(house.database, "5002", house.now), "password": PASSWORD}
    assert "顺号" in client.post("/enrol", data={**form, "pin": pin}).text
    assert client.post("/enrol", data={**form, "pin": PIN}).status_code == 302
