"""One search box leads to things by code, scan or name; an answer that finds nothing helps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from mes import codes
from tests.plant import SamplePlant
from tests.web.browser import Screen

LogIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("261028-PKG-01", "/trace?code=261028-PKG-01"),
        ("1T261028-PKG-01", "/trace?code=261028-PKG-01"),
        ("FG-1P-C16", "/tables/stock?item=%3DFG-1P-C16"),
        ("SO-2611-001", "/tables/orders?order=%3DSO-2611-001"),
        ("1001", "/admin/people/1001"),
        ("RAW-1", "/admin/stations/RAW-1"),
        ("C03", "/tables/shipped?customer=%3DC03"),
    ],
)
def test_the_very_code_leads_straight_to_its_page(log_in: LogIn, text: str, page: str) -> None:
    client = log_in("5002")
    assert client.get("/find", query_string={"q": text}).location == page
    assert client.get(page).status_code == 200


def test_a_part_of_a_name_lists_what_it_may_mean_by_kind(log_in: LogIn) -> None:
    page = log_in("5002").get("/find?q=断路器").text
    assert "物料" in page
    assert "/tables/stock?item=%3DFG-1P-C16" in page
    assert "还有更多" not in page


def test_what_is_found_is_what_the_reader_may_look_at(log_in: LogIn) -> None:
    assert "SO-2611-001" not in log_in("4001").get("/find?q=SO-2611").text  # a storekeeper is shown no orders
    assert "SO-2611-001" in log_in("4003").get("/find?q=SO-2611").text  # a shipper is


def test_when_nothing_is_found_it_says_what_can_be_looked_for_and_what_may_be_wrong(log_in: LogIn) -> None:
    client = log_in("5002")
    client.post("/language/en", data={"next": "/"})
    page = client.get("/find?q=no-such-thing").text
    assert "Nothing found for" in page
    assert "run card" in page
    good = codes.with_check("261201-ASA-01")
    assert "check character" not in client.get(f"/find?q={good}").text
    assert "check character" in client.get(f"/find?q={good[:-1]}{'1' if good[-1] != '1' else '2'}").text


@pytest.mark.parametrize("text", ["%", "<script>alert(1)</script>", "x" * 5000, "']0h"])
def test_whatever_is_typed_is_answered(log_in: LogIn, text: str) -> None:
    answer = log_in("5002").get("/find", query_string={"q": text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.browser
def test_from_any_page_the_box_in_the_header_finds(house: SamplePlant, screen: Screen) -> None:
    screen.log_in("5002")
    page = screen.open("/shipping")
    page.get_by_role("searchbox", name="查编号或名称").fill("FG-1P-C16")
    page.keyboard.press("Enter")
    expect(page.locator("#stock .active")).to_contain_text("FG-1P-C16")
