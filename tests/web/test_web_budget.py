"""Any office page costs at most fifteen statements, however many rows it shows, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from mes.people import access
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.statements import noted
from tests.web.browser import PASSWORD
from web.app import create_app
from web.pages.ways import WAYS

BUDGET = 15
ADDRESSES = [
    "/",
    *(way.path for way in WAYS),
    "/print?lot=261028-PKG-01",
    "/stock?q=C16&status=accepted&sort=-quantity",
    "/tables/lots?page=2",
    "/tables/plan_lines?sort=done",
    "/tables/run_cards",
    "/admin/looking",
    "/find?q=C16",
    "/find?q=nothing-like-it",
    "/labels/carton",
]


@pytest.fixture
def plant(fresh: Fresh) -> Iterator[SamplePlant]:
    """The sample plant on each engine in turn."""
    found = SamplePlant.copied(fresh)
    yield found
    found.close()


@pytest.fixture
def office(plant: SamplePlant) -> FlaskClient:
    """The administrator, who sees every table of every page."""
    app = create_app(plant.database, plant.clock, "secret")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    access.set_password(plant.database, "5002", PASSWORD)
    client.post("/login", data={"badge": "5002", "password": PASSWORD})
    return client


def costs(plant: SamplePlant, office: FlaskClient) -> dict[str, int]:
    """Statements per page."""
    found = {}
    for address in ADDRESSES:
        with noted(plant.database.engine) as asked:
            assert office.get(address).status_code in (200, 302)
        found[address] = len(asked)
    return found


def test_an_office_page_costs_at_most_fifteen_statements_with_much_on_it_as_with_little(
    plant: SamplePlant, office: FlaskClient
) -> None:
    little = costs(plant, office)
    for number in range(30):
        plant.release("SA-MG-C32", "100", person="1002", station="OFFICE")
        printer = {"language": "escpos", "dpi": 203, "width_mm": 80, "stock": "receipt"}
        station = f"X-{number:02}"
        plant.accept("plant:station", code=station, name_zh="工位", name_en="station", role="office")
        plant.accept("plant:printer", code=f"PR-{number:02}", stands_at=station, **printer)
    for lot in ("261028-PKG-01", "261112-PKG-01", "261103-PKG-01"):
        plant.accept("quality:hold", person="3001", lot=lot, reason="doubt")
    much = costs(plant, office)
    assert {address: count for address, count in {**little, **much}.items() if count > BUDGET} == {}
    tables = {way.path: len(way.tables) for way in WAYS}  # a table that has a second page is counted
    grown = {address: much[address] - little[address] - (tables.get(address) or 1) for address in ADDRESSES}
    assert {address: count for address, count in grown.items() if count > 0} == {}
