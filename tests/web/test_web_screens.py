"""What a station's screen says of its devices, and that it keeps saying so when the server is away."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from mes.journal import Scan
from mes.labelling.model import PrintJob
from mes.people import access
from tests.plant import SamplePlant
from tests.web.browser import Screen

pytestmark = pytest.mark.browser
GS1 = "010401234567890110AB|2112"


@contextmanager
def station_panel(said: dict[str, Any]) -> Iterator[int]:
    """The loopback panel of a station program, as the page sees it: JSON that every page may read."""

    class Panel(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *words: object) -> None:
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Panel)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


def test_without_a_server_the_page_still_tells_what_the_station_has_kept(screen: Screen) -> None:
    said = {"station": "WLD-1", "waiting": 3, "server": False, "scanner": {"connected": False}, "printers": []}
    with station_panel(said) as port:
        page = screen.open_station("WLD-1", f"?panel={port}")
        page.goto(f"{screen.address}/terminal/WLD-1")  # the port is remembered
        expect(page.locator("#line")).to_have_text("已连接")
        page.route("**/api/v1/stations/**", lambda route: route.abort())
        expect(page.locator("#line")).to_contain_text("服务器未连接")
        expect(page.locator("#kept")).to_have_text("已保存在工位，未确认：3")
        expect(page.locator("#trouble")).to_contain_text("扫描枪未连接")


@pytest.mark.parametrize("station", ["WLD-1", "QC-1"])
def test_a_screen_whose_right_has_ended_does_not_blame_the_server(screen: Screen, station: str) -> None:
    page = screen.open_station(station)
    expect(page.locator("#line")).to_have_text("已连接")
    page.route("**/api/v1/stations/**", lambda route: route.fulfill(status=401))
    expect(page.locator("#line")).to_contain_text("本屏幕已失效")
    assert "服务器" not in page.locator("#line").inner_text()


def test_a_printable_substitute_for_the_group_separator_is_set_once_and_remembered(
    house: SamplePlant, screen: Screen
) -> None:
    page = screen.open_station("RAW-1", "?gs=|")
    page.goto(f"{screen.address}/terminal/RAW-1")
    screen.scan(GS1)
    expect(page.locator("#answer")).to_have_class("answer refused")  # nobody is signed on, but it was read whole
    with house.read() as session:
        assert session.scalars(select(Scan.code)).one() == GS1.replace("|", "\x1d")


# --- what the station says while the server is there ----------------------------------------------------------------


def station_says(house: SamplePlant, address: str, station: str, path: str, **said: Any) -> None:
    """What the station program of a station sends."""
    token = access.new_station_token(house.database, station)
    body = {"at": house.now.isoformat(), **said}
    answer = httpx.post(
        f"{address}/api/v1/stations/{station}/{path}", json=body, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text


@pytest.fixture
def printing(house: SamplePlant) -> int:
    """An office with a receipt printer and a yellow label printer, and a job nobody knows the end of; its number."""
    for code, language, stock in (("PR-OFFICE", "escpos", "receipt"), ("PR-YELLOW", "zpl", "yellow")):
        house.accept(
            "plant:printer", code=code, stands_at="OFFICE", language=language, dpi=203, width_mm=80, stock=stock
        )
    house.release("SA-MG-C32", "100", person="1002", station="OFFICE")
    with house.read() as session:
        job = session.scalars(select(PrintJob.id)).one()
    house.database.write(
        lambda connection: connection.execute(
            update(PrintJob).where(PrintJob.id == job).values(state="unknown", reason="power_cycled")
        )
    )
    return job


def state_of(house: SamplePlant, job: int) -> tuple[str, bool]:
    with house.read() as session:
        found = session.get_one(PrintJob, job)
        return found.state, found.copy


def test_scanner_and_printers_speak_in_words_of_the_plant(
    house: SamplePlant, address: str, printing: int, screen: Screen
) -> None:
    page = screen.open_station("OFFICE")
    printers = [{"code": "PR-YELLOW", "faults": ["paper_out"], "answers": True}]
    station_says(house, address, "OFFICE", "heartbeat", waiting=2, scanner={"connected": False}, printers=printers)
    expect(page.locator("#trouble")).to_contain_text("扫描枪未连接")
    expect(page.locator("#devices")).to_contain_text("缺纸")
    expect(page.locator("#devices")).to_contain_text("黄色")
    expect(page.locator("#kept")).to_contain_text("未确认：2")
    page.get_by_text("中 / EN").click()
    expect(page.locator("#devices")).to_contain_text("paper out")


def test_whoever_is_signed_on_says_at_the_station_that_a_doubtful_job_did_not_come_out(
    house: SamplePlant, printing: int, screen: Screen
) -> None:
    page = screen.open_station("OFFICE")
    page.get_by_role("button", name="没出来").click()
    expect(page.locator("#answer")).to_have_class("answer refused")  # nobody is signed on
    assert state_of(house, printing)[0] == "unknown"
    screen.scan("1H1002")
    expect(page.locator("#person")).to_contain_text("1002")
    page.get_by_role("button", name="没出来").click()
    expect(page.locator("#headline")).to_contain_text("副本")
    expect(page.locator(".question")).to_have_count(0)
    assert state_of(house, printing)[1] is True


def test_an_administrator_settles_a_doubtful_job_and_must_say_how_he_knows(
    house: SamplePlant, printing: int, screen: Screen
) -> None:
    screen.log_in("5002")
    page = screen.open("/print")
    expect(page.locator("#unknown")).to_contain_text("打印中断电")
    page.get_by_role("button", name="出来了").first.click()
    expect(page.locator("#unknown")).to_be_visible()  # the browser itself asks for the missing reason
    page.fill("#unknown input[name=reason]", "在打印机上看到")
    page.get_by_role("button", name="出来了").first.click()
    expect(page.locator(".flash.good")).to_contain_text("出来了")
    assert state_of(house, printing) == ("done", False)


def test_a_reprint_without_a_reason_is_refused_and_what_was_typed_stays(screen: Screen) -> None:
    screen.log_in("5002")
    page = screen.open("/print")
    page.fill("#reprint input[name=label]", "1J0100000012N")
    page.get_by_role("button", name="补打一张").click()
    expect(page.locator(".refusals")).to_be_visible()
    expect(page.locator("#reprint input[name=label]")).to_have_value("1J0100000012N")


# --- a gauge at the kiosk --------------------------------------------------------------------------------------------


def test_a_gauges_reading_fills_the_field_that_waits_and_only_if_gauge_and_unit_fit(
    house: SamplePlant, address: str, first_article: str, screen: Screen
) -> None:
    def gauge(value: str, unit: str = "mm", device: str = "EQ-CL-01") -> None:
        reading = {"id": str(uuid.uuid4()), "device": device, "value": value, "unit": unit}
        station_says(house, address, "QC-1", "readings", **reading)

    gauge("99.99")
    page = screen.open_station("QC-1")
    page.click("#lists a.waiting")
    expect(page.locator("html[data-scanner=ready]")).to_be_attached()
    expect(page.locator("#line")).to_have_attribute("data-heard", "yes")
    gauge("78.02", unit="g")
    expect(page.locator("#said")).to_contain_text("此项要 mm")
    gauge("78.02")
    expect(page.locator("input[name=value-2-1]")).to_have_value("78.02")
    expect(page.locator("tr[data-number='2']")).to_contain_text("EQ-CL-01")
    expect(page.locator("tr[data-number='2'] td.mark")).to_have_text("…")  # four pieces are not measured yet
    for piece in range(2, 6):
        gauge("78.02")
        expect(page.locator(f"input[name=value-2-{piece}]")).to_have_value("78.02")
    expect(page.locator("tr[data-number='2'] td.mark")).to_have_text("✓")
    gauge("12.21", unit="g", device="EQ-SC-01")
    expect(page.locator("input[name=value-4-1]")).to_have_value("12.21")
