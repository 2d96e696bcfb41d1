"""Each person's path through the pages in a real browser: what they do, what they see, in which language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from mes import codes
from mes.people import access
from tests.mes.lineside import card
from tests.plant import SamplePlant
from tests.web.browser import PIN, Screen

pytestmark = pytest.mark.browser
LETTER_HEIGHTS = """() => Array.from(document.querySelectorAll('body *'))
  .filter((one) => one.offsetParent && one.textContent.trim() && !one.children.length)
  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
BUTTON_HEIGHTS = "() => Array.from(document.querySelectorAll('button')).map((one) => one.offsetHeight)"
INSPECTOR, QUALITY, ADMINISTRATOR = "3002", "3001", "5002"


# --- line worker -----------------------------------------------------------------------------------------------------


def test_a_line_worker_sees_every_reason_why_not_and_who_can_clear_it(house: SamplePlant, screen: Screen) -> None:
    page = screen.open_station("CAL-1")
    screen.scan("1H2001")
    expect(page.locator("#answer")).to_have_class("answer accepted")
    screen.scan(codes.encode(codes.OperationCode(card(house, "FG-1P-C16", "120"), 30)))
    expect(page.locator("#answer")).to_have_class("answer refused")
    expect(page.locator("#headline")).to_contain_text("个原因")
    expect(page.locator("#reasons li").nth(1)).to_be_visible()
    expect(page.locator("#next")).not_to_be_empty()


def test_a_terminal_can_be_read_from_two_metres_and_touched_with_gloves(screen: Screen) -> None:
    page = screen.open_station("ASA-1")
    assert min(page.evaluate(LETTER_HEIGHTS)) >= 18
    assert min(page.evaluate(BUTTON_HEIGHTS)) >= 64


# --- storekeeper -----------------------------------------------------------------------------------------------------


def test_a_storekeeper_is_told_which_older_lot_to_take_and_where(screen: Screen) -> None:
    page = screen.open_station("RAW-1")
    for code in ("1H4001", "LLN-WLD"):
        screen.scan(code)
        expect(page.locator("#answer")).to_have_class("answer accepted")
    screen.scan("1TR261110-02")
    expect(page.locator("#answer")).to_have_class("answer refused")
    expect(page.locator("#headline")).to_contain_text("ST-B09 的批次 R260807-02")
    screen.scan("1TR260807-02")
    expect(page.locator("#answer")).to_have_class("answer accepted")
    expect(page.locator("#recent li")).not_to_have_count(0)


# --- inspector -------------------------------------------------------------------------------------------------------


def fill_in(page: Page, **values: str) -> None:
    """Type the same measured value on every piece, by characteristic."""
    for number, value in values.items():
        for field in page.locator(f"input[name^=value-{number.strip('n')}-]").all():
            field.fill(value)


def looks_good(page: Page, number: int) -> None:
    """Choose OK on every piece."""
    for label in page.locator("label", has=page.locator(f"input[name^=conforms-{number}-][value=yes]")).all():
        label.click()


def verdict(page: Page, value: str) -> Locator:
    """The choice of a verdict, as it is touched."""
    return page.locator(".verdict label", has=page.locator(f"input[value={value}]"))


@pytest.mark.parametrize(
    ("language", "out", "sign", "said"),
    [
        ("zh", "第 2 项超差", "签字：合格", "首检放行"),
        ("en", "item 2 out of limits", "Sign: accepted", "First article released"),
    ],
)
def test_an_inspector_cannot_sign_what_is_out_of_limits_and_can_what_is_within(
    first_article: str, screen: Screen, language: str, out: str, sign: str, said: str
) -> None:
    page = screen.open_station("QC-1")
    if language == "en":
        page.click("form[action='/language/en'] button")
    page.click("#lists a.waiting")
    fill_in(page, n2="80.00", n4="12.20")
    looks_good(page, 6)
    expect(page.locator(".verdict input[value=pass]")).to_be_disabled()
    expect(verdict(page, "pass")).to_contain_text(out)
    expect(page.locator("tr[data-number='2'] td.mark")).to_have_text("✗")
    fill_in(page, n2="78.00")
    expect(page.locator("tr[data-number='2'] td.mark")).to_have_text("✓")
    for row in page.locator(".measure tbody tr").all():
        if row.locator("input[type=radio][data-list]:checked").count() == 0:
            row.locator(".gauge:not(.off)").first.click() if row.locator(".gauge").count() else None
    screen.scan(f"1H{INSPECTOR}")
    expect(page.locator("input[name=badge]")).to_have_value(INSPECTOR)
    page.fill("input[name=pin]", PIN)
    page.press("input[name=pin]", "Enter")
    expect(page.locator("#sign")).to_be_disabled()  # no verdict was chosen, and a key signs nothing
    verdict(page, "pass").click()
    expect(page.locator("#sign")).to_contain_text(sign)
    page.press("input[name=pin]", "Enter")
    expect(page.locator("input[name=pin]")).to_have_value(PIN)
    page.click("#sign")
    expect(page.locator(".flash.good")).to_contain_text(said)


