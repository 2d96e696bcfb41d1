"""The sample plant as tests see it: imported, with stations, a clock that the test sets, and the door to knock at.

`do` asks, `accept` insists, `refuse` expects a refusal by exactly the named reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import mes.intake
from mes.clock import moment
from mes.commands import Outcome, Request, perform
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.masters.model import Item
from mes.people.access import somebody_signs
from mes.planning.refusals import MoreThanPlanned
from mes.refusals import Refusal
from mes.transaction import Override
from tests.engines import STATEMENTS, Fresh

SAMPLE = Path(mes.intake.__file__).parent / "sample"
START = "2026-12-01T08:00+08:00"
LINES = ("MLD", "BRZ", "WLD", "MAG", "MEC", "ARC", "ASA", "ASB", "RIV", "CAL", "TST", "PAD", "FQC", "PKG")
STATIONS: list[dict[str, Any]] = [
    {"code": "RAW-1", "name_zh": "原材料库", "name_en": "Raw-material store", "role": "store"},
    {"code": "FGS-1", "name_zh": "成品库", "name_en": "Finished-goods store", "role": "store"},
    {"code": "DOCK-1", "name_zh": "发货月台", "name_en": "Shipping dock", "role": "dock", "location": "DCK-01"},
    {"code": "QC-1", "name_zh": "检验台", "name_en": "Inspection kiosk", "role": "inspection"},
    {"code": "OFFICE", "name_zh": "生产部", "name_en": "Production office", "role": "office"},
    *(
        {
            "code": f"{line}-1",
            "name_zh": f"{line} 工位",
            "name_en": f"{line} terminal",
            "role": "packing" if line == "PKG" else "line",
            "location": f"LN-{line}",
            "work_center": f"WC-{line}",
        }
        for line in LINES
    ),
]


class SamplePlant:
    """One database with the sample plant in it, and people who ask its door for things."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.engine.update_execution_options(compiled_cache=STATEMENTS)
        self.now = moment(START)

    @classmethod
    def copied(cls, fresh: Fresh) -> SamplePlant:
        """A copy of the imported plant."""
        return cls(fresh.filled("imported", fill))

    def clock(self) -> datetime:
        """The plant's time: it stands still until the test moves it."""
        return self.now

    def at(self, when: str) -> SamplePlant:
        """Set the clock (ISO 8601 with offset)."""
        self.now = moment(when)
        return self

    def later(self, seconds: float) -> SamplePlant:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)
        return self

    def do(
        self,
        command: str,
        *,
        person: str | None = None,
        station: str | None = None,
        signed: bool = False,
        at: str | None = None,
        overrides: tuple[Override, ...] = (),
        payload: Any = None,
        **arguments: Any,
    ) -> Outcome:
        """Ask the door; the outcome tells whether it was accepted."""
        if at:
            self.at(at)
        request = Request(
            command,
            arguments,
            person=person,
            station=station,
            signed_by=person if signed else None,
            overrides=overrides,
            payload=payload,
        )
        return perform(self.database, request, self.clock)

    def accept(self, command: str, **how: Any) -> Any:
        """Ask for something that must be accepted; returns the command's value."""
        outcome = self.do(command, **how)
        assert outcome.accepted, [reason.sentence("en") for reason in outcome.reasons]
        return outcome.value

    def release(self, item: str, quantity: str, **how: Any) -> Any:
        """A run card for what a plan needs of an item, or by the production manager's leave where no plan does."""
        asked = f"{quantity} {self._unit_of(item)}"
        none = asked.replace(quantity, "0")
        beyond = MoreThanPlanned(item=item, planned=none, left=none, asked=asked)
        leave = Override(beyond.fingerprint, "1001", "试制 trial")
        return self.accept("planning:release", item=item, quantity=quantity, overrides=(leave,), **how)

    def _unit_of(self, item: str) -> str:
        with self.read() as session:
            return session.scalars(select(Item.uom).where(Item.code == item)).one()

    def refuse(self, command: str, *reasons: type[Refusal], **how: Any) -> tuple[Refusal, ...]:
        """Ask for something that must be refused for exactly these reasons; returns them in order of precedence."""
        outcome = self.do(command, **how)
        assert not outcome.accepted, f"{command} was accepted: {outcome.value}"
        assert {type(reason) for reason in outcome.reasons} == set(reasons), outcome.reasons
        return outcome.reasons

    def bring(self, sheets: PlantSheets, by: str = "1002") -> Any:
        """Import sheets: nameless while nobody has a PIN, else signed by `by` and released by the quality manager."""
        brought: dict[str, Any] = {"source": "test", "digest": "", "payload": sheets}
        with self.read() as session:
            at_work = somebody_signs(session)
        if not at_work:
            return self.accept("plant:import", **brought)
        asked = self.do("plant:import", person=by, signed=True, **brought)
        released = tuple(Override(one.fingerprint, "3001", "released") for one in asked.reasons)
        return (
            asked.value
            if asked.accepted
            else self.accept("plant:import", person=by, signed=True, overrides=released, **brought)
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to look with."""
        with self.database.read() as session:
            yield session

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def fill(url: str) -> None:
    """Found and import the sample plant, with its stations; the plan's author is 1002."""
    plant = SamplePlant(url)
    plant.at("2026-11-30T08:00+08:00")
    found(plant.database, PlantIdentity())
    sheets = read_plant(SAMPLE)
    plant.accept("plant:import", source="masters", digest="", payload=replace(sheets, plan=()))
    plant.accept("plant:import", source="plans", digest="", payload=PlantSheets(plan=sheets.plan), person="1002")
    for station in STATIONS:
        plant.accept("plant:station", **station)
    plant.close()
