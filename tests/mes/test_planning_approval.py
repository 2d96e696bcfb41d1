"""A plan is in force only when somebody other than its author has signed it, one revision at a time (P4, P5, F8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from mes.intake.problems import Position
from mes.intake.rows import PlanRow, PlantSheets
from mes.journal import Signature
from mes.people.model import Person
from mes.planning.model import PlanRevision
from mes.planning.refusals import PlanNotDraft, PlanOutdated
from mes.refusals import NotAllowed, OwnWork, SignatureMissing, UnknownCode
from tests.plant import SamplePlant

MONTH = "2026-12"


def states(plant: SamplePlant) -> dict[int, str]:
    """The state of every revision of December."""
    with plant.read() as session:
        plans = session.scalars(select(PlanRevision).where(PlanRevision.month == MONTH))
        return {plan.revision: plan.state for plan in plans}


def test_a_plan_is_in_force_once_the_production_manager_has_signed(plant: SamplePlant) -> None:
    value = plant.accept("planning:approve", month=MONTH, revision=1, person="1001", signed=True)
    assert (value.revision, value.replaced) == (1, None)
    assert states(plant) == {1: "approved", 2: "draft"}
    with plant.read() as session:
        plan = session.scalars(select(PlanRevision).where(PlanRevision.revision == 1)).one()
        assert plan.approver is not None
        assert plan.approver.badge == "1001"
        signatures = select(Person.badge, Signature.meaning).join(Person, Person.id == Signature.person_id)
        assert session.execute(signatures).all() == [("1001", "approve plan 2026-12 r1")]


def test_a_newer_revision_replaces_the_older_which_stays_readable(plant: SamplePlant) -> None:
    plant.accept("planning:approve", month=MONTH, revision=1, person="1001", signed=True)
    value = plant.accept("planning:approve", month=MONTH, revision=2, person="1001", signed=True)
    assert value.replaced == 1
    assert states(plant) == {1: "replaced", 2: "approved"}
    with plant.read() as session:
        assert session.scalars(select(PlanRevision).where(PlanRevision.revision == 1)).one().lines


def test_an_older_revision_never_comes_back_in_force(plant: SamplePlant) -> None:
    plant.accept("planning:approve", month=MONTH, revision=2, person="1001", signed=True)
    plant.refuse("planning:approve", PlanOutdated, month=MONTH, revision=1, person="1001", signed=True)
    assert states(plant) == {1: "draft", 2: "approved"}


def test_a_replaced_revision_is_neither_a_draft_nor_new(plant: SamplePlant) -> None:
    plant.accept("planning:approve", month=MONTH, revision=1, person="1001", signed=True)
    plant.accept("planning:approve", month=MONTH, revision=2, person="1001", signed=True)
    plant.refuse("planning:approve", PlanNotDraft, PlanOutdated, month=MONTH, revision=1, person="1001", signed=True)


def test_a_plan_is_approved_once(plant: SamplePlant) -> None:
    plant.accept("planning:approve", month=MONTH, revision=1, person="1001", signed=True)
    plant.refuse("planning:approve", PlanNotDraft, month=MONTH, revision=1, person="1003", signed=True)


def test_nobody_approves_a_plan_of_his_own(plant: SamplePlant) -> None:
    row = PlanRow(
        at=Position("plan", 1),
        month="2027-01",
        revision=1,
        item="FG-1P-C16",
        qty=Decimal(120),
        due_on=date(2027, 1, 8),
        order_no=None,
    )
    plant.accept("plant:import", source="plan", digest="", payload=PlantSheets(plan=(row,)), person="1003")
    plant.refuse("planning:approve", OwnWork, month="2027-01", revision=1, person="1003", signed=True)
    plant.accept("planning:approve", month="2027-01", revision=1, person="1001", signed=True)


def test_a_planner_who_may_not_approve_is_refused(plant: SamplePlant) -> None:
    plant.refuse("planning:approve", NotAllowed, month=MONTH, revision=1, person="1002", signed=True)


def test_no_plan_is_approved_without_badge_and_pin(plant: SamplePlant) -> None:
    plant.refuse("planning:approve", SignatureMissing, month=MONTH, revision=1, person="1001")


def test_a_revision_that_nobody_made_is_refused(plant: SamplePlant) -> None:
    plant.refuse("planning:approve", UnknownCode, month=MONTH, revision=9, person="1001", signed=True)
