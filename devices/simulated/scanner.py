"""A serial scanner made of a real pseudo terminal, found through a link as under /dev/serial/by-id.

It sends what a hand would scan and understands the beeps the station answers. It owns the master side only; the station
opens the other side as it opens any port.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import tempfile
import termios
import time
import tty
from pathlib import Path
from typing import Self

from devices.feedback import COMMAND_SETS, Tone

TONES = {command: tone for commands in COMMAND_SETS.values() for tone, command in commands.tones.items() if command}
WRITE_TIMEOUT_S = 5.0


class SimulatedScanner:
    """A scanner at `.path`; a context manager, or call `close`.

    `directory` holds the by-id link (a temporary one if not given); `suffix` ends each code as the real one's setting.
    """

    def __init__(self, directory: Path | None = None, name: str = "usb-Simulated_Scanner-if00", suffix: str = "\r"):
        self._own_directory = None if directory else tempfile.TemporaryDirectory(prefix="runcard-scanner-")
        base = directory or Path(self._own_directory.name if self._own_directory else "")
        base.mkdir(parents=True, exist_ok=True)
        self.path = str(base / name)
        self._suffix = suffix
        self._ends: tuple[int, int] | None = None
        self._answers = b""
        self._listened = False
        self.plug()

    def plug(self) -> None:
        """Connect the scanner: a new port appears under the same by-id path."""
        self._ends = os.openpty()
        master, port = self._ends
        tty.setraw(port)
        # Packet mode tells when the station flushes its input on opening: only what is sent after that arrives.
        fcntl.ioctl(master, termios.TIOCPKT, struct.pack("i", 1))
        self._answers, self._listened = b"", False
        Path(self.path).symlink_to(os.ttyname(port))

    def unplug(self) -> None:
        """Pull the cable: the path vanishes and whoever reads the port gets an error. Harmless when unplugged."""
        if self._ends is None:
            return
        Path(self.path).unlink()
        for end in self._ends:
            os.close(end)
        self._ends = None

    def wait_until_listened(self, timeout_s: float = 10.0) -> None:
        """Returns once a station has opened the port; raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        while not self._listened:
            self._receive(deadline, "no station opened the scanner's port")

    def scan(self, text: str) -> None:
        """Send one code and its suffix, once a station listens."""
        self.wait_until_listened()
        self.send((text + self._suffix).encode())

    def send(self, raw: bytes) -> None:
        """Send exactly these bytes now; raises OSError when unplugged, TimeoutError when nobody empties the port."""
        while raw:
            _, writable, _ = select.select([], [self._master()], [], WRITE_TIMEOUT_S)
            if not writable:
                raise TimeoutError("the scanner's port is full and nobody reads it")
            raw = raw[os.write(self._master(), raw[:1024]) :]

    def feedback(self, timeout_s: float = 5.0) -> Tone:
        """The next tone the station answered; raises TimeoutError when none came."""
        deadline = time.monotonic() + timeout_s
        while (tone := self._next_tone()) is None:
            self._receive(deadline, f"no feedback from the station, only {self._answers!r}")
        return tone

    def close(self) -> None:
        """Unplug and remove what was made for it."""
        self.unplug()
        if self._own_directory:
            self._own_directory.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _next_tone(self) -> Tone | None:
        for command, tone in TONES.items():
            if self._answers.startswith(command):
                self._answers = self._answers[len(command) :]
                return tone
        return None

    def _receive(self, deadline: float, complaint: str) -> None:
        readable, _, _ = select.select([self._master()], [], [], max(0.0, deadline - time.monotonic()))
        if not readable:
            raise TimeoutError(complaint)
        packet = os.read(self._master(), 4096)
        control, answered = packet[0], packet[1:]
        if control & termios.TIOCPKT_FLUSHREAD:
            self._listened = True
        if control == termios.TIOCPKT_DATA:
            self._answers += answered

    def _master(self) -> int:
        if self._ends is None:
            raise OSError("the scanner is unplugged")
        return self._ends[0]
