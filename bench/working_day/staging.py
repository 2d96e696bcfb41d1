"""Lays the bench's plant out in a database: founded, imported, stations with tokens, run cards released or inspected.

Goes through the one door like everybody; what it prepares is everything that the day itself does not scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.working_day.scripts import CARD, Part, Released, Step
from bench.working_day.sheets import Sheets
from bench.working_day.stations import day
from mes.clock import local_day, wall_clock
from mes.commands import Request, perform
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.intake.reading import read_plant
from mes.people.access import new_station_token
from mes.planning.refusals import MoreThanPlanned
from mes.transaction import Override

APPROVER, PLANNER, INSPECTOR, STOREKEEPER, OPERATOR = "1001", "1002", "3002", "4001", "1"
SIGNED: dict[str, Any] = {"person": INSPECTOR, "signed_by": INSPECTOR}
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
    batch = [_batch_of(database, part.uses, part.place)] if part.uses else []
    for lot in [*part.begin, *batch]:
        _accept(database, "production:load", unit=lot, person=f"{part.code}{OPERATOR}", station=part.code)
    cards = [_release(database, card) for card in part.cards]
    return Script(part.code, new_station_token(database, part.code), part.with_cards(cards))


def _batch_of(database: Database, maker: str, place: str | None) -> str:
    """A batch that another station made of its components, brought through the store to a line; returns its lot."""
    card = _release(database, Released(f"SA-{maker}", CARD, station=maker))
    for seq in (10, 20):
        _make(database, maker, f"{card}+{seq}", CARD)
    _accept(database, "quality:complete", operation=f"{card}+20", **SIGNED)
    _accept(database, "stock:put_away", unit=card, to="ST-01", person=STOREKEEPER)
    _accept(database, "stock:issue", unit=card, to=place, person=STOREKEEPER)
    return card


def _release(database: Database, wanted: Released) -> str:
    """A run card; its code is that of its lot."""
    quantity = str(wanted.quantity)
    leave = MoreThanPlanned(item=wanted.item, planned="0 pcs", left="0 pcs", asked=f"{quantity} pcs").fingerprint
    beyond = (Override(leave, APPROVER, "bench"),)
    card = _accept(
        database, "planning:release", person=PLANNER, overrides=beyond, item=wanted.item, quantity=quantity
    ).card
    if wanted.inspected:
        _make(database, wanted.station, f"{card}+10", wanted.quantity)
        judged = {"operation": f"{card}+20", "accepted": quantity, "measurements": APPEARANCE}
        _accept(database, "quality:final", **judged, **SIGNED)
    return str(card)


def _make(database: Database, station: str, operation: str, quantity: int) -> None:
    """One operation from start to finish."""
    here = {"person": f"{station}{OPERATOR}", "station": station}
    _accept(database, "production:start", operation=operation, **here)
    _accept(database, "production:report", operation=operation, good=str(quantity), **here)
    _accept(database, "production:finish", operation=operation, **here)


def _accept(
    database: Database,
    command: str,
    *,
    person: str | None = None,
    station: str | None = None,
    signed_by: str | None = None,
    overrides: tuple[Override, ...] = (),
    payload: Any = None,
    **arguments: Any,
) -> Any:
    request = Request(
        command, arguments, person=person, station=station, signed_by=signed_by, overrides=overrides, payload=payload
    )
    outcome = perform(database, request, wall_clock)
    if not outcome.accepted:
        raise AssertionError(f"{command} {arguments}: {[reason.sentence('en') for reason in outcome.reasons]}")
    return outcome.value
