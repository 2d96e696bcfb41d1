"""Keyboard-wedge scanners: told from typing, whole or not at all, and sent once under one id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select

import web
from mes import codes
from mes.journal import Scan
from tests.plant import SamplePlant
from tests.web.browser import Screen

pytestmark = pytest.mark.browser
BADGE = "1H4001"
WEDGE = Path(web.__file__).parent / "static" / "wedge.js"
WRONG = f"W{codes.with_check('261201-ASA-01')[:-1]}*"
FED = """async (strokes) => {
  const { reader } = await import('/static/wedge.js');
  const wedge = reader(strokes.options);
  let at = 1000;
  return strokes.keys.map((key) => {
    at += key.after === undefined ? 5 : key.after;
    if (key.pause) return wedge.pause();
    return wedge.feed(Object.assign({ code: '' }, key, { at }));
  }).filter((answer) => answer.kind === 'scan' || answer.kind === 'refused');
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page that may load the script; no server is needed to read keys."""
    context = chromium.new_context()
    found = context.new_page()

    def answer(route: Route) -> None:
        script = route.request.url.endswith("wedge.js")
        body = WEDGE.read_text(encoding="utf-8") if script else "<!doctype html>"
        route.fulfill(body=body, content_type="text/javascript" if script else "text/html")

    found.route("**/*", answer)
    found.goto("http://keys.test/")
    yield found
    context.close()


def fed(page: Page, *keys: Any, **options: Any) -> list[dict[str, str]]:
    """What the pure reader makes of key strokes: text, or keys with what is special about them."""
    strokes = [{"key": one} if isinstance(one, str) else one for key in keys for one in (key if _typed(key) else [key])]
    return page.evaluate(FED, {"keys": strokes, "options": options})  # type: ignore[no-any-return]


def _typed(key: Any) -> bool:
    return isinstance(key, str) and key not in ("Enter", "Tab", "F8")


def scanned(code: str) -> list[dict[str, str]]:
    return [{"kind": "scan", "code": code}]


@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_quick_keys_with_an_end_are_a_scan(page: Page, end: str) -> None:
    assert fed(page, "1H4001", end) == scanned("1H4001")
    assert fed(page, "Q5", end) == scanned("Q5")


def test_two_scans_one_after_the_other_stay_two(page: Page) -> None:
    assert fed(page, "1H4001", "Enter", "Q120", "Enter") == scanned("1H4001") + scanned("Q120")


def test_typing_by_hand_is_no_scan_however_it_ends(page: Page) -> None:
    by_hand = [{"key": sign, "after": 90} for sign in "1H4001"]
    assert fed(page, *by_hand, {"key": "Enter", "after": 90}) == []
    held_down = [{"key": "7", "after": 30, "repeat": True} for _ in range(9)]
    assert fed(page, "7", *held_down, {"key": "Enter", "after": 30}) == []


def test_a_scan_without_its_end_is_refused_as_a_whole(page: Page) -> None:
    assert fed(page, "1H4001", {"key": "", "pause": True}) == [{"kind": "refused", "why": "unfinished"}]
    assert fed(page, "1H4001", {"key": "Q", "after": 500}, "5", "Enter") == scanned("Q5")


def test_keys_that_reach_a_busy_page_late_are_never_half_a_scan(page: Page) -> None:
    late = {"key": "", "pause": True, "after": 0}
    assert fed(page, "1H", late, "4001", "Enter") == scanned("1H4001")
    refused = {"kind": "refused", "why": "unfinished"}
    assert fed(page, "1H40", late, "01", "Enter", {"key": "Q", "after": 90}, "5", "Enter") == [refused, *scanned("Q5")]


@pytest.mark.parametrize(
    "separator",
    [
        {"key": "]", "code": "BracketRight", "ctrl": True},
        {"key": "\u001d", "code": "BracketRight", "ctrl": True},
        {"key": "F8", "code": "F8"},
        {"key": "|", "code": "Backslash", "shift": True},
    ],
)
def test_the_group_separator_comes_back_however_the_scanner_sends_it(page: Page, separator: dict[str, Any]) -> None:
    control = {"key": "Control", "code": "ControlLeft"}
    found = fed(page, "0104012345678901", "10AB", control, separator, "2112", "Enter", substitute="|")
    assert found == scanned("010401234567890110AB\x1d2112")


def test_an_envelope_of_format_06_keeps_its_record_separators(page: Page) -> None:
    record = {"key": "6", "code": "Digit6", "ctrl": True, "shift": True}
    group = {"key": "]", "code": "BracketRight", "ctrl": True}
    end = {"key": "d", "code": "KeyD", "ctrl": True}
    found = fed(page, "[)>", record, "06", group, "1TL5", group, "Q20", record, end, "Enter")
    assert found == scanned("[)>\x1e06\x1d1TL5\x1dQ20\x1e\x04")


def test_caps_lock_changes_no_code(page: Page) -> None:
    def locked(text: str) -> list[dict[str, Any]]:
        return [{"key": sign, "capsLock": True} for sign in text]

    assert fed(page, *locked("zr.red"), "Enter") == scanned("ZR.RED")
    assert fed(page, *locked("HTTPS://ID.x/01/a"), "Enter") == scanned("https://id.X/01/A")


def test_physical_keys_stand_in_where_a_tablet_names_none(page: Page) -> None:
    keys = [{"key": "Unidentified", "code": f"Digit{sign}"} for sign in "4001"]
    letter = {"key": "Unidentified", "code": "KeyH", "shift": True}
    assert fed(page, "1", letter, *keys, "Enter") == scanned("1H4001")


def test_signs_of_another_keyboard_layout_reach_the_server_which_names_it(page: Page) -> None:
    assert fed(page, "&H'àà&", "Enter") == scanned("&H'àà&")
    assert fed(page, "LSTßB01", "Enter") == scanned("LSTßB01")


@pytest.mark.parametrize("gap", [40, 50, 70])
def test_a_slow_scanner_is_told_from_typing_by_its_even_keys_and_named(page: Page, gap: int) -> None:
    evenly = [{"key": sign, "after": gap + place % 3} for place, sign in enumerate("1H4001")]
    end = {"key": "Enter", "after": gap}
    assert fed(page, *evenly, end) == [{"kind": "refused", "why": "slow"}]
    in_a_field = [{**key, "field": True} for key in (*evenly, end)]
    assert fed(page, *in_a_field) == []  # there it stands, and Enter sends it
    by_hand = [{"key": sign, "after": 40 + place % 4 * 25} for place, sign in enumerate("1H4001")]
    assert fed(page, *by_hand, end) == []
    assert fed(page, *evenly, end, gap=75) == scanned("1H4001")


def test_a_chinese_input_method_is_named_and_nothing_half_entered_is_taken(page: Page) -> None:
    keys = [{"key": "Process", "code": f"Digit{sign}", "composing": True} for sign in "14001"]
    assert fed(page, *keys, "Enter") == [{"kind": "refused", "why": "input_method"}]
    assert fed(page, "1H4001", "：", "Enter")[0] == {"kind": "refused", "why": "input_method"}


def test_the_tail_of_a_scan_that_began_before_the_page_listened_is_refused(page: Page) -> None:
    tail = fed(page, "4001", "Enter", "Q5", "Enter", since=1001)
    assert tail == [{"kind": "refused", "why": "not_ready"}, *scanned("Q5")]


def test_an_endless_scan_is_cut_off_and_refused_once(page: Page) -> None:
    assert fed(page, "7" * 5000, "Enter") == [{"kind": "refused", "why": "too_long"}]


# --- on the terminal -------------------------------------------------------------------------------------------------


def scans_in(house: SamplePlant) -> int:
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(Scan)) or 0


def test_a_scan_needs_no_field_and_good_and_bad_are_told_by_mark_and_words(screen: Screen) -> None:
    page = screen.open_station("RAW-1")
    screen.scan(BADGE)
    expect(page.locator("#answer")).to_have_class("answer accepted")
    expect(page.locator("#mark")).to_have_text("✓")
    expect(page.locator("#person")).to_contain_text("4001")
    screen.scan(WRONG)
    expect(page.locator("#answer")).to_have_class("answer refused")
    expect(page.locator("#mark")).to_have_text("✗")
    expect(page.locator("#headline small")).to_have_attribute("lang", "en")


def test_a_scan_into_a_field_leaves_the_field_as_it_was(screen: Screen) -> None:
    page = screen.open_station("RAW-1")
    page.fill("#typed", "1H")
    screen.scan(BADGE)
    expect(page.locator("#person")).to_contain_text("4001")
    expect(page.locator("#typed")).to_have_value("1H")


def test_a_code_typed_by_hand_needs_the_field_and_enter(screen: Screen) -> None:
    page = screen.open_station("RAW-1")
    page.locator("#typed").press_sequentially(BADGE, delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_contain_text("4001")


def test_the_terminal_says_switch_the_input_method_off_and_sends_nothing(house: SamplePlant, screen: Screen) -> None:
    page = screen.open_station("RAW-1")
    page.focus("#typed")
    screen.scan(BADGE, input_method=True)
    expect(page.locator("#headline")).to_contain_text("请关闭中文输入法")
    expect(page.locator("#headline")).to_contain_text("switch the input method off")
    expect(page.locator("#typed")).to_have_value("")
    assert scans_in(house) == 0


def test_what_a_page_refuses_before_the_server_first_answered_stays_to_be_read(screen: Screen) -> None:
    late: list[Route] = []
    screen.page.route("**/api/v1/stations/RAW-1/state", lambda route: late.append(route))
    page = screen.open_station("RAW-1")
    page.focus("#typed")
    screen.scan(BADGE, input_method=True)
    expect(page.locator("#headline")).to_contain_text("请关闭中文输入法")
    assert late
    page.unroute("**/api/v1/stations/RAW-1/state")  # lets what waits go on
    expect(page.locator("#line")).to_have_text("已连接")
    expect(page.locator("#headline")).to_contain_text("请关闭中文输入法")


def test_a_scan_that_does_not_get_through_is_shown_and_repeated_under_the_same_id(
    house: SamplePlant, screen: Screen
) -> None:
    page = screen.open_station("RAW-1")
    sent: list[str] = []

    def lose_the_first_answers(route: Route) -> None:
        sent.append(route.request.post_data_json["id"])
        if len(sent) == 1:
            route.abort()
        elif len(sent) == 2:
            route.fetch()  # it arrived, its answer did not
            route.abort()
        else:
            route.continue_()

    page.route("**/scans", lose_the_first_answers)
    screen.scan(BADGE)
    expect(page.locator("#kept")).to_contain_text("未确认")
    expect(page.locator("#kept")).to_contain_text("不要关闭此页")
    expect(page.locator("#answer")).to_have_class("answer accepted")
    expect(page.locator("#kept")).to_be_hidden()
    assert len(sent) == 3
    assert set(sent) == {sent[0]}
    assert scans_in(house) == 1
