"""The office's forms, one for each command: who sees them, what they keep, what they ask before a deed is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import func, select

from mes import codes
from mes.declaring import REGISTER
from mes.journal import Event
from mes.people import access
from mes.planning.model import PlanRevision
from mes.roles import Role
from mes.stock.model import Lot
from tests.plant import SamplePlant
from tests.web.browser import PIN, Screen
from web.pages.fields import fields_of

PLANNER, APPROVER, SUPERVISOR, OPERATOR = "1002", "1001", "1004", "2001"
QUALITY, INSPECTOR, STOREKEEPER, SHIPPER, ADMINISTRATOR = "3001", "3002", "4001", "4003", "5002"
LOT = "R260817-01"
FORMS = [one for one in REGISTER.values() if one.by_form]
LogIn = Callable[[str], FlaskClient]


def path(name: str) -> str:
    return f"/do/{name.replace(':', '/')}"


def lot_of(house: SamplePlant, code: str = LOT) -> Lot:
    with house.read() as session:
        return session.scalars(select(Lot).where(Lot.code == code)).one()


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_every_form_is_shown_to_its_roles_and_to_nobody_else(house: SamplePlant, log_in: LogIn) -> None:
    """Command x role, as people see it; each in both languages, a field for each argument."""
    for badge in (PLANNER, APPROVER, OPERATOR, QUALITY, STOREKEEPER, ADMINISTRATOR):
        client = log_in(badge)
        roles = {Role(one) for one in _roles(house, badge)}
        for one in FORMS:
            page = client.get(path(one.name))
            assert page.status_code == (200 if roles & one.roles else 403), (one.name, badge)
            if page.status_code == 200:
                assert all(f'name="{argument.name}"' in page.text for argument in one.fields)
                assert one.words.zh in page.text


@pytest.mark.parametrize("verb", ["first_article", "final"])
def test_a_form_that_takes_no_readings_says_where_they_are_given(log_in: LogIn, verb: str) -> None:
    form = log_in(INSPECTOR).get(path(f"quality:{verb}"), query_string={"operation": "261201-X+10"}).text
    assert "在检验台逐件录入" in form
    assert "/kiosk/QC-1?operation=261201-X%2B10" in form


def _roles(house: SamplePlant, badge: str) -> set[str]:
    from mes.people.model import Person

    with house.read() as session:
        return {role.value for role in session.scalars(select(Person).where(Person.badge == badge)).one().roles}


def test_a_form_needs_a_login_and_there_is_none_for_what_programs_ask(client: FlaskClient, log_in: LogIn) -> None:
    assert client.get("/do").status_code == 302
    assert client.get(path("quality:hold")).status_code == 302
    log_in(ADMINISTRATOR)
    assert client.get("/do/plant/import").status_code == 404
    assert client.get("/do/plant/doubt_stock").status_code == 404
    assert client.get("/do/plant/nothing").status_code == 404


def test_the_list_names_what_the_reader_may_do(log_in: LogIn) -> None:
    text = log_in(QUALITY).get("/do").text
    assert "/do/quality/hold" in text
    assert "/do/plant/station" not in text
    assert "批次冻结" in text


# --- what is done ----------------------------------------------------------------------------------------------------


def test_a_deed_is_done_and_the_reader_goes_back(house: SamplePlant, log_in: LogIn) -> None:
    client = log_in(QUALITY)
    page = client.get(f"{path('quality:hold')}?lot={LOT}", headers={"Referer": "http://localhost/stock?item=PT-BM-32"})
    assert f'value="{LOT}"' in page.text
    assert 'value="/stock?item=PT-BM-32"' in page.text
    done = client.post(path("quality:hold"), data={"lot": LOT, "reason": "弯曲", "next": "/stock?item=PT-BM-32"})
    assert (done.status_code, done.headers["Location"]) == (302, "/stock?item=PT-BM-32")
    assert "批次 R260817-01 已冻结" in client.get("/stock?item=PT-BM-32").text
    assert lot_of(house).hold_reason == "弯曲"


def test_a_scan_in_a_field_counts_as_what_its_code_names(house: SamplePlant, log_in: LogIn) -> None:
    scanned = codes.encode(codes.LotCode(LOT))
    assert scanned == f"1T{LOT}"
    assert log_in(QUALITY).post(path("quality:hold"), data={"lot": scanned, "reason": "?"}).status_code == 302
    assert lot_of(house).hold_reason == "?"


def test_wide_digits_of_an_input_method_count_as_digits(house: SamplePlant, log_in: LogIn) -> None:
    asked = {"unit": "Ｒ２６０８０７－０２", "quantity": "１０"}
    assert log_in(STOREKEEPER).post(path("stock:split"), data=asked).status_code == 302


def test_a_refused_form_keeps_what_was_typed_and_says_each_reason_at_its_field(log_in: LogIn) -> None:
    page = log_in(QUALITY).post(path("quality:hold"), data={"lot": "NOTHING", "reason": "弯曲", "next": "/stock"})
    assert page.status_code == 409
    assert 'value="弯曲"' in page.text
    assert 'value="/stock"' in page.text
    row = page.text.partition('id="f-lot"')[2].partition("field-row")[0]
    assert "没有条码 NOTHING" in row
    assert 'class="refusals"' not in page.text


def test_what_is_missing_or_of_another_form_is_said_at_its_field(log_in: LogIn) -> None:
    page = log_in(PLANNER).post(path("planning:release"), data={"item": "SA-AC", "quantity": "many", "revision": "x"})
    assert page.status_code == 422
    assert "须为数字" in page.text.partition('id="f-quantity"')[2].partition("field-row")[0]
    assert "整数" in page.text.partition('id="f-revision"')[2].partition("field-row")[0]


def test_what_cannot_be_undone_is_said_before_it_is_signed(house: SamplePlant, log_in: LogIn) -> None:
    access.set_pin(house.database, APPROVER, PIN)
    client, asked = log_in(APPROVER), {"month": "2026-12", "revision": "1"}
    page = client.post(path("planning:approve"), data=asked)
    assert page.status_code == 200
    assert "2026-12 计划第 1 版将生效并替代现行版本" in page.text
    assert _state(house) == "draft"
    changed = client.post(path("planning:approve"), data={**asked, "back": "yes"})
    assert 'value="2026-12"' in changed.text
    wrong = client.post(path("planning:approve"), data={**asked, "confirmed": "yes", "pin": "999999"})
    assert wrong.status_code == 409
    assert "999999" not in wrong.text
    done = client.post(path("planning:approve"), data={**asked, "confirmed": "yes", "pin": PIN})
    assert done.status_code == 302
    assert _state(house) == "approved"


def _state(house: SamplePlant) -> str:
    with house.read() as session:
        query = select(PlanRevision.state).where(PlanRevision.month == "2026-12", PlanRevision.revision == 1)
        return session.scalars(query).one()


def test_exactly_one_refusal_can_be_let_pass_by_whoever_may(house: SamplePlant, log_in: LogIn) -> None:
    access.set_pin(house.database, SUPERVISOR, PIN)
    client, asked = log_in(STOREKEEPER), {"unit": "R261110-02", "to": "LN-WLD"}
    page = client.post(path("stock:issue"), data=asked)
    assert page.status_code == 409
    assert "可由班组长签字放行" in page.text
    of = page.text.partition('name="override_of" value="')[2].partition('"')[0]
    let = {"override_of": of, "override_badge": SUPERVISOR, "override_pin": PIN, "override_reason": "叉车坏了"}
    assert client.post(path("stock:issue"), data={**asked, **let, "override_pin": "1111"}).status_code == 409
    assert client.post(path("stock:issue"), data={**asked, **let, "override_of": "0" * 64}).status_code == 409
    access.set_pin(house.database, INSPECTOR, PIN)
    in_vain = client.post(path("stock:issue"), data={**asked, **let, "override_badge": INSPECTOR})
    assert "放行无效" in in_vain.text
    assert client.post(path("stock:issue"), data={**asked, **let}).status_code == 302
    with house.read() as session:
        accepted = select(Event).where(Event.kind == "stock:issue", Event.result == "accepted")
        assert SUPERVISOR in session.scalars(accepted).one().overrides


def test_what_is_done_at_a_station_asks_which(log_in: LogIn) -> None:
    client = log_in(SUPERVISOR)
    assert 'name="at_station"' in client.get(path("production:load")).text
    page = client.post(path("production:load"), data={"unit": LOT})
    assert page.status_code == 422
    assert "必填" in page.text.partition('id="f-at_station"')[2]


def test_a_form_cannot_send_its_reader_to_another_site(log_in: LogIn) -> None:
    asked = {"lot": LOT, "reason": "?", "next": "//evil.example"}
    assert log_in(QUALITY).post(path("quality:hold"), data=asked).headers["Location"] == "/"


def test_nothing_is_written_for_whoever_may_not(house: SamplePlant, log_in: LogIn) -> None:
    assert log_in(STOREKEEPER).post(path("quality:hold"), data={"lot": LOT, "reason": "?"}).status_code == 403
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(Event).where(Event.kind == "quality:hold")) == 0


def test_what_was_typed_is_text_and_never_markup(log_in: LogIn) -> None:
    client, odd = log_in(QUALITY), "<script>alert(1)</script>"
    assert "<script>alert" not in client.get(path("quality:hold"), query_string={"lot": odd}).text
    assert "<script>alert" not in client.post(path("quality:hold"), data={"lot": odd, "reason": odd}).text


# --- finding things --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("badge", "kinds", "text", "expected"),
    [
        (QUALITY, "lot", "R2608", LOT),
        (QUALITY, "lot", f"1T{LOT}", LOT),
        (STOREKEEPER, "handling_unit", LOT, LOT),
        (STOREKEEPER, "run_card,location", "电阻焊", "LN-WLD"),
        (STOREKEEPER, "location", "ln-wld", "LN-WLD"),
        (ADMINISTRATOR, "person", "乙二", "1002"),
        (SHIPPER, "sales_order", "SO-2611-001", "SO-2611-001"),
        (PLANNER, "item", "SA-AC", "SA-AC"),
    ],
)
def test_things_are_found_by_a_few_letters(log_in: LogIn, badge: str, kinds: str, text: str, expected: str) -> None:
    answer = log_in(badge).get(f"/api/v1/find/{kinds}", query_string={"q": text})
    assert answer.status_code == 200
    assert expected in {row["code"] for row in answer.json["rows"]}
    assert len(answer.json["rows"]) <= 16


def test_only_people_find_and_only_what_they_may_act_on(house: SamplePlant, client: FlaskClient, log_in: LogIn) -> None:
    assert client.get("/api/v1/find/lot?q=R").status_code == 401
    who = {"Authorization": f"Bearer {access.new_station_token(house.database, 'RAW-1')}"}
    assert client.get("/api/v1/find/lot?q=R", headers=who).status_code == 401
    log_in(STOREKEEPER)
    assert client.get("/api/v1/find/person?q=1").status_code == 403
    assert client.get("/api/v1/find/nothing?q=1").status_code == 404
    assert client.get("/api/v1/find/lot?q=%25").json["rows"] == []


def test_every_kind_of_thing_that_a_form_names_can_be_found(log_in: LogIn) -> None:
    client = log_in(ADMINISTRATOR)
    for one in FORMS:
        for field in fields_of(one, {}, {}):
            if field.finds:
                answer = client.get(f"/api/v1/find/{field.finds}?q=A")
                assert answer.status_code in (200, 403), field.finds


# --- in a real browser -----------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_lot_is_held_by_keys_alone(house: SamplePlant, screen: Screen) -> None:
    screen.log_in(QUALITY)
    page = screen.open("/do/quality/hold")
    page.wait_for_selector("html[data-deed=ready]", state="attached")
    page.keyboard.type("R26081")
    expect(page.locator(".found li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#f-reason")).to_be_focused()
    page.keyboard.type("弯曲")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".flash.good")).to_contain_text("已冻结")


@pytest.mark.browser
def test_a_scan_fills_the_field_that_has_the_focus_and_goes_on(house: SamplePlant, screen: Screen) -> None:
    screen.log_in(STOREKEEPER)
    page = screen.open("/do/stock/put_away")
    page.wait_for_selector("html[data-deed=ready]", state="attached")
    page.keyboard.type(f"1T{LOT}")
    page.keyboard.press("Enter")
    expect(page.locator("#f-to")).to_be_focused()
    expect(page.locator("#f-unit")).to_have_value(LOT)
    page.keyboard.type("LST-A01")
    page.keyboard.press("Tab")
    expect(page.locator("#f-to")).to_have_value("ST-A01")
    page.click("button.primary")
    expect(page.locator(".flash.good")).to_contain_text("ST-A01")


@pytest.mark.browser
def test_a_thing_is_chosen_by_touch(screen: Screen) -> None:
    screen.log_in(QUALITY)
    page = screen.open("/do/quality/hold")
    page.wait_for_selector("html[data-deed=ready]", state="attached")
    page.locator("#f-lot").fill("R260817")
    page.locator(".found li").first.click()
    expect(page.locator("#f-lot")).to_have_value(LOT)
