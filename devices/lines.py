"""A serial line through any number of unplugs: opened, read, found again when it comes back.

Owns the pyserial port of a scanner, gauge, scale or lamp. It passes on what framing gives it and must never look at
what was said.
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

from devices.config import PortConfig
from devices.framing import PREFIX_LENGTH, Garbage, Read, Scan, ScanBuffer

log = logging.getLogger(__name__)

POLL_S = 0.2
WRITE_TIMEOUT_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
PARITIES = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}

# A vanished port raises SerialException or a bare OSError, and termios.error while it is being opened.
PortGone = (OSError, termios.error)


class _KeepingPort(serial.Serial):
    """A port that still has what came before it was opened: pyserial would drop it unheard."""

    def _reset_input_buffer(self) -> None:
        if self.is_open:
            super()._reset_input_buffer()  # type: ignore[misc]  # its stub does not know it


def open_port(config: PortConfig, wait_s: float = POLL_S, *, keeps: bool = False) -> serial.Serial:
    """The open port, alone; a read waits at most `wait_s`. One that `keeps` has what came before. Raises PortGone."""
    # A second program reading the same port would take half of every code; pyserial locks only what is a port here.
    able: Any = {} if "://" in config.url else {"exclusive": True}
    if not config.url.startswith("rfc2217://"):  # there it has a limit of its own and refuses another
        able["write_timeout"] = WRITE_TIMEOUT_S
    opened = _KeepingPort if keeps and "://" not in config.url else serial.serial_for_url
    return opened(
        config.url,
        config.baud,
        bytesize=config.data_bits,
        parity=PARITIES[config.parity],
        stopbits=config.stop_bits,
        timeout=wait_s,
        **able,
    )


class SerialLine:
    """Reads one port until told to stop; `on_read` is called in the reading thread, `buffer` makes its framing.

    A code that had come whole before anybody listened is passed on as `early`: it is told, and never carried out.
    """

    def __init__(
        self,
        name: str,
        config: PortConfig,
        buffer: Callable[[], ScanBuffer],
        on_read: Callable[[Read], None],
        wait_s: float = POLL_S,
    ) -> None:
        self.name = name
        self.config = config
        self._buffer = buffer
        self._on_read = on_read
        self._wait_s = wait_s
        self._port: serial.Serial | None = None
        self._writing = threading.Lock()

    @property
    def connected(self) -> bool:
        """Whether the port is open now."""
        return self._port is not None

    def run(self, stop: threading.Event) -> None:
        """Read until `stop`; an absent device is looked for every 0.2 s, later every 2 s."""
        pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while not stop.is_set():
            try:
                with closing(open_port(self.config, self._wait_s, keeps=True)) as port:
                    pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
                    self._listen(port, stop)
            except PortGone as error:
                pause_s = next(pauses)
                level = logging.WARNING if pause_s == FIRST_PAUSE_S else logging.DEBUG
                log.log(level, "%s %s is not there: %s", self.name, self.config.url, error)
                stop.wait(pause_s)

    def send(self, content: bytes) -> bool:
        """Whether the device was there and took it; never raises, a broken device disturbs nobody."""
        with self._writing:
            if self._port is None:
                return False
            try:
                self._port.write(content)
            except PortGone as error:
                log.warning("%s %s did not take %r: %s", self.name, self.config.url, content, error)
                return False
            return True

    def _listen(self, port: serial.Serial, stop: threading.Event) -> None:
        buffer = self._buffer()
        early = buffer.feed(_before(port), time.monotonic())
        self._lend(port)
        log.info("%s %s is connected", self.name, self.config.url)
        try:
            self._pass_on([_early(read) for read in early])
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
        """Give the port to `send`, or take it away before it is closed."""
        with self._writing:
            self._port = port


def _before(port: serial.Serial) -> bytes:
    """What came before anybody listened, and nothing that came since.

    Taken before the flush that drops what an earlier program had not sent: a device that sees the flush is listened to.
    """
    came: bytes = port.read(port.in_waiting)
    port.reset_output_buffer()
    return came


def _early(read: Read) -> Read:
    return Garbage("early", read.text[:PREFIX_LENGTH]) if isinstance(read, Scan) else read


def growing(first_s: float, longest_s: float) -> Iterator[float]:
    """Pauses in seconds, each twice the one before, up to the longest."""
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, longest_s)
