"""Resident memory of the server and of station programs over a simulated week: the demo's story, then six days' work.

The story is worked through real scanners, printers and pages. Each day after it brings scans of every kind of code at
all stations, screens that ask for their state, labels printed anew, forms as PDF, pages and workbooks of the office.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
from rich.console import Console
from sqlalchemy import select

from devices.simulated import SimulatedPrinter, SimulatedScanner
from mes.labelling.model import Label
from mes.masters.model import Item, Location
from mes.people.model import Person
from mes.production.model import RunCard
from mes.stock.model import Lot
from tests.programs import Process
from web.demo.cast import ADMINISTRATOR, INSPECTOR, PACKER, STATIONS, STOREKEEPER
from web.demo.devices import DeviceMaker
from web.demo.run import STEPS, finish, open_floor, prepared
from web.demo.stage import Stage
from web.demo.story import Story

DAYS, SCANS, REPRINTS, FORMS, ROUNDS, HANDS = 6, 600, 30, 20, 3, 8
AT_ONE_SCANNER = 60
PAGES = ("/", "/plan", "/stock", "/shipping", "/quality", "/service", "/print", "/labels", "/static/runcard.css")
LOOKING_AFTER = {"RAW-1": STOREKEEPER, "QC-1": INSPECTOR, "PKG-1": PACKER, "FGS-1": STOREKEEPER}
PRINTING, SCANNING = "RAW-1", "WLD-1"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HEADINGS = ("after", "scans", "server MB", "most MB", "seconds of processor", f"{PRINTING} MB", f"{SCANNING} MB")


def run(folder: Path) -> None:
    """Print a row per day."""
    print("\nMemory over a simulated week\n" + " | ".join(HEADINGS))
    maker = DeviceMaker(lambda directory, name: SimulatedScanner(directory, name), _printer)
    with Stage(folder / "plant", maker) as stage:
        story = prepared(stage)
        stage.enrol_login(ADMINISTRATOR)
        story.plan()
        open_floor(stage, story)
        _tell("start", stage, story.floor.scans)
        for _title, step in STEPS:
            step(story)
        story.floor.wait_for_printers()
        _tell("story", stage, story.floor.scans)
        week = _Week(stage, story)
        for day in range(DAYS):
            week.work()
            _tell(f"day {day + 2}", stage, story.floor.scans + week.scans)
        finish(stage, story, Console(quiet=True))


def _printer(language: str, dots: int) -> SimulatedPrinter:
    return SimulatedPrinter(language, dots)  # type: ignore[arg-type]


def _tell(when: str, stage: Stage, scans: int) -> None:
    server, *stations = (Process(stage.pid(name)) for name in ("server", PRINTING, SCANNING))
    figures = [server.memory_mb, server.most_memory_mb, server.processor_s, *(one.memory_mb for one in stations)]
    print(" | ".join([when, f"{scans}", *(f"{figure:.0f}" for figure in figures)]), flush=True)


@dataclass
class _Week:
    """Days of work at all stations and in the office."""

    stage: Stage
    story: Story
    scans: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(7)
        self.api = httpx.Client(base_url=f"{self.stage.address}/api/v1", timeout=60, trust_env=False)
        self.stage.owns(self.api.close)

    def work(self) -> None:
        """One day: the rolls are looked at, then everything at once."""
        floor = self.story.floor
        self.stage.at((self.stage.clock() + timedelta(days=1)).isoformat())
        floor.everybody_home()
        for station, badge in LOOKING_AFTER.items():
            floor.confirm_rolls(station, badge)
        known = self._codes()
        with httpx.Client(base_url=self.stage.address, timeout=60, trust_env=False) as office:
            self._log_in(office)
            with ThreadPoolExecutor(HANDS) as hands:
                todo: list[Callable[[], None]] = [
                    *(partial(self._scan, *self._next(known)) for _ in range(SCANS)),
                    *(partial(self._look, office, path) for path in self._paths() * ROUNDS),
                    *(partial(self._look, office, path) for path in self._forms()),
                ]
                self.chance.shuffle(todo)
                for done in [hands.submit(work) for work in todo]:
                    done.result()
            self._reprint(office)
        for _ in range(AT_ONE_SCANNER):
            floor.scan(PRINTING, self.chance.choice(known))

    def _next(self, known: list[str]) -> tuple[str, str]:
        code = (
            self.chance.choice(known)
            if self.chance.random() < 0.9
            else f"1T{uuid.UUID(int=self.chance.getrandbits(128))}"
        )
        return self.chance.choice([part.code for part in STATIONS]), code

    def _codes(self) -> list[str]:
        """Everything that a hand could scan."""
        with self.story.look.read() as session:
            return [
                *(
                    f"1J{serial}"
                    for serial in session.scalars(select(Label.serial).where(Label.holder_id.is_not(None)))
                ),
                *(f"1T{code}" for code in session.scalars(select(Lot.code))),
                *(f"W{code}" for code in session.scalars(select(RunCard.code))),
                *(f"L{code}" for code in session.scalars(select(Location.code))),
                *(f"1H{badge}" for badge in session.scalars(select(Person.badge))),
                *(f"P{code}" for code in session.scalars(select(Item.code))),
            ]

    def _scan(self, station: str, code: str) -> None:
        bearer = {"Authorization": f"Bearer {self.stage.tokens[station]}"}
        scan = {"id": str(uuid.uuid4()), "station": station, "code": code, "scanned_at": self.stage.clock().isoformat()}
        answer = self.api.post("scans", json=scan, headers=bearer)
        assert answer.status_code == 200, answer.text
        state = self.api.get(f"stations/{station}/state", headers=bearer)
        assert state.status_code == 200, state.text
        self.scans += 1

    def _log_in(self, office: httpx.Client) -> None:
        self._submit(office, "/login", "/login", badge=ADMINISTRATOR, password=self.stage.password)

    def _submit(self, office: httpx.Client, page: str, action: str, **form: str) -> None:
        token = TOKEN.search(office.get(page).text)
        assert token, page
        assert office.post(action, data={"csrf_token": token[1], **form}).status_code in (302, 409)

    def _look(self, office: httpx.Client, path: str) -> None:
        assert office.get(path).status_code == 200, path

    def _paths(self) -> list[str]:
        lots = [card.lot for card in self.story.cards.values()]
        traces = [f"/trace?code={lot}{way}" for lot in lots for way in ("", "&direction=up", "&format=xlsx")]
        return [*PAGES, "/stock?format=xlsx", *self.chance.sample(traces, 6)]

    def _forms(self) -> list[str]:
        with self.story.look.read() as session:
            items = session.scalars(select(Item.code)).all()
        cards = [f"/run-cards/{card.code}.pdf" for card in self.story.cards.values()]
        return [*cards, *(f"/material-cards/{item}.pdf" for item in self.chance.choices(items, k=FORMS - len(cards)))]

    def _reprint(self, office: httpx.Client) -> None:
        """Labels that marks still stand on, once more: drawn, proved and printed."""
        with self.story.look.read() as session:
            standing = session.scalars(select(Label.serial).where(Label.voided_by.is_(None))).all()
        for serial in self.chance.choices(standing, k=REPRINTS):
            self._submit(office, "/print", "/print/reprint", label=serial, reason="torn")
