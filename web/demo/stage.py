"""The demo's stage: a folder, a clock that the director moves, an embedded database, a server process, stations.

Starts real programs and real wires, and ends what it started, by process id, whatever happens.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mes.clock import clock_from, moment
from mes.commands import Outcome, Request, perform
from mes.database import Database
from mes.people import access
from web.demo.cast import STATIONS, StationPart
from web.demo.devices import DemoPrinter, DemoScanner, DeviceMaker
from web.demo.ground import StageError, answers, clear, free_port, undisturbed

START_LIMIT_S = 180.0


class Stage:
    """Everything that runs during a demo. Use as a context manager."""

    def __init__(self, folder: Path, maker: DeviceMaker) -> None:
        self.folder = folder.resolve()
        self.maker = maker
        self.scanners: dict[str, DemoScanner] = {}
        self.printers: dict[str, DemoPrinter] = {}
        self.tokens: dict[str, str] = {}
        self.pins: dict[str, str] = {}
        self.password = secrets.token_urlsafe(9)
        self.port = free_port()
        self._owned = ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        clear(self.folder)

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *error: object) -> None:
        with undisturbed():
            for process in self._processes.values():
                process.terminate()  # all of them first, so that they end side by side
            for name in list(self._processes):
                self.stop(name)
            self._owned.close()

    # --- time and the database ---------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The demo's database."""
        return f"sqlite:///{self.folder}/runcard.db"

    @property
    def address(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.port}"

    def at(self, when: str) -> None:
        """Move the plant's clock (ISO 8601 with offset); all programs of the demo read it."""
        clock = self.folder / "clock"
        fresh = clock.with_suffix(".new")
        fresh.write_text(moment(when).isoformat(), encoding="ascii")
        fresh.replace(clock)

    def pass_time(self, minutes: float) -> None:
        """Let so much of the plant's time go by."""
        self.at((self.clock() + timedelta(minutes=minutes)).isoformat())

    def clock(self) -> datetime:
        """The plant's time."""
        return clock_from(f"@{self.folder}/clock")()

    def with_database(self, work: Callable[[Database], Any]) -> Any:
        """Do something with the database while no server runs."""
        database = Database(self.url)
        try:
            return work(database)
        finally:
            database.close()

    def ask(
        self,
        command: str,
        *,
        person: str | None = None,
        signed: bool = False,
        payload: Any = None,
        station: str | None = None,
        **arguments: Any,
    ) -> Outcome:
        """Knock at the door before the server runs, as the command line does."""
        request = Request(
            command, arguments, person=person, station=station, signed_by=person if signed else None, payload=payload
        )
        return self.with_database(lambda database: perform(database, request, self.clock))  # type: ignore[no-any-return]

    # --- people and stations -----------------------------------------------------------------------------------------

    def enrol(self, badges: list[str]) -> None:
        """Give people PINs of this demo's own, and the login that the person at the screen will use."""

        def enrol_all(database: Database) -> None:
            for badge in badges:
                self.pins[badge] = f"{secrets.randbelow(10**6):06d}"
                access.set_pin(database, badge, self.pins[badge])

        self.with_database(enrol_all)

    def enrol_login(self, badge: str) -> None:
        """A browser login with a password generated for this demo."""
        self.with_database(lambda database: access.set_password(database, badge, self.password))

    def set_up_stations(self) -> None:
        """Add all stations and printers, and give each station its token."""
        for part in STATIONS:
            self.insist(
                self.ask(
                    "plant:station",
                    code=part.code,
                    name_zh=part.name_zh,
                    name_en=part.name_en,
                    role=part.role,
                    location=part.location,
                    work_center=part.work_center,
                )
            )
            for one in part.printers:
                width, height = one.label_mm or (None, None)
                placed = self.ask(
                    "plant:printer",
                    code=one.code,
                    stands_at=part.code,
                    dpi=203,
                    language=one.language,
                    width_mm=one.width_mm,
                    stock=one.stock,
                    label_width_mm=width,
                    label_height_mm=height,
                )
                self.insist(placed)
            self.tokens[part.code] = self._new_token(part.code)

    def _new_token(self, station: str) -> str:
        wanted = Request("plant:new_token", {"station": station})
        return str(self.insist(self.with_database(lambda one: perform(one, wanted, self.clock))).token.reveal())

    @staticmethod
    def insist(outcome: Outcome) -> Any:
        """The value of an accepted request; raises StageError with the reasons of a refused one."""
        if not outcome.accepted:
            raise StageError("; ".join(reason.sentence("en") for reason in outcome.reasons))
        return outcome.value

    def station_code(self, station: str) -> str:
        """A single-use code that opens a station's screen."""
        return self.with_database(  # type: ignore[no-any-return]
            lambda database: access.invite_station(database, station, self.clock())
        )

    def owns(self, close: Callable[[], None]) -> None:
        """Close something when the stage ends."""
        self._owned.callback(close)

    # --- programs ----------------------------------------------------------------------------------------------------

    def start_server(self) -> None:
        """Start `runcard serve` and wait until it answers."""
        self._start("server", "serve", "--port", str(self.port))
        self._wait_for(lambda: answers(self.address), "server")

    def start_stations(self) -> None:
        """Plug in all scanners and printers and start a station program for each station."""
        for part in STATIONS:
            self._plug(part)
            self._start(part.code, "station", str(self._write_config(part)))

    def pid(self, name: str) -> int:
        """The process of a running program: "server", or a station's code."""
        return self._processes[name].pid

    def kill(self, name: str) -> None:
        """Kill a program without warning, as a power cut would."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def stop(self, name: str) -> None:
        """End a program politely, then firmly."""
        process = self._processes.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_for_end(self) -> None:
        """Stay until the server ends or somebody presses Ctrl-C."""
        self._processes["server"].wait()

    def still_running(self) -> None:
        """Raise StageError when a program has ended though nobody ended it."""
        ended = [name for name, process in self._processes.items() if process.poll() is not None]
        if ended:
            raise StageError(f"{', '.join(ended)} ended; see {self.folder}/logs/{ended[0]}.log")

    def _start(self, name: str, *arguments: str) -> None:
        environment = {
            **os.environ,
            "RUNCARD_DATABASE_URL": self.url,
            "RUNCARD_NOW": f"@{self.folder}/clock",
            "PYTHONUNBUFFERED": "1",
        }
        log = self._owned.enter_context((self.folder / "logs" / f"{name}.log").open("ab"))
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "web.cli", *arguments],
            env=environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def _plug(self, part: StationPart) -> None:
        if part.scanner:
            scanner = self.maker.scanner(self.folder / "dev", f"usb-scanner-{part.code}")
            self._owned.callback(scanner.close)
            self.scanners[part.code] = scanner
        for one in part.printers:
            printer = self.maker.printer(one.language, one.dots)
            self._owned.callback(printer.close)
            self.printers[one.code] = printer

    def _write_config(self, part: StationPart) -> Path:
        lines = [
            f"station = {json.dumps(part.code)}",
            f"server = {json.dumps(self.address)}",
            f"token = {json.dumps(self.tokens[part.code])}",
            f'journal = "journal-{part.code}"',
            "poll_s = 0.3",
        ]
        if part.scanner:
            lines += ["[scanner]", f"url = {json.dumps(self.scanners[part.code].path)}", 'feedback = "honeywell"']
        for one in part.printers:
            lines += [
                "[[printers]]",
                f"code = {json.dumps(one.code)}",
                f"url = {json.dumps(self.printers[one.code].url)}",
                f"language = {json.dumps(one.language)}",
            ]
        path = self.folder / f"station-{part.code}.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        path.chmod(0o600)
        return path

    def _wait_for(self, ready: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while not ready():
            if self._processes[name].poll() is not None or time.monotonic() > deadline:
                raise StageError(f"{name} did not start; see {self.folder}/logs/{name}.log")
            time.sleep(0.05)
