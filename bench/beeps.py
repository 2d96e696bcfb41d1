"""From the scanner's first byte to the beep in the hand, split by step: real pty, journal, and `runcard serve`.

A scan here is a badge at a terminal. The steps are those of the station program; "a request that does nothing" is the
same client asking the same server for a page that is not there: the server's own work can be told from the road.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bench.measuring import spread, timed
from bench.serving import serving
from devices.config import ScannerConfig
from devices.delivery import Delivery
from devices.feedback import Tone
from devices.framing import Garbage, Read, Scan, ScanBuffer
from devices.journal import Entry, ScanJournal
from devices.scanner import Scanner
from devices.server import Answer, Server
from devices.simulated import SimulatedScanner
from mes.clock import wall_clock
from mes.commands import Request, perform
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.intake.reading import read_plant
from mes.people.access import new_station_token
from tests.plant import SAMPLE

SCANS = 300
WARM_UP = 20
STATION, BADGES = "BENCH-00", ("1H2001", "1H2002")
STEPS = (
    "scanner to station: pty, framing",
    "journal on disk (fsync)",
    "over to the delivery thread",
    "HTTP and server",
    "beep at the scanner",
)


@dataclass
class Marks:
    """When each step of one scan had been done, by the steady clock."""

    at: list[float] = field(default_factory=list)

    def done(self) -> None:
        """A step has ended now."""
        self.at.append(time.perf_counter())


class TimedJournal(ScanJournal):
    """Marks the end of each fsync."""

    marks: Marks

    def keep(self, station: str, read: Scan | Garbage, scanned_at: datetime) -> Entry:
        """See ScanJournal."""
        entry = super().keep(station, read, scanned_at)
        self.marks.done()
        return entry


class TimedServer(Server):
    """Marks the beginning and the end of each request."""

    marks: Marks

    def post_scan(self, body: dict[str, Any], sent_at: datetime) -> Answer:
        """See Server."""
        self.marks.done()
        answer = super().post_scan(body, sent_at)
        self.marks.done()
        return answer


def run(folder: Path) -> None:
    """Print a line per step."""
    print("\nFrom scanner to beep, one station, embedded engine")
    url = f"sqlite:///{folder}/beeps.db"
    token = _founded(url)
    with serving(url, folder) as address:
        scans, nothing = _scanned(address, token, folder)
    framing = timed(lambda: ScanBuffer().feed(f"{BADGES[0]}\r".encode(), 0.0), SCANS)
    lines = {**scans, "of it: framing alone": framing, "of it: a request that does nothing": nothing}
    for name, seconds in lines.items():
        print(f"{name:34} {spread(seconds)}")


def _scanned(address: str, token: str, folder: Path) -> tuple[dict[str, list[float]], list[float]]:
    """Seconds of each step of every scan, and of requests that do nothing."""
    found_marks: list[Marks] = []
    with ExitStack() as owned:
        hand = owned.enter_context(SimulatedScanner(folder / "dev"))
        server = owned.enter_context(closing(TimedServer(address, token)))
        journal = owned.enter_context(closing(TimedJournal(folder / "journal")))
        owned.enter_context(_station(hand, journal, server))
        for turn in range(WARM_UP + SCANS):
            server.marks = journal.marks = marks = Marks()
            hand.wait_until_listened()
            marks.done()
            hand.scan(BADGES[turn % 2])  # the same twice in a moment would be asked about
            assert hand.feedback() in tuple(Tone)
            marks.done()
            found_marks.append(marks)
        with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            nothing = timed(lambda: client.get("/api/v1/nothing-here"), SCANS)
    return _by_step([marks.at for marks in found_marks[WARM_UP:]]), nothing


def _by_step(moments: list[list[float]]) -> dict[str, list[float]]:
    assert all(len(at) == len(STEPS) + 1 for at in moments)
    steps = {name: [at[step + 1] - at[step] for at in moments] for step, name in enumerate(STEPS)}
    return {**steps, "whole": [at[-1] - at[0] for at in moments]}


@contextmanager
def _station(hand: SimulatedScanner, journal: TimedJournal, server: TimedServer) -> Iterator[None]:
    """The scanning half of the station program, joined as `devices.station` joins it."""

    def take(read: Read) -> None:
        journal.marks.done()
        delivery.take(read)

    scanner = Scanner(ScannerConfig(hand.path, feedback="honeywell"), take)
    delivery = Delivery(STATION, journal, server, scanner.answer, wall_clock)
    stop = threading.Event()
    threads = [threading.Thread(target=part, args=(stop,)) for part in (scanner.run, delivery.run)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _founded(url: str) -> str:
    """A plant with one station; its token."""
    with closing(Database(url)) as database:
        found(database, PlantIdentity())
        sheets = read_plant(SAMPLE)
        perform(database, Request("plant:import", {"source": "bench", "digest": ""}, payload=sheets), wall_clock)
        names = {"name_zh": "测", "name_en": "bench", "role": "line", "location": "LN-ASA", "work_center": "WC-ASA"}
        perform(database, Request("plant:station", {"code": STATION, **names}), wall_clock)
        return str(new_station_token(database, STATION))
