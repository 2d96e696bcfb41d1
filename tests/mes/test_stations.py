"""Stations and printers are added once, and a printer holds only paper that exists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mes.codes.looks import alike
from mes.intake.reading import read_plant
from mes.masters.refusals import AlreadyThere, ChangeRefused
from mes.refusals import Misread, NotAllowed
from tests.plant import SAMPLE, SamplePlant

PRINTER = {"code": "PR-1", "stands_at": "QC-1", "language": "zpl", "dpi": 203, "width_mm": 100, "stock": "blue"}


def test_a_station_code_is_used_once(plant: SamplePlant) -> None:
    plant.refuse(
        "plant:station", AlreadyThere, code="RAW-1", name_zh="库", name_en="Store", role="store", person="5002"
    )


def test_a_printer_code_is_used_once(plant: SamplePlant) -> None:
    plant.accept("plant:printer", person="5002", **PRINTER)
    plant.refuse("plant:printer", AlreadyThere, person="5002", **PRINTER)


def test_a_printer_is_loaded_only_with_stock_that_exists(plant: SamplePlant) -> None:
    plant.accept("plant:printer", person="5002", **PRINTER)
    plant.accept("plant:load_stock", person="3002", printer="PR-1", stock="red")
    plant.refuse("plant:load_stock", Misread, person="3002", printer="PR-1", stock="green")


@pytest.mark.parametrize("code", ["raw-1", "ＲＡＷ-1", "RAW -1"])
def test_a_code_that_only_looks_like_one_in_use_is_named_with_it(plant: SamplePlant, code: str) -> None:
    assert alike(code, ["QC-1", "RAW-1"]) == "RAW-1"
    if code.isascii() and " " not in code:
        named = {"name_zh": "某", "name_en": "Some", "person": "5002"}
        [station] = plant.refuse("plant:station", AlreadyThere, code=code, role="store", **named)
        assert station.facts["text"] == "RAW-1"
        person = {"badge": "02009", "department": "production", "roles": ["operator"], **named}
        [badge] = plant.refuse("plant:add_person", AlreadyThere, **person)
        assert badge.facts["text"] == "2009"


def test_only_an_administrator_adds_stations(plant: SamplePlant) -> None:
    plant.refuse("plant:station", NotAllowed, code="X-1", name_zh="库", name_en="Store", role="store", person="4001")


def test_a_lot_of_another_item_with_the_same_code_stops_the_whole_import(plant: SamplePlant) -> None:
    sheets = read_plant(SAMPLE)
    row = replace(sheets.opening_stock[0], item="FG-1P-C20")
    plant.refuse("plant:import", ChangeRefused, source="x", digest="", payload=replace(sheets, opening_stock=(row,)))
