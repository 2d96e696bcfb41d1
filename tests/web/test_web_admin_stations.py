"""An administrator sets up stations, screens, printers and colleagues in the browser; a secret is seen once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from devices.config import load_config
from mes.journal import Event
from mes.masters.model import Station
from mes.people import access
from mes.secret import DOTS
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SamplePlant
from tests.web.browser import Screen
from web.cli import runcard

LogIn = Callable[[str], FlaskClient]
ADMINISTRATOR, QUALITY, SUPERVISOR = "5002", "3001", "1004"
OPERATOR, PLANNER, STOREKEEPER = "2001", "1002", "4001"
PAGES = {
    "/admin/people": {ADMINISTRATOR, QUALITY, SUPERVISOR},
    "/admin/people/2001": {ADMINISTRATOR, QUALITY, SUPERVISOR},
    "/admin/stations": {ADMINISTRATOR, QUALITY, SUPERVISOR, STOREKEEPER},
    "/admin/stations/QC-1": {ADMINISTRATOR, QUALITY, SUPERVISOR, STOREKEEPER},
    "/labels/sheets": {ADMINISTRATOR, QUALITY, SUPERVISOR, STOREKEEPER},
    "/labels/sheets/people": {ADMINISTRATOR, QUALITY, SUPERVISOR, STOREKEEPER},
}


@pytest.mark.parametrize("page", PAGES)
def test_the_administrators_pages_are_for_their_readers_only(client: FlaskClient, log_in: LogIn, page: str) -> None:
    assert client.get(page).status_code == 302
    for badge in (ADMINISTRATOR, QUALITY, SUPERVISOR, OPERATOR, PLANNER, STOREKEEPER):
        assert log_in(badge).get(page).status_code == (200 if badge in PAGES[page] else 403), badge


@pytest.mark.parametrize(
    ("command", "asked"),
    [("invite_person", {"person": "2001"}), ("open_screen", {"station": "QC-1"}), ("new_token", {"station": "QC-1"})],
)
def test_what_is_shown_once_is_in_that_answer_and_nowhere_after(
    log_in: LogIn, command: str, asked: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    client = log_in(ADMINISTRATOR)
    answer = client.post(f"/do/plant/{command}", data={**asked, "confirmed": "yes", "next": "/admin"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    secret = re.search(r'id="s-1" value="([^"]+)"', answer.text)[1]  # type: ignore[index]
    with client.session_transaction() as kept:
        assert secret not in str(dict(kept))
    for page in ("/admin", "/admin/people/2001", "/admin/stations/QC-1", "/do", f"/do/plant/{command}"):
        assert secret not in client.get(page).text
    assert secret not in caplog.text


def test_a_new_token_comes_with_a_configuration_that_the_stations_program_reads(
    house: SamplePlant, log_in: LogIn, tmp_path: Path
) -> None:
    client = log_in(ADMINISTRATOR)
    answer = client.post("/do/plant/new_token", data={"station": "QC-1", "confirmed": "yes"}).text
    written = unescape(re.search(r"<textarea[^>]*>([^<]+)</textarea>", answer)[1])  # type: ignore[index]
    path = tmp_path / "QC-1.toml"
    path.write_text(written, encoding="utf-8")
    config = load_config(path)
    with house.read() as session:
        assert access.station_of_token(session, config.token) == "QC-1"
    assert tomllib.loads(written)["server"] == "http://localhost"


def test_a_program_gets_a_token_in_the_first_answer_only(house: SamplePlant, log_in: LogIn) -> None:
    client, key = log_in(ADMINISTRATOR), {"Idempotency-Key": "new-token-1"}
    first, again = (
        client.post("/api/v1/commands/plant/new_token", json={"station": "QC-1"}, headers=key).json for _ in range(2)
    )
    with house.read() as session:
        assert access.station_of_token(session, first["value"]["token"]) == "QC-1"
    assert again["event"] == first["event"]
    assert again["value"]["token"] == DOTS
    plain = client.post("/api/v1/commands/plant/invite_person", json={"person": "2001"}).json
    assert access.enrol(house.database, plain["value"]["code"], "4711", "long enough", house.now) == "2001"


def test_a_refused_deed_says_why_at_its_field(log_in: LogIn) -> None:
    client = log_in(ADMINISTRATOR)
    page = client.post("/do/plant/add_person", data={"badge": "20 01", "name_zh": "甲", "department": "x"})
    assert page.status_code == 422
    assert "空格" in page.text.partition('id="f-badge"')[2].partition("field-row")[0]
    assert "必填" in page.text.partition('id="f-roles"')[2].partition("field-row")[0]
    mine = client.post("/do/plant/change_person", data={"person": ADMINISTRATOR, "roles": ["admin", "planner"]})
    assert mine.status_code == 409
    assert "不能修改自己的角色" in mine.text
    assert 'value="planner" checked' in mine.text


def test_the_command_line_asks_for_the_same_and_prints_a_secret_once(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    plant = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))

    def run(*words: str) -> str:
        done = CliRunner().invoke(runcard, ["--database", plant.database.url, *words], env={"COLUMNS": "200"})
        assert done.exit_code == 0, done.output
        return str(done.stdout).strip()

    printed = {
        "plant:new_token": run("stations", "token", "QC-1", "--as", ADMINISTRATOR),
        "plant:open_screen": run("stations", "open", "QC-1"),
        "plant:invite_person": run("user", "add", "2001").rpartition(" ")[2],
    }
    assert "All screens of QC-1 have ended" in run("stations", "close", "QC-1")
    with plant.read() as session:
        events = {one.kind: one.arguments for one in session.scalars(select(Event))}
        assert access.station_of_token(session, printed["plant:new_token"]) == "QC-1"
    plant.close()
    assert {*printed, "plant:end_screens"} <= set(events)
    assert not [secret for secret in printed.values() if secret in str(events)]


# --- in the browser, from nothing to work ----------------------------------------------------------------------------


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f"#f-{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def send(page: Page) -> None:
    """Do what the form says, once every search of its fields has settled."""
    page.locator("#deed h2").click()
    page.locator("#deed button.primary").click()
    page.wait_for_load_state()


def follow(page: Page, path: str) -> None:
    page.locator(f"main a[href^='{path}']").first.click()
    page.wait_for_load_state()


@pytest.mark.browser
def test_an_administrator_sets_up_a_station_with_printer_and_screen_and_a_colleague(
    house: SamplePlant, new_screen: Callable[[], Screen]
) -> None:
    office, colleague, floor = new_screen(), new_screen(), new_screen()
    page = office.log_in(ADMINISTRATOR)
    office.open("/admin")
    follow(page, "/admin/stations")
    follow(page, "/do/plant/station")
    fill(page, code="QC-9", name_zh="新检验台", name_en="New inspection", role="inspection")
    send(page)
    expect(page.locator(".flash.good")).to_contain_text("工位 QC-9 已新增")
    follow(page, "/admin/stations/QC-9")
    follow(page, "/do/plant/printer")
    fill(page, code="PR-9", language="zpl", dpi="203", width_mm="100", stock="white")
    send(page)
    expect(page.locator("main")).to_contain_text("PR-9")
    follow(page, "/do/plant/open_screen")
    send(page)
    address = page.locator("#s-2").input_value()
    follow(page, "/admin/stations/QC-9")

    screen = floor.page
    screen.goto(address)
    expect(screen.locator("input[name=code]")).not_to_have_value("")
    assert "#" not in screen.url
    screen.locator("main button.primary").click()
    screen.wait_for_url(re.compile("/kiosk/QC-9$"))

    office.open("/admin")
    follow(page, "/admin/people")
    follow(page, "/do/plant/add_person")
    fill(page, badge="7001", name_zh="子丑", name_en="Zi Chou", department="技质部")
    page.get_by_text("检验员", exact=True).click()
    send(page)
    follow(page, "/admin/people/7001")
    expect(page.locator(".facts")).to_contain_text("尚未登记")
    follow(page, "/do/plant/invite_person")
    send(page)
    page.locator("[data-copies=s-1]").click()
    expect(page.locator("[data-copies=s-1]")).to_contain_text("已复制")
    enrol = page.locator("#s-2").input_value()

    mine = colleague.page
    mine.goto(enrol)
    mine.fill("#pin", "135790")
    mine.fill("#password", "long enough")
    mine.locator("main button.primary").click()
    mine.fill("#badge", "7001")
    mine.fill("#password", "long enough")
    mine.locator("main button.primary").click()
    expect(mine.locator("#mine")).to_contain_text("新检验台")
    with house.read() as session:
        assert session.scalars(select(Station.role).where(Station.code == "QC-9")).one() == "inspection"
