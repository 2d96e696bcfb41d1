"""The route of an override: the station's own screen only, whole requests only, and the PIN stays nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mes.journal import Event, Scan
from mes.people import access
from mes.terminal.model import Dialogue
from tests.plant import SamplePlant

PIN = "97531864"
ROUTE = "/terminal/RAW-1/overrides"


@pytest.fixture
def refused(house: SamplePlant, client: FlaskClient) -> list[str]:
    """RAW-1's screen after a refusal that a supervisor may let pass; its fingerprints."""
    access.set_pin(house.database, "1004", PIN)
    client.post("/enter", data={"code": access.invite_station(house.database, "RAW-1", house.now)})
    for code in ("1H4001", "LLN-WLD", "1TR261110-02"):
        said = client.post("/terminal/RAW-1/scans", json={"id": str(uuid.uuid4()), "code": code}).json
    assert said["reasons"][0]["override_role"] == "supervisor"
    return [one["fingerprint"] for one in said["reasons"]]


def test_an_override_passes_and_its_pin_stays_nowhere(
    house: SamplePlant, client: FlaskClient, refused: list[str]
) -> None:
    wrong = client.post(ROUTE, json={"of": refused, "badge": "1004", "pin": "000000", "reason": "压住"}).json
    assert [one["code"] for one in wrong["reasons"]] == ["signature_wrong"]
    said = client.post(ROUTE, json={"of": refused, "badge": "1H1004", "pin": PIN, "reason": "压住"}).json
    assert said["result"] == "accepted"
    with house.read() as session:
        kept = [*session.scalars(select(Event)), *session.scalars(select(Scan)), *session.scalars(select(Dialogue))]
        assert [row for row in kept if PIN in " ".join(map(str, vars(row).values()))] == []


@pytest.mark.parametrize("missing", ["of", "badge", "pin", "reason"])
def test_half_an_override_is_none(client: FlaskClient, refused: list[str], missing: str) -> None:
    whole = {"of": refused, "badge": "1004", "pin": PIN, "reason": "压住"}
    assert client.post(ROUTE, json={name: value for name, value in whole.items() if name != missing}).status_code == 422
    assert client.post(ROUTE, json={**whole, missing: 7}).status_code == 422


def test_only_the_stations_own_screen_may_ask_for_it(
    client: FlaskClient, refused: list[str], log_in: Callable[[str], FlaskClient]
) -> None:
    whole = {"of": refused, "badge": "1004", "pin": PIN, "reason": "压住"}
    assert client.post("/terminal/FGS-1/overrides", json=whole).status_code in (302, 403)
    with client.session_transaction() as browser:
        browser.clear()
    assert log_in("1004").post(ROUTE, json=whole).status_code == 403
