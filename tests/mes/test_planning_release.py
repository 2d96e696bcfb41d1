"""Run cards come from the plan in force, carry a batch number of their day and crew, and keep their revision."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from mes import codes
from mes.audit import audit
from mes.intake.problems import Position
from mes.intake.reading import read_plant
from mes.intake.rows import PlanRow, PlantSheets
from mes.labelling.model import PrintJob
from mes.masters.refusals import QuantityNotWhole
from mes.planning.model import PlanLine
from mes.planning.refusals import MoreThanPlanned, NoRouting, PlanNotApproved
from mes.production import work
from mes.production.model import RunCard
from mes.queries import plans
from mes.refusals import Misread, NotAllowed
from mes.stock.model import Holder
from mes.transaction import Override
from tests.mes.lineside import changed_process
from tests.plant import SAMPLE, SamplePlant

MONTH = "2026-12"
PLANNER = "1002"


def approve(plant: SamplePlant, revision: int = 1) -> None:
    """Put a revision of December in force."""
    plant.accept("planning:approve", month=MONTH, revision=revision, person="1001", signed=True)


def release(plant: SamplePlant, item: str, quantity: str, **how: Any) -> Any:
    """Release a run card as the planner."""
    return plant.accept("planning:release", item=item, quantity=quantity, person=PLANNER, **how)


def test_a_run_card_is_released_from_a_line_of_the_plan_in_force(plant: SamplePlant) -> None:
    approve(plant)
    value = release(plant, "FG-1P-C16", "1200", month=MONTH, revision=1, due_on="2026-12-04", order="SO-2611-001")
    assert value.quantity == "1200 pcs"
    with plant.read() as session:
        card = session.scalars(select(RunCard).where(RunCard.code == value.card)).one()
        assert card.plan_line is not None
        assert card.plan_line.order is not None
        assert (card.plan_line.order.order_no, card.plan_line.due_on) == ("SO-2611-001", date(2026, 12, 4))
        assert (card.lot.code, card.lot.origin, card.lot.produced_on) == (card.code, "made", date(2026, 12, 1))


def test_without_a_named_line_the_earliest_with_enough_left_is_taken(plant: SamplePlant) -> None:
    approve(plant)
    first = release(plant, "FG-1P-C16", "1200", month=MONTH)
    second = release(plant, "FG-1P-C16", "900", month=MONTH)
    assert [due_on(plant, one.card) for one in (first, second)] == [date(2026, 12, 4), date(2026, 12, 7)]


def due_on(plant: SamplePlant, card: str) -> date | None:
    """When the plan line of a card is due."""
    with plant.read() as session:
        return session.scalar(
            select(PlanLine.due_on).join(RunCard, RunCard.plan_line_id == PlanLine.id).where(RunCard.code == card)
        )


@pytest.mark.parametrize("revision", [None, 1])
def test_nothing_is_released_from_a_plan_that_is_not_approved(plant: SamplePlant, revision: int | None) -> None:
    plant.refuse(
        "planning:release",
        PlanNotApproved,
        item="FG-1P-C16",
        quantity="120",
        month=MONTH,
        revision=revision,
        person=PLANNER,
    )


def test_nothing_is_released_from_a_replaced_revision(plant: SamplePlant) -> None:
    approve(plant, 1)
    approve(plant, 2)
    plant.refuse(
        "planning:release", PlanNotApproved, item="FG-1P-C16", quantity="120", month=MONTH, revision=1, person=PLANNER
    )


def test_the_batch_number_tells_production_day_and_crew_and_counts_up(plant: SamplePlant) -> None:
    approve(plant)
    cards = [release(plant, item, "100").card for item in ("SA-MC", "SA-SC", "SA-OM")]
    assert [card[:13] for card in cards] == ["261201-BRZ-01", "261201-BRZ-02", "261201-MEC-01"]
    assert all(codes.is_valid(card) for card in cards)


def test_work_before_the_first_shift_belongs_to_the_day_before(plant: SamplePlant) -> None:
    approve(plant)
    plant.at("2026-12-02T05:30+08:00")
    assert release(plant, "SA-AC", "100").card.startswith("261201-ARC-01")


def test_a_card_gets_every_operation_of_the_routing_as_a_place_for_its_pieces(plant: SamplePlant) -> None:
    approve(plant)
    code = release(plant, "SA-OM", "100").card
    with plant.read() as session:
        card = session.scalars(select(RunCard).where(RunCard.code == code)).one()
        assert [(one.seq, one.operation.code, one.state) for one in card.operations] == [
            (10, "MECA", "waiting"),
            (20, "MRIV", "waiting"),
            (30, "MECT", "waiting"),
        ]
        assert {session.get_one(Holder, one.id).kind for one in card.operations} == {"operation"}


def test_a_card_keeps_the_revision_it_was_released_with(plant: SamplePlant) -> None:
    approve(plant)
    before = release(plant, "SA-AC", "100").card
    changed_process(
        plant, "SA-AC", routing=lambda rows: [replace(rows[0], instruction="栅片十片", first_article=False)]
    )
    after = release(plant, "SA-AC", "100").card
    with plant.read() as session:
        cards = {card.code: card for card in session.scalars(select(RunCard)).unique()}
        assert [cards[code].revision.revision for code in (before, after)] == [1, 2]
        assert cards[before].operations[0].operation.first_article
        assert cards[after].operations[0].operation.instruction == "栅片十片"


def test_no_more_is_released_than_the_line_has_left(plant: SamplePlant) -> None:
    approve(plant)
    line = {"month": MONTH, "due_on": "2026-12-04", "order": "SO-2611-001"}
    release(plant, "FG-1P-C16", "720", **line)
    reasons = plant.refuse(
        "planning:release", MoreThanPlanned, item="FG-1P-C16", quantity="600", person=PLANNER, **line
    )
    assert reasons[0].facts == {"item": "FG-1P-C16", "planned": "1200 pcs", "left": "480 pcs", "asked": "600 pcs"}
    release(plant, "FG-1P-C16", "480", **line)


def test_cards_of_the_replaced_revision_count_against_the_new_one(plant: SamplePlant) -> None:
    approve(plant, 1)
    line = {"month": MONTH, "due_on": "2026-12-04", "order": "SO-2611-001"}
    release(plant, "FG-1P-C16", "1200", **line)
    approve(plant, 2)
    plant.refuse("planning:release", MoreThanPlanned, item="FG-1P-C16", quantity="1", person=PLANNER, **line)


def test_a_line_that_moves_to_another_day_is_not_released_twice(plant: SamplePlant) -> None:
    approve(plant, 1)
    total = planned(plant, "FG-2P-C32", 2)
    lines = planned_lines(plant, "FG-2P-C32", 1)
    for day, quantity in lines:
        release(plant, "FG-2P-C32", str(quantity), month=MONTH, due_on=str(day))
    approve(plant, 2)
    assert total <= sum(quantity for _, quantity in lines)
    plant.refuse("planning:release", MoreThanPlanned, item="FG-2P-C32", quantity="60", month=MONTH, person=PLANNER)


def planned_lines(plant: SamplePlant, item: str, revision: int) -> list[tuple[date, int]]:
    """Due date and quantity of an item's lines in a revision of December."""
    with plant.read() as session:
        lines = session.scalars(select(PlanLine)).unique()
        return [
            (line.due_on, line.quantity)
            for line in lines
            if line.item.code == item and line.revision.revision == revision
        ]


