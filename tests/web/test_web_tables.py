"""Office tables: found by a few letters, sorted by a click, filtered by the plant's words, handed out as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from tests.plant import SamplePlant
from tests.web.browser import Screen
from web.sheets import Sheet, write_workbook

TABLES = ["/plan", "/stock", "/shipping", "/quality", "/service", "/admin"]


@pytest.fixture
def reader(log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """Somebody of the office."""
    return log_in("5002")


@pytest.mark.parametrize("page", TABLES)
def test_every_table_of_the_office_comes_as_a_workbook(reader: FlaskClient, page: str) -> None:
    answer = reader.get(f"{page}?format=xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    assert f"{page}?format=xlsx" in reader.get(page).text


def test_a_workbook_holds_numbers_as_numbers_and_only_what_the_filter_leaves(reader: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reader.get("/stock?format=xlsx&item=PT-BM-32").data))
    headings, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert {str(row[0]).split()[0] for row in rows} == {"PT-BM-32"}
    assert {type(row[headings.index("数量")]) for row in rows} == {int}


def test_a_recall_comes_as_a_workbook_with_its_balance(reader: FlaskClient) -> None:
    answer = reader.get("/trace?code=S04-261012-A&direction=up&format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["批次", "用料关系", "发货", "数量平衡"]
    lots = {row[0] for row in book["批次"].iter_rows(min_row=2, values_only=True)}
    assert {"R261027-01", "R261110-02"} <= lots
    assert lots == {row[0] for row in book["数量平衡"].iter_rows(min_row=2, values_only=True)}


def test_no_text_is_taken_for_a_formula() -> None:
    texts = ["=1+1", "@SUM(A1)", "+86 21", "-", "007", "x\x00y"]
    file = io.BytesIO()
    write_workbook([Sheet("a/b", ["text"], [[text] for text in texts])], file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [row[0].data_type for row in sheet.iter_rows(min_row=2)] == ["s"] * len(texts)
    assert sheet["A6"].value == "007"


def test_a_status_is_chosen_by_its_name_and_not_typed(reader: FlaskClient) -> None:
    page = reader.get("/stock?status=nonconforming").text
    assert '<option value="nonconforming" selected>不合格</option>' in page
    assert 'class="status nonconforming"' in page
    assert 'class="status accepted"' not in page


def test_a_table_without_rows_says_so(reader: FlaskClient) -> None:
    assert "没有内容" in reader.get("/stock?item=NOTHING").text


def test_what_somebody_put_into_an_address_does_not_become_the_address_of_a_link(reader: FlaskClient) -> None:
    page = reader.get('/stock?_scheme=javascript&_external=1&item="><script>').text
    assert "<script>" not in page.replace('<script type="module"', "")
    assert 'href="javascript' not in page


@pytest.mark.browser
def test_a_click_on_a_heading_sorts_by_size_and_again_the_other_way(house: SamplePlant, screen: Screen) -> None:
    screen.log_in("5002")
    page = screen.open("/shipping")
    heading = page.locator("th", has_text="订货")

    def ordered() -> list[int]:
        return [int(text) for text in page.locator("tbody td:nth-child(4)").all_text_contents()]

    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert ordered() == sorted(ordered())
    assert len(ordered()) > 10
    heading.get_by_role("link").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert ordered() == sorted(ordered(), reverse=True)


@pytest.mark.browser
def test_a_few_letters_find_rows(house: SamplePlant, screen: Screen) -> None:
    screen.log_in("5002")
    page = screen.open("/shipping")
    page.get_by_placeholder("在表中查找").fill("so-2611-00")
    page.get_by_placeholder("在表中查找").press("Enter")
    expect(page.locator("tbody tr:visible")).to_have_count(9)
    expect(page.locator(".count")).to_have_text("9")
