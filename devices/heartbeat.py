"""What a station knows of itself, said to the server at once when it changes, and in its own log in both languages.

Owns when it is said and in what words. It asks the parts how they are and never changes any of them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from devices.lines import growing
from devices.printers import Health
from devices.server import NoAnswer, Server

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
SAY_EVERY_S = 15.0
COUNTS_EVERY_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 2.0


@dataclass(frozen=True)
class Vitals:
    """A moment of the station: scans kept but not confirmed, the server, the scanner (None: has none), the printers."""

    waiting: int
    server: bool
    scanner: bool | None
    printers: dict[str, Health]

    def json(self) -> dict[str, Any]:
        """As both the server and the page on this machine read it."""
        return {
            "waiting": self.waiting,
            "scanner": None if self.scanner is None else {"connected": self.scanner},
            "printers": [
                {"code": code, "faults": list(health.faults), "answers": health.answers}
                for code, health in self.printers.items()
            ],
        }


class Heartbeat:
    """In a thread of its own: `run`. `look` asks the parts; `taken` counts what the server has acknowledged."""

    def __init__(self, station: str, server: Server, look: Callable[[], Vitals], now: Callable[[], datetime]) -> None:
        self._station = station
        self._server = server
        self._look = look
        self._now = now
        self._said: Vitals | None = None
        self._said_at = 0.0
        self._not_before = 0.0
        self._round_trip_s = 0.0
        self._pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self.taken = 0

    def run(self, stop: threading.Event) -> None:
        """Look five times a second until `stop`; announce every change, and tell the server."""
        before: Vitals | None = None
        while not stop.is_set():
            vitals = self._look()
            for sentence in changes(before, vitals):
                log.warning("%s", sentence)
            before = vitals
            if self._is_due(vitals):
                self._say(vitals)
            stop.wait(LOOK_EVERY_S)

    def _is_due(self, vitals: Vitals) -> bool:
        """At once for any change, at most once a second for a mere count, every 15 s at least."""
        at = time.monotonic()
        if at < self._not_before:
            return False
        if self._said is None or at - self._said_at >= SAY_EVERY_S:
            return True
        only_counted = replace(vitals, waiting=0, server=True) == replace(self._said, waiting=0, server=True)
        if only_counted and vitals.waiting == self._said.waiting:
            return False
        return not only_counted or at - self._said_at >= COUNTS_EVERY_S

    def _say(self, vitals: Vitals) -> None:
        begun = time.monotonic()
        clock = {"at": self._now().isoformat(), "round_trip_s": round(self._round_trip_s, 3)}
        try:
            self._server.post_heartbeat(self._station, {**clock, **vitals.json()})
        except NoAnswer as silence:
            log.info("heartbeat not taken: %s", silence)
            self._not_before = time.monotonic() + max(next(self._pauses), silence.retry_after_s)
            return
        self._said, self._said_at, self.taken = vitals, time.monotonic(), self.taken + 1
        self._round_trip_s = self._said_at - begun
        self._pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)


def changes(before: Vitals | None, after: Vitals) -> Iterator[str]:
    """One sentence in both languages for everything that a person at the station should know has changed."""
    yield from _of_the_server(before, after)
    if after.scanner is not None and (before is None or before.scanner != after.scanner):
        yield "扫码枪已连接 · scanner connected" if after.scanner else "扫码枪断开 · SCANNER NOT CONNECTED"
    for code, health in after.printers.items():
        earlier = before.printers.get(code, Health()) if before else Health()
        if health.faults and health.faults != earlier.faults:
            yield f"打印机 {code} 故障 · printer {code} has a fault: {', '.join(health.faults)}"
        elif earlier.faults and not health.faults:
            yield f"打印机 {code} 恢复正常 · printer {code} is well again"


def _of_the_server(before: Vitals | None, after: Vitals) -> Iterator[str]:
    was_reachable, waited = (before.server, before.waiting) if before else (True, 0)
    if not after.server and was_reachable:
        yield "服务器无应答 · the server does not answer; scans are kept"
    if not after.server and after.waiting and (was_reachable or after.waiting != waited):
        yield f"已保存，尚未确认：{after.waiting} 条 · kept, not yet confirmed: {after.waiting}"
    if after.server and not was_reachable:
        yield f"服务器恢复 · the server answers again; still to confirm: {after.waiting}"
