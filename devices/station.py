"""The station program: scanner, journal, server and printers of one place, each in its thread, until told to stop.

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
from devices.journal import ScanJournal
from devices.printing import Printing, PrintJournal
from devices.scanner import Scanner
from devices.server import Server

__all__ = ["ConfigError", "StationConfig", "load_config", "run"]

log = logging.getLogger(__name__)

Part = Callable[[threading.Event], None]


def wall_clock() -> datetime:
    """The machine's own time, UTC."""
    return datetime.now(UTC)


def run(config: StationConfig, stop: threading.Event, now: Callable[[], datetime] = wall_clock) -> None:
    """Run the station until `stop` is set; `now` stamps the scans.

    Raises InUse when another program has this journal, and whatever a part could not live with: a half-dead station
    must not look alive.
    """
    with ExitStack() as owned:
        server = owned.enter_context(closing(Server(config.server, config.token)))
        parts = [*_scanning(config, server, now, owned), *_printing(config, server, owned)]
        log.info("station %s works for %s", config.station, config.server)
        _run_together(parts, stop)


def _scanning(config: StationConfig, server: Server, now: Callable[[], datetime], owned: ExitStack) -> list[Part]:
    """Delivery runs without a scanner too: the journal may hold scans of an earlier one."""
    journal = owned.enter_context(closing(ScanJournal(config.journal)))
    if config.scanner is None:
        return [Delivery(config.station, journal, server, _nobody_hears, now).run]
    scanner = Scanner(config.scanner, lambda read: delivery.take(read))
    delivery = Delivery(config.station, journal, server, scanner.answer, now)
    return [scanner.run, delivery.run]


def _printing(config: StationConfig, server: Server, owned: ExitStack) -> list[Part]:
    if not config.printers:
        return []
    printing = Printing(config, server, owned.enter_context(closing(PrintJournal(config.journal))))
    return [
        printing.fetch,
        *(lambda stop, code=printer.code: printing.serve(code, stop) for printer in config.printers),
    ]


def _nobody_hears(tone: Tone) -> None:
    log.info("no scanner to sound %s", tone)


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
