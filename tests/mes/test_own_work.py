"""`runcard check` sees from the journal whoever got round the rule that nobody signs for himself."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from mes.audit import audit
from mes.commands import Request, perform
from mes.database import table_of
from mes.journal import Event
from mes.people.model import Person
from mes.planning.model import PlanRevision
from tests.plant import SamplePlant

QUALITY, ADMINISTRATOR = "3001", "5002"
CERTIFICATE = {"operation": "BRAZ", "certificate": "ZY-NEW", "valid_from": "2026-12-01", "valid_until": "2027-11-30"}
FORGED: dict[str, tuple[str, str, dict[str, Any], list[dict[str, str]]]] = {
    "nobody_certified_himself": ("plant:certify", QUALITY, {"person": QUALITY, **CERTIFICATE}, []),
    "nobody_let_his_own_refusal_pass": ("stock:issue", "1004", {}, [{"of": "x", "by": "1004", "reason": "x"}]),
}


def forge(plant: SamplePlant, kind: str, by: str, arguments: dict[str, Any], overrides: list[dict[str, str]]) -> None:
    """An event as somebody with a database client would write it."""

    def write(connection: Connection) -> None:
        person = connection.scalar(select(Person.id).where(Person.badge == by))
        values = {
            "uuid": str(uuid.uuid4()),
            "kind": kind,
            "schema_version": 1,
            "arguments": json.dumps(arguments),
            "result": "accepted",
            "reasons": "[]",
            "overrides": json.dumps(overrides),
            "person_id": person,
            "occurred_at": plant.now,
            "recorded_at": plant.now,
        }
        connection.execute(insert(table_of(Event)).values(values))

    plant.database.write(write)


def found(plant: SamplePlant) -> set[str]:
    with plant.read() as session:
        return {one.check for one in audit(session)} - {"an_accepted_event_has_its_effect"}


def test_an_honest_plant_has_no_finding(plant: SamplePlant) -> None:
    plant.accept("planning:approve", month="2026-12", revision=1, person="1001", signed=True)
    for person, roles in (("2001", ["operator", "supervisor"]), (ADMINISTRATOR, ["admin"])):
        wanted = Request("plant:change_person", {"person": person, "roles": roles}, person=ADMINISTRATOR)
        assert perform(plant.database, wanted, plant.clock).accepted
    assert found(plant) == set()


@pytest.mark.parametrize("check", FORGED)
def test_own_work_that_stands_in_the_journal_is_found(sqlite_plant: SamplePlant, check: str) -> None:
    forge(sqlite_plant, *FORGED[check])
    assert found(sqlite_plant) == {check}


def test_own_roles_are_found_by_what_they_were_before(sqlite_plant: SamplePlant) -> None:
    forge(sqlite_plant, "plant:change_person", ADMINISTRATOR, {"person": "1002", "roles": ["planner"]}, [])
    forge(sqlite_plant, "plant:change_person", "1002", {"person": "1H1002", "roles": ["planner"]}, [])
    assert found(sqlite_plant) == set()
    forge(sqlite_plant, "plant:change_person", "1002", {"person": "1H1002", "roles": ["planner", "admin"]}, [])
    assert found(sqlite_plant) == {"nobody_changed_his_own_roles"}


@pytest.mark.parametrize("by", ["1002", None])
def test_a_plan_in_force_that_its_author_or_nobody_approved_is_found(sqlite_plant: SamplePlant, by: str | None) -> None:
    in_force = update(PlanRevision).where(PlanRevision.revision == 1).values(state="approved")
    sqlite_plant.database.write(lambda connection: connection.execute(in_force))
    if by:
        forge(sqlite_plant, "planning:approve", by, {"month": "2026-12", "revision": 1}, [])
    assert found(sqlite_plant) == {"nobody_approved_a_plan_of_his_own"}


def test_a_plant_without_an_administrator_is_found(sqlite_plant: SamplePlant) -> None:
    disabled = update(Person).where(Person.badge == ADMINISTRATOR).values(disabled=True)
    sqlite_plant.database.write(lambda connection: connection.execute(disabled))
    assert found(sqlite_plant) == {"somebody_can_let_people_in"}
