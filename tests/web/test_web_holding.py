"""Hold and release on every face that can hold: asked first, with the list and a signature (law 8, F8)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mes.people import access
from mes.stock.model import Lot
from tests.plant import SamplePlant
from tests.web.browser import PIN

QUALITY, INSPECTOR = "3001", "3002"
LOT, SUSPECT, YELLOW = "R260817-01", "S04-261012-A", "R261009-01"
RELEASE = "/do/quality/release"


def held(house: SamplePlant) -> int:
    """How many lots are on hold."""
    with house.read() as session:
        return session.scalar(select(func.count()).where(Lot.hold_reason.is_not(None))) or 0


@pytest.fixture
def quality(house: SamplePlant, log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The quality manager's browser; the PIN is known."""
    access.set_pin(house.database, QUALITY, PIN)
    return log_in(QUALITY)


@pytest.fixture
def kiosk(house: SamplePlant, client: FlaskClient) -> FlaskClient:
    """The kiosk's own screen; the inspector's PIN is known."""
    access.set_pin(house.database, INSPECTOR, PIN)
    client.post("/enter", data={"code": access.invite_station(house.database, "QC-1", house.now)})
    return client


def hold(house: SamplePlant) -> None:
    house.accept("quality:hold", person=INSPECTOR, lot=LOT, reason="锈斑")


def test_the_offices_release_shows_what_it_frees_before_anybody_signs(house: SamplePlant, quality: FlaskClient) -> None:
    hold(house)
    asked = {"lot": LOT, "reason": "复检合格"}
    page = quality.post(RELEASE, data=asked)
    assert "ST-B04：93000 pcs 待判 → 恢复合格" in page.text
    assert held(house) == 1
    assert quality.post(RELEASE, data={**asked, "confirmed": "yes", "pin": "999999"}).status_code == 409
    assert quality.post(RELEASE, data={**asked, "confirmed": "yes", "pin": PIN}).status_code == 302
    assert held(house) == 0


def test_hold_all_asks_first_with_the_count_and_a_signature(house: SamplePlant, quality: FlaskClient) -> None:
    page = quality.post("/trace/hold", data={"code": SUSPECT, "reason": "弯曲"})
    found = re.findall(r'name="lot" value="([^"]+)"', page.text)
    assert f"{len(found)} 批" in page.text
    assert held(house) == 0
    signed = {"code": SUSPECT, "reason": "弯曲", "lot": found, "confirmed": "yes"}
    assert quality.post("/trace/hold", data={**signed, "pin": "999999"}).status_code == 409
    assert held(house) == 0
    assert quality.post("/trace/hold", data={**signed, "pin": PIN}).status_code == 302
    assert held(house) == len(found) > 0


def test_release_all_frees_what_is_ticked_after_the_list_and_a_signature(
    house: SamplePlant, quality: FlaskClient
) -> None:
    page = quality.post("/trace/hold", data={"code": SUSPECT})
    found = re.findall(r'name="lot" value="([^"]+)"', page.text)
    for lot in found:
        house.accept("quality:hold", person=INSPECTOR, lot=lot, reason="?")
    assert "全部解冻" in quality.get("/trace", query_string={"code": SUSPECT, "direction": "up"}).text
    page = quality.post("/trace/release", data={"code": SUSPECT})
    assert all(lot in page.text for lot in found)
    assert held(house) == len(found)
    freed = {"code": SUSPECT, "reason": "误报", "lot": found[:1], "confirmed": "yes", "pin": PIN}
    assert quality.post("/trace/release", data=freed).status_code == 302
    assert held(house) == len(found) - 1


def test_a_hold_of_everything_is_signed_in_the_journal(house: SamplePlant, quality: FlaskClient) -> None:
    from mes.journal import Signature

    page = quality.post("/trace/hold", data={"code": SUSPECT})
    found = re.findall(r'name="lot" value="([^"]+)"', page.text)
    quality.post("/trace/hold", data={"code": SUSPECT, "reason": "?", "lot": found, "confirmed": "yes", "pin": PIN})
    with house.read() as session:
        assert set(session.scalars(select(Signature.meaning))) == {"hold"}


def test_the_kiosk_holds_a_lot_and_releases_it_after_the_list(house: SamplePlant, kiosk: FlaskClient) -> None:
    signed = {"lot": LOT, "reason": "锈斑", "badge": INSPECTOR, "pin": PIN}
    assert "批次冻结" in kiosk.get("/kiosk/QC-1", query_string={"code": f"1T{LOT}"}).text
    assert kiosk.post("/kiosk/QC-1/hold", data={**signed, "pin": "999999"}).status_code == 409
    assert kiosk.post("/kiosk/QC-1/hold", data=signed).status_code == 302
    assert held(house) == 1
    page = kiosk.get("/kiosk/QC-1", query_string={"lot": LOT}).text
    assert "ST-B04：93000 pcs 待判 → 恢复合格" in page
    assert kiosk.post("/kiosk/QC-1/release", data=signed).status_code == 409
    access.set_pin(house.database, QUALITY, PIN)
    assert kiosk.post("/kiosk/QC-1/release", data={**signed, "badge": QUALITY}).status_code == 302
    assert held(house) == 0


def test_the_kiosk_lists_imported_yellow_boxes_and_takes_their_report(house: SamplePlant, kiosk: FlaskClient) -> None:
    assert f"?lot={YELLOW}" in kiosk.get("/kiosk/QC-1").text
    assert "报不合格" in kiosk.get("/kiosk/QC-1", query_string={"lot": YELLOW}).text
    report = {"lot": YELLOW, "unit": YELLOW, "reason": "毛刺", "badge": INSPECTOR, "pin": PIN}
    assert kiosk.post("/kiosk/QC-1/report", data=report).status_code == 302
    page = kiosk.get("/kiosk/QC-1").text
    assert "NC-2612-0001" in page
    assert f"?lot={YELLOW}" not in page


def test_the_stock_page_offers_a_report_also_for_a_box_without_a_label(quality: FlaskClient) -> None:
    page = quality.get("/tables/stock", query_string={"lot": f"={YELLOW}"}).text
    assert f"/do/quality/nonconforming?unit={YELLOW}" in page


def test_what_was_not_found_is_listed_box_by_box_and_per_person(house: SamplePlant, quality: FlaskClient) -> None:
    house.accept("stock:not_found", unit_lot=LOT, place="ST-B04", person="4001", station="RAW-1")
    assert LOT in quality.get("/tables/missing_boxes").text
    rows = quality.get("/api/v1/tables/not_found_by_person").json["rows"]
    assert [(row["person"]["code"], row["reports"], row["open"]) for row in rows] == [("4001", 1, 1)]
