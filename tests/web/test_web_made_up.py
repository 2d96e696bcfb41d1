"""A command is declared once: one of a made-up department, in a module made here, has all its faces at once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from mes.declaring import DEPARTMENT_NAMES, REGISTER
from mes.terminal.reply import done
from mes.words import COMMAND_NAMES
from tests.plant import SamplePlant

STOREKEEPER, INSPECTOR, ADMINISTRATOR = "4001", "3002", "5002"
GARDEN = '''
"""What a made-up department does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import DEPARTMENT_NAMES, command
from mes.given import Choice, Reason, Whole
from mes.masters.model import Location
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words

DEPARTMENT_NAMES["garden"] = Words("园艺", "Garden")
WATERS = {"rain": Words("雨水", "rain water"), "tap": Words("自来水", "tap water")}


@dataclass(frozen=True)
class Watered:
    """Where plants were watered, and how many litres."""

    place: str
    litres: int
    leaks: tuple[str, ...] = ()


@command(
    "garden:water",
    {Role.STOREKEEPER},
    Words("浇花", "water the plants"),
    done=Words("{place} 已用{water}浇 {litres} 升", "{place} watered with {litres} l of {water}"),
    tells=Words("{place} 用{water}浇 {litres} 升：{reason}", "{place} watered with {litres} l of {water}: {reason}"),
    confirm=Words("{place} 将被浇湿。", "{place} will be wet."),
)
def water(
    tx: Transaction,
    place: Location,
    litres: Annotated[int, Whole(1, 20), Words("升数", "litres")],
    water: Annotated[str, Choice(WATERS), Words("水源", "water")] = "rain",
    reason: Annotated[str, Reason(30)] = "",
) -> Watered:
    """Water the plants that stand at a place."""
    return Watered(place.code, litres)
'''


@pytest.fixture(autouse=True)
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The made-up department's only module, gone again after the test."""
    (tmp_path / "made_up_garden.py").write_text(GARDEN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("made_up_garden")
    yield
    del sys.modules["made_up_garden"], DEPARTMENT_NAMES["garden"]
    del REGISTER["garden:water"], COMMAND_NAMES["garden:water"]


def test_it_has_a_route_with_its_schemas(house: SamplePlant, log_in: Callable[[str], FlaskClient]) -> None:
    client, path = log_in(STOREKEEPER), "/api/v1/commands/garden/water"
    answer = client.post(path, json={"place": "ST-A01", "litres": 3})
    assert answer.json["value"] == {"place": "ST-A01", "litres": 3, "leaks": []}
    assert answer.json["said"] == {"zh": "ST-A01 已用雨水浇 3 升", "en": "ST-A01 watered with 3 l of rain water"}
    wrong = client.post(path, json={"place": "ST-A01", "litres": 21, "water": "wine"})
    assert {one["field"] for one in wrong.json["fields"]} == {"litres", "water"}
    assert [one["code"] for one in client.post(path, json={"place": "?", "litres": 1}).json["reasons"]] == [
        "unknown_code"
    ]
    operation = client.get("/api/openapi.json").json["paths"][path]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["place", "litres"]
    assert body["properties"]["litres"]["maximum"] == 20
    assert body["properties"]["water"]["enum"] == ["rain", "tap"]
    value = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["value"]
    assert value["properties"]["litres"] == {"type": "integer"}
    assert value["properties"]["leaks"]["items"] == {"type": "string"}


def test_it_has_an_office_form_with_a_confirmation(log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in(STOREKEEPER)
    assert "浇花" in client.get("/do").text
    page = client.get("/do/garden/water?place=ST-A01").text
    assert 'data-find="location"' in page
    assert "自来水" in page
    asked = {"place": "ST-A01", "litres": "3", "water": "tap"}
    assert "ST-A01 将被浇湿。" in client.post("/do/garden/water", data=asked).text
    assert client.post("/do/garden/water", data={**asked, "confirmed": "yes"}).status_code == 302
    assert "ST-A01 已用自来水浇 3 升" in client.get("/do").text
    assert log_in(INSPECTOR).get("/do/garden/water").status_code == 403


def test_it_stands_in_the_table_of_rights(log_in: Callable[[str], FlaskClient]) -> None:
    text = log_in(ADMINISTRATOR).get("/admin/rights?format=csv").get_data(as_text=True)
    (row,) = [line for line in text.splitlines() if "浇花" in line]
    assert row.startswith("园艺,浇花,")
    assert row.count("✓") == 1


def test_it_reads_as_a_sentence_in_the_journal(house: SamplePlant, log_in: Callable[[str], FlaskClient]) -> None:
    house.accept("garden:water", person=STOREKEEPER, place="ST-A01", litres=3, reason="干燥")
    house.do("garden:water", person=INSPECTOR, place="ST-A01", litres=3)
    client = log_in(ADMINISTRATOR)
    refused, accepted = client.get("/api/v1/events").json["events"][:2]
    assert accepted["sentence"] == {
        "zh": "ST-A01 用雨水浇 3 升：干燥",
        "en": "ST-A01 watered with 3 l of rain water: 干燥",
    }
    assert refused["sentence"]["zh"].startswith("未执行：ST-A01 用雨水浇 3 升。")
    assert "浇花" in refused["sentence"]["zh"]
    assert "仓管员" in refused["sentence"]["zh"]
    assert "garden:water" not in refused["sentence"]["zh"] + refused["sentence"]["en"]
    assert "ST-A01 用雨水浇 3 升：干燥" in client.get("/admin").text


def test_a_terminal_says_what_was_done(house: SamplePlant) -> None:
    value = house.accept("garden:water", person=STOREKEEPER, place="ST-A01", litres=3)
    assert done("garden:water", value).headline.zh == "ST-A01 已用雨水浇 3 升"
