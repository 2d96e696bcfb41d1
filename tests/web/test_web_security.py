"""What an attacker tries first: forms without a token, foreign scripts, names that are markup, guessing, peeking."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

import httpx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from mes.database import Database
from mes.journal import Scan
from mes.masters.model import Customer, Item, Station
from mes.people import access
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD, served
from web.app import create_app

MARKUP = '<script>alert(1)</script>"onload="alert(2)'
SHOWING = [
    "/",
    "/plan",
    "/stock",
    "/shipping",
    "/quality",
    "/service",
    "/print",
    "/admin",
    "/trace?code=R261027-01",
    "/trace?code=S04-261012-A&direction=up",
    "/terminal/RAW-1",
    "/kiosk/QC-1",
]
ASKING = ["/trace?code=", "/stock?item=", "/plan?month=", "/print?lot=", "/kiosk/QC-1?code=", "/labels/", "/terminal/"]
PEEKING = ["lots/R261027-01", "stock", "events", "recalls/S04-261012-A", "lots/R261027-01/genealogy", "run-cards/X"]
NONSENSE = [
    "lots/R261027-01/genealogy?direction=sideways",
    "lots/R261027-01/genealogy?depth=-1",
    "stock?offset=-1",
    "stock?offset=99999999999999999999",
    "events?before=x",
]


def test_every_form_needs_its_token(house: SamplePlant) -> None:
    app = create_app(house.database, house.clock, "secret")
    values = {
        "code": "QC-1",
        "station": "QC-1",
        "act": "final",
        "job": 1,
        "name": "scrap",
        "job_id": 1,
        "department": "stock",
        "verb": "issue",
        "kind": "badges",
        "badge": "5002",
    }
    guarded = app.test_client()
    access.set_password(house.database, "5002", PASSWORD)
    accepted = []
    with app.test_request_context():
        forms = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
        for rule in forms:
            path = app.url_map.bind("").build(rule.endpoint, {one: values[one] for one in rule.arguments})
            if guarded.post(path).status_code not in (400, 401):
                accepted.append(path)
    assert len(forms) > 10
    assert accepted == []


def test_names_and_reasons_are_text_and_never_markup(house: SamplePlant, log_in: Callable[[str], FlaskClient]) -> None:
    for table in (Item, Customer, Station):
        house.database.write(
            lambda connection, table=table: connection.execute(update(table).values(name_zh=MARKUP, name_en=MARKUP))
        )
    house.accept("quality:hold", person="3002", station="QC-1", lot="R260807-02", reason=MARKUP)
    reader = log_in("5002")
    for path in SHOWING + [f"{path}{MARKUP}" for path in ASKING]:
        text = reader.get(path).text
        assert "<script>alert" not in text, path
        assert '"onload="' not in text, path


def test_a_page_is_told_to_run_nothing_foreign_and_to_stay_nowhere(client: FlaskClient) -> None:
    said = client.get("/login").headers
    assert "default-src 'self'" in said["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
    assert "unsafe" not in said["Content-Security-Policy"]
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Referrer-Policy"] == "same-origin"
    assert said["Cache-Control"] == "no-store"
    with client.get("/static/icon.svg") as icon:
        assert "no-store" not in icon.headers.get("Cache-Control", "")


@pytest.mark.parametrize("behind_https", [True, False])
def test_cookies_are_for_this_site_only_and_behind_https_for_https_only(house: SamplePlant, behind_https: bool) -> None:
    app = create_app(house.database, house.clock, "secret", secure_cookies=behind_https)
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert ("Secure" in cookie) is behind_https


def test_a_new_token_ends_the_old_one_at_once_also_where_another_program_made_it(fresh: Fresh) -> None:
    with closing(SamplePlant.copied(fresh)) as plant, closing(Database(plant.database.url)) as another:
        client = create_app(plant.database, plant.clock).test_client()
        old = access.new_station_token(plant.database, "WLD-1")
        assert badge_scanned(client, plant, old) == 200  # from now on the old token is in this program's memory
        new = access.new_station_token(another, "WLD-1")
        assert [badge_scanned(client, plant, token) for token in (old, new, old, "x")] == [401, 200, 401, 401]
        with plant.read() as session:
            assert session.scalar(select(func.count()).select_from(Scan)) == 2


def badge_scanned(client: FlaskClient, plant: SamplePlant, token: str) -> int:
    """How the scan of a badge at WLD-1 with this token is answered."""
    body = {"id": str(uuid4()), "station": "WLD-1", "code": "1H4001", "scanned_at": plant.now.isoformat()}
    return client.post("/api/v1/scans", json=body, headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.mark.parametrize("path", PEEKING)
def test_a_stations_screen_reads_its_own_state_and_nothing_else(
    house: SamplePlant, client: FlaskClient, path: str
) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "QC-1", house.now)})
    assert client.get("/api/v1/stations/QC-1/state").status_code == 200
    assert client.get(f"/api/v1/{path}").status_code == 401


@pytest.mark.parametrize("path", NONSENSE)
def test_a_question_that_makes_no_sense_is_answered_and_breaks_nothing(
    log_in: Callable[[str], FlaskClient], path: str
) -> None:
    assert log_in("5002").get(f"/api/v1/{path}").status_code == 422


def test_a_revision_that_there_cannot_be_shows_the_newest(log_in: Callable[[str], FlaskClient]) -> None:
    assert log_in("5002").get("/plan?month=2026-12&revision=99999999999999999999").status_code == 200


@pytest.mark.parametrize("door", ["/enter", "/enrol"])
def test_nobody_guesses_codes_all_day(client: FlaskClient, door: str) -> None:
    answers = [client.post(door, data={"code": "guess"}).status_code for _ in range(61)]
    assert answers[-2:] == [403, 429]
    assert client.get(door).status_code == 200


def test_there_is_no_page_that_would_need_somebody_elses_scripts(client: FlaskClient) -> None:
    assert client.get("/api/docs").status_code == 404
    assert client.get("/api/openapi.json").status_code == 200


def test_behind_a_proxy_that_speaks_https_cookies_travel_encrypted_only(house: SamplePlant) -> None:
    with served(house, "127.0.0.1") as address:
        said = httpx.get(f"{address}/login", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.7"})
    assert "Secure" in said.headers["Set-Cookie"]
    assert "max-age" in said.headers["Strict-Transport-Security"]


def test_nobody_but_the_proxy_is_believed(house: SamplePlant) -> None:
    with served(house, "10.9.9.9") as address:
        said = httpx.get(f"{address}/login", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in said.headers
