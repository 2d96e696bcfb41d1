"""What the database cannot do now is said as 503, in plain words, and may be asked again: nobody's work is lost."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.test import TestResponse

from devices.config import ScannerConfig, StationConfig
from devices.feedback import Tone
from devices.simulated import SimulatedScanner
from mes.database import Database
from mes.journal import Scan
from mes.people import access
from mes.terminal.model import Dialogue
from mes.unavailable import NAMES, DatabaseUnavailable, Trouble
from tests.devices.bench import working
from tests.faults import FOREVER, Faults
from tests.plant import SamplePlant
from tests.web.browser import Screen
from web.app import create_app
from web.serving import _again_and_again

CODES = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR_WRITE: Trouble.FAILING,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
}
PAGES = ("/", "/stock", "/plan", "/no-such-page", "/terminal/WLD-1", "/kiosk/QC-1")
ANSWERS = ("/api/v1/stock", "/api/v1/stations/WLD-1/state", "/api/v1/print-jobs")


@pytest.fixture
def faults(house: SamplePlant) -> Faults:
    """The house's database, ready to fail."""
    return Faults(house.database.engine)


@pytest.fixture
def token(house: SamplePlant) -> dict[str, str]:
    return {"Authorization": f"Bearer {access.new_station_token(house.database, 'WLD-1')}"}


def a_scan(house: SamplePlant) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "station": "WLD-1", "code": "1H4001", "scanned_at": house.now.isoformat()}


