"""Logging in, enrolling, opening a station, and pages that there are not: what went wrong is said in plain words."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask.testing import FlaskClient

import web.login
from mes.clock import wall_clock
from mes.people import access
from tests.mes.test_people_commands import done
from tests.plant import SamplePlant
from web.app import create_app

ENGLISH = ["Not Found", "requested URL", "Bad Request", "CSRF", "Method Not Allowed", "enrolment"]


@pytest.mark.parametrize("path", ["/nothing", "/kiosk/WLD-1", "/terminal/NONE", "/labels/none", "/trace/hold"])
def test_a_page_that_there_is_not_says_so_in_the_readers_language(
    log_in: Callable[[str], FlaskClient], path: str
) -> None:
    answer = log_in("5002").get(path)
    assert answer.status_code in (404, 405)
    assert [word for word in ENGLISH if word in answer.text] == []
    assert "返回首页" in answer.text


def test_an_old_form_says_that_its_page_is_out_of_date(house: SamplePlant) -> None:
    guarded = create_app(house.database, house.clock, "secret").test_client()
    answer = guarded.post("/login", data={"badge": "5002", "password": "x"})
    assert "此页已过期" in answer.text
    assert [word for word in ENGLISH if word in answer.text] == []


def test_a_stations_screen_finds_back_to_itself(house: SamplePlant, client: FlaskClient) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "WLD-1", house.now)})
    assert 'href="/screen/WLD-1"' in client.get("/nothing").text


def test_a_screen_stays_open_over_a_holiday_until_its_station_ends_it(house: SamplePlant, client: FlaskClient) -> None:
    opened = client.post("/enter", data={"code": access.invite_station(house.database, "WLD-1", house.now)})
    expires = parsedate_to_datetime(opened.headers["Set-Cookie"].split("Expires=")[1].split(";")[0])
    assert expires > wall_clock() + timedelta(days=60)
    assert client.get("/api/v1/stations/WLD-1/state").status_code == 200
    done(house, "plant:end_screens", station="WLD-1")
    assert client.get("/api/v1/stations/WLD-1/state").status_code == 401
    assert client.post("/terminal/WLD-1/scans", json={"id": str(uuid.uuid4()), "code": "1H4001"}).status_code == 302
    assert client.get("/terminal/WLD-1").location.startswith("/login")


def test_a_login_ends_after_a_working_day(
    log_in: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = log_in("5002"), wall_clock()
    monkeypatch.setattr(web.login, "wall_clock", lambda: now + timedelta(hours=11))
    assert client.get("/stock").status_code == 200
    monkeypatch.setattr(web.login, "wall_clock", lambda: now + timedelta(hours=13))
    assert client.get("/stock").location.startswith("/login")


def test_a_new_password_ends_all_logins_made_with_the_old_one(
    house: SamplePlant, log_in: Callable[[str], FlaskClient]
) -> None:
    client = log_in("5002")
    access.set_password(house.database, "1003", "another one")
    assert client.get("/stock").status_code == 200
    access.set_password(house.database, "5002", "another one")
    assert client.get("/stock").location.startswith("/login")


def test_a_wrong_password_is_not_called_a_pin(client: FlaskClient) -> None:
    answer = client.post("/login", data={"badge": "5002", "password": "wrong"})
    assert "工牌号或密码不对" in answer.text
    assert 'value="5002"' in answer.text
    for _ in range(5):
        answer = client.post("/login", data={"badge": "5002", "password": "wrong"})
    assert "密码错误次数过多" in answer.text
    assert "PIN" not in answer.text


@pytest.mark.parametrize("page", ["/enter", "/enrol"])
def test_a_wrong_code_says_where_a_good_one_comes_from(client: FlaskClient, page: str) -> None:
    answer = client.post(page, data={"code": "wrong", "pin": "246813", "password": "long enough"})
    assert answer.status_code == 403
    assert "重新领取" in answer.text
    assert [word for word in ENGLISH if word in answer.text] == []


@pytest.mark.parametrize(("pin", "password"), [("12", "long enough"), ("２４６８", "long enough"), ("246813", "short")])
def test_a_pin_or_password_of_a_wrong_form_does_not_use_up_the_code(
    house: SamplePlant, client: FlaskClient, pin: str, password: str
) -> None:
    form = {"code": access.invite(house.database, "5002", house.now), "pin": "246813", "password": "long enough"}
    refused = client.post("/enrol", data={**form, "pin": pin, "password": password})
    assert "登记码仍然有效" in refused.text
    assert client.post("/enrol", data=form).status_code == 302
    access.verify_pin(house.database, "5002", "246813", "QC-1", house.now)


def test_from_the_login_there_is_a_way_to_a_stations_screen(client: FlaskClient) -> None:
    assert 'href="/enter"' in client.get("/login").text
