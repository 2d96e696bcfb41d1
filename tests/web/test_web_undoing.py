"""What undoes something stands on the page where its people work: at the card, the operation, the report."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from mes.people import access
from tests.mes.lineside import Line, first_of
from tests.plant import SamplePlant
from tests.web.browser import PIN

PLANNER, SUPERVISOR = "1002", "1004"
LogIn = Callable[[str], FlaskClient]


def drying(house: SamplePlant) -> Line:
    """Sixty of a hundred bases reported."""
    line = first_of(house, "PT-BAS", "100")
    line.load_all("20")
    line.start()
    line.report("60")
    for badge in (PLANNER, SUPERVISOR):
        access.set_pin(house.database, badge, PIN)
    return line


def test_a_supervisor_reverses_a_report_from_its_row_after_being_told_what_will_happen(
    house: SamplePlant, log_in: LogIn
) -> None:
    drying(house)
    client = log_in(SUPERVISOR)
    page = client.get("/production").text
    address = page.partition("/do/production/reverse_report?")[2].partition('"')[0]
    typed = {"report": address.partition("report=")[2], "reason": "数错", "pin": PIN, "next": "/production"}
    asked = client.post("/do/production/reverse_report", data=typed)
    assert "用料和谱系将一并冲回" in asked.text
    done = client.post("/do/production/reverse_report", data={**typed, "confirmed": "yes"})
    assert (done.status_code, done.headers["Location"]) == (302, "/production")
    after = client.get("/production").text
    assert "已冲回" in after
    assert "/do/production/reverse_report?" not in after
    assert "/do/production/give_back?" in after


def test_a_card_offers_what_may_be_done_with_it_now(house: SamplePlant, log_in: LogIn) -> None:
    line = drying(house)
    card = line.operation.partition("+")[0]
    client = log_in(PLANNER)
    offered = client.get("/production").text
    assert all(f"/do/production/{verb}_card?card={card}" in offered for verb in ("hold", "close", "cancel"))
    assert f"/do/production/resume_card?card={card}" not in offered
    client.post("/do/production/hold_card", data={"card": card, "reason": "订单变更", "next": "/production"})
    held = client.get("/production").text
    assert f"/do/production/resume_card?card={card}" in held
    assert "订单变更" in held