def test_a_piece_that_is_not_measured_keeps_the_verdict_waiting(first_article: str, screen: Screen) -> None:
    page = screen.open_station("QC-1")
    page.click("#lists a.waiting")
    fill_in(page, n2="78.00", n4="12.20")
    looks_good(page, 6)
    page.fill("input[name=value-4-5]", "")
    expect(verdict(page, "pass")).to_contain_text("第 4 项未测完")
    expect(page.locator(".verdict input[value=pass]")).to_be_disabled()
    page.fill("input[name=value-4-5]", "12.20")
    expect(page.locator(".verdict input[value=pass]")).to_be_enabled()


def test_a_wrong_pin_keeps_everything_that_was_typed_except_the_pin(first_article: str, screen: Screen) -> None:
    page = screen.open_station("QC-1")
    page.click("#lists a.waiting")
    fill_in(page, n2="78.00", n4="12.20")
    looks_good(page, 6)
    page.fill("input[name=badge]", INSPECTOR)
    page.fill("input[name=pin]", "000000")
    verdict(page, "pass").click()
    page.click("#sign")
    expect(page.locator(".refusals")).to_be_visible()
    expect(page.locator("input[name=value-2-1]")).to_have_value("78.00")
    expect(page.locator("input[name=pin]")).to_have_value("")


def test_a_scanned_run_card_opens_its_inspection(first_article: str, screen: Screen) -> None:
    page = screen.open_station("QC-1")
    name, _, seq = first_article.partition("+")
    screen.scan(codes.encode(codes.OperationCode(name, int(seq))))
    expect(page.locator("#inspection")).to_contain_text(name)


# --- quality ---------------------------------------------------------------------------------------------------------


def test_quality_sees_the_balance_first_and_holds_everything_a_lot_reached(screen: Screen) -> None:
    screen.log_in(QUALITY)
    page = screen.open("/trace?code=S04-261012-A&direction=up")
    expect(page.locator("#balance")).to_contain_text("0 ✓")
    expect(page.locator("svg.flow g.lot").first).to_be_visible()
    page.fill("input[name=reason]", "弯曲试验不合格")
    page.get_by_role("button", name="全部隔离").click()
    access.set_pin(screen.plant.database, QUALITY, PIN)
    page.fill("input[name=pin]", PIN)
    page.get_by_role("button", name="签字确认").click()
    expect(page.locator(".flash.good")).to_contain_text("已隔离")
    expect(page.locator(".status.awaiting_decision").first).to_contain_text("已隔离")


# --- everybody -------------------------------------------------------------------------------------------------------


def test_the_language_changes_in_one_tap_and_the_page_stays(new_screen: Callable[[], Screen]) -> None:
    floor, office = new_screen(), new_screen()
    page = floor.open_station("RAW-1")
    expect(page.locator("#person")).to_have_text("未登录，请扫工牌")
    page.get_by_text("中 / EN").click()
    expect(page).to_have_url(f"{floor.address}/terminal/RAW-1")
    expect(page.locator("#person")).to_have_text("nobody signed on: scan a badge")
    page = office.log_in(ADMINISTRATOR)
    page = office.open("/stock?item=PT-BM-32")
    page.get_by_text("中 / EN").click()
    expect(page.locator("h2").first).to_contain_text("Stock")
    expect(page).to_have_url(f"{office.address}/stock?item=PT-BM-32")
