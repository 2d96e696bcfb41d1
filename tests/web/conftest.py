"""Fixtures of the page tests: the sample plant, a client without a browser, a real server, and screens on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from mes.people import access
from tests.engines import Fresh, SqliteDatabases
from tests.mes.lineside import first_of
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD, PIN, Screen, launched, served
from web.app import create_app


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    with launched() as browser:
        yield browser


@pytest.fixture
def house(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """The sample plant on the embedded engine: a browser makes no difference to the engine."""
    found = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    yield found
    found.close()


@pytest.fixture
def client(house: SamplePlant) -> FlaskClient:
    """Somebody who has not logged in; forms need no token here."""
    app = create_app(house.database, house.clock, "secret")
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def log_in(house: SamplePlant, client: FlaskClient) -> Callable[[str], FlaskClient]:
    """Logs the client in as the person with a badge."""

    def as_person(badge: str) -> FlaskClient:
        access.set_password(house.database, badge, PASSWORD)
        assert client.post("/login", data={"badge": badge, "password": PASSWORD}).status_code == 302
        return client

    return as_person


@pytest.fixture
def address(house: SamplePlant) -> Iterator[str]:
    """Where the application answers."""
    with served(house) as where:
        yield where


@pytest.fixture
def new_screen(chromium: Browser, house: SamplePlant, address: str) -> Iterator[Callable[[], Screen]]:
    """Opens screens, each a browser of its own, and closes them all."""
    opened: list[Screen] = []

    def another() -> Screen:
        opened.append(Screen(chromium, address, house))
        return opened[-1]

    yield another
    for screen in opened:
        screen.close()


@pytest.fixture
def screen(new_screen: Callable[[], Screen]) -> Screen:
    """One screen."""
    return new_screen()


@pytest.fixture
def first_article(house: SamplePlant) -> str:
    """Moulded bases that wait for their first article: three characteristics; returns the operation."""
    drying = first_of(house, "PT-BAS", "100")
    drying.load_all()
    drying.start()
    drying.report("100")
    drying.finish()
    drying.next().start()
    drying.next().report("5")
    access.set_pin(house.database, "3002", PIN)
    return drying.next().operation
