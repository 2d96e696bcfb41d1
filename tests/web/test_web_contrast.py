"""Every word on every kind of page stands out from what is behind it: 4.5 to 1 at least (WCAG AA)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.plant import SamplePlant
from tests.web.browser import Screen

pytestmark = pytest.mark.browser
OFFICE = ["/", "/stock", "/print", "/labels", "/trace?code=S04-261012-A&direction=up", "/nothing"]
TOO_FAINT = """() => {
  const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const behind = (one) => {
    for (let box = one; box; box = box.parentElement) {
      const [red, green, blue, alpha] = parts(getComputedStyle(box).backgroundColor);
      if (alpha === undefined || alpha === 1) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const contrast = (one) => {
    const both = [light(parts(getComputedStyle(one).color)), light(behind(one))];
    return Math.max(...both) / Math.min(...both);
  };
  const ownWords = (one) => Array.from(one.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
  return Array.from(document.querySelectorAll("body *"))
    .filter((one) => ownWords(one) && one.getClientRects().length && !one.closest("svg") && contrast(one) < 4.5)
    .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)} ${contrast(one).toFixed(2)}`);
}"""


def faint(page: Page) -> list[str]:
    """Words that are hard to read."""
    found: list[str] = page.evaluate(TOO_FAINT)
    return found


def test_words_of_the_office_stand_out(house: SamplePlant, screen: Screen) -> None:
    assert faint(screen.open("/login")) == []
    house.accept("quality:hold", person="3002", station="QC-1", lot="R260807-02", reason="锈斑")
    screen.log_in("5002")
    for path in OFFICE:
        assert faint(screen.open(path)) == [], path


def test_words_of_a_refused_scan_and_of_the_kiosk_stand_out(first_article: str, screen: Screen) -> None:
    page = screen.open_station("RAW-1")
    screen.scan("NOTHING1")
    expect(page.locator("#answer")).to_have_class("answer refused")
    assert faint(page) == []
    screen.open_station("QC-1")
    assert faint(screen.follow("#lists a.waiting")) == []


def test_the_marks_of_all_statuses_stand_out(screen: Screen) -> None:
    page = screen.open("/login")
    page.evaluate("""() => ["in_process", "pending", "accepted", "awaiting_decision", "nonconforming", "scrap"]
      .forEach((status) => { const mark = document.createElement("span"); mark.className = `status ${status}`;
        mark.textContent = status; document.body.append(mark); })""")
    assert faint(page) == []