def planned(plant: SamplePlant, item: str, revision: int) -> int:
    """What a revision of December wants of an item in total."""
    return sum(quantity for _, quantity in planned_lines(plant, item, revision))


def test_the_production_manager_may_let_exactly_this_excess_pass(plant: SamplePlant) -> None:
    approve(plant)
    how: dict[str, Any] = {"item": "FG-1P-C16", "month": MONTH, "due_on": "2026-12-04", "person": PLANNER}
    [refusal] = plant.refuse("planning:release", MoreThanPlanned, quantity="1260", **how)
    override = Override(refusal.fingerprint, "1001", "客户加急")
    plant.refuse("planning:release", MoreThanPlanned, quantity="1320", overrides=(override,), **how)
    plant.accept("planning:release", quantity="1260", overrides=(override,), **how)


def plan_of(plant: SamplePlant, month: str, *lines: tuple[str, str, date]) -> None:
    """A plan of another month, in force: item, quantity and due day of each line."""
    rows = tuple(
        PlanRow(
            at=Position("plan", number),
            month=month,
            revision=1,
            item=item,
            qty=Decimal(quantity),
            due_on=day,
            order_no=None,
        )
        for number, (item, quantity, day) in enumerate(lines, 1)
    )
    plant.accept("plant:import", source="plan", digest="", payload=PlantSheets(plan=rows), person=PLANNER)
    plant.accept("planning:approve", month=month, revision=1, person="1001", signed=True)


