"""The journal and the rights in words of the plant: sentences for whatever was written, a table of who may do what."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import insert

from mes.declaring import REGISTER
from mes.intake.columns import SHEETS
from mes.journal import Event, canonical
from mes.production.refusals import CardClosed
from mes.queries.sentences import reason_of, sentence_of
from mes.refusals import NotAllowed
from mes.roles import ROLE_NAMES, Role
from tests.plant import SamplePlant

QUALITY, STOREKEEPER, ADMINISTRATOR = "3001", "4001", "5002"
LogIn = Callable[[str], FlaskClient]


def write(house: SamplePlant, kind: str, arguments: object, reasons: object = ()) -> None:
    """An entry as an older program wrote it."""
    row = {
        "uuid": str(uuid.uuid4()),
        "kind": kind,
        "schema_version": 1,
        "arguments": canonical(arguments),
        "result": "refused" if reasons else "accepted",
        "reasons": canonical(reasons),
        "overrides": "[]",
        "occurred_at": house.now,
        "recorded_at": house.now,
    }
    house.database.write(lambda connection: connection.execute(insert(Event).values(row)))


def test_a_journal_entry_reads_as_a_sentence_in_the_reader_s_language(house: SamplePlant, log_in: LogIn) -> None:
    house.accept("quality:hold", person=QUALITY, lot="R260817-01", reason="弯曲¦bent")
    house.do("quality:hold", person=STOREKEEPER, lot="R260817-01", reason="?")
    client = log_in(ADMINISTRATOR)
    text = client.get("/admin").text
    assert "批次 R260817-01 冻结：弯曲" in text
    assert "quality:hold" not in re.sub(r"<[^>]+>", " ", text)
    client.post("/language/en", data={"next": "/admin"})
    text = client.get("/admin").text
    assert "lot R260817-01 put on hold: bent" in text
    assert "put a lot on hold" in text
    assert "quality manager" in text


def test_what_older_programs_wrote_breaks_no_page(house: SamplePlant, log_in: LogIn) -> None:
    write(house, "museum:visit", {"when": "long ago"})
    write(house, "quality:hold", {"batch": "R1"})
    write(house, "quality:judge", {"lot": 7, "verdict": ["odd"], "stage": "seance"})
    write(house, "quality:hold", {"lot": "R1"}, [{"code": "spoken_no_more", "facts": {"lot": "R1"}}])
    write(house, "quality:hold", {"lot": "R1"}, [{"code": "on_hold", "facts": {"other": 1}}])
    client = log_in(ADMINISTRATOR)
    assert client.get("/admin").status_code == 200
    told = [one["sentence"]["en"] for one in client.get("/api/v1/events").json["events"][:5]]
    assert told[4] == "a former command, museum:visit long ago"
    assert "spoken_no_more" in told[1]
    assert "seance" in told[2]


def test_every_command_reads_without_its_program_words() -> None:
    for one in REGISTER.values():
        told = sentence_of(one.name, {a.name: a.given.example for a in one.arguments.values()})
        assert not re.search(r"[a-z]+:[a-z]+|[a-z]+_[a-z]+|\{", told.zh + told.en), one.name


def test_refusals_show_states_roles_and_commands_in_words_of_the_plant() -> None:
    closed = CardClosed(card="261201-ASA-01", state="complete")
    assert (closed.sentence("zh"), "complete" in closed.facts.values()) == (
        "流转单 261201-ASA-01 状态为 已完工，不能再报工。",
        True,
    )
    refused = NotAllowed(command="planning:approve", person="乙二 1002¦Yi Er 1002", roles=("plan_approver",))
    assert refused.sentence("zh") == "乙二 1002 无权执行此操作（批准计划），需要角色：生产主管。"
    assert refused.sentence("en") == "Yi Er 1002 may not do this (approve a plan); it needs: production manager."


def test_an_old_reason_reads_as_what_is_known_of_it() -> None:
    old = reason_of({"code": "spoken_no_more", "facts": {"lot": "R1"}})
    assert (old.zh, old.override_role) == ("旧的拒绝原因 spoken_no_more（lot R1）", None)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_table_of_rights_is_a_file_with_every_command_and_role(log_in: LogIn, kind: str) -> None:
    answer = log_in(ADMINISTRATOR).get(f"/admin/rights?format={kind}")
    assert "attachment" in answer.headers["Content-Disposition"]
    if kind == "csv":
        rows = [line.split(",") for line in answer.get_data(as_text=True).lstrip("\ufeff").splitlines()]
    else:
        rows = [[cell or "" for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.values]
    assert rows[0][3:] == [ROLE_NAMES[role][0] for role in Role]
    found = {row[1]: {role for role, mark in zip(Role, row[3:], strict=True) if mark} for row in rows[1:]}
    assert found == {one.words.zh: set(one.roles) for one in REGISTER.values()}


def test_the_table_of_rights_is_for_those_who_answer_for_it(client: FlaskClient, log_in: LogIn) -> None:
    assert client.get("/admin/rights").status_code == 302
    assert log_in(STOREKEEPER).get("/admin/rights").status_code == 403
    page = log_in(QUALITY).get("/admin/rights").text
    assert all(one.words.zh in page for one in REGISTER.values())
    assert all(f">{sheet}<" in page for sheet in SHEETS)
