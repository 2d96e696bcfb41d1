"""Gauges and scales at work: each on its line, every reading to the server within seconds or not at all.

Owns the road from a tool to the server. A measurement fills a field that somebody is looking at now, so it is never
kept for later: one that could not be delivered in time is dropped, logged, and told to the hand.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from devices.config import ToolConfig
from devices.feedback import Tone
from devices.framing import Garbage, NoRead, Read, ScanBuffer, Wrapping
from devices.gauge_protocols import GAUGE_PROTOCOLS
from devices.lines import SerialLine
from devices.measured import Fault, Settled, ToolProtocol, Value, parser_of
from devices.scale_protocols import SCALE_PROTOCOLS
from devices.server import NoAnswer, Refused, Server

log = logging.getLogger(__name__)

FRESH_S = 5.0
RETRY_S = 0.3
POLL_S = 0.2
NO_WRAPPING = Wrapping(no_read=())


@dataclass(frozen=True)
class Reading:
    """One value of one tool, as the server takes it; `born` is a steady clock's, for its age."""

    body: dict[str, str]
    born: float


class Readings:
    """From a tool's thread: `take`. In a thread of its own: `run`. Only the newest reading of each tool is sent."""

    def __init__(
        self, station: str, server: Server, sound: Callable[[Tone], None], now: Callable[[], datetime]
    ) -> None:
        self._station = station
        self._server = server
        self._sound = sound
        self._now = now
        self._waiting: deque[Reading] = deque()
        self._arrived = threading.Condition()

    def take(self, device: str, value: str, unit: str) -> None:
        """A tool has measured: send it, in place of an older one of the same tool that is still on its way."""
        body = {"id": str(uuid.uuid4()), "device": device, "value": value, "unit": unit, "at": self._now().isoformat()}
        with self._arrived:
            kept = [reading for reading in self._waiting if reading.body["device"] != device]
            self._waiting = deque([*kept, Reading(body, time.monotonic())])
            self._arrived.notify_all()

    def refused(self, device: str, why: str) -> None:
        """A tool answered, but with no reading; the hand hears it."""
        log.warning("%s: no reading: %s", device, why)
        self._sound(Tone.BAD)

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop`; whatever has become old is dropped and told."""
        while not stop.is_set():
            with self._arrived:
                self._arrived.wait_for(lambda: self._waiting, POLL_S)
                reading = self._waiting[0] if self._waiting else None
            if reading and self._ended(reading):
                with self._arrived:
                    self._waiting = deque(other for other in self._waiting if other is not reading)
            elif reading:
                stop.wait(RETRY_S)

    def _ended(self, reading: Reading) -> bool:
        """Whether nothing more is to be done for this reading: delivered, refused for good, or too old."""
        device = reading.body["device"]
        if time.monotonic() - reading.born > FRESH_S:
            self.refused(device, f"{reading.body['value']} {reading.body['unit']} did not reach the server in time")
            return True
        try:
            self._server.post_reading(self._station, reading.body)
        except Refused as refusal:
            self.refused(device, str(refusal))
        except NoAnswer as silence:
            log.info("%s: reading not taken yet: %s", device, silence)
            return False
        return True


class Tool:
    """One gauge or scale: its line, what it says, and the asking if it has to be asked."""

    def __init__(self, config: ToolConfig, readings: Readings) -> None:
        self.config = config
        self._readings = readings
        self._protocol = protocol_of(config)
        self._request = config.request.encode("latin-1") or self._protocol.request
        self._settled = Settled() if self._protocol.streams or config.ask_every_s else None
        self.line = SerialLine(f"measuring tool {config.device}", config, lambda: tool_buffer(config), self._heard)

    def ask(self, stop: threading.Event) -> None:
        """Ask for a value as often as the configuration says, until `stop`."""
        while not stop.wait(self.config.ask_every_s):
            self.line.send(self._request)

    def _heard(self, read: Read) -> None:
        if isinstance(read, Garbage | NoRead):
            log.warning("%s: %s", self.config.device, read)
            return
        said = self._protocol.parse(read.text)
        if isinstance(said, Fault):
            self._no_number(said)
        elif self._counts(said):
            self._checked(said)

    def _no_number(self, fault: Fault) -> None:
        """A tool that is asked all day may say so all day; only one whose key was pressed is worth a sound."""
        if self._settled is None:
            self._readings.refused(self.config.device, f"it says {fault.said!r}")
        else:
            log.debug("%s says %r", self.config.device, fault.said)

    def _counts(self, value: Value) -> bool:
        if self._settled is not None:
            return self._settled.passes(value)
        if not value.stable:
            self._readings.refused(self.config.device, f"{value.text} {value.unit} is not stable")
        return value.stable

    def _checked(self, value: Value) -> None:
        """A tool switched to another unit is refused: converting would hide it."""
        if value.unit and value.unit.casefold() != self.config.unit.casefold():
            self._readings.refused(self.config.device, f"it measures in {value.unit}, not in {self.config.unit}")
        else:
            self._readings.take(self.config.device, value.text, self.config.unit)


def protocol_of(config: ToolConfig) -> ToolProtocol:
    """What the tool speaks: a maker's protocol, or the pattern of the configuration."""
    if config.pattern is not None:
        return ToolProtocol(parser_of(config.pattern))
    return {**GAUGE_PROTOCOLS, **SCALE_PROTOCOLS}[config.protocol]


def tool_buffer(config: ToolConfig) -> ScanBuffer:
    """The framing of a tool's lines."""
    return ScanBuffer(config.framing, max_bytes=256, wrapping=NO_WRAPPING)