def test_an_item_that_the_plan_neither_has_nor_needs_has_nothing_left(plant: SamplePlant) -> None:
    plan_of(plant, "2027-01", ("FG-3P-D40", "40", date(2027, 1, 8)))
    asked = {"item": "SA-TU-C16", "quantity": "100", "month": "2027-01", "person": PLANNER}
    [reason] = plant.refuse("planning:release", MoreThanPlanned, **asked)
    assert reason.facts["left"] == "0 pcs"


@pytest.mark.parametrize("item", ["FG-1P-C16", "SA-AC"])
def test_without_a_plan_in_force_nothing_is_released(plant: SamplePlant, item: str) -> None:
    plant.refuse("planning:release", MoreThanPlanned, item=item, quantity="120", person=PLANNER)


def test_a_plan_of_a_month_that_is_over_is_released_from_only_by_name(plant: SamplePlant) -> None:
    approve(plant)
    plant.at("2027-01-04T08:00+08:00")
    plant.refuse("planning:release", MoreThanPlanned, item="FG-1P-C16", quantity="120", person=PLANNER)
    release(plant, "FG-1P-C16", "120", month=MONTH)


def test_a_finished_good_without_a_named_month_takes_the_first_line_with_enough_left(plant: SamplePlant) -> None:
    approve(plant)
    assert due_on(plant, release(plant, "FG-1P-C16", "1200").card) == date(2026, 12, 4)


def test_a_subassembly_is_released_for_the_line_of_what_it_goes_into(plant: SamplePlant) -> None:
    plan_of(plant, "2027-01", ("FG-3P-D40", "40", date(2027, 1, 8)), ("FG-3P-D40", "80", date(2027, 1, 15)))
    plant.at("2027-01-04T08:00+08:00")
    cards = [release(plant, "SA-BW-40", quantity).card for quantity in ("122", "122")]  # 3 each, with their scrap
    assert [due_on(plant, card) for card in cards] == [date(2027, 1, 8), date(2027, 1, 15)]
    assert customers_of(plant, *cards) == {None}


def customers_of(plant: SamplePlant, *cards: str) -> set[Any]:
    """Whose property may go into these cards."""
    with plant.read() as session:
        found = session.scalars(select(RunCard).where(RunCard.code.in_(cards))).unique()
        return {work.customer_of(card) for card in found}


def test_no_more_of_a_subassembly_is_released_than_the_plan_needs(plant: SamplePlant) -> None:
    plan_of(plant, "2027-01", ("FG-3P-D40", "40", date(2027, 1, 8)))
    plant.at("2027-01-04T08:00+08:00")
    release(plant, "SA-TU-D40", "100")
    [reason] = plant.refuse("planning:release", MoreThanPlanned, item="SA-TU-D40", quantity="22", person=PLANNER)
    assert reason.facts == {"item": "SA-TU-D40", "planned": "121 pcs", "left": "21 pcs", "asked": "22 pcs"}
    leave = Override(reason.fingerprint, "1001", "备件")
    plant.accept("planning:release", item="SA-TU-D40", quantity="22", person=PLANNER, overrides=(leave,))


def test_cards_of_a_subassembly_take_nothing_from_the_line_of_the_product(plant: SamplePlant) -> None:
    plan_of(plant, "2027-01", ("FG-3P-D40", "40", date(2027, 1, 8)))
    release(plant, "SA-TU-D40", "121")
    release(plant, "FG-3P-D40", "40")
    with plant.read() as session:
        [line] = plans.plan(session, "2027-01").lines  # type: ignore[union-attr]
        assert (line.released, len(line.cards)) == ("40", 1)


