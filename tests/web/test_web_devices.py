"""What stations say of themselves over HTTP, and what their screens then show."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from mes.people import access
from mes.terminal.devices import heard
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SamplePlant
from tests.printers import add_printer, split
from web.app import create_app

HEARTBEAT, READINGS, STATE = (f"/api/v1/stations/RAW-1/{what}" for what in ("heartbeat", "readings", "state"))


@pytest.fixture
def plant(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """The sample plant with a printer at the raw-material store."""
    found = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    add_printer(found)
    yield found
    found.close()


@pytest.fixture
def station(plant: SamplePlant) -> FlaskClient:
    """The station program of the raw-material store."""
    client = create_app(plant.database, plant.clock, "secret").test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {access.new_station_token(plant.database, 'RAW-1')}"
    return client


def word(plant: SamplePlant, *faults: str, **more: Any) -> dict[str, Any]:
    printer = {"code": "PR-RAW", "faults": list(faults), "answers": True}
    return {"at": plant.now.isoformat(), "waiting": 0, "scanner": {"connected": True}, "printers": [printer], **more}


def reading(plant: SamplePlant, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "device": "EQ-DC-01",
        "value": "12.34",
        "unit": "mm",
        "at": plant.now.isoformat(),
        **more,
    }


def test_a_heartbeat_is_answered_and_shown(plant: SamplePlant, station: FlaskClient) -> None:
    answer = station.post(HEARTBEAT, json=word(plant, "cover_open", waiting=3))
    assert (answer.status_code, answer.json) == (200, {"ok": True})
    shown = station.get(STATE).json
    assert (shown["waiting"], shown["scanner"]) == (3, {"connected": True})
    assert (shown["printers"][0]["faults"], shown["printers"][0]["doubt"]) == (["cover_open"], "cover_open")


def test_the_office_sees_how_far_a_stations_clock_is_off(
    house: SamplePlant, log_in: Callable[[str], FlaskClient]
) -> None:
    access.new_station_token(house.database, "RAW-1")
    slow = {"at": (house.now - timedelta(days=14)).isoformat(), "waiting": 0}
    heard(house.database, "RAW-1", slow, house.now)
    administrator = log_in("5002")
    (row,) = administrator.get("/api/v1/tables/stations?station=RAW-1").json["rows"]
    assert (row["skew_s"], row["clock_wrong"]) == (-1_209_600, True)
    for page in ("/admin/stations", "/admin/stations/RAW-1"):
        assert "⚠ 时钟慢 14 天，请校时" in administrator.get(page).text


def test_a_heartbeat_tells_how_far_the_clock_is_off_but_for_its_way_to_the_server(
    plant: SamplePlant, station: FlaskClient
) -> None:
    slow = (plant.now - timedelta(seconds=61)).isoformat()
    assert station.post(HEARTBEAT, json=word(plant, at=slow, round_trip_s=2)).status_code == 200
    assert (station.get(STATE).json["skew_s"], station.get(STATE).json["clock_wrong"]) == (-60, True)


def test_a_station_that_says_when_it_sent_a_scan_is_believed_how_long_it_waited(
    plant: SamplePlant, station: FlaskClient
) -> None:
    slow = plant.now - timedelta(days=14)
    scan = {"id": str(uuid.uuid4()), "station": "RAW-1", "code": "1H4001", "sequence": 7}
    sent = {"Runcard-Sent": slow.isoformat()}
    body = {**scan, "scanned_at": (slow - timedelta(seconds=1)).isoformat()}
    assert station.post("/api/v1/scans", json=body, headers=sent).json["result"] == "accepted"
    assert station.get(STATE).json["person"]["badge"] == "4001"
    assert station.post("/api/v1/scans", json=body, headers={"Runcard-Sent": "today"}).status_code == 422


@pytest.mark.parametrize("change", ["heartbeat", "reading", "job", "doubt", "shift"])
def test_the_screen_is_sent_again_when_anything_on_it_changed(
    plant: SamplePlant, station: FlaskClient, change: str
) -> None:
    station.post(HEARTBEAT, json=word(plant))
    before = station.get(STATE).headers["ETag"]
    unchanged = {"If-None-Match": before}
    assert station.get(STATE, headers=unchanged).status_code == 304
    match change:
        case "heartbeat":
            station.post(HEARTBEAT, json=word(plant, "offline"))
        case "reading":
            station.post(READINGS, json=reading(plant))
        case "job":
            split(plant)
        case "doubt":
            plant.accept("plant:doubt_stock", printer="PR-RAW", why="cover_open")
        case "shift":
            plant.at("2026-12-02T08:00+08:00")
    assert station.get(STATE, headers=unchanged).status_code == 200


def test_the_last_reading_of_a_gauge_is_offered_to_the_screen(plant: SamplePlant, station: FlaskClient) -> None:
    for value in ("12.34", "-0.05"):
        assert station.post(READINGS, json=reading(plant, value=value)).status_code == 200
    assert station.get(STATE).json["reading"]["value"] == "-0.05"


@pytest.mark.parametrize("value", ["", "1_0", "12,3", "NaN", "1e3", "12.34 mm"])
def test_a_reading_that_is_no_decimal_number_is_not_taken(plant: SamplePlant, station: FlaskClient, value: str) -> None:
    assert station.post(READINGS, json=reading(plant, value=value)).status_code == 422
    assert station.get(STATE).json["reading"] is None


def test_a_station_speaks_for_itself_only(plant: SamplePlant, station: FlaskClient) -> None:
    for path, body in ((HEARTBEAT, word(plant)), (READINGS, reading(plant))):
        assert station.post(path.replace("RAW-1", "FGS-1"), json=body).status_code == 403
        nobody = create_app(plant.database, plant.clock, "secret").test_client()
        assert nobody.post(path, json=body).status_code == 401


@pytest.mark.parametrize("broken", [{"waiting": -1}, {"at": "today"}, {"printers": [{"faults": []}]}])
def test_a_heartbeat_that_makes_no_sense_is_not_kept(
    plant: SamplePlant, station: FlaskClient, broken: dict[str, Any]
) -> None:
    assert station.post(HEARTBEAT, json=word(plant, **broken)).status_code == 422
    assert station.get(STATE).json["seen_at"] is None
