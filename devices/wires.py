"""Byte connections to printers: network, USB, serial line, device file. Each step has its own time limit.

Knows nothing of what the bytes say. A wire never claims that something was printed; it counts what it could hand over.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import stat
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import serial
from escpos.exceptions import Error as EscposError

RAW_PORT = 9100
CONNECT_TIMEOUT_S = 3.0
CHUNK_BYTES = 16 * 1024
EMPTY_ANSWER_PAUSE_S = 0.05


class WireLost(Exception):
    """The connection failed or took nothing more; `sent` bytes had been handed over and may have been printed."""

    def __init__(self, reason: str, sent: int = 0) -> None:
        super().__init__(reason)
        self.sent = sent


class Wire(Protocol):
    """An open connection to one printer."""

    def send(self, content: bytes, stall_s: float) -> None:
        """Hand everything over; raises WireLost when nothing is taken for `stall_s` seconds."""

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within the time, empty if nothing; raises WireLost."""

    def close(self) -> None:
        """Let the printer go."""


def open_wire(url: str, baud: int) -> Wire:
    """Connect to socket://host:port, usb://vendor:product (hexadecimal), file://path or a serial path.

    Raises WireLost.
    """
    parts = urlsplit(url)
    try:
        match parts.scheme:
            case "socket":
                return NetworkWire(parts.hostname or "", parts.port or RAW_PORT)
            case "usb":
                vendor, _, product = parts.netloc.partition(":")
                return UsbWire(int(vendor, 16), int(product, 16))
            case "file":
                return FileWire(Path(parts.path))
            case _:
                return SerialWire(url, baud)
    except (OSError, ValueError, EscposError) as error:
        raise WireLost(f"{url}: {error}") from error


class NetworkWire:
    """A TCP printer port. Our own socket: python-escpos' Network cannot tell a closed connection from silence, counts
    nothing that it sends, and leaves the socket of a failed connection open.
    """

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECT_TIMEOUT_S)

    def send(self, content: bytes, stall_s: float) -> None:
        """See Wire."""
        self._socket.settimeout(stall_s)
        sent = 0
        try:
            while sent < len(content):
                sent += self._socket.send(content[sent : sent + CHUNK_BYTES])
        except OSError as error:
            raise WireLost(str(error), sent) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Wire."""
        self._socket.settimeout(timeout_s)
        try:
            received = self._socket.recv(CHUNK_BYTES)
        except TimeoutError:
            return b""
        except OSError as error:
            raise WireLost(str(error)) from error
        if not received:
            raise WireLost("the printer closed the connection")
        return received

    def close(self) -> None:
        """See Wire."""
        self._socket.close()


class UsbWire:
    """A USB printer without a kernel driver, found and claimed by python-escpos; needs its extra `usb` (pyusb).

    Not tried on a device. On Linux the kernel's /dev/usb/lp0 as a file:// address needs nothing more.
    """

    def __init__(self, vendor: int, product: int) -> None:
        from escpos.printer import Usb  # here: it brings Pillow and twelve megabytes, and few stations print by it

        if not Usb.is_usable():
            raise OSError("USB printers need pyusb: pip install python-escpos[usb]")
        self._printer = Usb(vendor, product)
        self._printer.open()

    def send(self, content: bytes, stall_s: float) -> None:
        """See Wire."""
        sent = 0
        try:
            while sent < len(content):
                part = content[sent : sent + CHUNK_BYTES]
                sent += self._printer.device.write(self._printer.out_ep, part, round(stall_s * 1000))
        except OSError as error:
            raise WireLost(str(error), sent) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Wire."""
        try:
            return bytes(self._printer.device.read(self._printer.in_ep, 64, max(1, round(timeout_s * 1000))))
        except OSError as error:
            if error.errno == errno.ETIMEDOUT:
                return b""
            raise WireLost(str(error)) from error

    def close(self) -> None:
        """See Wire."""
        self._printer.close()


class SerialWire:
    """A printer on RS-232 or USB-CDC, hardware flow control off (set the printer to XON/XOFF off too)."""

    def __init__(self, path: str, baud: int) -> None:
        self._port = serial.Serial(path, baud, exclusive=True)

    def send(self, content: bytes, stall_s: float) -> None:
        """See Wire."""
        self._port.write_timeout = stall_s
        sent = 0
        try:
            while sent < len(content):
                sent += self._port.write(content[sent : sent + 256]) or 0
        except OSError as error:
            raise WireLost(str(error), sent) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Wire."""
        self._port.timeout = timeout_s
        try:
            return self._port.read(1) + self._port.read(self._port.in_waiting)
        except OSError as error:
            raise WireLost(str(error)) from error

    def close(self) -> None:
        """See Wire."""
        self._port.close()


class FileWire:
    """A device file such as /dev/usb/lp0, which may answer, or a plain file, which never does."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        self._silent = stat.S_ISREG(os.fstat(self._fd).st_mode)

    def send(self, content: bytes, stall_s: float) -> None:
        """See Wire."""
        sent = 0
        while sent < len(content):
            if not select.select([], [self._fd], [], stall_s)[1]:
                raise WireLost("the printer takes nothing more", sent)
            try:
                sent += os.write(self._fd, content[sent : sent + CHUNK_BYTES])
            except OSError as error:
                raise WireLost(str(error), sent) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Wire."""
        readable, _, _ = select.select([] if self._silent else [self._fd], [], [], timeout_s)
        try:
            received = os.read(self._fd, CHUNK_BYTES) if readable else b""
        except OSError as error:
            raise WireLost(str(error)) from error
        if readable and not received:  # nothing to say though it said so: as good as silence, but not at once again
            select.select([], [], [], min(timeout_s, EMPTY_ANSWER_PAUSE_S))
        return received

    def close(self) -> None:
        """See Wire."""
        os.close(self._fd)
