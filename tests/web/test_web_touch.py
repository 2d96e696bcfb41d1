"""The floor by touch alone and by scan alone, in a real browser on small screens: line worker, storekeeper, shipper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from mes import codes
from mes.journal import Event
from mes.people import access
from mes.production.model import Report
from tests.engines import Fresh, SqliteDatabases
from tests.mes.lineside import Line, box, first_of
from tests.mes.test_pallets import ORDER, Packed, stored
from tests.mes.warehouse import shipped_to
from tests.plant import SamplePlant
from tests.web.browser import PIN, Screen, served
from tests.web.test_web_contrast import faint
from tests.web.test_web_fits import BEYOND, TOO_SMALL, TOUCHED

pytestmark = pytest.mark.browser
SMALL = [ViewportSize(width=800, height=480), ViewportSize(width=320, height=568)]
IN_SIGHT = """() => ["headline", "next"].filter((id) => {
  const seen = document.getElementById(id).getBoundingClientRect();
  return window.scrollY !== 0 || seen.top < 0 || seen.bottom > window.innerHeight + 1;
})"""


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SamplePlant]:
    """One plant for all stories of this file: each happens at stations of its own."""
    found = SamplePlant.copied(Fresh(sqlite_databases, Path(tmp_path_factory.mktemp("touch"))))
    yield found
    found.close()


@pytest.fixture(scope="module")
def address(house: SamplePlant) -> Iterator[str]:
    """Where its pages are."""
    with served(house) as where:
        yield where


class Hand:
    """Somebody before a station's screen who only touches it, or only scans."""

    def __init__(self, screen: Screen, station: str, *, touches: bool) -> None:
        self.screen, self.touches = screen, touches
        screen.page.set_viewport_size(SMALL[0])
        self.page: Page = screen.open_station(station)
        if not touches:
            self.page.click("form[action^='/language/'] button")

    def choose(self, pane: str, what: str, code: str, **how: str) -> None:
        """One row of a list."""
        if not self.touches:
            return self._answered(lambda: self.screen.scan(code), **how)
        self._open(pane)
        if self.page.locator("#seek").count():
            self.page.fill("#seek", what)
        return self._answered(self.page.locator("#touch .choice", has_text=what).first.click, **how)

    def word(self, zh: str, word: str, **how: str) -> None:
        """A word of the command sheet."""
        if not self.touches:
            return self._answered(lambda: self.screen.scan(codes.encode(codes.CommandCode(word))), **how)
        found = self.page.locator("#touch .own, #touch .near", has_text=zh)
        if not found.count():
            self._open("more")
            found = self.page.locator("#touch .choice", has_text=zh)
        return self._answered(found.first.click, **how)

    def number(self, number: str, **how: str) -> None:
        """A quantity."""
        if not self.touches:
            return self._answered(lambda: self.screen.scan(f"Q{number}"), **how)
        self._open("pad")
        for key in number:
            self.page.locator("#touch .key", has_text=key).click()
        return self._answered(self.page.locator("#pad-ok").click, **how)

    def sign_off(self, badge: str) -> None:
        """The badge again, or its button."""
        if not self.touches:
            return self._answered(lambda: self.screen.scan(f"1H{badge}"))
        return self.word("退出登录", "")

    def _open(self, pane: str) -> None:
        tab = self.page.locator(f"#touch [data-pane={pane}]")
        if tab.get_attribute("aria-expanded") != "true":
            tab.click()

    def _answered(self, act: Callable[[], None], result: str = "accepted") -> None:
        before = self.page.locator("#terminal").get_attribute("data-version")
        self.screen.plant.later(5)
        act()
        expect(self.page.locator("#answer")).to_have_class(f"answer {result}")
        expect(self.page.locator("#terminal")).not_to_have_attribute("data-version", before or "")
        self.page.evaluate("window.scrollTo(0, 0)")


def insist_on_small_screens(page: Page) -> None:
    """Nothing is cut off, everything can be touched and read, and the answer and the next step are in sight."""
    for size in SMALL:
        page.set_viewport_size(size)
        page.evaluate("window.scrollTo(0, 0)")
        assert page.evaluate(IN_SIGHT) == [], size
        assert page.evaluate(BEYOND) == [], size
        assert page.evaluate(TOO_SMALL, TOUCHED) == [], size
        assert faint(page) == [], size
    page.set_viewport_size(SMALL[0])


