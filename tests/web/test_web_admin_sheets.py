"""Sheets of codes: what is on them is what the plant has now, and every code is read back."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from labels.layout import text_of
from mes import codes
from mes.commands import Request, perform
from mes.labelling.layouts import history
from mes.labelling.model import PrintJob
from mes.masters.model import Location
from mes.masters.words import STATION_ROLES
from mes.terminal.register import tasks_of
from mes.terminal.sheet import words_of
from tests.plant import SamplePlant
from web.pages.label_sheets import SHEETS

LogIn = Callable[[str], FlaskClient]
ADMINISTRATOR, SUPERVISOR = "5002", "1004"


def read_from(client: FlaskClient, address: str) -> list[codes.Code]:
    """The codes that a decoder reads from the picture of a sheet."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png"), answer.text
    picture = Image.open(io.BytesIO(answer.data)).convert("L")
    return [codes.parse(found.text) for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("kind", [kind for kind in SHEETS if kind != "printers"])
def test_every_kind_has_a_sheet_whose_codes_a_decoder_reads_and_the_paper_to_print(log_in: LogIn, kind: str) -> None:
    client = log_in(ADMINISTRATOR)
    read = read_from(client, f"/labels/sheets/{kind}.png")
    assert len(read) == min(16, len(set(read)))
    assert len({type(code) for code in read}) == 1
    assert client.get(f"/labels/sheets/{kind}").status_code == 200
    client.post("/language/en")
    assert SHEETS[kind].words.en in client.get(f"/labels/sheets/{kind}").text


def test_a_group_and_single_things_may_be_chosen(house: SamplePlant, log_in: LogIn) -> None:
    client = log_in(ADMINISTRATOR)
    with house.read() as session:
        scrap = set(session.scalars(select(Location.code).where(Location.zone == "scrap")))
    read = read_from(client, "/labels/sheets/places.png?group=scrap")
    assert {code.location for code in read if isinstance(code, codes.LocationCode)} == scrap
    chosen = read_from(client, "/labels/sheets/people.png?only=2001&only=3002")
    assert {code.text for code in chosen} == {"1H2001", "1H3002"}
    assert client.get("/labels/sheets/people.pdf?only=2001").data.startswith(b"%PDF")


def test_somebody_who_has_left_has_no_badge_on_the_sheet(house: SamplePlant, log_in: LogIn) -> None:
    asked = Request("plant:disable_person", {"person": "2001"}, person=ADMINISTRATOR)
    assert perform(house.database, asked, house.clock).accepted
    page = log_in(ADMINISTRATOR).get("/labels/sheets/people").text
    assert 'value="2001"' not in page
    assert 'value="2002"' in page


@pytest.mark.parametrize("role", STATION_ROLES)
def test_a_stations_command_sheet_has_exactly_what_its_tasks_hear(log_in: LogIn, role: str) -> None:
    heard = {one.word for task in tasks_of(role) for one in (*task.openings().words, *task().hears())}
    read = read_from(log_in(ADMINISTRATOR), f"/labels/sheets/commands.png?group={role}")
    assert {code.word for code in read if isinstance(code, codes.CommandCode)} == heard
    assert {one.word for one in words_of(role)} == heard


def test_chosen_labels_wait_for_a_stations_printer(house: SamplePlant, log_in: LogIn) -> None:
    client = log_in(SUPERVISOR)
    path = "/labels/sheets/places/print"
    assert client.post(path, data={"group": "scrap", "at": "QC-1"}).status_code == 409
    printer = {"code": "PR-1", "stands_at": "QC-1", "language": "zpl", "dpi": 203, "width_mm": 100, "stock": "white"}
    assert perform(house.database, Request("plant:printer", printer, person=ADMINISTRATOR), house.clock).accepted
    assert client.post(path, data={"group": "scrap", "at": "QC-1"}).status_code == 302
    with house.read() as session:
        jobs = session.scalars(select(PrintJob)).all()
    assert {job.layout for job in jobs} == {"location"}
    assert all(job.state == "queued" for job in jobs)


def test_an_earlier_revision_of_a_layout_comes_back_as_the_next(house: SamplePlant, log_in: LogIn) -> None:
    client, original = log_in(ADMINISTRATOR), text_of("badge")
    for text in (original.replace("工牌", "胸卡"), original.replace("工牌", "厂牌")):
        assert client.post("/labels/badge/save", data={"text": text}).status_code == 302
    page = client.get("/labels/badge").text
    assert 'href="?revision=1"' in page
    assert "厂牌" in page.partition("<textarea")[2].partition("</textarea>")[0]
    earlier = client.get("/labels/badge?revision=1").text
    assert "胸卡" in earlier.partition("<textarea")[2].partition("</textarea>")[0]
    assert "这是第 1 版" in earlier
    assert client.get("/labels/badge?revision=7").status_code == 404
    first = unescape(earlier.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])
    assert client.post("/labels/badge/save", data={"text": first}).status_code == 302
    with house.read() as session:
        found = history(session, "badge")
    assert [one.number for one in found] == [3, 2, 1]
    assert found[0].content.strip() == found[2].content.strip()
    assert "5002" in found[0].saved_by


def test_a_layout_that_cannot_be_kept_says_why_at_its_text(log_in: LogIn) -> None:
    page = log_in(ADMINISTRATOR).post("/labels/badge/save", data={"text": "title_zh = 1"})
    assert page.status_code == 409
    field = page.text.partition('id="text"')[2]
    assert 'aria-describedby="why"' in field
    assert 'id="why"' in field
    assert log_in(SUPERVISOR).post("/labels/badge/save", data={"text": text_of("badge")}).status_code == 409


def test_labels_of_boxes_are_asked_for_beside_the_sheets(log_in: LogIn) -> None:
    page = log_in(SUPERVISOR).get("/labels/sheets").text
    assert "/do/label/print_boxes" in page
