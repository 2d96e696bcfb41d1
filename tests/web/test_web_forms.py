"""Forms that people print or file: for people who are logged in, proved PDF, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

FORMS = ["/certificates/261103-PKG-01.pdf", "/packing-lists/SO-2611-001.pdf", "/material-cards/PT-BM-32.pdf"]


@pytest.fixture
def reader(log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The quality manager, logged in."""
    return log_in("3001")


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
