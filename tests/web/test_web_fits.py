"""Pages fit their screens: office PC, ten-inch tablet, hand-held; what a hand touches on the floor is 64 px high."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.mes.lineside import first_of
from tests.plant import SamplePlant
from tests.web.browser import Screen

pytestmark = pytest.mark.browser
SIZES = {
    "office": ViewportSize(width=1280, height=780),
    "tablet": ViewportSize(width=1024, height=768),
    "hand-held": ViewportSize(width=480, height=800),
}
# What is drawn to the right of the window, or cut off by a box that scrolls sideways; only wide office tables may.
BEYOND = """() => Array.from(document.querySelectorAll("header *, main *"))
  .filter((one) => !one.closest("svg, .grid .scroll"))
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((one) => `${one.tagName} ${one.id || one.className} ${(one.textContent || "").slice(0, 20)}`)"""
TOUCHED = "button, a.button, a.waiting, input:not([type=hidden]), select, summary"
TOO_SMALL = """(touched) => Array.from(document.querySelectorAll(touched))
  .map((one) => [one, (one.type === "radio" ? one.closest("label") : one).getBoundingClientRect()])
  .filter(([one, box]) => box.width && box.height < 63.5)
  .map(([one, box]) => `${one.tagName} ${one.name} ${box.height}`)"""
OFFICE = ["/", "/plan", "/production", "/stock", "/shipping", "/quality", "/service", "/print", "/labels", "/admin"]


def sizes(page: Page, *names: str) -> dict[str, list[str]]:
    """What does not fit, by size of the screen."""
    found = {}
    for name in names or SIZES:
        page.set_viewport_size(SIZES[name])
        found[name] = page.evaluate(BEYOND)
    return {name: what for name, what in found.items() if what}


@pytest.fixture
def at_work(house: SamplePlant, screen: Screen) -> Page:
    """The terminal of a line with a run card in hand, everything loaded, and names that are long."""
    step = first_of(house, "SA-BW-32", "100")
    step.load_all()
    page = screen.open_station("WLD-1")
    screen.scan("1H2002")
    expect(page.locator("#person")).to_contain_text("2002")
    screen.scan("ZE.EQ-RW-01")
    expect(page.locator("#machine")).to_be_visible()
    screen.scan(f"3W{step.operation}")
    expect(page.locator("#work")).to_be_visible()
    page.locator("form[action^='/language/'] button").click()
    expect(page.locator("#card")).to_contain_text("Resistance welding")
    expect(page.locator("#loaded")).to_be_visible()
    return page


def test_a_terminal_fits_every_screen_of_the_floor(at_work: Page) -> None:
    assert sizes(at_work) == {}
    assert at_work.evaluate(TOO_SMALL, TOUCHED) == []


def test_the_kiosk_shows_every_field_and_its_mark_on_every_screen(first_article: str, screen: Screen) -> None:
    page = screen.open_station("QC-1")
    assert sizes(page) == {}
    screen.follow("#lists a.waiting")
    assert sizes(page) == {}
    for one in page.locator(".measure details").all():
        one.locator("summary").click()
    assert sizes(page) == {}
    assert page.evaluate(TOO_SMALL, TOUCHED) == []


def test_on_a_small_screen_there_is_a_way_back_to_everything_that_waits(first_article: str, screen: Screen) -> None:
    page = screen.open_station("QC-1")
    page.set_viewport_size(SIZES["hand-held"])
    screen.follow("#lists a.waiting")
    page.locator("a.back").click()
    expect(page.locator("#inspection")).to_have_count(0)


def test_office_pages_fit_a_pc_and_a_tablet(screen: Screen) -> None:
    page = screen.log_in("5002")
    for path in OFFICE:
        screen.open(path)
        assert sizes(page, "office", "tablet") == {}, path
