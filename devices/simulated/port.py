"""A serial device made of a real pseudo terminal, found through a link as under /dev/serial/by-id.

It owns the master side only; the station opens the other side as it opens any port. What the device is and says belongs
to those built on it.
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

WRITE_TIMEOUT_S = 5.0


class SimulatedPort:
    """A device at `.path`; a context manager, or call `close`. `directory` holds the link (a temporary one if none)."""

    def __init__(self, directory: Path | None, name: str) -> None:
        self._own_directory = None if directory else tempfile.TemporaryDirectory(prefix="runcard-device-")
        base = directory or Path(self._own_directory.name if self._own_directory else "")
        base.mkdir(parents=True, exist_ok=True)
        self.path = str(base / name)
        self._ends: tuple[int, int] | None = None
        self._heard = b""
        self._listened = False
        self.plug()

    def plug(self) -> None:
        """Connect the device: a new port appears under the same by-id path."""
        self._ends = os.openpty()
        master, port = self._ends
        tty.setraw(port)
        # Packet mode tells when the station opens the port: it takes what came before, then flushes what is unsent.
        fcntl.ioctl(master, termios.TIOCPKT, struct.pack("i", 1))
        self._heard, self._listened = b"", False
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
            self._receive(deadline, "no station opened the port")

    def wait_until_asked(self, request: bytes, timeout_s: float = 5.0) -> None:
        """Returns once the station has sent this; raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        while request not in self._heard:
            self._receive(deadline, f"nobody asked {request!r}, only {self._heard!r}")
        self._heard = self._heard.partition(request)[2]

    def send(self, raw: bytes) -> None:
        """Send exactly these bytes now; raises OSError when unplugged, TimeoutError when nobody empties the port."""
        while raw:
            _, writable, _ = select.select([], [self._master()], [], WRITE_TIMEOUT_S)
            if not writable:
                raise TimeoutError("the port is full and nobody reads it")
            raw = raw[os.write(self._master(), raw[:1024]) :]

    def close(self) -> None:
        """Unplug and remove what was made for it."""
        self.unplug()
        if self._own_directory:
            self._own_directory.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _receive(self, deadline: float, complaint: str) -> None:
        """Add what the station has sent to `_heard`; raises TimeoutError at the deadline."""
        readable, _, _ = select.select([self._master()], [], [], max(0.0, deadline - time.monotonic()))
        if not readable:
            raise TimeoutError(complaint)
        packet = os.read(self._master(), 4096)
        control, answered = packet[0], packet[1:]
        if control & (termios.TIOCPKT_FLUSHREAD | termios.TIOCPKT_FLUSHWRITE):
            self._listened = True
        if control == termios.TIOCPKT_DATA:
            self._heard += answered

    def _master(self) -> int:
        if self._ends is None:
            raise OSError("the device is unplugged")
        return self._ends[0]
