"""A wedge scanner's double read and a button tapped twice, as the browser posts them: judged by when they were read."""

from __future__ import annotations

import uuid
from typing import Any

from flask.testing import FlaskClient

from mes.people import access
from tests.plant import SamplePlant


def post(client: FlaskClient, code: str, **how: Any) -> Any:
    said = client.post("/terminal/RAW-1/scans", json={"id": str(uuid.uuid4()), "code": code, **how})
    return said.json["result"] if said.status_code == 200 else said.status_code


def test_a_browser_says_how_long_ago_it_read_so_that_a_slow_answer_makes_no_second_act(
    house: SamplePlant, client: FlaskClient
) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "RAW-1", house.now)})
    assert post(client, "1H4001", ago_s=0.01) == "accepted"
    assert post(client, "1H4001", ago_s=0.01) == "asks"
    house.later(4)
    assert post(client, "1H4001", ago_s=3.6, waited_s=3) == "asks"  # read 0.4 s after, posted 4 s later
    assert post(client, "LLN-WLD", ago_s=0.0) == "accepted"


def test_a_moment_that_is_none_is_named(house: SamplePlant, client: FlaskClient) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "RAW-1", house.now)})
    assert [post(client, "1H4001", ago_s=wrong) for wrong in ("x", "nan", "inf", [1])] == [422] * 4
    assert post(client, "1H4001", ago_s=1e300) == 422