by_touch_and_by_scan = pytest.mark.parametrize("touches", [True, False], ids=["touch", "scan"])


@by_touch_and_by_scan
def test_a_line_worker_does_a_whole_operation(house: SamplePlant, screen: Screen, touches: bool) -> None:
    line = first_of(house, "PT-BAS", "100")
    lots = {item: box(house, item, "1000", line.place) for item in line.components()}
    hand = Hand(screen, line.station, touches=touches)
    insist_on_small_screens(hand.page)
    hand.choose("people", "2009", "1H2009")
    for item, lot in lots.items():
        hand.choose("boxes", lot, f"1T{lot}")
        expect(hand.page.locator("#loaded")).to_contain_text(item)
    hand.choose("cards", line.operation, f"3W{line.operation}")
    expect(hand.page.locator("#setup")).to_contain_text("生产中" if touches else "running")
    hand.number("97")
    insist_on_small_screens(hand.page)
    hand.word("不良", "BAD")
    hand.choose("reasons", "CRACK", codes.encode(codes.ReasonCode("CRACK")))
    expect(hand.page.locator("#task")).to_contain_text("不良" if touches else "Bad")
    hand.number("3")
    expect(hand.page.locator("#task")).to_be_hidden()
    hand.word("完工", "FINISH")
    hand.sign_off("2009")
    with house.read() as session:
        made = session.execute(select(Report.good, Report.bad, Report.reason).order_by(Report.id)).all()
    assert made[-2:] == [(97, 0, None), (0, 3, "CRACK")]


@by_touch_and_by_scan
def test_a_storekeeper_issues_puts_away_splits_misses_and_rescues(
    house: SamplePlant, screen: Screen, touches: bool
) -> None:
    keeper = "4001" if touches else "4002"  # of an item nobody says "not found" twice before somebody has counted
    oldest = box(house, "PT-BRB", "1000", "ST-B01", age_days=150 if touches else 149)
    lots = [box(house, "PT-BRB", "100", "ST-B02", age_days=3) for _ in range(3)]
    hand = Hand(screen, "RAW-1" if touches else "FGS-1", touches=touches)
    hand.choose("people", keeper, f"1H{keeper}")
    hand.choose("places", "LN-WLD", "LLN-WLD")
    hand.choose("boxes", oldest, f"1T{oldest}")
    hand.word("结束", "DONE")
    hand.choose("places", "ST-B03", "LST-B03")
    hand.choose("boxes", lots[0], f"1T{lots[0]}")
    hand.word("拆箱", "SPLIT")
    hand.choose("boxes", lots[1], f"1T{lots[1]}")
    expect(hand.page.locator("#next")).to_contain_text("取出的数量" if touches else "how much to take out")
    hand.number("40")
    hand.word("找不到", "NOTFOUND")
    hand.choose("boxes", lots[2], f"1T{lots[2]}")
    hand.choose("places", "ST-B02", "LST-B02")
    hand.word("隔离", "RESCUE")
    hand.choose("places", "HLD-02", "LHLD-02")
    hand.choose("boxes", lots[0], f"1T{lots[0]}")
    insist_on_small_screens(hand.page)
    hand.word("结束", "DONE")
    hand.sign_off(keeper)
    with house.read() as session:
        done = session.scalars(select(Event.kind).where(Event.kind.like("stock:%"), Event.result == "accepted"))
        assert done.all()[-5:] == ["stock:issue", "stock:put_away", "stock:split", "stock:not_found", "stock:rescue"]


@pytest.fixture(scope="module")
def packed(house: SamplePlant) -> Packed:
    """Four cartons in the store of finished goods."""
    return stored(house)


