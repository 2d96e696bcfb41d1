"""A box is opened once at the line where it is used, and stays loaded there across cards (F2)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from mes.production.model import Loaded
from mes.production.refusals import MaterialMissing, NotAtLine, NotNeededAtStation
from mes.refusals import NotAllowed, NotExpectedHere
from mes.stock.model import HandlingUnit, Lot
from mes.stock.refusals import BoxEmpty, Expired, NotAccepted, OthersProperty, RecheckDue
from tests.mes.lineside import Line, box, first_of, lines_of
from tests.plant import SamplePlant

LOAD = "production:load"
WORKER = "2009"


def loadings(plant: SamplePlant, lot: str) -> list[tuple[datetime | None, datetime | None]]:
    """When the boxes of a lot that were loaded at lines were opened, and when they were empty."""
    with plant.read() as session:
        found = session.execute(
            select(HandlingUnit.opened_at, Loaded.unloaded_at)
            .join(Loaded, Loaded.unit_id == HandlingUnit.id)
            .join(Lot, Lot.id == HandlingUnit.lot_id)
            .where(Lot.code == lot)
        )
        return [(opened, emptied) for opened, emptied in found]


def test_a_box_at_the_line_is_loaded_and_marked_as_opened(plant: SamplePlant) -> None:
    value = plant.accept(LOAD, unit="R261112-02", person=WORKER, station="MLD-1")
    assert (value.lot, value.item) == ("R261112-02", "RM-PAB")
    assert loadings(plant, "R261112-02") == [(plant.now, None)]


def test_a_second_scan_of_a_loaded_box_changes_nothing(plant: SamplePlant) -> None:
    for _ in range(2):
        plant.accept(LOAD, unit="R261112-02", person=WORKER, station="MLD-1")
    assert len(loadings(plant, "R261112-02")) == 1


def test_a_box_still_in_the_store_is_not_loaded(plant: SamplePlant) -> None:
    lot = box(plant, "RM-PAN", "20", "ST-A01")
    [reason] = plant.refuse(LOAD, NotAtLine, unit=lot, person=WORKER, station="MLD-1")
    assert reason.facts == {"lot": lot, "place": "ST-A01", "line": "LN-MLD"}


def test_a_box_that_nobody_uses_at_this_line_is_refused(plant: SamplePlant) -> None:
    lot = box(plant, "PT-SPL", "100", "LN-MLD")
    plant.refuse(LOAD, NotNeededAtStation, unit=lot, person=WORKER, station="MLD-1")


def test_a_box_at_another_line_is_refused_with_both_reasons(plant: SamplePlant) -> None:
    plant.refuse(LOAD, NotAtLine, NotNeededAtStation, unit="R261112-02", person=WORKER, station="BRZ-1")


def test_pending_goods_at_the_line_are_not_loaded(plant: SamplePlant) -> None:
    lot = box(plant, "RM-PAN", "20", "LN-MLD", status="pending")
    plant.refuse(LOAD, NotAccepted, unit=lot, person=WORKER, station="MLD-1")


def test_a_lot_past_its_last_day_is_not_loaded(plant: SamplePlant) -> None:
    lot = box(plant, "RM-PAN", "20", "LN-MLD", expires_on=date(2026, 11, 30))
    plant.refuse(LOAD, Expired, unit=lot, person=WORKER, station="MLD-1")


def test_a_lot_due_for_re_inspection_is_not_loaded(plant: SamplePlant) -> None:
    lot = box(plant, "RM-PAN", "20", "LN-MLD", age_days=90)
    plant.refuse(LOAD, RecheckDue, unit=lot, person=WORKER, station="MLD-1")


@pytest.mark.parametrize("station", ["OFFICE", "DOCK-1", None])
def test_boxes_are_loaded_at_lines_only(plant: SamplePlant, station: str | None) -> None:
    plant.refuse(LOAD, NotExpectedHere, unit="R261112-02", person=WORKER, station=station)


def test_a_storekeeper_loads_nothing(plant: SamplePlant) -> None:
    plant.refuse(LOAD, NotAllowed, unit="R261112-02", person="4001", station="MLD-1")


def test_a_loaded_box_serves_the_next_card_too(plant: SamplePlant) -> None:
    first, second = (first_of(plant, "PT-BAS", "100") for _ in range(2))
    first.load("RM-PAN", "20")
    for line in (first, second):
        line.start()
        assert line.report("100").consumed[0][2] == "1.25 kg"


def test_an_emptied_box_is_no_longer_loaded(plant: SamplePlant) -> None:
    first, second = (first_of(plant, "PT-BAS", "100") for _ in range(2))
    lot = first.load("RM-PAN", "1.25")
    first.start()
    first.report("100")
    assert loadings(plant, lot) == [(plant.now, plant.now)]
    plant.refuse("production:start", MaterialMissing, operation=second.operation, person=WORKER, station=second.station)
    plant.refuse(LOAD, BoxEmpty, unit=lot, person=WORKER, station="MLD-1")


def test_a_lot_that_expired_while_loaded_stops_the_start(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    lot = box(plant, "RM-PAN", "20", "LN-MLD", expires_on=date(2026, 12, 1))
    plant.accept(LOAD, unit=lot, person=WORKER, station="MLD-1")
    plant.at("2026-12-02T08:00+08:00")
    plant.refuse("production:start", Expired, operation=line.operation, person=WORKER, station="MLD-1")


def test_one_usable_box_beside_an_expired_one_is_enough(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    old = box(plant, "RM-PAN", "20", "LN-MLD", expires_on=date(2026, 12, 1))
    plant.accept(LOAD, unit=old, person=WORKER, station="MLD-1")
    young = line.load("RM-PAN", "20")
    plant.at("2026-12-02T08:00+08:00")
    line.start()
    assert line.report("10").consumed == (("RM-PAN", young, "0.125 kg"),)


def customers_handles(plant: SamplePlant, **released: str) -> Line:
    """Assembly of breakers with customer C03's handles, everything loaded."""
    value = plant.release("FG-1P-C16-K3", "120", person="1002", **released)
    line = lines_of(plant, value.card)[0]
    line.load_all()
    return line


def test_a_customers_material_goes_into_that_customers_order(plant: SamplePlant) -> None:
    plant.accept("planning:approve", month="2026-12", revision=1, person="1001", signed=True)
    customers_handles(plant, month="2026-12", order="SO-2611-003").start()


def test_a_customers_material_goes_into_nothing_else(plant: SamplePlant) -> None:
    line = customers_handles(plant)
    plant.refuse("production:start", OthersProperty, operation=line.operation, person=WORKER, station="ASA-1")
