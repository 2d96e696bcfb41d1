"""The kiosk's pages: nothing is signed by a key alone, every label opens what waits of it, and answers say what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mes import codes
from mes.labelling.model import Label
from mes.people import access
from mes.quality import waiting
from mes.quality.model import Inspection
from tests.mes.kiosk import BREAKER, at_step, readings, set_up
from tests.mes.lineside import Line
from tests.mes.warehouse import in_a_carton
from tests.plant import SamplePlant
from tests.web.browser import PIN

INSPECTOR, MANAGER = "3002", "3001"
LOT, LOT_DUE = "R260817-01", "R260522-01"


class Forms(HTMLParser):
    """The buttons and verdicts of every form that signs, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.signing: list[dict[str, list[dict[str, str | None]]]] = []
        self.feed(page)
        self.signing = [form for form in self.signing if any(one.get("name") == "pin" for one in form["fields"])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.signing.append({"buttons": [], "fields": []})
        elif self.signing and tag in ("button", "input"):
            self.signing[-1]["buttons" if tag == "button" else "fields"].append(dict(attrs))


@pytest.fixture
def kiosk(house: SamplePlant, client: FlaskClient) -> FlaskClient:
    """The kiosk's own screen."""
    code = access.invite_station(house.database, "QC-1", house.now)
    client.post("/enter", data={"code": code})
    for badge in (INSPECTOR, MANAGER):
        access.set_pin(house.database, badge, PIN)
    return client


def page(kiosk: FlaskClient, **query: str) -> str:
    return kiosk.get("/kiosk/QC-1", query_string=query).get_data(as_text=True)


def in_english(kiosk: FlaskClient) -> None:
    kiosk.post("/language/en", data={"next": "/kiosk/QC-1"})


def report_of(house: SamplePlant) -> str:
    """A box that somebody found nonconforming; returns the report."""
    found = house.accept("quality:nonconforming", unit=LOT, reason="锈斑", person="3003", station="QC-1")
    return str(found.nonconformance)


Chosen = Callable[[SamplePlant], dict[str, str]]
FORMS: dict[str, Chosen] = {
    "first article": lambda house: {"operation": set_up(house).operation},
    "final": lambda house: {"operation": at_step(house, BREAKER, 70, 100).operation},
    "lot": lambda house: {"lot": LOT_DUE},
    "report": lambda house: {"nonconformance": report_of(house)},
}


@pytest.mark.parametrize("form", FORMS)
def test_enter_signs_nothing_at_the_kiosk(house: SamplePlant, kiosk: FlaskClient, form: str) -> None:
    found = Forms(page(kiosk, **FORMS[form](house))).signing
    assert found
    for one in found:
        first, *others = one["buttons"]
        assert "disabled" in first  # the button that Enter would press
        assert [button.get("name") for button in others] == [None]  # one button signs, with no verdict of its own


@pytest.mark.parametrize("form", FORMS)
def test_no_verdict_is_chosen_beforehand(house: SamplePlant, kiosk: FlaskClient, form: str) -> None:
    fields = [one for form_ in Forms(page(kiosk, **FORMS[form](house))).signing for one in form_["fields"]]
    verdicts = [one for one in fields if one.get("name") in ("verdict", "kind")]
    assert all("required" in one and "checked" not in one for one in verdicts)
    assert all(not one["value"] for one in fields if one.get("name") == "accepted")
    assert verdicts or form == "final"


def sign(kiosk: FlaskClient, act: str, badge: str = INSPECTOR, **form: str) -> str:
    """Sign a form; what the next page says."""
    answer = kiosk.post(f"/kiosk/QC-1/{act}", data={**form, "badge": badge, "pin": PIN}, follow_redirects=True)
    return " ".join(re.findall(r'class="flash[^>]*>([^<]*)', answer.get_data(as_text=True)))


@pytest.mark.parametrize(("language", "verdict", "said"), [("zh", "reject", "不合格"), ("en", "pass", "accepted")])
def test_the_answer_names_the_verdict_on_a_lot(
    house: SamplePlant, kiosk: FlaskClient, language: str, verdict: str, said: str
) -> None:
    if language == "en":
        in_english(kiosk)
    answer = sign(kiosk, "judge", lot=LOT_DUE, stage="recheck", verdict=verdict, reason="外观")
    assert said in answer


def test_the_answer_names_the_disposition(house: SamplePlant, kiosk: FlaskClient) -> None:
    answer = sign(kiosk, "dispose", MANAGER, nonconformance=report_of(house), kind="rework", reason="返工去锈")
    assert "返工" in answer


def test_a_form_without_a_verdict_signs_nothing(house: SamplePlant, kiosk: FlaskClient) -> None:
    line = set_up(house)
    data = {"operation": line.operation, "badge": INSPECTOR, "pin": PIN}
    assert kiosk.post("/kiosk/QC-1/first-article", data=data).status_code == 409
    with house.read() as session:
        assert session.scalars(select(Inspection.state).where(Inspection.stage == "first_article")).all() == ["open"]


def test_the_rows_carry_the_numbers_that_refusals_and_records_carry(house: SamplePlant, kiosk: FlaskClient) -> None:
    line = at_step(house, BREAKER, 70, 100)
    numbers = [str(one["number"]) for one in readings(line, "final")]
    shown = page(kiosk, operation=line.operation)
    assert re.findall(r'<tr data-number="(\d+)"', shown) == numbers
    assert re.findall(r"<tr data-number[^>]*>\s*<td>(\d+)</td>", shown) == numbers


def test_every_piece_of_a_first_article_has_its_field_and_number(house: SamplePlant, kiosk: FlaskClient) -> None:
    shown = page(kiosk, operation=set_up(house).operation)
    for piece in range(1, 6):
        assert f'name="value-2-{piece}"' in shown
        assert f'name="conforms-6-{piece}"' in shown
    assert "<details" not in shown


@pytest.mark.parametrize(("language", "said"), [("zh", "保养已逾期"), ("en", "was due on")])
def test_a_machine_that_is_overdue_is_a_warning_before_and_after_the_signature(
    house: SamplePlant, kiosk: FlaskClient, language: str, said: str
) -> None:
    if language == "en":
        in_english(kiosk)
    line = at_step(house, "PT-BAS", 20, 100)
    line.load_all()
    line.start(equipment="EQ-IM-02")
    line.report("5")
    assert said in page(kiosk, operation=line.operation)
    form = {f"value-{one['number']}-{one['piece']}": one["value"] for one in of(line) if "value" in one}
    form |= {f"conforms-{one['number']}-{one['piece']}": "yes" for one in of(line) if "conforms" in one}
    form |= {f"gauge-{one['number']}": one["gauge"] for one in of(line) if "gauge" in one}
    assert said in sign(kiosk, "first-article", operation=line.operation, verdict="pass", **form)


def of(line: Line) -> list[dict[str, Any]]:
    return readings(line, "first_article")


# --- what is scanned -------------------------------------------------------------------------------------------------


def newest_label(house: SamplePlant) -> str:
    """The newest label, as it is scanned."""
    with house.read() as session:
        serial = session.scalars(select(Label.serial).order_by(Label.id.desc()).limit(1)).one()
    return codes.encode(codes.LabelCode(serial))


def test_a_boxs_label_opens_what_waits_of_its_lot(house: SamplePlant, kiosk: FlaskClient) -> None:
    house.accept("quality:hold", lot="R260710-02", reason="锈斑", person="3003", station="QC-1")
    assert 'name="lot" value="R260710-02"' in page(kiosk, code=newest_label(house))


def test_a_cartons_label_opens_what_waits_of_the_lots_in_it(house: SamplePlant, kiosk: FlaskClient) -> None:
    serial = codes.label_serial(1, 999_999)
    in_a_carton(house, "261112-PKG-01", serial)
    house.accept("quality:hold", lot="261112-PKG-01", reason="投诉", person="3003", station="QC-1")
    opened = page(kiosk, code=codes.encode(codes.ContainerCode(serial)))
    assert 'name="lot" value="261112-PKG-01"' in opened


GS1_MESSAGE, LINK = "]C110{lot}", "https://id.example.com/01/04012345678901/10/{lot}"
ENVELOPE = "[)>\x1e06\x1dPPT-SPL\x1d1T{lot}\x1dQ100\x1e\x04"


@pytest.mark.parametrize("text", ["1T{lot}", "{lot}", ENVELOPE, GS1_MESSAGE, LINK])
def test_a_lot_opens_by_every_code_that_may_stand_on_its_label(
    house: SamplePlant, kiosk: FlaskClient, text: str
) -> None:
    assert f'name="lot" value="{LOT_DUE}"' in page(kiosk, code=text.format(lot=LOT_DUE))


@pytest.mark.parametrize(("prefix", "same"), [("P", "item"), ("L", "place")])
def test_an_item_or_a_place_lists_what_waits_of_it(
    house: SamplePlant, kiosk: FlaskClient, prefix: str, same: str
) -> None:
    with house.read() as session:
        boxes = waiting.undecided(session, house.now.date())
    lots = {box.lot: str(getattr(box, same)) for box in boxes}
    several = next(name for name, count in Counter(lots.values()).items() if count > 1)
    shown = set(re.findall(r'href="\?lot=([^"]+)"', page(kiosk, code=f"{prefix}{several}")))
    assert shown & set(lots) == {lot for lot, name in lots.items() if name == several}


@pytest.mark.parametrize(("language", "said"), [("zh", "没有待检任务。可扫"), ("en", "Nothing waits for inspection")])
@pytest.mark.parametrize("code", ["1TR269999-99", "2J0100000012N", "PPT-SPL-X", "Q5", "KSO-2611-001"])
def test_what_opens_nothing_is_answered_with_what_to_scan(
    kiosk: FlaskClient, code: str, language: str, said: str
) -> None:
    if language == "en":
        in_english(kiosk)
    assert said in page(kiosk, code=code)
