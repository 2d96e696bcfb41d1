"""The hands of the demo: simulated people who scan at stations and read what their printers printed.

A hand knows only codes that stand on paper: run cards, badges, and labels read back from the printers' pictures.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import zxingcpp
from PIL import Image
from sqlalchemy import select

from mes import codes
from mes.database import Database
from mes.journal import Scan
from mes.labelling.at_hand import printers_at
from mes.labelling.loaded_stock import printer_for
from mes.labelling.model import Label, PrintJob
from mes.masters.model import Station
from mes.stock.model import Container, HandlingUnit, Lot
from mes.terminal.dialogue import IDLE_LIMIT
from web.demo.cast import STATIONS
from web.demo.stage import Stage
from web.paper import sizes_in

BETWEEN_SCANS_MIN = 1.5  # of the plant's time: a whole day's work of one crew goes through few hands here
BEEP_LIMIT_S = 90.0
PRINT_LIMIT_S = 180.0  # fourteen programs start at once; on two busy cores that alone takes most of a minute


# What waits for somebody at the goods' place belongs to no station (F5).
OPEN = (
    select(PrintJob)
    .where(PrintJob.state.in_(("queued", "leased")), PrintJob.station_id.is_not(None))
    .order_by(PrintJob.id)
)


class DemoFailed(Exception):
    """Something did not happen as on a real floor; the text says what and where."""


@dataclass
class Printed:
    """All labels printed so far: each picture with the codes that a decoder read from it."""

    stage: Stage
    read: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def collect(self) -> None:
        """Read every new picture, keep it as PNG under its printer's name."""
        for name, printer in self.stage.printers.items():
            for picture in printer.labels[self.read.get(name, 0) :]:
                self.read[name] = self.read.get(name, 0) + 1
                self.count += 1
                self._keep(name, self.read[name], picture)

    def _keep(self, printer: str, number: int, picture: Image.Image) -> None:
        path = self.stage.folder / "labels" / f"{printer}-{number:03d}.png"
        picture.save(path)
        for found in zxingcpp.read_barcodes(picture.convert("L")):
            self.texts[found.text] = path.name

    def wait_for(self, text: str) -> None:
        """Wait until a printed label carries this code; raises DemoFailed when no label comes out any more."""
        before, deadline = self.count, time.monotonic() + PRINT_LIMIT_S
        while text not in self.texts:
            self.collect()
            if self.count != before:
                before, deadline = self.count, time.monotonic() + PRINT_LIMIT_S
            if time.monotonic() > deadline:
                raise DemoFailed(f"no printed label carries {text}")
            time.sleep(0.02)


