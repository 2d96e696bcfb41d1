"""Commands over HTTP: every declared one has its route; who may, what is answered, and that nothing happens twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from sqlalchemy import func, select

from mes.commands import Request, perform
from mes.declaring import REGISTER
from mes.journal import Answered, Event
from mes.people import access
from mes.people.model import Person
from mes.roles import Role
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD, PIN
from web.app import create_app

STOREKEEPER, INSPECTOR, PLANNER, APPROVER, ADMINISTRATOR = "4001", "3002", "1002", "1001", "5002"
ISSUE = "/api/v1/commands/stock/issue"
HOLD = {"lot": "R260817-01", "reason": "doubt"}
OFFERED = [one for one in REGISTER.values() if one.by_program]


@pytest.fixture
def station(house: SamplePlant, client: FlaskClient) -> Callable[..., Any]:
    """Asks as station RAW-1, where the storekeeper is signed on."""
    who = {"Authorization": f"Bearer {access.new_station_token(house.database, 'RAW-1')}"}
    scan = {
        "id": str(uuid.uuid4()),
        "station": "RAW-1",
        "code": f"1H{STOREKEEPER}",
        "scanned_at": house.now.isoformat(),
    }
    assert client.post("/api/v1/scans", json=scan, headers=who).json["result"] == "accepted"

    def ask(path: str, key: str | None = None, **body: Any) -> Any:
        return client.post(path, json=body, headers={**who, **({"Idempotency-Key": key} if key else {})})

    return ask


def events(house: SamplePlant, kind: str) -> int:
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(Event).where(Event.kind == kind)) or 0


def test_a_station_acts_for_whoever_is_signed_on_there(house: SamplePlant, station: Callable[..., Any]) -> None:
    answer = station("/api/v1/commands/stock/put_away", unit="R260817-01", to="ST-A01")
    assert answer.status_code == 200, answer.text
    assert answer.json["value"]["place"] == "ST-A01"
    assert answer.json["said"] == {"zh": "批次 R260817-01 已入 ST-A01", "en": "Lot R260817-01 put away at ST-A01"}
    with house.read() as session:
        event = session.get_one(Event, answer.json["event"])
        assert session.get_one(Person, event.person_id).badge == STOREKEEPER


def test_a_refusal_is_409_with_every_reason_and_the_role_that_may_override(station: Callable[..., Any]) -> None:
    answer = station(ISSUE, unit="R261110-02", to="LN-WLD")
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    (reason,) = answer.json["reasons"]
    assert reason["code"] == "not_oldest"
    assert reason["facts"]["oldest"] == "R260807-02"
    assert {"zh", "en", "override_role", "fingerprint"} <= reason.keys()


def test_an_override_lets_exactly_one_refusal_pass(house: SamplePlant, station: Callable[..., Any]) -> None:
    access.set_pin(house.database, "1004", PIN)
    (reason,) = station(ISSUE, unit="R261110-02", to="LN-WLD").json["reasons"]
    assert reason["override_role"] == "supervisor"
    given = {"fingerprint": reason["fingerprint"], "badge": "1004", "pin": PIN, "reason": "it is blocked"}
    wrong = station(ISSUE, unit="R261110-02", to="LN-WLD", overrides=[{**given, "pin": "0000"}])
    assert [one["code"] for one in wrong.json["reasons"]] == ["signature_wrong"]
    assert station(ISSUE, unit="R261110-02", to="LN-WLD", overrides=[given]).status_code == 200


def test_the_same_key_and_body_get_the_first_answer_and_nothing_happens_twice(
    house: SamplePlant, station: Callable[..., Any]
) -> None:
    first = station(ISSUE, key="a", unit="R260807-02", to="LN-WLD")
    again = station(ISSUE, key="a", unit="R260807-02", to="LN-WLD")
    assert (first.status_code, first.json) == (200, again.json)
    assert events(house, "stock:issue") == 1
    other = station(ISSUE, key="a", unit="R261110-02", to="LN-WLD")
    assert other.status_code == 409
    assert [one["code"] for one in other.json["reasons"]] == ["key_reused"]
    assert station(ISSUE, key="b", unit="R260807-02", to="LN-WLD").status_code == 409  # issued already


def test_a_refused_question_is_refused_again_under_its_key(house: SamplePlant, station: Callable[..., Any]) -> None:
    first = station(ISSUE, key="a", unit="R261110-02", to="LN-WLD")
    assert station(ISSUE, key="a", unit="R261110-02", to="LN-WLD").json == first.json
    assert events(house, "stock:issue") == 1


def test_an_answer_is_kept_a_week(house: SamplePlant, station: Callable[..., Any]) -> None:
    station(ISSUE, key="a", unit="R261110-02", to="LN-WLD")
    house.at("2026-12-10T08:00+08:00")
    access.set_pin(house.database, STOREKEEPER, PIN)
    station(ISSUE, key="b", unit="R261110-02", to="LN-WLD", signature={"badge": STOREKEEPER, "pin": PIN})
    with house.read() as session:
        assert session.scalars(select(Answered.key)).all() == ["b"]


def test_a_station_where_nobody_is_signed_on_does_nothing(house: SamplePlant, client: FlaskClient) -> None:
    who = {"Authorization": f"Bearer {access.new_station_token(house.database, 'FGS-1')}"}
    answer = client.post(ISSUE, json={"unit": "R260807-02", "to": "LN-WLD"}, headers=who)
    assert answer.status_code == 409
    assert [one["code"] for one in answer.json["reasons"]] == ["badge_first"]
    assert client.post(ISSUE, json={"unit": "R260807-02", "to": "LN-WLD"}).status_code == 401


def test_a_badge_alone_opens_only_what_hands_on_the_floor_may_do(
    house: SamplePlant, station: Callable[..., Any]
) -> None:
    access.set_pin(house.database, INSPECTOR, PIN)
    refused = station("/api/v1/commands/quality/hold", **HOLD)
    assert [one["code"] for one in refused.json["reasons"]] == ["signature_missing"]
    signed = station("/api/v1/commands/quality/hold", **HOLD, signature={"badge": INSPECTOR, "pin": PIN})
    assert signed.status_code == 200, signed.text


def test_a_signature_is_checked_and_written_nowhere(
    house: SamplePlant, log_in: Callable[[str], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    access.set_pin(house.database, APPROVER, "918273")
    client, path = log_in(APPROVER), "/api/v1/commands/planning/approve"
    asked = {"month": "2026-12", "revision": 1}
    unsigned = client.post(path, json=asked)
    assert [one["code"] for one in unsigned.json["reasons"]] == ["signature_missing"]
    wrong = client.post(path, json={**asked, "signature": {"badge": APPROVER, "pin": "111111"}})
    assert [one["code"] for one in wrong.json["reasons"]] == ["signature_wrong"]
    headers = {"Idempotency-Key": "approve-12"}
    done = client.post(path, json={**asked, "signature": {"badge": APPROVER, "pin": "918273"}}, headers=headers)
    assert done.status_code == 200, done.text
    with house.read() as session:
        kept = [*session.scalars(select(Event.arguments)), *session.scalars(select(Answered.answer))]
    assert not any("918273" in one for one in [*kept, caplog.text, done.text])


def test_a_login_needs_its_csrf_token_for_a_command(house: SamplePlant) -> None:
    access.set_password(house.database, INSPECTOR, PASSWORD)
    app = create_app(house.database, house.clock, "secret")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert client.post("/login", data={"badge": INSPECTOR, "password": PASSWORD}).status_code == 302
    app.config["WTF_CSRF_ENABLED"] = True
    path = "/api/v1/commands/quality/hold"
    assert client.post(path, json=HOLD).status_code == 400
    page = client.get("/stock").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post(path, json=HOLD, headers={"X-CSRFToken": token}).status_code == 200


def test_a_command_refuses_a_layout_that_no_decoder_could_read(
    house: SamplePlant, log_in: Callable[[str], FlaskClient]
) -> None:
    asked = {"name": "accepted", "content": "this is no layout"}
    answer = log_in(ADMINISTRATOR).post("/api/v1/commands/label/save_layout", json=asked)
    assert [one["code"] for one in answer.json["reasons"]] == ["layout_not_printable"]
    assert events(house, "label:save_layout") == 1


def test_every_command_names_each_field_of_a_wrong_body(log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in(ADMINISTRATOR)
    for one in OFFERED:
        path = f"/api/v1/commands/{one.department}/{one.verb}"
        body = {"nonsense": 1, **{name: {} for name in one.arguments}, "signature": "me"}
        answer = client.post(path, json=body)
        assert answer.status_code == 422, path
        assert answer.content_type == "application/problem+json"
        assert {field["field"] for field in answer.json["fields"]} == {*body}, path
        assert client.post(path, json=[]).status_code == 422
        missing = client.post(path, json={}).json.get("fields", [])
        assert {field["field"] for field in missing} == {a.name for a in one.arguments.values() if a.required}


def test_what_has_no_way_over_http_is_not_found(log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in(ADMINISTRATOR)
    assert [one.name for one in REGISTER.values() if not one.by_program] == ["plant:import"]
    for path in ("plant/import", "stock/nothing", "nothing/issue"):
        assert client.post(f"/api/v1/commands/{path}", json={}).status_code == 404


def test_the_description_is_valid_and_holds_every_command(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json
    validate(described)
    for one in OFFERED:
        operation = described["paths"][f"/api/v1/commands/{one.department}/{one.verb}"]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert set(one.arguments) < set(schema["properties"])
        assert operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["value"][
            "properties"
        ]
        assert {"409", "422"} <= operation["responses"].keys()
        assert operation["security"]
    assert {"station", "login"} <= described["components"]["securitySchemes"].keys()


def test_examples_of_the_description_have_the_form_that_commands_want() -> None:
    from web.api.bodies import problems_of_body
    from web.api.describing import describe

    described = describe({"paths": {}})
    for one in OFFERED:
        operation = described["paths"][f"/api/v1/commands/{one.department}/{one.verb}"]["post"]
        assert problems_of_body(one, operation["requestBody"]["content"]["application/json"]["example"]) == {}, one.name


def test_a_command_is_open_to_its_roles_and_to_nobody_else(house: SamplePlant, client: FlaskClient) -> None:
    """The whole matrix, command x role, over HTTP."""
    for role in (one for one in Role if one is not Role.SYSTEM):
        badge = _person_with(house, role)
        assert client.post("/login", data={"badge": badge, "password": PASSWORD}).status_code == 302
        for one in OFFERED:
            answer = client.post(f"/api/v1/commands/{one.department}/{one.verb}", json=_asked(one, badge))
            codes = {reason["code"] for reason in answer.json.get("reasons", ())}
            assert (role not in one.roles) == ("not_allowed" in codes), (one.name, role, codes)


def test_the_door_opens_to_the_roles_of_a_command_and_to_nobody_else(house: SamplePlant) -> None:
    """The whole matrix, command x role, at the door itself."""
    for role in (one for one in Role if one is not Role.SYSTEM):
        badge = _person_with(house, role)
        for one in OFFERED:
            request = Request(one.name, _arguments(one), person=badge, signed_by=badge if one.signed else None)
            outcome = perform(house.database, request, house.clock)
            codes = {reason.code for reason in outcome.reasons}
            assert (role not in one.roles) == ("not_allowed" in codes), (one.name, role, codes)


def _person_with(house: SamplePlant, role: Role) -> str:
    badge = "2001"
    house.database.write(
        lambda connection: connection.execute(
            Person.__table__.update().where(Person.badge == badge).values(roles=role.value)  # type: ignore[attr-defined]
        )
    )
    access.set_password(house.database, badge, PASSWORD)
    access.set_pin(house.database, badge, PIN)
    return badge


def _arguments(one: Any) -> dict[str, Any]:
    """Arguments of the right form that name nothing, so that nothing is done."""
    schema = {a.name: (a.given.schema, a.given.example) for a in one.arguments.values() if a.required}
    return {name: one.get("enum", [one.get("minimum", usual)])[0] for name, (one, usual) in schema.items()}


def _asked(one: Any, badge: str) -> dict[str, Any]:
    return {**_arguments(one), **({"signature": {"badge": badge, "pin": PIN}} if one.signed else {})}
