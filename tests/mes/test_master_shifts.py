"""Masters do not shift under what stands on them: what a change of each column means, refused or carried through."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import inspect

from mes.intake.columns import SHEETS
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.intake.shifts import SHIFTS
from mes.masters import model
from mes.masters.refusals import ChangeRefused
from mes.people.model import Person, Qualification
from mes.planning.model import SalesOrder
from tests.mes.lineside import card
from tests.plant import SAMPLE, SamplePlant

SHEET_OF = {
    model.Setting: "settings",
    model.Reason: "reasons",
    model.ItemKind: "kinds",
    model.Customer: "customers",
    model.Supplier: "suppliers",
    model.WorkCenter: "work_centers",
    model.Item: "items",
    model.Operation: "routing",
    model.BomLine: "bom",
    model.Characteristic: "characteristics",
    model.Equipment: "equipment",
    Person: "employees",
    Qualification: "qualifications",
    model.Location: "locations",
    SalesOrder: "orders",
}
CALLED = {
    "capacity_minutes": "capacity_minutes_per_day",
    "pack_size": "pack_qty",
    "maintenance_days": "maintenance_every_days",
    "kinds_text": "kinds",
    "roles_text": "roles",
    "quantity": "qty",
    "scrap_percent": "scrap_pct",
    "patrol_minutes": "patrol_every_minutes",
    "first_article_quantity": "first_article_qty",
    "exclusive": "limits",
    "gauge_codes": "gauge",
    "owner_id": "owner",
    "work_center_id": "work_center",
    "customer_id": "customer",
    "item_id": "item",
    "person_id": "badge",
    "component_id": "component",
    "revision_id": "item",
}
"""Columns of the database whose sheets call them otherwise."""
BY_COMMAND = {(Person, "disabled")}
"""What no sheet says: a command of its own changes it, with rules of its own."""


def test_every_column_of_every_sheet_says_what_its_change_means() -> None:
    assert {name: set(shifts.columns) for name, shifts in SHIFTS.items()} == {
        name: {column.name for column in sheet.columns} for name, sheet in SHEETS.items()
    }


@pytest.mark.parametrize("master", SHEET_OF, ids=lambda master: master.__name__)
def test_every_column_of_a_master_has_its_rule(master: type[Any]) -> None:
    columns = {column.key for column in inspect(master).columns} - {"id"}
    named = {CALLED.get(name, name) for name in columns if (master, name) not in BY_COMMAND}
    if master in (model.Operation, model.BomLine, model.Characteristic):
        named = {{"seq": "seq" if master is model.Operation else "operation_seq"}.get(name, name) for name in named}
        named = {"operation_code" if (master, name) == (model.Operation, "code") else name for name in named}
        named = {"parent" if (master, name) == (model.BomLine, "item") else name for name in named}
    assert named <= set(SHIFTS[SHEET_OF[master]].columns)


def rows(sheet: str, key: str, **cells: Any) -> PlantSheets:
    """One row of the sample's sheet, changed."""
    name = SHEETS[sheet].key[0]
    [row] = [row for row in getattr(read_plant(SAMPLE), sheet) if getattr(row, name) == key]
    return PlantSheets(**{sheet: (replace(row, **cells),)})


def bring(plant: SamplePlant, sheet: str, key: str, **cells: Any) -> Any:
    return plant.accept("plant:import", source="test", digest="", payload=rows(sheet, key, **cells)).changed


def kept(plant: SamplePlant, sheet: str, key: str, **cells: Any) -> dict[str, str]:
    """The columns that were refused, each with what stands in the way."""
    found = plant.refuse("plant:import", ChangeRefused, source="x", digest="", payload=rows(sheet, key, **cells))
    assert {reason.facts["was"] != reason.facts["becomes"] for reason in found} == {True}
    return {reason.facts["column"]: reason.sentence("en") for reason in found}


def test_the_unit_of_an_item_stays_while_there_is_stock_history_an_open_card_an_order_or_a_bill(
    plant: SamplePlant,
) -> None:
    code = card(plant, "FG-1P-C16", "120")
    found = plant.refuse(
        "plant:import", ChangeRefused, source="x", digest="", payload=rows("items", "FG-1P-C16", uom="set")
    )
    told = " ".join(reason.sentence("en") for reason in found)
    for way in (
        "lot 261028-PKG-01",
        "was booked in it",
        f"run card {code}",
        "order SO-2611-001",
        "plan 2026-12",
        "bill",
    ):
        assert way in told
    assert "items.csv row 2" in told
    assert "uom" in kept(plant, "items", "RM-BRZ", uom="kg")


def test_what_says_how_an_item_is_kept_stays_while_there_is_stock(plant: SamplePlant) -> None:
    asked = {"tracking": "serial", "issue_rule": "FEFO", "shelf_life_days": 30, "owner": "C01"}
    refused = kept(plant, "items", "PT-BAS", **asked)
    assert set(refused) == set(asked)
    assert all("there is stock: lot" in sentence for sentence in refused.values())


def test_a_longer_shelf_life_and_another_term_hold_from_the_next_lot_on(plant: SamplePlant) -> None:
    assert bring(plant, "items", "RM-INK", shelf_life_days=400, recheck_days=90) == {"items": 1}


def test_a_kind_that_is_not_sold_is_no_kind_for_what_was_ordered(plant: SamplePlant) -> None:
    assert "kind" in kept(plant, "items", "FG-1P-C16", kind="part")
    assert "FG-1P-C16" in kept(plant, "kinds", "finished", sold=False)["sold"]


def test_a_place_keeps_its_zone_its_status_and_its_line_while_goods_lie_there(plant: SamplePlant) -> None:
    refused = kept(plant, "locations", "ST-A04", zone="scrap", status="scrap")
    assert set(refused) == {"zone", "status"}
    assert "R260805-01 (accepted) lies there" in refused["status"]
    assert set(kept(plant, "locations", "LN-ASA", work_center="WC-MLD")) == {"work_center"}
    assert set(kept(plant, "locations", "ST-A04", capacity=1)) == {"capacity"}
    assert bring(plant, "locations", "ST-A04", capacity=99) == {"locations": 1}


def test_an_empty_place_without_a_station_may_change(plant: SamplePlant) -> None:
    assert bring(plant, "locations", "NCR-03", zone="scrap", status="scrap") == {"locations": 1}


def test_a_certificate_is_not_given_to_somebody_else(plant: SamplePlant) -> None:
    assert "badge" in kept(plant, "qualifications", "ZY-RIVT-01", badge="2001")


def test_a_new_row_stands_on_nothing(plant: SamplePlant) -> None:
    [row] = rows("items", "PT-BAS").items
    fresh = replace(row, code="PT-NEW", uom="set", tracking="serial")
    assert plant.accept("plant:import", source="t", digest="", payload=PlantSheets(items=(fresh,))).changed == {
        "items": 1
    }


def test_every_sheet_is_compared() -> None:
    assert set(SHIFTS) == {column.name for column in fields(PlantSheets)} - {"ignored"}
