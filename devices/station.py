"""The station program: scanner, lamp, tools, journal, server and printers of one place, each in its thread.

Owns only how the parts are joined and how they end. It decides nothing about scans and labels; the server does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from datetime import UTC, datetime

from devices.config import ConfigError, StationConfig, load_config
from devices.delivery import Delivery
from devices.feedback import Tone
from devices.heartbeat import Heartbeat, Vitals
from devices.journal import ScanJournal
from devices.lamp import Lamp
from devices.measuring import Readings, Tool
from devices.panel import Panel
from devices.printing import Printing, PrintJournal
from devices.scanner import Scanner
from devices.server import Server

__all__ = ["ConfigError", "StationConfig", "load_config", "run"]

log = logging.getLogger(__name__)

Part = Callable[[threading.Event], None]
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The machine's own time, UTC."""
    return datetime.now(UTC)


def run(config: StationConfig, stop: threading.Event, now: Clock = wall_clock) -> None:
    """Run the station until `stop` is set; `now` stamps the scans.

    Raises InUse when another program has this journal, and whatever a part could not live with: a half-dead station
    must not look alive.
    """
    with ExitStack() as owned:
        station = _Station(config, now, owned)
        log.info("station %s works for %s", config.station, config.server)
        _run_together(station.parts, stop)


class _Station:
    """All parts of one station, joined; `owned` closes what has to be closed."""

    def __init__(self, config: StationConfig, now: Clock, owned: ExitStack) -> None:
        self._config = config
        self._server = owned.enter_context(closing(Server(config.server, config.token)))
        self._journal = owned.enter_context(closing(ScanJournal(config.journal)))
        self._scanner = Scanner(config.scanner, lambda read: self._delivery.take(read)) if config.scanner else None
        self._lamp = Lamp(config.lamp) if config.lamp else None
        self._heartbeat = Heartbeat(config.station, self._server, self.vitals, now)
        # Delivery runs without a scanner too: the journal may hold scans of an earlier one.
        self._delivery = Delivery(
            config.station, self._journal, self._server, self.sound, now, lambda: self._heartbeat.taken
        )
        self._printing = self._printers(owned)
        scanning = [self._scanner.run] if self._scanner else []
        lighting = [self._lamp.run] if self._lamp else []
        saying = [self._heartbeat.run, *self._panel(owned)]
        self.parts: list[Part] = [
            *scanning,
            *lighting,
            self._delivery.run,
            *saying,
            *self._measuring(now),
            *self._serving(),
        ]

    def sound(self, tone: Tone) -> None:
        """Tell the hand: by the scanner's beeper and by the lamp, whichever there is."""
        if self._scanner:
            self._scanner.answer(tone)
        if self._lamp:
            self._lamp.show(tone)
        if not self._scanner and not self._lamp:
            log.info("nothing here to sound %s", tone)

    def vitals(self) -> Vitals:
        """How the station is, now."""
        return Vitals(
            waiting=self._journal.waiting(),
            server=self._server.reachable,
            scanner=self._scanner.connected if self._scanner else None,
            printers=self._printing.health() if self._printing else {},
        )

    def _printers(self, owned: ExitStack) -> Printing | None:
        if not self._config.printers:
            return None
        prints = owned.enter_context(closing(PrintJournal(self._config.journal)))
        return Printing(self._config, self._server, prints)

    def _serving(self) -> list[Part]:
        printing = self._printing
        if printing is None:
            return []
        serving: list[Part] = [
            lambda stop, code=printer.code: printing.serve(code, stop)  # type: ignore[misc]
            for printer in self._config.printers
        ]
        return [printing.fetch, *serving]

    def _measuring(self, now: Clock) -> list[Part]:
        configs = (*self._config.gauges, *self._config.scales)
        if not configs:
            return []
        readings = Readings(self._config.station, self._server, self.sound, now)
        tools = [Tool(config, readings) for config in configs]
        asking = [tool.ask for tool in tools if tool.config.ask_every_s]
        return [readings.run, *(tool.line.run for tool in tools), *asking]

    def _panel(self, owned: ExitStack) -> list[Part]:
        if not self._config.panel_port:
            return []
        panel = Panel(self._config.station, self._config.panel_port, self._config.server, self.vitals)
        owned.callback(panel.close)
        return [panel.run]


def _run_together(parts: list[Part], stop: threading.Event) -> None:
    """Every part in its thread; the first that fails stops the others, and its error is raised."""
    with ThreadPoolExecutor(len(parts), "station") as pool:
        running = [pool.submit(_stopping_at_the_end, part, stop) for part in parts]
        try:
            wait(running)
        finally:
            stop.set()
    for part in running:
        part.result()


def _stopping_at_the_end(part: Part, stop: threading.Event) -> None:
    try:
        part(stop)
    finally:
        stop.set()
