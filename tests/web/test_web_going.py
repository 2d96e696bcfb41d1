"""Where a form leads to: back to a page of ours, never to another host, never to a page that cannot be opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mes.people import access
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD

ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil.example", ""]
FORMS_ONLY = [
    ("/kiosk/QC-1/first-article?", "/kiosk/QC-1"),
    ("/kiosk/QC/1/final", "/kiosk/QC/1"),
    ("/terminal/WLD-1/jobs/7", "/terminal/WLD-1"),
    ("/terminal/WLD-1/overrides", "/terminal/WLD-1"),
    ("/print/reprint", "/print"),
    ("/print/jobs/7/settle", "/print"),
    ("/labels/scrap/save", "/labels/scrap"),
    ("/nothing/here", "/"),
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_form_leads_to_another_host(house: SamplePlant, client: FlaskClient, target: str) -> None:
    assert client.post("/language/en", data={"next": target}).headers["Location"] == "/"
    access.set_password(house.database, "5002", PASSWORD)
    come = client.post("/login", query_string={"next": target}, data={"badge": "5002", "password": PASSWORD})
    assert come.headers["Location"] == "/"


@pytest.mark.parametrize(("form", "page"), FORMS_ONLY)
def test_switching_the_language_on_an_answered_form_shows_the_page_of_the_form(
    client: FlaskClient, form: str, page: str
) -> None:
    assert client.post("/language/en", data={"next": form}).headers["Location"] == page


def test_switching_the_language_stays_on_the_page_with_its_filter(log_in: Callable[[str], FlaskClient]) -> None:
    reader = log_in("5002")
    gone = reader.post("/language/en", data={"next": "/stock?item=PT-BM-32&lot="})
    assert gone.headers["Location"] == "/stock?item=PT-BM-32&lot="
