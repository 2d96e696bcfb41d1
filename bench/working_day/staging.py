"""Lays the bench's plant out in a database: founded, imported, stations with tokens, run cards released or inspected.

Goes through the one door like everybody; what it prepares is everything that the day itself does not scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.working_day.scripts import Part, Released, Step, day
from bench.working_day.sheets import Sheets
from mes.clock import local_day, wall_clock
from mes.commands import Request, perform
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.plant.access import new_station_token
from mes.plant.reading import read_plant

PLANNER, INSPECTOR, OPERATOR = "1002", "3002", "1"
APPEARANCE = [{"number": 1, "piece": 1, "conforms": True}]


@dataclass(frozen=True)
class Script:
    """What one station scans, with the token that it sends."""

    station: str
    token: str
    steps: list[Step]


def stage(url: str, folder: Path, scans: int, stations: Sequence[str]) -> list[Script]:
    """The plant in the database of this address, and a script of at least so many scans for each of these stations."""
    sheets = Sheets(local_day(wall_clock(), PlantIdentity().zone))
    parts = day(sheets, scans, stations)
    with closing(Database(url)) as database:
        found(database, PlantIdentity())
        plant = read_plant(sheets.write(folder))
        _accept(database, "plant:import", source="bench", digest="", payload=plant)
        return [_open_station(database, part) for part in parts]


def _open_station(database: Database, part: Part) -> Script:
    _accept(
        database,
        "plant:station",
        code=part.code,
        name_zh="工位",
        name_en=part.code,
        role=part.role,
        location=part.place,
        work_center=part.work_center,
    )
    for lot in part.begin:
        _accept(database, "production:load", unit=lot, person=f"{part.code}{OPERATOR}", station=part.code)
    cards = [_release(database, card) for card in part.cards]
    return Script(part.code, new_station_token(database, part.code), part.with_cards(cards))


def _release(database: Database, wanted: Released) -> str:
    card = _accept(database, "planning:release", person=PLANNER, item=wanted.item, quantity=str(wanted.quantity)).card
    if wanted.inspected:
        _make_and_inspect(database, wanted, card)
    return str(card)


def _make_and_inspect(database: Database, wanted: Released, card: str) -> None:
    """Everything before packing: made at the first operation, accepted by the final inspection (P10)."""
    here = {"person": f"{wanted.station}{OPERATOR}", "station": wanted.station}
    quantity = str(wanted.quantity)
    _accept(database, "production:start", operation=f"{card}+10", **here)
    _accept(database, "production:report", operation=f"{card}+10", good=quantity, **here)
    _accept(database, "production:finish", operation=f"{card}+10", **here)
    _accept(
        database,
        "quality:final",
        operation=f"{card}+20",
        accepted=quantity,
        measurements=APPEARANCE,
        person=INSPECTOR,
        signed_by=INSPECTOR,
    )


def _accept(
    database: Database,
    command: str,
    *,
    person: str | None = None,
    station: str | None = None,
    signed_by: str | None = None,
    payload: Any = None,
    **arguments: Any,
) -> Any:
    request = Request(command, arguments, person=person, station=station, signed_by=signed_by, payload=payload)
    outcome = perform(database, request, wall_clock)
    if not outcome.accepted:
        raise AssertionError(f"{command} {arguments}: {[reason.sentence('en') for reason in outcome.reasons]}")
    return outcome.value
