"""Forms that people print or file: for people who are logged in, proved PDF, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from mes.plant import access
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SamplePlant
from web.app import create_app

FORMS = ["/certificates/261103-PKG-01.pdf", "/packing-lists/SO-2611-001.pdf", "/material-cards/PT-BM-32.pdf"]


@pytest.fixture
def plant(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """The sample plant."""
    found = SamplePlant.copied(Fresh(sqlite_databases, tmp_path))
    yield found
    found.close()


@pytest.fixture
def client(plant: SamplePlant) -> FlaskClient:
    """Somebody who has not logged in."""
    app = create_app(plant.database, plant.clock, "secret")
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def reader(plant: SamplePlant, client: FlaskClient) -> FlaskClient:
    """The quality manager, logged in."""
    access.set_password(plant.database, "3001", "long enough")
    client.post("/login", data={"badge": "3001", "password": "long enough"})
    return client


@pytest.mark.parametrize("path", FORMS)
def test_a_form_needs_a_login(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", FORMS[1:])
def test_a_form_is_a_pdf(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")


def test_there_is_no_certificate_before_the_final_inspection_has_passed(reader: FlaskClient) -> None:
    answer = reader.get("/certificates/R261027-01.pdf")
    assert answer.status_code == 404
    assert "没有合格证" in answer.text


def test_a_form_of_nothing_says_so(reader: FlaskClient) -> None:
    assert "没有 NOTHING" in reader.get("/material-cards/NOTHING.pdf").text
