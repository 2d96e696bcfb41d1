"""A table is declared once: a made-up one has its page, its files, its answer, its rights and its description."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx
import openpyxl
import pytest
from sqlalchemy import literal, select, union_all

from mes.people import access
from mes.queries.declared import TABLES
from mes.queries.declaring import Act, Column, table
from mes.queries.looking import SIGHTS
from mes.queries.reading import Called, Code, Day, Moment, Number, Text
from mes.queries.wording import Truth, Word
from mes.roles import Role
from mes.words import Words
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD, served

NASTY = ["=1+1", "+86 21", "-7", "@SUM(A1)", "001234", "1E5", "#N/A", "2026-12", 'a "b", c', "12\n34"]
SHAPES = {"round": Words("圆", "round"), "square": Words("方", "square")}


def buttons() -> None:
    """Declare a table of 250 buttons."""
    made = union_all(
        *(
            select(
                literal(number).label("number"),
                literal(NASTY[number] if number < len(NASTY) else f"B{number:03}").label("code"),
                literal("round" if number % 2 else "square").label("shape"),
            )
            for number in range(250)
        )
    ).subquery()
    table(
        "buttons",
        Words("纽扣", "Buttons"),
        {Role.QUALITY_MANAGER, Role.ADMIN},
        source=lambda: select().select_from(made),
        columns=(
            Column("button", Words("纽扣", "Button"), Code(made.c.code), leads="lot"),
            Column("holes", Words("孔数", "Holes"), Number(made.c.number)),
            Column("shape", Words("形状", "Shape"), Word(made.c.shape, SHAPES)),
            Column("note", Words("备注", "Note"), Text(made.c.code), beside=True),
        ),
        order=(made.c.number,),
        filters=("button", "shape"),
        acts=(Act("quality:hold", {"lot": "button"}, lambda row: row["holes"] == 20),),
    )


@pytest.fixture(scope="module", autouse=True)
def declared() -> Iterator[None]:
    """The made-up table, for this file only."""
    buttons()
    yield
    TABLES.pop("buttons")
    SIGHTS.pop("buttons")


@pytest.fixture
def reader(house: SamplePlant) -> Iterator[httpx.Client]:
    """The quality manager, logged in through the real server."""
    yield from _logged_in(house, "3001")


@pytest.fixture
def operator(house: SamplePlant) -> Iterator[httpx.Client]:
    """Somebody to whom buttons are not shown."""
    yield from _logged_in(house, "2001")


def _logged_in(house: SamplePlant, badge: str) -> Iterator[httpx.Client]:
    access.set_password(house.database, badge, PASSWORD)
    with served(house) as address, httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
        assert token
        client.post("/login", data={"csrf_token": token[1], "badge": badge, "password": PASSWORD})
        yield client


def test_it_is_a_page_with_pages_filters_and_order_in_the_address(reader: httpx.Client) -> None:
    first = reader.get("/tables/buttons").text
    assert "1–100 / 250" in first
    assert "B010" in first
    assert "B100" not in first
    for beyond in ("2", "3", "999999999"):
        last = reader.get(f"/tables/buttons?page={beyond}&sort=-holes&shape=square").text
        assert "101–125 / 125" in last
        assert "B010" in last
    filtered = reader.get("/tables/buttons?shape=square&sort=-holes").text
    assert "1–100 / 125" in filtered
    assert 'aria-sort="descending"' in filtered
    turned = re.search(r'rel="next" href="([^"]+)"', filtered)
    assert turned
    assert dict(httpx.URL(turned[1].replace("&amp;", "&")).params) == {"shape": "square", "sort": "-holes", "page": "2"}
    assert ">方<" in filtered


def test_its_rows_offer_their_acts_and_lead_to_their_trace(reader: httpx.Client) -> None:
    page = reader.get("/tables/buttons?q=B02").text
    assert page.count("/do/quality/hold?lot=B020") == 1
    assert page.count("/do/quality/hold") == 1
    assert "/trace?code=B021" in page


def test_it_is_listed_and_found_in_the_table_of_who_may_look(reader: httpx.Client, operator: httpx.Client) -> None:
    assert 'href="/tables/buttons"' in reader.get("/tables").text
    assert "纽扣" in reader.get("/admin/looking").text
    assert 'href="/tables/buttons"' not in operator.get("/tables").text
    for path in ("/tables/buttons", "/tables/buttons?format=xlsx", "/api/v1/tables/buttons"):
        assert reader.get(path).status_code == 200
        assert operator.get(path).status_code == 403


def test_as_a_workbook_only_quantities_are_numbers_and_codes_are_text(reader: httpx.Client) -> None:
    answer = reader.get("/tables/buttons?format=xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E7%BA%BD%E6%89%A3.xlsx"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == 250
    assert [row[0].value for row in rows[: len(NASTY)]] == NASTY
    assert {row[0].data_type for row in rows} == {"s"}
    assert [row[1].value for row in rows] == list(range(250))
    assert [cell.value for cell in sheet[1]] == ["纽扣", "孔数", "形状", "备注"]


def test_as_text_nothing_becomes_a_formula_and_chinese_is_read(reader: httpx.Client) -> None:
    answer = reader.get("/tables/buttons?format=csv&shape=round")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert head == ["纽扣", "孔数", "形状", "备注"]
    assert len(rows) == 125
    assert [row[0] for row in rows[:4]] == ["'+86 21", "'@SUM(A1)", "1E5", "2026-12"]
    assert {row[2] for row in rows} == {"圆"}


def test_as_json_it_has_pages_filters_and_the_way_to_the_next(reader: httpx.Client) -> None:
    path, rows = "/api/v1/tables/buttons?limit=100&shape=square", []
    while path:
        answer = reader.get(path).json()
        assert answer["total"] == 125
        rows += answer["rows"]
        path = answer["next"]
    assert [row["holes"] for row in rows] == list(range(0, 250, 2))
    assert rows[0] == {"button": "=1+1", "holes": 0, "shape": "square", "note": "=1+1"}


@pytest.mark.parametrize("wrong", ["shape=oval", "limit=0", "limit=1001", "offset=-1", "sort=colour", "limit=x"])
def test_as_json_it_says_what_makes_no_sense(reader: httpx.Client, wrong: str) -> None:
    answer = reader.get(f"/api/v1/tables/buttons?{wrong}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert wrong.partition("=")[0] in answer.json()["detail"]


def test_the_interface_describes_its_filters_and_its_rows(reader: httpx.Client) -> None:
    described = reader.get("/api/openapi.json").json()["paths"]["/api/v1/tables/buttons"]["get"]
    asked = {one["name"]: one["schema"] for one in described["parameters"]}
    assert asked.keys() == {"q", "sort", "limit", "offset", "button", "shape"}
    assert asked["shape"]["enum"] == ["round", "square"]
    assert set(asked["sort"]["enum"]) >= {"holes", "-holes"}
    rows = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["rows"]
    assert set(rows["items"]["properties"]) == {"button", "holes", "shape", "note"}


def test_every_kind_of_column_has_a_schema() -> None:
    kinds = (Called, Code, Day, Moment, Number, Text, Truth, Word)
    assert [kind for kind in kinds if not kind.schema] == []