class Floor:
    """The plant as the demo's people see it: stations to scan at, paper to read, and the record to look things up."""

    def __init__(self, stage: Stage, look: Database) -> None:
        self.stage = stage
        self.look = look
        self.printed = Printed(stage)
        self.at_station: dict[str, str] = {}
        self.last_scan: dict[str, datetime] = {}
        self.scans = 0

    def scan(self, station: str, *texts: str) -> bool:
        """Scan codes one after the other, each after the beep of the one before; True when the last beep was good."""
        good = False
        for text in texts:
            self.stage.pass_time(BETWEEN_SCANS_MIN)
            self.last_scan[station] = self.stage.clock()
            self.stage.scanners[station].scan(text)
            good = self._beep(station, text)
            self.scans += 1
        return good

    def must(self, station: str, *texts: str) -> None:
        """Scan what has to be accepted; raises DemoFailed with the terminal's own words."""
        for text in texts:
            if not self.scan(station, text):
                raise DemoFailed(f"{station} refused {text}: {self.last_reply(station)['headline']['en']}")

    def refused(self, station: str, text: str, *reasons: str) -> None:
        """Scan what has to be refused, for at least these reasons; raises DemoFailed otherwise."""
        if self.scan(station, text):
            raise DemoFailed(f"{station} accepted {text}, which had to be refused for {', '.join(reasons)}")
        spoken = {reason["code"] for reason in self.last_reply(station)["reasons"]}
        if not set(reasons) <= spoken:
            raise DemoFailed(f"{station} refused {text} for {sorted(spoken)}, not for {', '.join(reasons)}")

    def badge(self, station: str, badge: str) -> None:
        """Let this person work at the station; whoever was idle too long is signed off and scans the badge again."""
        if self.at_station.get(station) != badge or self._signed_off(station):
            self.must(station, f"1H{badge}")
            self.at_station[station] = badge

    def confirm_rolls(self, station: str, badge: str) -> None:
        """In the morning somebody looks into each printer of a station and scans its roll, and which printer it is."""
        self.badge(station, badge)
        printers = next(part.printers for part in STATIONS if part.code == station)
        for printer in printers:
            if printer.label_mm:
                roll = codes.encode(codes.RollCode(printer.stock.upper(), *printer.label_mm))
                both = [codes.encode(codes.PrinterCode(printer.code))] if len(printers) > 1 else []
                self.must(station, *both, roll)

    def _signed_off(self, station: str) -> bool:
        idle = self.stage.clock() - self.last_scan[station] + timedelta(minutes=BETWEEN_SCANS_MIN)
        return idle > IDLE_LIMIT

    def everybody_home(self) -> None:
        """A new day: terminals log idle people off, so badges are scanned again."""
        self.at_station.clear()

    def _beep(self, station: str, text: str) -> bool:
        try:
            while (tone := str(self.stage.scanners[station].feedback(BEEP_LIMIT_S))) == "attention":
                self.stage.still_running()
                if self._asks(station):
                    return True
        except TimeoutError as error:
            raise DemoFailed(f"{station} did not answer the scan {text}: {error}") from error
        return tone == "good"

    def _asks(self, station: str) -> bool:
        """Attention means a question back, or kept and not yet confirmed: then the real beep follows."""
        return str(self.last_reply(station)["result"]) == "asks"

    def last_reply(self, station: str) -> dict[str, Any]:
        """What the station's terminal said last."""
        with self.look.read() as session:
            text = session.scalar(
                select(Scan.reply)
                .join(Station, Station.id == Scan.station_id)
                .where(Station.code == station)
                .order_by(Scan.received_at.desc(), Scan.scanned_at.desc())
                .limit(1)
            )
        return dict(json.loads(text or '{"result": "none", "reasons": [], "headline": {"en": "nothing"}}'))

    # --- paper -------------------------------------------------------------------------------------------------------

    def box_code(self, lot: str, unit: int | None = None) -> str:
        """What a hand scans on a box of a lot: its printed label, else the lot number that came with the goods."""
        this_one = Label.holder_id == unit if unit else Lot.code == lot
        with self.look.read() as session:
            serial = session.scalar(
                select(Label.serial)
                .join(HandlingUnit, HandlingUnit.id == Label.holder_id)
                .join(Lot, Lot.id == HandlingUnit.lot_id)
                .where(this_one, Label.voided_by.is_(None))
                .order_by(Label.id)
            )
        return self.label_code(serial) if serial else codes.encode(codes.LotCode(lot))

    def label_code(self, serial: str) -> str:
        """The code of a label, once it has been printed and read from its picture."""
        text = codes.encode(codes.LabelCode(serial))
        self.printed.wait_for(text)
        return text

    def cartons(self, lot: str) -> list[str]:
        """The codes of a lot's cartons, read from their printed labels."""
        with self.look.read() as session:
            serials = session.scalars(
                select(Container.serial)
                .join(HandlingUnit, HandlingUnit.container_id == Container.id)
                .join(Lot, Lot.id == HandlingUnit.lot_id)
                .where(Lot.code == lot)
                .order_by(Container.id)
            ).all()
        texts = [codes.encode(codes.ContainerCode(serial)) for serial in serials]
        for text in texts:
            self.printed.wait_for(text)
        return texts

    def pallet(self) -> str:
        """The code of the newest pallet, read from its printed label."""
        with self.look.read() as session:
            newest = select(Container.serial).where(Container.kind == "pallet").order_by(Container.id.desc()).limit(1)
            text = codes.encode(codes.ContainerCode(session.scalars(newest).one()))
        self.printed.wait_for(text)
        return text

    def wait_for_printers(self) -> None:
        """Wait until every job of a station is out."""
        self._wait_until_out(self._open_jobs)

    def wait_for_the_day(self) -> None:
        """Wait until every job is out that has a printer which somebody vouches for."""
        self._wait_until_out(self._jobs_of_the_day)

    def _wait_until_out(self, waiting: Callable[[], list[str]]) -> None:
        """Wait for these jobs; raises DemoFailed only when none of them comes out any more."""
        open_jobs, deadline = waiting(), time.monotonic() + PRINT_LIMIT_S
        while open_jobs:
            self.stage.still_running()
            if time.monotonic() > deadline:
                raise DemoFailed(f"print jobs still wait: {open_jobs}")
            time.sleep(0.05)
            before, open_jobs = open_jobs, waiting()
            if open_jobs != before:
                deadline = time.monotonic() + PRINT_LIMIT_S
        self.printed.collect()

    def _open_jobs(self) -> list[str]:
        with self.look.read() as session:
            return [_told(job) for job in session.scalars(OPEN)]

    def _jobs_of_the_day(self) -> list[str]:
        """The open jobs of printers whose rolls somebody has confirmed today; others wait for their morning."""
        now = self.stage.clock()
        with self.look.read() as session:
            sizes_of = sizes_in(session)
            jobs = [(job, job.station) for job in session.scalars(OPEN)]
            here = {at.id: printers_at(session, at, now) for _, at in jobs if at}
            chosen = [(job, printer_for(job.stock, sizes_of(job.layout), here[at.id])) for job, at in jobs if at]
            return [_told(job) for job, printer in chosen if printer and printer.doubt is None]


def _told(job: PrintJob) -> str:
    return f"{job.id} {job.layout} on {job.stock}: {job.state} {job.reason}"
