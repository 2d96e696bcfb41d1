"""What a station's screen costs when it asks once a second, and that it sees whatever changes, at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update

from mes.labelling.model import PrintJob
from mes.people import access
from mes.terminal.devices import Measured, heard, read_value
from tests.engines import Fresh
from tests.mes.lineside import Line, first_of
from tests.plant import SamplePlant
from web.app import create_app

STATE = "/api/v1/stations/WLD-1/state"


@pytest.fixture
def plant(fresh: Fresh) -> Iterator[SamplePlant]:
    """The sample plant on each engine in turn: what a statement costs is the engine's matter."""
    found = SamplePlant.copied(fresh)
    yield found
    found.close()


@contextmanager
def statements(plant: SamplePlant) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.extend([] if statement == "BEGIN" else [statement])

    event.listen(plant.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(plant.database.engine, "before_cursor_execute", note)


@pytest.fixture
def line(plant: SamplePlant) -> Line:
    """An operation that asks for a first article, with everything it uses at the line, and a label printer there."""
    found = first_of(plant, "SA-BW-32", "100")
    found.load_all()
    plant.accept(
        "plant:printer",
        code="PR-1",
        stands_at="WLD-1",
        language="zpl",
        dpi=203,
        width_mm=100,
        stock="blue",
        person="5002",
    )
    return found


@pytest.fixture
def screen(plant: SamplePlant) -> FlaskClient:
    """The browser that is WLD-1's screen."""
    client = create_app(plant.database, plant.clock, "secret").test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False
    client.post("/enter", data={"code": access.invite_station(plant.database, "WLD-1", plant.now)})
    return client


def scan(screen: FlaskClient, *scanned: str) -> None:
    for code in scanned:
        answer = screen.post("/terminal/WLD-1/scans", json={"id": str(uuid.uuid4()), "code": code})
        assert answer.json["result"] == "accepted", answer.json


def asked_again(screen: FlaskClient, etag: str) -> Any:
    return screen.get(STATE, headers={"If-None-Match": etag})


def test_a_screen_costs_four_statements_and_one_while_nothing_changed(
    plant: SamplePlant, line: Line, screen: FlaskClient
) -> None:
    screen.get(STATE)  # the masters come into memory once
    for scans in ([], ["1H2002"], ["ZE.EQ-RW-01", f"3W{line.operation}"], ["Q1"]):
        scan(screen, *scans)
        with statements(plant) as asked:
            first = screen.get(STATE)
        assert first.status_code == 200
        assert len(asked) <= 4, "\n".join(asked)
        with statements(plant) as asked:
            assert asked_again(screen, first.headers["ETag"]).status_code == 304
        assert len(asked) == 1, "\n".join(asked)
    assert first.json["operation"]["good"] == 1
    assert first.json["loaded"]


def test_a_station_that_asks_with_its_token_costs_no_more(plant: SamplePlant, line: Line) -> None:
    client = create_app(plant.database, plant.clock, "secret").test_client()
    who = {"Authorization": f"Bearer {access.new_station_token(plant.database, 'WLD-1')}"}
    client.get(STATE, headers=who)  # the masters come into memory once
    with statements(plant) as asked:
        first = client.get(STATE, headers=who)
    assert (first.status_code, len(asked) <= 4) == (200, True)
    with statements(plant) as asked:
        again = client.get(STATE, headers={**who, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, len(asked)) == (304, 1)


def sign_first_article(plant: SamplePlant, line: Line) -> None:
    line.report("5", person="2002")
    plant.accept(
        "quality:first_article", person="3002", signed=True, operation=line.operation, verdict="reject", remark="焊歪"
    )


def goods_come(plant: SamplePlant, line: Line) -> None:
    line.load(line.components()[0], "10")


def fall_silent(plant: SamplePlant, _line: Line) -> None:
    plant.at("2026-12-01T08:01+08:00")


def next_day(plant: SamplePlant, _line: Line) -> None:
    plant.at("2026-12-02T08:00+08:00")


def device_speaks(plant: SamplePlant, _line: Line) -> None:
    heard(
        plant.database,
        "WLD-1",
        {"at": plant.now.isoformat(), "waiting": 1, "printers": [{"code": "PR-1", "faults": ["paper_out"]}]},
        plant.now,
    )


def gauge_speaks(plant: SamplePlant, _line: Line) -> None:
    read_value(plant.database, "WLD-1", Measured(str(uuid.uuid4()), "EQ-CL-01", "1.5", "mm", plant.now))


def job_fails(plant: SamplePlant, _line: Line) -> None:
    plant.database.write(lambda connection: connection.execute(update(PrintJob).values(state="failed", reason="x")))


@pytest.mark.parametrize(
    "happens", [sign_first_article, goods_come, fall_silent, next_day, device_speaks, gauge_speaks, job_fails]
)
def test_a_screen_sees_what_changed_elsewhere_at_once(
    plant: SamplePlant, line: Line, screen: FlaskClient, happens: Callable[[SamplePlant, Line], None]
) -> None:
    heard(plant.database, "WLD-1", {"at": plant.now.isoformat(), "waiting": 0, "printers": []}, plant.now)
    scan(screen, "1H2002", "ZE.EQ-RW-01", f"3W{line.operation}")
    plant.database.write(
        lambda connection: connection.execute(update(PrintJob).values(station_id=_station(connection), state="queued"))
    )
    before = screen.get(STATE)
    happens(plant, line)
    after = asked_again(screen, before.headers["ETag"])
    assert after.status_code == 200
    changed = {name for name in after.json if after.json[name] != before.json[name]}
    assert changed, happens


def _station(connection: Any) -> int:
    return int(connection.exec_driver_sql("SELECT id FROM station WHERE code = 'WLD-1'").scalar_one())


def test_the_band_of_a_line_says_how_the_first_article_stands(
    plant: SamplePlant, line: Line, screen: FlaskClient
) -> None:
    def setup() -> dict[str, Any]:
        return dict(screen.get(STATE).json["operation"]["setup"])

    scan(screen, "1H2002", "ZE.EQ-RW-01", f"3W{line.operation}", "Q3")
    assert (setup()["state"], setup()["made"], setup()["wanted"]) == ("making", "3 pcs", "5 pcs")
    scan(screen, "Q2")
    assert setup() == {
        "state": "ready",
        "attempt": 1,
        "made": "5 pcs",
        "wanted": "5 pcs",
        "since": plant.now.isoformat(),
    }
    plant.accept(
        "quality:first_article", person="3002", signed=True, operation=line.operation, verdict="reject", remark="焊歪"
    )
    assert (setup()["state"], setup()["attempt"], setup()["made"]) == ("making", 2, "0 pcs")


def test_every_answer_carries_the_plants_time(plant: SamplePlant, screen: FlaskClient) -> None:
    first = screen.get(STATE)
    again = asked_again(screen, first.headers["ETag"])
    assert first.headers["Runcard-Now"] == again.headers["Runcard-Now"] == plant.now.isoformat()