def insist_unavailable(answer: TestResponse, trouble: Trouble, caplog: pytest.LogCaptureFixture) -> None:
    """503 with Retry-After, the trouble in both languages, and one line in the log without a traceback."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    for word in NAMES[trouble]:
        assert word.replace("'", "&#39;") in answer.text or word in answer.text
    (line,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.exc_info is None
    assert "\n" not in line.getMessage()
    caplog.clear()


@pytest.mark.parametrize("code", CODES)
def test_a_station_hears_503_with_the_reason_and_the_same_scan_later_is_done(
    house: SamplePlant,
    client: FlaskClient,
    faults: Faults,
    token: dict[str, str],
    code: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wanted = a_scan(house)
    faults.strike("BEGIN IMMEDIATE", code=code, times=FOREVER)
    answer = client.post("/api/v1/scans", json=wanted, headers=token)
    insist_unavailable(answer, CODES[code], caplog)
    assert answer.content_type == "application/problem+json"
    assert (answer.json["status"], answer.json["trouble"]) == (503, CODES[code])
    state = client.get("/api/v1/stations/WLD-1/state", headers=token)
    assert state.json["database"] == dict(zip(("zh", "en"), NAMES[CODES[code]], strict=True))
    faults.heal()
    assert client.post("/api/v1/scans", json=wanted, headers=token).json["result"] == "accepted"
    assert client.get("/api/v1/stations/WLD-1/state", headers=token).json["database"] is None


@pytest.mark.parametrize("code", CODES)
def test_pages_and_answers_that_cannot_be_read_are_503_and_ask_nobody_who_is_logged_in(
    client: FlaskClient,
    log_in: Callable[[str], FlaskClient],
    faults: Faults,
    token: dict[str, str],
    code: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    log_in("1002")
    faults.strike("BEGIN", code=code, times=FOREVER)
    for page in PAGES:
        insist_unavailable(client.get(page), CODES[code], caplog)
    for answer in ANSWERS:
        insist_unavailable(client.get(answer, headers=token), CODES[code], caplog)
    faults.heal()
    assert client.get("/stock").status_code == 200


def test_an_office_form_and_a_signature_say_that_the_disk_is_full(
    house: SamplePlant,
    log_in: Callable[[str], FlaskClient],
    faults: Faults,
    first_article: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = log_in("3002")
    faults.fill_the_disk()
    signed = {"operation": first_article, "badge": "3002", "pin": "246813"}
    for path, form in (("/kiosk/QC-1/first-article", signed), ("/login", {"badge": "3002", "password": "long enough"})):
        answer = client.post(path, data=form)
        insist_unavailable(answer, Trouble.FULL, caplog)
        assert "http-equiv" not in answer.text  # a form that was not kept is not asked for again by itself
    faults.heal()


def test_a_scan_typed_at_a_terminal_hears_a_problem_document_too(
    house: SamplePlant, client: FlaskClient, faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "WLD-1", house.now)})
    faults.fill_the_disk()
    answer = client.post("/terminal/WLD-1/scans", json={"id": str(uuid.uuid4()), "code": "1H4001"})
    insist_unavailable(answer, Trouble.FULL, caplog)
    assert answer.json["headline"]["zh"] == "服务器磁盘已满"


def test_a_server_of_the_database_that_is_away_is_503_on_every_page(
    house: SamplePlant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database(f"postgresql://nobody@/plant?host={tmp_path}")
    client = create_app(away, house.clock, "secret").test_client()
    insist_unavailable(client.get("/terminal/WLD-1"), Trouble.UNREACHABLE, caplog)
    insist_unavailable(
        client.post("/api/v1/scans", json=a_scan(house), headers={"Authorization": "Bearer x"}),
        Trouble.UNREACHABLE,
        caplog,
    )
    away.close()


def test_a_database_whose_connections_are_all_in_use_is_503(
    house: SamplePlant, token: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mes.database.POOL_TIMEOUT_S", 0.05)
    database = Database(house.database.url)
    client = create_app(database, house.clock, "secret").test_client()
    with ExitStack() as users:
        for _ in range(40):
            users.enter_context(database.engine.connect())
        insist_unavailable(client.get("/api/v1/stock", headers=token), Trouble.BUSY, caplog)
        insist_unavailable(client.get("/terminal/WLD-1"), Trouble.BUSY, caplog)
    assert client.get("/api/v1/stations/WLD-1/state", headers=token).status_code == 200
    database.close()


def test_work_in_the_background_waits_for_the_database_and_says_so_once(
    house: SamplePlant, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_database: Database, _now: datetime) -> None:
        tries.append(True)
        if len(tries) == 5:
            stop.set()
        if len(tries) != 3:
            raise DatabaseUnavailable(Trouble.UNREACHABLE)

    tries: list[bool] = []
    stop = threading.Event()
    _again_and_again(work, house.database, house.clock, 0.001, stop)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2  # it had worked once in between


# --- the station program and the screens ------------------------------------------------------------------------------


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SimulatedScanner]:
    with SimulatedScanner(tmp_path / "by-id") as simulated:
        yield simulated


def test_a_station_keeps_its_scans_while_the_disk_is_full_and_delivers_them_in_order_once_there_is_room(
    house: SamplePlant, faults: Faults, address: str, scanner: SimulatedScanner, tmp_path: Path
) -> None:
    config = StationConfig(
        "WLD-1",
        token=access.new_station_token(house.database, "WLD-1"),
        journal=tmp_path / "journal",
        server=address,
        scanner=ScannerConfig(scanner.path, feedback="honeywell"),
        printers=(),
        poll_s=0.05,
    )
    faults.fill_the_disk()
    with working(config, now=house.clock):
        for code in ("1H4001", "1H4002", "1H4003"):
            scanner.scan(code)
            assert scanner.feedback() == Tone.ATTENTION
        faults.heal()
        assert [scanner.feedback(20) for _ in range(3)] == [Tone.GOOD] * 3
    with house.read() as session:
        assert set(session.scalars(select(Scan.code))) == {"1H4001", "1H4002", "1H4003"}
        recent = json.loads(session.scalars(select(Dialogue.recent)).one())
    assert [reply["code"] for reply in recent] == ["1H4003", "1H4002", "1H4001"]  # the newest first


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "full", "fine"), [("zh", "服务器磁盘已满", "已连接"), ("en", "The server's disk is full", "connected")]
)
def test_the_terminal_says_that_the_disk_is_full_keeps_the_scan_and_recovers(
    faults: Faults, screen: Screen, language: str, full: str, fine: str
) -> None:
    page = screen.open_station("RAW-1")
    if language == "en":
        page.click("header form button")
    expect(page.locator("#line")).to_have_text(fine)
    faults.fill_the_disk()
    screen.scan("1H4001")
    expect(page.locator("#line")).to_have_text(f"✗ {full}")
    expect(page.locator("#kept")).to_contain_text(re.compile(f"{full}.* 1|{full}.*：1"))
    faults.heal()
    expect(page.locator("#line")).to_have_text(fine)
    expect(page.locator("#kept")).to_be_hidden()
    expect(page.locator("#answer")).to_have_class("answer accepted")


@pytest.mark.browser
@pytest.mark.parametrize("station", ["WLD-1", "QC-1"])
def test_a_screen_says_why_its_state_cannot_be_read_and_what_keeps_others_from_writing(
    house: SamplePlant, faults: Faults, client: FlaskClient, token: dict[str, str], screen: Screen, station: str
) -> None:
    page = screen.open_station(station)
    line = page.locator("#line")
    expect(line).to_have_text("已连接")
    faults.fill_the_disk()
    assert client.post("/api/v1/scans", json=a_scan(house), headers=token).status_code == 503
    expect(line).to_contain_text("✗ 服务器磁盘已满")
    faults.strike("BEGIN", code=sqlite3.SQLITE_CANTOPEN, times=FOREVER)
    expect(line).to_contain_text("✗ 数据库连接不上")
    faults.heal()
    assert client.post("/api/v1/scans", json=a_scan(house), headers=token).status_code == 200
    expect(line).to_have_text("已连接")


@pytest.mark.browser
def test_a_page_that_could_not_be_read_comes_by_itself_once_it_can(faults: Faults, screen: Screen) -> None:
    page = screen.open_station("QC-1")
    faults.strike("BEGIN", code=sqlite3.SQLITE_IOERR, times=FOREVER)
    page.reload()
    expect(page.locator("#unavailable")).to_contain_text("数据库读写出错")
    faults.heal()
    expect(page.locator("#kiosk")).to_be_visible()