def test_a_card_outside_every_plan_says_so(plant: SamplePlant) -> None:
    code = plant.release("SA-AC", "100", person=PLANNER).card
    with plant.read() as session:
        card = session.scalars(select(RunCard).where(RunCard.code == code)).one()
        assert (card.plan_line, card.outside_plan) == (None, True)
        assert audit(session) == []


def test_a_bought_item_has_no_run_card(plant: SamplePlant) -> None:
    plant.refuse("planning:release", NoRouting, item="PT-SPL", quantity="100", person=PLANNER)


@pytest.mark.parametrize("quantity", ["0", "-5", "1.5"])
def test_a_card_is_for_a_whole_number_of_pieces(plant: SamplePlant, quantity: str) -> None:
    plant.refuse("planning:release", QuantityNotWhole, item="SA-AC", quantity=quantity, person=PLANNER)


@pytest.mark.parametrize("quantity", ["", "many", "NaN", "Infinity", "1e400", "99999999999999999"])
def test_a_card_is_for_a_number(plant: SamplePlant, quantity: str) -> None:
    plant.refuse("planning:release", Misread, item="SA-AC", quantity=quantity, person=PLANNER)


def test_a_day_that_is_none_is_refused(plant: SamplePlant) -> None:
    approve(plant)
    plant.refuse(
        "planning:release", Misread, item="FG-1P-C16", quantity="120", month=MONTH, due_on="4.12.", person=PLANNER
    )


def test_an_operator_releases_nothing(plant: SamplePlant) -> None:
    plant.refuse("planning:release", NotAllowed, item="SA-AC", quantity="100", person="2001")


def _anew(row: Any, **cells: Any) -> Any:
    """A row of SA-AC for an item that nothing is known of yet."""
    [column] = [name for name in ("code", "item", "parent") if getattr(row, name, "") == "SA-AC"]
    return replace(row, **{column: "SA-NEW"}, **cells)


def test_a_made_lot_with_a_storage_life_carries_its_last_usable_day(plant: SamplePlant) -> None:
    sheets = read_plant(SAMPLE)
    aging = PlantSheets(
        items=tuple(_anew(row, shelf_life_days=30, issue_rule="FEFO") for row in sheets.items if row.code == "SA-AC"),
        routing=tuple(_anew(row) for row in sheets.routing if row.item == "SA-AC"),
        bom=tuple(_anew(row) for row in sheets.bom if row.parent == "SA-AC"),
    )
    plant.accept("plant:import", source="items", digest="", payload=aging)
    code = plant.release("SA-NEW", "100", person=PLANNER).card
    with plant.read() as session:
        lot = session.scalars(select(RunCard).where(RunCard.code == code)).one().lot
        assert (lot.expires_on, lot.recheck_on) == (date(2026, 12, 31), date(2027, 5, 30))


def test_the_run_card_is_queued_for_printing_with_a_code_for_every_operation(plant: SamplePlant) -> None:
    approve(plant)
    code = release(plant, "FG-1P-C16", "120", month=MONTH, order="SO-2611-001", station="OFFICE").card
    job, sheet = printed(plant)
    assert (job["layout"], job["stock"], job["station"]) == ("run_card", "receipt", "OFFICE")
    assert (sheet["card"], sheet["quantity"], sheet["order"]) == (code, "120 pcs", "SO-2611-001")
    assert [codes.parse(row["code_operation"]) for row in sheet["operations"]] == [
        codes.OperationCode(code, seq) for seq in range(10, 90, 10)
    ]
    needs = {row["item"]: row["quantity"] for row in sheet["materials"]}
    assert (needs["PT-TRM"], needs["RM-GRS"], needs["PK-BX1"]) == ("240 pcs", "2.4 g", "10 pcs")


def test_a_card_released_outside_any_station_prints_at_its_first_line(plant: SamplePlant) -> None:
    approve(plant)
    release(plant, "SA-MC", "100")
    assert printed(plant)[0]["station"] == "BRZ-1"


def printed(plant: SamplePlant) -> tuple[dict[str, str], dict[str, Any]]:
    """The one print job, and what stands on its sheet."""
    with plant.read() as session:
        job = session.scalars(select(PrintJob)).one()
        facts = {"layout": job.layout, "stock": job.stock, "station": job.station.code}
        return facts, json.loads(job.facts)
