"""Importing is no way round: whose a sheet is, who releases what was brought, and nothing for oneself (F8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from mes.commands import Outcome
from mes.declaring import REGISTER
from mes.intake.columns import SHEETS
from mes.intake.entitled import RIGHTS
from mes.intake.problems import Position
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets, QualificationRow
from mes.journal import Event, Signature
from mes.people import access
from mes.people.model import Person
from mes.people.refusals import ImporterUnnamed, LastAdministrator, OwnRoles, SecondSignature, SheetNotYours
from mes.planning.model import PlanRevision
from mes.refusals import NotAllowed, OwnWork, Refusal, SignatureMissing
from mes.roles import Role
from mes.transaction import Override
from tests.plant import SAMPLE, SamplePlant

PIN = "246813"
PLANNER, OTHER_PLANNER, QUALITY, ADMINISTRATOR, OPERATOR = "1002", "1003", "3001", "5002", "2001"
A, P, Q, S = "admin", "planner", "quality_manager", "service"
MAY_IMPORT = {
    "settings": {A},
    "reasons": {Q},
    "kinds": {P},
    "customers": {P, S},
    "suppliers": {P, Q},
    "work_centers": {P},
    "items": {P},
    "equipment": {P, Q},
    "employees": {A},
    "locations": {A, P},
    "qualifications": {Q},
    "routing": {P, Q},
    "bom": {P, Q},
    "characteristics": {P, Q},
    "orders": {P, S},
    "plan": {P},
    "opening_stock": {P},
}
MAY_DO = {
    "add_person": {A},
    "change_person": {A},
    "disable_person": {A},
    "enable_person": {A},
    "invite_person": {A},
    "open_screen": {A},
    "end_screens": {A},
    "new_token": {A},
    "station": {A},
    "change_station": {A},
    "retire_station": {A},
    "printer": {A},
    "change_printer": {A},
    "retire_printer": {A},
    "verify_labels": {A, Q},
    "certify": {Q},
    "prolong_certificate": {Q},
    "import": {A, P, Q, S},
}
FLOOR = {"load_stock", "doubt_stock", "mend_printers"}
SHEETS_READ = read_plant(SAMPLE)


@pytest.fixture
def plant(plant: SamplePlant) -> SamplePlant:
    """A plant that is at work: people have PINs."""
    access.set_pin(plant.database, QUALITY, PIN)
    return plant


def changed(sheet: str, which: int = 0, **cells: Any) -> PlantSheets:
    """One row of the sample as it is known, with other cells."""
    return PlantSheets(**{sheet: (replace(getattr(SHEETS_READ, sheet)[which], **cells),)})


def of(sheet: str, key: str, **cells: Any) -> PlantSheets:
    """The row of the sample with this key in its first column, with other cells."""
    rows = getattr(SHEETS_READ, sheet)
    column = SHEETS[sheet].key[0]
    return PlantSheets(**{sheet: tuple(replace(row, **cells) for row in rows if getattr(row, column) == key)})


def asked(plant: SamplePlant, by: str | None, brought: PlantSheets, **how: Any) -> Outcome:
    given = {"signed": by is not None, **how}
    return plant.do("plant:import", person=by, source="test", digest="", payload=brought, **given)


def refused(plant: SamplePlant, by: str | None, brought: PlantSheets, **how: Any) -> list[type[Refusal]]:
    return [type(one) for one in asked(plant, by, brought, **how).reasons]


# --- the tables ------------------------------------------------------------------------------------------------------


def test_every_sheet_is_somebodys_and_the_table_says_whose() -> None:
    assert {sheet: {role.value for role in right.roles} for sheet, right in RIGHTS.items()} == MAY_IMPORT
    assert RIGHTS.keys() == SHEETS.keys()


def test_people_quality_and_planning_keep_their_masters_apart() -> None:
    kept = {one.verb: {role.value for role in one.roles - {Role.SYSTEM}} for one in REGISTER.values()}
    ours = {one.verb for one in REGISTER.values() if one.department == "plant"} - FLOOR
    assert {verb: kept[verb] for verb in ours} == MAY_DO


CHANGED: dict[str, Callable[[], PlantSheets]] = {
    "settings": lambda: changed("settings", value="x"),
    "reasons": lambda: changed("reasons", name_zh="新名"),
    "kinds": lambda: changed("kinds", name_zh="新名"),
    "customers": lambda: changed("customers", phone="1"),
    "suppliers": lambda: changed("suppliers", phone="1"),
    "items": lambda: changed("items", name_zh="新名"),
    "equipment": lambda: changed("equipment", name_zh="新名"),
    "employees": lambda: changed("employees", name_zh="新名"),
    "locations": lambda: changed("locations", name_zh="新名"),
    "qualifications": lambda: changed("qualifications", valid_until=date(2028, 1, 1)),
    "plan": lambda: PlantSheets(plan=(replace(SHEETS_READ.plan[0], month="2027-03", due_on=date(2027, 3, 9)),)),
}


@pytest.mark.parametrize("sheet", CHANGED)
def test_a_sheet_is_changed_by_whoever_it_belongs_to_and_by_nobody_else(sqlite_plant: SamplePlant, sheet: str) -> None:
    access.set_pin(sqlite_plant.database, QUALITY, PIN)
    brought = CHANGED[sheet]()
    badges = {P: PLANNER, Q: QUALITY, A: ADMINISTRATOR, S: "5001"}
    for role, badge in badges.items():
        if role not in MAY_IMPORT[sheet]:
            assert refused(sqlite_plant, badge, brought) == [SheetNotYours], role
    assert refused(sqlite_plant, OPERATOR, brought) == [NotAllowed]
    owner = next(badge for role, badge in badges.items() if role in MAY_IMPORT[sheet])
    assert asked(sqlite_plant, owner, brought).accepted


# --- who it was ------------------------------------------------------------------------------------------------------


def test_a_plant_at_work_takes_nothing_in_without_badge_and_pin(plant: SamplePlant) -> None:
    brought = CHANGED["plan"]()
    assert refused(plant, None, brought) == [ImporterUnnamed]
    assert refused(plant, PLANNER, brought, signed=False) == [SignatureMissing]
    assert asked(plant, None, SHEETS_READ).accepted  # nothing new in it: nobody is its author
    assert asked(plant, PLANNER, brought).accepted
    with plant.read() as session:
        signed = select(Person.badge, Signature.meaning, Event.kind).join(Signature, Signature.person_id == Person.id)
        assert session.execute(signed.join(Event, Event.id == Signature.event_id)).all() == [
            (PLANNER, "import", "plant:import")
        ]


def test_whoever_imported_a_plan_stays_its_author_whoever_imports_it_again(plant: SamplePlant) -> None:
    brought = CHANGED["plan"]()
    assert asked(plant, OTHER_PLANNER, brought).accepted
    for by in (PLANNER, None):
        assert asked(plant, by, brought).accepted
    with plant.read() as session:
        revision = session.scalars(select(PlanRevision).where(PlanRevision.month == "2027-03")).one()
        assert revision.author is not None
        assert revision.author.badge == OTHER_PLANNER
    approve = {"month": "2027-03", "revision": 1, "signed": True}
    plant.refuse("planning:approve", OwnWork, person=OTHER_PLANNER, **approve)
    plant.accept("planning:approve", person="1001", **approve)


# --- nothing for oneself ---------------------------------------------------------------------------------------------


def test_nobody_imports_roles_for_himself_and_somebody_else_may(plant: SamplePlant) -> None:
    mine = of("employees", ADMINISTRATOR, roles=("admin", "quality_manager", "planner"))
    assert refused(plant, ADMINISTRATOR, mine) == [OwnRoles]
    assert asked(plant, ADMINISTRATOR, of("employees", OPERATOR, roles=("operator", "admin"))).accepted
    assert asked(plant, OPERATOR, mine).accepted


def test_the_last_administrator_is_not_imported_away(plant: SamplePlant) -> None:
    assert LastAdministrator in refused(plant, ADMINISTRATOR, of("employees", ADMINISTRATOR, roles=("planner",)))


def test_nobody_imports_a_certificate_for_himself_nor_takes_over_one(plant: SamplePlant) -> None:
    asked(plant, ADMINISTRATOR, of("employees", QUALITY, roles=("quality_manager", "operator")))
    mine = QualificationRow(
        at=Position("qualifications.csv", 2),
        badge=QUALITY,
        operation_code="BRAZ",
        certificate="ZY-MINE",
        valid_from=date(2026, 12, 1),
        valid_until=date(2027, 12, 1),
    )
    known = SHEETS_READ.qualifications[0]
    for brought in (mine, replace(known, badge=QUALITY)):
        assert OwnWork in refused(plant, QUALITY, PlantSheets(qualifications=(brought,)))
    longer = replace(known, valid_until=known.valid_until + timedelta(days=1))
    assert asked(plant, QUALITY, PlantSheets(qualifications=(longer,))).accepted


# --- nobody releases what he brings ----------------------------------------------------------------------------------

RELEASED: dict[str, Callable[[], PlantSheets]] = {
    "routing": lambda: PlantSheets(
        routing=tuple(
            replace(row, minutes_per_unit=row.minutes_per_unit + Decimal(1))
            for row in SHEETS_READ.routing
            if row.item == SHEETS_READ.routing[0].item
        )
    ),
    "equipment": lambda: changed("equipment", qualified_until=date(2030, 1, 1)),
    "items": lambda: changed("items", recheck_days=3650),
    "opening_stock": lambda: changed("opening_stock", lot="R261130-99"),
}


@pytest.mark.parametrize("sheet", RELEASED)
def test_what_is_released_needs_quality_beside_who_brings_it_for_exactly_these_lines(
    sqlite_plant: SamplePlant, sheet: str
) -> None:
    access.set_pin(sqlite_plant.database, QUALITY, PIN)
    brought = RELEASED[sheet]()
    outcome = asked(sqlite_plant, PLANNER, brought)
    assert [type(one) for one in outcome.reasons] == [SecondSignature]
    print_ = outcome.reasons[0].fingerprint
    for signer, reason in ((PLANNER, "x"), ("3002", "x"), (ADMINISTRATOR, "x"), (QUALITY, " ")):
        released = (Override(print_, signer, reason),)
        assert refused(sqlite_plant, PLANNER, brought, overrides=released) == [SecondSignature], signer
    released = (Override(print_, QUALITY, "评审通过"),)
    more = replace(brought, equipment=changed("equipment", 1, qualified_until=date(2031, 1, 1)).equipment)
    assert refused(sqlite_plant, PLANNER, more, overrides=released) == [SecondSignature]
    assert asked(sqlite_plant, PLANNER, brought, overrides=released).accepted
    assert asked(sqlite_plant, PLANNER, brought).accepted  # nothing is left to release
