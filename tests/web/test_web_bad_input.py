"""Whatever comes over HTTP is answered: a field named at 422, another page at 404, never a fault (law 12)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule

from mes.people import access
from mes.people.model import Person
from mes.queries import asking
from mes.queries.declared import TABLES
from mes.roles import Role
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD
from web.app import create_app

SOMEBODY = "5002"
ELSEWHERE = {"logout", "login", "enter", "static", "typeface"}  # ends the login, opens another, or serves files
PLACES = {"station": "QC-1", "department": "stock", "verb": "issue", "act": "final", "kinds": "lot", "badge": "5001"}
TEXTS = ["a\0b", "9" * 400, "9999-12-31", "1E+999999", "²"]
NAMES = [
    *("q", "code", "lot", "direction", "page", "month", "revision", "lease", "offset", "limit", "before", "depth"),
    *("journal", "station", "kind", "result", "sort", "next", "at", "group", "only", "item", "place", "unit", "label"),
    *("reason", "text", "badge", "pin", "password", "came_out", "operation", "verdict", "accepted", "nonconforming"),
    *("id", "scanned_at", "waited_s", "typed", "of", "stage", "override_of", "override_badge", "value-1-1"),
    *("conforms-1-1", "gauge-1"),
]
ODD: list[Any] = [[], "x", 10**30, None, {"code": {"a": 1}}, {"code": "\ud800"}]
BODIES = [*ODD, *(dict.fromkeys(NAMES, text) for text in TEXTS)]
RAW = [b"[" * 60_000, b'{"a":' * 9_000, b"9" * 60_000, b"\xff\xfe", b"", b'{"waiting": NaN}', b'{"waiting": 1E999}']
HEADERS = {
    "Idempotency-Key": ["", "\xff", "x" * 200, "a\tb"],
    "Authorization": ["Bearer \xff\xfe", "Bearer", "Basic ==", "Bearer " + "x" * 5000],
    "Accept-Language": ["\xff", "zh;q=x", "," * 2000],
    "Cookie": ["session=\xff", "session=.x.y", "session=" + "x" * 4000, ";;;="],
    "Referer": ["http://[", "\xff", "//"],
    "If-None-Match": ['"', "W/", "\xff"],
    "X-CSRFToken": ["\xff"],
    "Content-Type": ["application/json; charset=none", "multipart/form-data", "\xff"],
}


@pytest.fixture
def app(fresh: Fresh) -> Iterator[Flask]:
    """The application on each engine in turn; somebody has every role."""
    plant = SamplePlant.copied(fresh)
    roles = ";".join(sorted(one.value for one in Role if one is not Role.SYSTEM))
    with plant.database.engine.begin() as connection:
        connection.execute(update(Person).where(Person.badge == SOMEBODY).values(roles_text=roles))
    found = create_app(plant.database, plant.clock, "secret")
    found.config["WTF_CSRF_ENABLED"] = False
    for limiter in found.extensions["limiter"]:
        limiter.enabled = False
    yield found
    plant.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody, logged in."""
    database = app.extensions["house"].database
    access.set_password(database, SOMEBODY, PASSWORD)
    client = app.test_client()
    assert client.post("/login", data={"badge": SOMEBODY, "password": PASSWORD}).status_code == 302
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {access.new_station_token(database, 'QC-1')}"
    return client


def rules(app: Flask, method: str) -> list[Rule]:
    return [one for one in app.url_map.iter_rules() if method in (one.methods or ()) and one.endpoint not in ELSEWHERE]


def path_of(rule: Rule, text: str | None = None) -> str:
    """The rule's address with what stands there, or with a text in every place of it."""
    return re.sub(
        r"<(?:int\(.*?\):)?(\w+)>",
        lambda found: quote(text or ("1" if "int(" in found[0] else PLACES.get(found[1], "QC-1")), safe=""),
        rule.rule,
    )


def faults(client: FlaskClient, tries: Iterator[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """What was answered with a fault."""
    found = []
    for method, path, sent in tries:
        try:
            status = client.open(path, method=method, **sent).status_code
        except UnicodeEncodeError:  # the test client's own: such a header cannot be sent at all
            continue
        if status >= 500:
            found.append(f"{method} {path:.200} {sent!s:.100} {status}")
    return found


def looking(app: Flask) -> Iterator[tuple[str, str, dict[str, Any]]]:
    filters = [name for table in TABLES.values() for name in asking.names(table)]
    for rule in rules(app, "GET"):
        own = filters if "tables" in rule.endpoint or "table_" in rule.endpoint else []
        for text in TEXTS:
            if rule.arguments:
                yield "GET", path_of(rule, text), {}
            yield "GET", f"{path_of(rule)}?{urlencode(dict.fromkeys([*NAMES, *own], text))}", {}


def sending(app: Flask) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for rule in rules(app, "POST"):
        path = path_of(rule)
        for text in TEXTS:
            if rule.arguments:
                yield "POST", path_of(rule, text), {}
            yield "POST", path, {"data": dict.fromkeys(NAMES, text)}
        for body in BODIES:
            yield "POST", path, {"data": json.dumps(body), "content_type": "application/json"}
        for raw in RAW:
            yield "POST", path, {"data": raw, "content_type": "application/json"}


def with_headers(app: Flask) -> Iterator[tuple[str, str, dict[str, Any]]]:
    body = {"unit": "R261027-01", "to": "LN-WLD"}
    for name, values in HEADERS.items():
        for value in values:
            for path in ("/stock", "/do/stock/issue", "/api/v1/stations/QC-1/state", "/static/runcard.css"):
                yield "GET", path, {"headers": {name: value}}
            for path in ("/api/v1/commands/stock/issue", "/api/v1/scans"):
                yield "POST", path, {"headers": {name: value}, "data": json.dumps(body)}


def test_every_address_with_every_poison_is_answered(app: Flask, client: FlaskClient) -> None:
    assert faults(client, looking(app)) == []


def test_everything_that_takes_a_body_answers_every_body(app: Flask, client: FlaskClient) -> None:
    assert faults(client, sending(app)) == []


def test_every_header_is_answered(app: Flask, client: FlaskClient) -> None:
    assert faults(client, with_headers(app)) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"unit": "a\\u0000b", "to": "X"}', "unit"),
        ('{"unit": "\\ud800", "to": "X"}', "unit"),
        ('{"overrides": [{"pin": "\\u0000"}]}', "overrides.0.pin"),
        ('{"unit": NaN}', "body"),
        ('{"unit": 1E999}', "body"),
        ("[" * 5000, "body"),
        ('{"unit": ' + "[" * 20 + "]" * 20 + "}", "unit"),
        ('{"unit": 7, "to": "X"}', "unit"),
    ],
)
def test_a_program_is_told_the_field(client: FlaskClient, body: str, field: str) -> None:
    answer = client.post("/api/v1/commands/stock/issue", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [one["field"] for one in answer.json["fields"]] == [field]


def test_a_person_is_told_the_field(client: FlaskClient) -> None:
    answer = client.get("/find?q=a%00b")
    assert answer.status_code == 422
    assert "q: 含有无法保存的字符" in answer.text
    assert client.post("/do/stock/issue", data={"unit": "\0"}).status_code == 422


def test_a_form_with_a_number_of_a_million_digits_is_answered_at_once(client: FlaskClient) -> None:
    answer = client.post("/do/stock/split", data={"unit": "261112-PKG-01", "quantity": "1E+999999"})
    assert answer.status_code == 422
    assert "须为数字，如 12 或 0.5" in answer.text
