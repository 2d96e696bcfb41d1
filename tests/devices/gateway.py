"""Serial device servers as stand in control cabinets: a scanner's port offered by RFC 2217 or as a raw TCP socket.

The RFC 2217 side is pyserial's own server class, on a port whose modem lines say what a pseudo terminal cannot.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import serial
from serial.rfc2217 import PortManager


class PortWithModemLines(serial.Serial):
    """A pseudo terminal has no modem lines; the protocol wants to know them."""

    cts = dsr = cd = True
    ri = False

    def _update_dtr_state(self) -> None: ...

    def _update_rts_state(self) -> None: ...


class Connection:
    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        self._line.sendall(data)


@contextmanager
def gateway(path: str, *, rfc2217: bool) -> Iterator[str]:
    """The address of a device server in front of the port at `path`, which is open before anybody connects.

    Opening a port throws away what it has received: done later, it could swallow the first scan of a busy machine.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening, closing(PortWithModemLines(path, timeout=0)) as port:
        done = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, port, rfc2217, done))
        thread.start()
        scheme = "rfc2217" if rfc2217 else "socket"
        try:
            yield f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            thread.join()


def _serve(listening: socket.socket, port: PortWithModemLines, rfc2217: bool, done: threading.Event) -> None:
    while not done.is_set():
        if select.select([listening], [], [], 0.05)[0]:
            line, _ = listening.accept()
            with line, suppress(OSError):
                _carry(line, port, PortManager(port, Connection(line)) if rfc2217 else None, done)


def _carry(line: socket.socket, port: PortWithModemLines, protocol: PortManager | None, done: threading.Event) -> None:
    while not done.is_set():
        ready = select.select([line, port.fileno()], [], [], 0.05)[0]
        if port.fileno() in ready:
            scanned = port.read(1024)
            line.sendall(b"".join(protocol.escape(scanned)) if protocol else scanned)
        if line in ready:
            said = line.recv(1024)
            if not said:
                return
            port.write(b"".join(protocol.filter(said)) if protocol else said)
