"""Who may look, as a table: page × role, answer × role, stations by token; a silent route is open to nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mes.masters.model import Station
from mes.people import access
from mes.people.model import Person
from mes.queries.declared import TABLES
from mes.queries.looking import SIGHTS, may_look, station_may_look
from mes.roles import Role
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD
from web.app import create_app
from web.pages.ways import LEADS, PAPERS, WAYS
from web.rights import GUARD, OPEN_DOORS, is_of_the_floor, looks

READERS = sorted(set(Role) - {Role.SYSTEM})
PAGES = {
    **{way.path: way.needs for way in WAYS},
    **{f"/tables/{name}": name for name in TABLES},
    "/labels/carton": "layouts",
    "/admin/looking": "looking",
    "/run-cards/NONE.pdf": "run_card_form",
    "/certificates/NONE.pdf": "certificate",
    "/packing-lists/NONE.pdf": "packing_list",
    "/material-cards/PT-SPL.pdf": "material_card",
    "/screen/RAW-1": "screen",
    "/terminal/RAW-1": "screen",
    "/kiosk/QC-1": "screen",
}
ANSWERS = {
    **{f"tables/{name}": name for name in TABLES},
    "lots/R261027-01": "lot",
    "lots/R261027-01/genealogy": "trace",
    "recalls/S04-261012-A": "trace",
    "run-cards/NONE": "run_card",
    "stock": "stock",
    "events": "journal",
    "stations/RAW-1/state": "screen",
}


@pytest.fixture
def as_role(house: SamplePlant, client: FlaskClient) -> Callable[[Role], FlaskClient]:
    """Logs in one person who is given a single role for the test."""
    access.set_password(house.database, "1002", PASSWORD)

    def become(role: Role) -> FlaskClient:
        house.database.write(
            lambda connection: connection.execute(
                Person.__table__.update().where(Person.badge == "1002").values(roles=role.value)
            )
        )
        client.post("/login", data={"badge": "1002", "password": PASSWORD})
        return client

    return become


@pytest.mark.parametrize("role", READERS)
def test_a_role_sees_the_pages_that_are_its_own_and_no_other(
    as_role: Callable[[Role], FlaskClient], role: Role
) -> None:
    client = as_role(role)
    shut = {page: int(client.get(page).status_code == 403) for page in PAGES}
    assert shut == {page: int(not may_look({role}, sight)) for page, sight in PAGES.items()}


@pytest.mark.parametrize("role", READERS)
def test_a_role_gets_the_answers_that_are_its_own_and_no_other(
    as_role: Callable[[Role], FlaskClient], role: Role
) -> None:
    client = as_role(role)
    shut = {path: int(client.get(f"/api/v1/{path}").status_code == 403) for path in ANSWERS}
    assert shut == {path: int(not may_look({role}, sight)) for path, sight in ANSWERS.items()}


@pytest.mark.parametrize("code", ["RAW-1", "WLD-1", "PKG-1", "QC-1", "DOCK-1", "OFFICE"])
def test_a_token_reads_its_own_station_and_what_its_role_scans(
    house: SamplePlant, client: FlaskClient, code: str
) -> None:
    who = {"Authorization": f"Bearer {access.new_station_token(house.database, code)}"}
    with house.read() as session:
        role = session.scalars(select(Station.role).where(Station.code == code)).one()
    wanted = {path: int(not station_may_look(role, sight)) for path, sight in ANSWERS.items()}
    wanted["stations/RAW-1/state"] = int(code != "RAW-1")
    assert {path: int(client.get(f"/api/v1/{path}", headers=who).status_code == 403) for path in wanted} == wanted
    assert client.get("/api/v1/print-jobs", headers=who).status_code == 200
    assert client.get("/api/v1/print-jobs?station=ASA-1", headers=who).status_code == 403


def test_a_station_is_told_nothing_of_customers(house: SamplePlant, client: FlaskClient) -> None:
    card = house.release("SA-MG-C32", "100", person="1002").card
    who = {"Authorization": f"Bearer {access.new_station_token(house.database, 'QC-1')}"}
    seen = client.get(f"/api/v1/run-cards/{card}", headers=who).json
    assert (seen["card"]["customer"], seen["card"]["order"], seen["batch"]["deliveries"]) == (None, None, [])
    lots = client.get("/api/v1/lots/R261027-01", headers=who).json["lots"]
    assert [lot["deliveries"] for lot in lots] == [[] for _ in lots]


def test_a_station_role_that_may_read_something_is_named_for_it() -> None:
    assert {name: sight.stations for name, sight in SIGHTS.items() if sight.stations} == {
        "lot": {"store", "inspection"},
        "run_card": {"line", "packing", "inspection"},
    }


@pytest.fixture
def app(house: SamplePlant) -> Flask:
    """The application, to look at its routes."""
    return create_app(house.database, house.clock, "secret")


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_DOORS
        and not is_of_the_floor(rule.rule)
        and not hasattr(app.view_functions[rule.endpoint], GUARD)
    ]
    assert silent == []


def test_every_open_door_is_a_route(app: Flask) -> None:
    assert OPEN_DOORS.keys() - app.view_functions.keys() == set()


def test_a_route_that_says_nothing_is_open_to_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "seen")
    assert app.test_client().get("/forgotten").status_code == 403


def test_whatever_a_route_a_link_or_a_paper_asks_for_is_declared(app: Flask) -> None:
    needed = {way.needs for way in WAYS} | {one.sight for one in (*LEADS.values(), *PAPERS.values())}
    assert needed - SIGHTS.keys() == set()
    assert {name for way in WAYS for name in way.tables} <= TABLES.keys()
    with pytest.raises(TypeError, match="nothing"):
        looks("nothing")


def test_who_may_look_is_a_page_in_words(log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("2001")
    for said in ("操作工", "库存", "单张流转单"):
        assert said in client.get("/admin/looking").text
    client.post("/language/en", data={"next": "/"})
    page = client.get("/admin/looking").text
    for said in ("operator", "Stock", "One run card", "packing"):
        assert said in page
    assert [name for name in SIGHTS if "_" in name and name in page] == []


def test_an_operator_is_offered_only_what_is_open_to_him(log_in: Callable[[str], FlaskClient]) -> None:
    page = log_in("2001").get("/").text
    shut = [way.path for way in WAYS if not may_look({Role.OPERATOR}, way.needs)]
    assert [path for path in shut if f'href="{path}"' in page] == []
    assert 'href="/screen/WLD-1"' in page


def test_a_row_leads_only_where_the_reader_may_go(log_in: Callable[[str], FlaskClient]) -> None:
    assert "/trace?code=" not in log_in("4001").get("/stock").text
    assert "/trace?code=" in log_in("3001").get("/stock").text
