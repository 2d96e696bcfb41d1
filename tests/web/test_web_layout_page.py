"""A plant's own label layouts in the browser: proved when saved, refused with the reason, nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from labels.layout import text_of
from mes.labelling.model import LabelLayout
from mes.labelling.refusals import LayoutNotPrintable
from mes.queries.events import EventFilter, events
from tests.plant import SamplePlant
from tests.web.browser import Screen

pytestmark = pytest.mark.browser
NAME = "location"
ADMINISTRATOR, PLANNER = "5002", "1002"


def saved(house: SamplePlant) -> list[str]:
    with house.read() as session:
        return list(session.scalars(select(LabelLayout.content).order_by(LabelLayout.revision)))


def refusals(house: SamplePlant) -> str:
    """What the journal says was refused."""
    with house.read() as session:
        return "\n".join(one.code for event in events(session, EventFilter(result="refused")) for one in event.reasons)


def test_a_layout_that_cannot_be_read_back_is_refused_when_saved_and_nothing_typed_is_lost(
    house: SamplePlant, screen: Screen
) -> None:
    screen.log_in(ADMINISTRATOR)
    page = screen.open(f"/labels/{NAME}")
    expect(page.locator("#proved")).to_be_visible()
    spoilt = text_of(NAME).replace("width_mm = 48", "width_mm = 22", 1)
    page.fill("#text", spoilt)
    page.get_by_role("button", name="检查并保存").click()
    expect(page.locator("#fault")).to_contain_text("未保存")
    expect(page.locator("#fault")).to_contain_text("22 mm")
    expect(page.locator("#text")).to_have_value(spoilt)
    assert saved(house) == []
    assert LayoutNotPrintable.code in refusals(house)
    page.fill("#text", "this is = no = layout")
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.locator("#fault")).to_contain_text("line 1")
    expect(page.locator("#text")).to_have_value("this is = no = layout")


def test_a_proved_layout_is_kept_as_the_next_revision_and_shown_from_then_on(
    house: SamplePlant, screen: Screen
) -> None:
    screen.log_in(ADMINISTRATOR)
    page = screen.open(f"/labels/{NAME}")
    changed = text_of(NAME).replace('title_zh = "库位"', 'title_zh = "货位"')
    assert changed != text_of(NAME)
    page.fill("#text", changed)
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.locator("#proved")).to_be_visible()
    expect(page.locator(".gallery img").nth(3)).to_be_attached()
    page.get_by_role("button", name="检查并保存").click()
    expect(page.locator(".flash.good")).to_contain_text("第 1 版")
    expect(page.locator("#text")).to_have_value(changed)
    assert saved(house) == [changed]
    screen.open("/labels")
    expect(page.get_by_role("row", name=NAME)).to_contain_text("第 1 版")


def test_a_planner_may_look_and_check_but_not_save(screen: Screen) -> None:
    screen.log_in(PLANNER)
    page = screen.open(f"/labels/{NAME}")
    expect(page.locator("#proved")).to_be_visible()
    expect(page.get_by_role("button", name="检查并保存")).to_have_count(0)
