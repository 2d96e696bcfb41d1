"""A code is found whatever its letters; a part of it finds a list; a scan that a keyboard changed is told the cause."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from mes import codes
from mes.codes.spelling import KEYBOARDS
from mes.masters.model import Location
from mes.queries.searching import find
from mes.terminal import lists
from mes.terminal.refusals import OtherKeyboard
from mes.trace.resolving import resolve
from tests.mes.lineside import first_of
from tests.mes.test_codes_spelling import through
from tests.mes.test_terminal import say, signed_on, spoken
from tests.plant import SamplePlant

LOT = "R260805-01"
SPELLED = [
    LOT,
    LOT.lower(),
    f" {LOT} ",
    "Ｒ２６０８０５－０１",
    f"{LOT}\u00a0",
    "R260805 -01",
    f"1T{LOT}",
    f"]C11T{LOT}",
]


@pytest.fixture
def plant(sqlite_plant: SamplePlant) -> SamplePlant:
    """The plant on one engine: letters are the same on both."""
    return sqlite_plant


def typed(plant: SamplePlant, station: str, text: str) -> Any:
    return say(plant, station, text, typed=True)


@pytest.mark.parametrize("text", SPELLED)
def test_a_lot_is_found_in_whatever_letters(plant: SamplePlant, text: str) -> None:
    with plant.read() as session:
        assert resolve(session, text).text == LOT
        assert [one.code for one in find(session, text, ["lot"]) if one.exact] == [LOT]


@pytest.mark.parametrize("part", ["R2608", "r2608", "Ｒ２６０８"])
def test_a_part_of_a_code_finds_a_list(plant: SamplePlant, part: str) -> None:
    with plant.read() as session:
        assert len(find(session, part, ["lot"])) > 3


@pytest.mark.parametrize("text", ["r260710-02", "Ｒ２６０７１０－０２", "1tr260710-02", "R260710 -02"])
def test_what_is_typed_at_a_terminal_is_found_in_whatever_letters(plant: SamplePlant, text: str) -> None:
    signed_on(plant, "RAW-1", "4001")
    typed(plant, "RAW-1", "ln-wld")
    assert typed(plant, "RAW-1", text).headline.en.startswith("Issued")


def test_the_beginning_of_a_code_offers_what_it_may_mean_here(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    asked = typed(plant, "RAW-1", "ln-")
    assert asked.result == "asks"
    assert {one["code"] for one in asked.choices} > {"LLN-WLD"} or len(asked.choices) == 12
    assert all(one["code"].startswith("LLN-") for one in asked.choices)
    assert spoken(typed(plant, "RAW-1", "ln")) == ["unknown_code"]  # two letters may be anything


def test_a_scan_in_small_letters_counts_where_its_check_character_proves_it(plant: SamplePlant) -> None:
    card = first_of(plant, "PT-BAS", "100").operation.partition("+")[0]
    signed_on(plant, "RAW-1", "4001")
    assert card in say(plant, "RAW-1", f"w{card.lower()}").headline.en
    assert spoken(say(plant, "RAW-1", "1h4001")) == ["unknown_code"]  # nothing proves it: never a guess


@pytest.mark.parametrize("keyboard", KEYBOARDS, ids=lambda one: one.en)
def test_a_scan_through_another_keyboard_is_told_so_and_never_carried_out(
    plant: SamplePlant, keyboard: codes.Keyboard
) -> None:
    card = first_of(plant, "PT-BAS", "100").operation.partition("+")[0]
    signed_on(plant, "RAW-1", "4001")
    reply = say(plant, "RAW-1", through(keyboard, f"W{card}"))
    assert spoken(reply) == [OtherKeyboard.code]
    assert keyboard.en in reply.headline.en
    assert "美式英语" in reply.headline.zh


def test_a_list_that_is_cut_says_so_and_the_rest_is_found_by_its_beginning(plant: SamplePlant) -> None:
    rows = [
        {"code": f"ZZ-{one:04}", "name_zh": "库位", "name_en": "Place", "zone": "raw", "status": "accepted", "site": 1}
        for one in range(lists.LONGEST)
    ]
    with plant.database.engine.begin() as connection:
        connection.execute(insert(Location), rows)
    signed_on(plant, "RAW-1", "4001")
    asked = typed(plant, "RAW-1", "zz-029")
    assert [one["code"] for one in asked.choices] == [f"LZZ-029{one}" for one in range(10)]
