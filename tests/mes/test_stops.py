"""Each state that must not exist among what was stopped has a finding in `runcard check`; a sound plant has none."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import text

from mes.audit import audit
from tests.mes.kiosk import INSPECTOR
from tests.mes.test_imported_boxes import CUSTOMERS, reported
from tests.mes.warehouse import SHIPPER, STOREKEEPER, arrange, order_for
from tests.plant import SamplePlant

LOT = "R260817-01"


def break_into(plant: SamplePlant, *statements: str) -> None:
    """Change the database past the door."""
    arrange(plant, lambda tx: [tx.session.execute(text(one)) for one in statements])


def found(plant: SamplePlant) -> dict[str, str]:
    """What a check says, by the name of the check."""
    with plant.read() as session:
        return {one.check: one.en for one in audit(session)}


def only(plant: SamplePlant, check: str) -> str:
    """The sentence of the one check that finds anything."""
    said = found(plant)
    assert list(said) == [check]
    return said[check]


def test_a_sound_plant_with_missing_and_held_boxes_has_no_finding(plant: SamplePlant) -> None:
    plant.accept("stock:not_found", unit_lot=LOT, place="ST-B04", **STOREKEEPER)
    plant.accept("quality:hold", lot="R261008-02", reason="锈斑", **INSPECTOR)
    assert found(plant) == {}


def test_a_missing_box_that_is_free_is_found(plant: SamplePlant) -> None:
    plant.accept("stock:not_found", unit_lot=LOT, place="ST-B04", **STOREKEEPER)
    break_into(plant, "UPDATE handling_unit SET lock_reason = NULL WHERE lock_reason IS NOT NULL")
    assert "4001" in only(plant, "a_missing_box_is_locked_until_another_has_counted")


def test_a_box_that_is_locked_as_missing_without_a_report_is_found(plant: SamplePlant) -> None:
    plant.accept("stock:not_found", unit_lot=LOT, place="ST-B04", **STOREKEEPER)
    break_into(plant, "DELETE FROM missing_report")
    assert "nobody reported it" in only(plant, "a_missing_box_is_locked_until_another_has_counted")


def test_a_box_that_a_forgotten_hold_keeps_from_use_is_found(plant: SamplePlant) -> None:
    plant.accept("quality:hold", lot=LOT, reason="锈斑", **INSPECTOR)
    break_into(plant, "UPDATE lot SET hold_reason = NULL")
    assert "is not on hold" in only(plant, "what_a_hold_stopped_is_on_hold")


def test_a_customers_property_that_was_decided_on_without_consent_is_found(plant: SamplePlant) -> None:
    report = reported(plant, CUSTOMERS)
    break_into(
        plant,
        "INSERT INTO disposition (nonconformance_id, kind, quantity, person_id, event_id, at, reason) "
        "SELECT id, 'scrap', quantity, found_by, event_id, found_at, '?' FROM nonconformance",
    )
    assert report in only(plant, "a_customers_property_is_decided_on_with_his_consent")


@pytest.mark.parametrize("day", ["recheck_on = '2026-12-01'", "expires_on = '2026-11-30'"])
def test_what_was_shipped_on_or_after_its_day_is_found(plant: SamplePlant, day: str) -> None:
    order_for(plant, "SO-TEST-1", "C01", "FG-1P-C16", 240)
    ship(plant, ["261028-PKG-01"])
    assert found(plant) == {}
    break_into(plant, f"UPDATE lot SET {day} WHERE code = '261028-PKG-01'")  # noqa: S608  our own words
    assert "was shipped on 2026-12-01" in only(plant, "nothing_was_shipped_after_its_day")


def ship(plant: SamplePlant, units: Iterable[str]) -> None:
    """The shipper picks and ships the order."""
    for unit in units:
        plant.accept("shipping:pick", order="SO-TEST-1", unit=unit, **SHIPPER)
    plant.accept("shipping:ship", order="SO-TEST-1", **SHIPPER)