@by_touch_and_by_scan
def test_a_shipper_picks_unpicks_builds_a_pallet_and_ships(
    house: SamplePlant, packed: Packed, screen: Screen, touches: bool
) -> None:
    order = packed.order(240, f"{ORDER}-{'T' if touches else 'S'}")
    first, second = packed.cartons[:2] if touches else packed.cartons[2:]
    hand = Hand(screen, "DOCK-1", touches=touches)
    hand.choose("people", "4003", "1H4003")
    hand.choose("orders", order, f"K{order}")
    hand.choose("boxes", "FGS-01", f"2J{first}")
    hand.word("退拣", "UNPICK")
    hand.choose("boxes", "DCK-01", f"2J{first}")
    hand.choose("boxes", "DCK-01", f"2J{first}")
    hand.choose("boxes", "FGS-01", f"2J{second}")
    hand.word("装托盘", "PALLET")
    hand.choose("boxes", "DCK-01", f"2J{first}")
    hand.choose("boxes", "DCK-01", f"2J{second}")
    insist_on_small_screens(hand.page)
    hand.word("封托", "DONE")
    hand.word("发货", "SHIP")
    assert shipped_to(house, order) == 240
    hand.sign_off("4003")


def test_the_band_counts_the_minutes_that_a_first_article_waits_and_follows_the_inspector(
    house: SamplePlant, screen: Screen
) -> None:
    line = Line(house, first_of(house, "SA-BW-32", "100").operation, "WLD-1", "LN-WLD")
    line.load_all()
    hand = Hand(screen, "WLD-1", touches=False)
    for code in ("1H2002", "ZE.EQ-RW-01", f"3W{line.operation}"):
        screen.scan(code)
        expect(hand.page.locator("#answer")).to_have_class("answer accepted")
    band = hand.page.locator("#setup")
    expect(band).to_contain_text("set-up 0 pcs of 5 pcs")
    hand.number("5")
    expect(band).to_contain_text("waiting for the inspector · 0 min")
    house.now += timedelta(minutes=6, seconds=30)
    expect(band).to_contain_text("6 min")
    how = {"person": "3002", "signed": True, "operation": line.operation, "remark": "焊歪"}
    house.accept("quality:first_article", verdict="reject", **how)
    expect(band).to_contain_text("rejected, make 5 pcs again")


def test_somebody_entitled_lets_a_refusal_pass_on_the_screen_where_it_is_shown(
    house: SamplePlant, screen: Screen
) -> None:
    access.set_pin(house.database, "1004", PIN)
    older, younger = (box(house, "PT-BM-32", "900", "ST-B10", age_days=days) for days in (170, 60))
    hand = Hand(screen, "RAW-1", touches=True)
    hand.choose("people", "4001", "1H4001")
    screen.scan("LLN-WLD")
    expect(hand.page.locator("#next")).to_contain_text("LN-WLD")
    screen.scan(f"1T{younger}")
    expect(hand.page.locator("#answer")).to_have_class("answer refused")
    hand.page.click("#override")
    hand.page.fill(".letpass input[name=badge]", "1004")
    hand.page.fill(".letpass input[name=pin]", PIN)
    hand.page.fill(".letpass input[name=reason]", "老批次被压住")
    assert hand.page.evaluate(TOO_SMALL, TOUCHED) == []
    assert faint(hand.page) == []
    hand.page.click(".letpass button[type=submit]")
    expect(hand.page.locator("#headline")).to_contain_text(f"已发料 PT-BM-32 批次 {younger}")
    assert older


def test_words_are_typed_in_chinese_and_what_is_unclear_is_asked(house: SamplePlant, screen: Screen) -> None:
    hand = Hand(screen, "RIV-1", touches=True)
    for text, shown in (("2009", "已登录"), ("不良", "报不良"), ("结束", "恢复正常")):
        hand.page.fill("#typed", text)
        hand.page.keyboard.press("Enter")
        expect(hand.page.locator("#headline")).to_contain_text(shown)
    hand.page.fill("#typed", "2002")
    hand.page.keyboard.press("Enter")
    expect(hand.page.locator("#answer")).to_have_class("answer asks")
    hand.page.locator("#asked button", has_text="人员 2002").click()
    expect(hand.page.locator("#person")).to_contain_text("2002")


@by_touch_and_by_scan
def test_an_inspector_opens_what_waits(first_article: str, screen: Screen, touches: bool) -> None:
    page = screen.open_station("QC-1")
    page.set_viewport_size(SMALL[0])
    if touches:
        screen.follow(f"#lists a.waiting:has-text('{first_article.partition('+')[0]}')")
    else:
        screen.scan("1H3002")
        with page.expect_navigation(wait_until="load"):
            screen.scan(f"3W{first_article}")
    expect(page.locator("#inspection")).to_contain_text(first_article.partition("+")[0])
    assert page.evaluate(TOO_SMALL, TOUCHED) == []
