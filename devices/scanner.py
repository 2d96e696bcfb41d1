"""One serial scanner on its port: reads it, notices when it goes away, finds it again, and makes it beep.

Owns the pyserial port. It passes on what framing gives it and must never look inside a code.
"""

from __future__ import annotations

import logging
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import serial

from devices.config import ScannerConfig
from devices.feedback import COMMAND_SETS, Tone
from devices.framing import Read, ScanBuffer

log = logging.getLogger(__name__)

POLL_S = 0.2
WRITE_TIMEOUT_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0

# A vanished port raises SerialException or a bare OSError, and termios.error while it is being opened.
PortGone = (OSError, termios.error)


class Scanner:
    """Reads one port until told to stop, through any number of unplugs; `on_read` is called in the reading thread."""

    def __init__(self, config: ScannerConfig, on_read: Callable[[Read], None]) -> None:
        self.config = config
        self._on_read = on_read
        self._commands = COMMAND_SETS[config.feedback]
        self._port: serial.Serial | None = None
        self._writing = threading.Lock()

    @property
    def connected(self) -> bool:
        """Whether the port is open now."""
        return self._port is not None

    def run(self, stop: threading.Event) -> None:
        """Read until `stop`; an absent scanner is looked for every 0.2 s, later every 2 s."""
        pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while not stop.is_set():
            try:
                with closing(self._open()) as port:
                    pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
                    self._listen(port, stop)
            except PortGone as error:
                pause_s = next(pauses)
                level = logging.WARNING if pause_s == FIRST_PAUSE_S else logging.DEBUG
                log.log(level, "scanner %s is not there: %s", self.config.url, error)
                stop.wait(pause_s)

    def answer(self, tone: Tone) -> None:
        """Beep; without a scanner there is nobody to hear it and only the log knows."""
        with self._writing:
            if self._port is None:
                log.warning("no scanner to sound %s on %s", tone, self.config.url)
                return
            try:
                self._port.write(self._commands.tones[tone])
            except PortGone as error:
                log.warning("scanner %s did not take %s: %s", self.config.url, tone, error)

    def _open(self) -> serial.Serial:
        wait_s = min(POLL_S, max(0.02, self.config.idle_gap_ms / 1000))
        # A second program reading the same port would take half of every code.
        alone: Any = {} if "://" in self.config.url else {"exclusive": True}
        return serial.serial_for_url(
            self.config.url, self.config.baud, timeout=wait_s, write_timeout=WRITE_TIMEOUT_S, **alone
        )

    def _listen(self, port: serial.Serial, stop: threading.Event) -> None:
        buffer = ScanBuffer(
            self.config.framing,
            idle_gap_s=self.config.idle_gap_ms / 1000,
            max_bytes=self.config.max_bytes,
            echo=self._commands.echo,
        )
        self._lend(port)
        log.info("scanner %s is connected", self.config.url)
        try:
            while not stop.is_set():
                self._read_once(port, buffer)
        finally:
            self._lend(None)
            self._pass_on(buffer.unplugged())

    def _read_once(self, port: serial.Serial, buffer: ScanBuffer) -> None:
        received = port.read(max(1, port.in_waiting))
        at = time.monotonic()
        self._pass_on(buffer.feed(received, at) if received else buffer.idle(at))

    def _pass_on(self, reads: list[Read]) -> None:
        for read in reads:
            self._on_read(read)

    def _lend(self, port: serial.Serial | None) -> None:
        """Give the port to `answer`, or take it away before it is closed."""
        with self._writing:
            self._port = port


def growing(first_s: float, longest_s: float) -> Iterator[float]:
    """Pauses in seconds, each twice the one before, up to the longest."""
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, longest_s)
