"""Who may see and do what over HTTP: deny by default, as a table."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mes import codes
from mes.people import access
from tests.plant import SamplePlant
from web.app import create_app

PAGES = ["/", "/plan", "/stock", "/shipping", "/quality", "/trace", "/service", "/admin"]
ANSWERS = ["lots/R261027-01", "stock", "events", "recalls/S04-261012-A", "stations/RAW-1/state", "print-jobs"]


@pytest.mark.parametrize("page", PAGES)
def test_an_office_page_needs_a_login_and_speaks_both_languages(
    client: FlaskClient, log_in: Callable[[str], FlaskClient], page: str
) -> None:
    assert client.get(page).status_code == 302
    log_in("5002")
    assert client.get(page).status_code == 200
    client.post("/language/en", data={"next": page})
    assert '<html lang="en">' in client.get(page).text


@pytest.mark.parametrize("path", ANSWERS)
def test_the_interface_answers_nobody_without_a_token(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_a_token_opens_its_own_station_only(house: SamplePlant, client: FlaskClient) -> None:
    token = access.new_station_token(house.database, "RAW-1")
    who = {"Authorization": f"Bearer {token}"}
    scan = {"id": str(uuid.uuid4()), "station": "RAW-1", "code": "1H4001", "scanned_at": house.now.isoformat()}
    assert client.post("/api/v1/scans", json=scan, headers=who).json["result"] == "accepted"
    assert client.post("/api/v1/scans", json={**scan, "station": "WLD-1"}, headers=who).status_code == 403
    assert client.get("/api/v1/stations/RAW-1/state", headers=who).status_code == 200
    assert client.get("/api/v1/stations/WLD-1/state", headers=who).status_code == 403
    assert client.post("/api/v1/scans", json={**scan, "id": "no uuid"}, headers=who).status_code == 422


def test_an_unchanged_screen_is_not_sent_again(house: SamplePlant, client: FlaskClient) -> None:
    who = {"Authorization": f"Bearer {access.new_station_token(house.database, 'RAW-1')}"}
    first = client.get("/api/v1/stations/RAW-1/state", headers=who)
    again = client.get("/api/v1/stations/RAW-1/state", headers={**who, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_kiosk_screen_reaches_its_kiosk_and_nothing_of_the_office(house: SamplePlant, client: FlaskClient) -> None:
    code = access.invite_station(house.database, "QC-1", house.now)
    assert client.post("/enter", data={"code": code}).status_code == 302
    assert client.get("/kiosk/QC-1").status_code == 200
    assert client.get("/kiosk/RAW-1").status_code in (302, 404)
    for page in PAGES:
        assert client.get(page).status_code == 302


def test_a_keyboard_wedge_enters_at_the_same_terminal(house: SamplePlant, client: FlaskClient) -> None:
    code = access.invite_station(house.database, "RAW-1", house.now)
    client.post("/enter", data={"code": code})
    scan = {"id": str(uuid.uuid4()), "code": "1H4001"}
    assert client.post("/terminal/RAW-1/scans", json=scan).json["result"] == "accepted"
    bad = {"id": str(uuid.uuid4()), "code": f"W{codes.with_check('261201-ASA-01')[:-1]}*"}
    assert client.post("/terminal/RAW-1/scans", json=bad).json["result"] == "refused"


def test_a_code_that_nothing_has_is_refused_as_a_problem_with_reasons(log_in: Callable[[str], FlaskClient]) -> None:
    answer = log_in("5002").get("/api/v1/lots/NOTHING")
    assert answer.status_code == 409
    assert [reason["code"] for reason in answer.json["reasons"]] == ["unknown_code"]


def test_the_trace_page_shows_both_lots_of_a_supplier_lot(log_in: Callable[[str], FlaskClient]) -> None:
    text = log_in("5002").get("/trace?code=S04-261012-A&direction=up").text
    assert "R261027-01" in text
    assert "R261110-02" in text


def test_a_form_without_its_token_is_refused(house: SamplePlant) -> None:
    guarded = create_app(house.database, house.clock, "secret").test_client()
    assert guarded.post("/login", data={"badge": "5002", "password": "x"}).status_code == 400


def test_pages_forbid_foreign_scripts(client: FlaskClient) -> None:
    policy = client.get("/login").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
