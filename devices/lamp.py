"""A lamp tower or relay on a serial line: green, red, yellow for good, bad, attention, and off again.

Owns the lamp's line and knows three ways of switching it. It only shows what others decided; a lamp that is broken or
gone disturbs nobody, it is logged and looked for.
"""

from __future__ import annotations

import logging
import threading
import time

from devices.config import LampConfig, Shine
from devices.feedback import Tone
from devices.framing import ScanBuffer
from devices.lines import SerialLine

log = logging.getLogger(__name__)

POLL_S = 0.2
BETWEEN_FRAMES_S = 0.05  # Modbus RTU wants 3.5 characters of silence: 4 ms at 9600 baud


def lcus(channel: int, on: bool) -> bytes:
    """CH340 USB relays (LCUS-1 … LCUS-8, "LC USB switch"): A0, channel, state, sum of the three; 9600 8N1.

    From the sellers' data sheet; 1 is the first channel.
    """
    frame = bytes([0xA0, channel, int(on)])
    return frame + bytes([sum(frame) & 0xFF])


def modbus(address: int, channel: int, on: bool) -> bytes:
    """Modbus RTU, function 05 "write single coil" (Modbus Application Protocol V1.1b3, 6.5); coil 0 is the first."""
    frame = bytes([address, 0x05]) + channel.to_bytes(2, "big") + (b"\xff\x00" if on else b"\x00\x00")
    return frame + crc16(frame).to_bytes(2, "little")


def crc16(frame: bytes) -> int:
    """The CRC of Modbus over Serial Line V1.02, 6.2.2: polynomial 0xA001, start 0xFFFF, low byte first."""
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def switching(config: LampConfig, shine: Shine, on: bool) -> bytes:
    """The bytes that switch what this tone lights on or off."""
    match config.protocol:
        case "lcus":
            return lcus(shine.channel, on)
        case "modbus":
            return modbus(config.address, shine.channel, on)
    return shine.on if on else shine.off


class Lamp:
    """From any thread: `show`. In a thread of its own: `run`."""

    def __init__(self, config: LampConfig) -> None:
        self.config = config
        self.line = SerialLine("lamp", config, ScanBuffer, lambda read: None)
        shines = {Tone.GOOD: config.good, Tone.BAD: config.bad, Tone.ATTENTION: config.attention}
        self._shines = {tone: shine for tone, shine in shines.items() if shine}
        self._wanted: Tone | None = None
        self._lit: Shine | None = None
        self._changed = threading.Condition()

    def show(self, tone: Tone) -> None:
        """Light the tone's lamp for its time; the newest tone takes the place of the one before."""
        with self._changed:
            self._wanted = tone
            self._changed.notify_all()

    def run(self, stop: threading.Event) -> None:
        """Switch on and off until `stop`; dark at the start, after a replug and at the end."""
        closing = threading.Event()
        reading = threading.Thread(target=self.line.run, args=(closing,), name="lamp line")
        reading.start()
        try:
            self._shine(stop)
            self._dark()
        finally:
            closing.set()
            reading.join()

    def _shine(self, stop: threading.Event) -> None:
        was_connected, until = False, 0.0
        while not stop.is_set():
            connected = self.line.connected
            if connected and not was_connected:
                self._dark()
            was_connected = connected
            tone = self._next(min(POLL_S, max(0.0, until - time.monotonic())) if self._lit else POLL_S)
            if tone is not None:
                until = self._light(tone)
            elif self._lit and time.monotonic() >= until:
                self._put_out()

    def _next(self, wait_s: float) -> Tone | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted, wait_s)
            tone, self._wanted = self._wanted, None
            return tone

    def _light(self, tone: Tone) -> float:
        """Switch over to this tone; when it ends, by the steady clock."""
        self._put_out()
        if shine := self._shines.get(tone):
            if not self._switch(shine, on=True):
                log.warning("no lamp to show %s on %s", tone, self.config.url)
                return 0.0
            self._lit = shine
            return time.monotonic() + shine.seconds
        return 0.0

    def _put_out(self) -> None:
        if self._lit:
            self._switch(self._lit, on=False)
            self._lit = None

    def _dark(self) -> None:
        for shine in self._shines.values():
            self._switch(shine, on=False)
        self._lit = None

    def _switch(self, shine: Shine, *, on: bool) -> bool:
        taken = self.line.send(switching(self.config, shine, on))
        time.sleep(BETWEEN_FRAMES_S)
        return taken
