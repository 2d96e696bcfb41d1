"""Printers on a loopback socket: the network side around a strict interpreter, with the faults a hand can cause.

Owns the listening socket and one thread. Like the cheap real ones it serves one connection at a time.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from typing import Literal, Self

from PIL import Image

from devices.simulated.escpos import EscposPrinter
from devices.simulated.interpreter import Interpreter
from devices.simulated.tspl import TsplPrinter
from devices.simulated.zpl import ZplPrinter

Language = Literal["escpos", "zpl", "tspl"]
Switch = Literal["paper_out", "cover_open"]

INTERPRETERS: dict[str, type[Interpreter]] = {"escpos": EscposPrinter, "zpl": ZplPrinter, "tspl": TsplPrinter}
WIDTHS_DOTS = {"escpos": 576, "zpl": 832, "tspl": 832}


class SimulatedPrinter:
    """A printer at `.url` (socket://127.0.0.1:port); a context manager, or call `close`.

    `labels` holds one picture per printed label, `errors` every command it refused. `mute` answers nothing. Once that
    much of a job has arrived, `power_off_after_bytes` and `line_lost_after_bytes` break the connection, and
    `fault_after_bytes` opens the cover or takes the paper out. `keep_state` gives it the habit of many cheap ones: the
    half of a command that it has outlives the connection.
    """

    def __init__(self, language: Language = "escpos", width_dots: int | None = None) -> None:
        self.language = language
        self.mute = False
        self.power_off_after_bytes: int | None = None
        self.line_lost_after_bytes: int | None = None
        self.fault_after_bytes: tuple[int, Switch] | None = None
        self._interpreter = INTERPRETERS[language](width_dots or WIDTHS_DOTS[language])
        self._changed = threading.Condition()
        self._line: socket.socket | None = None
        self._server = _OneAtATime(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=f"simulated {language}")
        self._thread.start()

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address as a station's configuration names it."""
        return f"socket://127.0.0.1:{self.port}"

    @property
    def labels(self) -> list[Image.Image]:
        """Every label printed so far, oldest first."""
        with self._changed:
            return list(self._interpreter.labels)

    @property
    def errors(self) -> list[str]:
        """Every command refused so far."""
        with self._changed:
            return list(self._interpreter.errors)

    @property
    def waiting(self) -> int:
        """Commands that it has received and not carried out."""
        with self._changed:
            return self._interpreter.waiting

    def keep_state(self, *, answers_amid: bool) -> None:
        """Keep half a command over a lost connection; `answers_amid`: questions are answered even then."""
        self._interpreter.keeps_state, self._interpreter.answers_amid = True, answers_amid

    def set_fault(self, switch: Switch, on: bool) -> None:
        """Take the paper out or open the cover; when the last fault is mended, what waits is printed."""
        with self._changed:
            setattr(self._interpreter, switch, on)
            if switch == "paper_out" and not on:
                self._interpreter.labels_left = None
            self._answer(self._interpreter.resume())

    def load_labels(self, count: int) -> None:
        """Put a roll of `count` labels in; paper is out after the last."""
        with self._changed:
            self._interpreter.labels_left = count

    def power_cycle(self) -> None:
        """Switch off and on: the connection breaks, what was not printed is forgotten."""
        with self._changed:
            self._interpreter.power_cycled()
            self._hang_up()

    def wait_for_labels(self, count: int, timeout_s: float = 10.0) -> list[Image.Image]:
        """The labels, once there are at least `count`; raises TimeoutError naming the errors."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while len(self._interpreter.labels) < count:
                if not self._changed.wait(deadline - time.monotonic()):
                    printed, errors = len(self._interpreter.labels), self._interpreter.errors
                    raise TimeoutError(f"{printed} of {count} labels printed; refused: {errors}")
            return list(self._interpreter.labels)

    def close(self) -> None:
        """Hang up, stop listening and join the thread."""
        with self._changed:
            self._hang_up()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, line: socket.socket) -> None:
        """Talk on one connection until it ends."""
        with self._changed:
            self._line = line
            self._interpreter.connected()
        with contextlib.suppress(OSError):
            while received := line.recv(65536):
                self._take(received)
        with self._changed:
            self._line = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _take(self, received: bytes) -> None:
        with self._changed:
            if self.power_off_after_bytes is not None:
                self.power_off_after_bytes -= len(received)
                if self.power_off_after_bytes < 0:
                    self.power_off_after_bytes = None
                    self._interpreter.power_cycled()
                    self._hang_up()
                    return
            if self.line_lost_after_bytes is not None and self._loses_the_line(received):
                return
            self._answer(self._interpreter.receive(self._until_the_fault(received)))

    def _loses_the_line(self, received: bytes) -> bool:
        """Whether the connection breaks amid these bytes; those before are taken."""
        before = received[: self.line_lost_after_bytes]
        self.line_lost_after_bytes = (self.line_lost_after_bytes or 0) - len(before)
        if len(before) == len(received):
            return False
        self.line_lost_after_bytes = None
        self._interpreter.receive(before)
        self._hang_up()
        return True

    def _until_the_fault(self, received: bytes) -> bytes:
        """Take in what comes before the fault, then let it happen, and give the rest."""
        if self.fault_after_bytes is None:
            return received
        left, switch = self.fault_after_bytes
        if len(received) < left:
            self.fault_after_bytes = left - len(received), switch
            return received
        self.fault_after_bytes = None
        self._answer(self._interpreter.receive(received[:left]))
        setattr(self._interpreter, switch, True)
        return received[left:]

    def _answer(self, answers: bytes) -> None:
        self._changed.notify_all()
        if answers and self._line and not self.mute:
            with contextlib.suppress(OSError):
                self._line.sendall(answers)

    def _hang_up(self) -> None:
        if self._line:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


class _OneAtATime(socketserver.TCPServer):
    def __init__(self, printer: SimulatedPrinter) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.printer = printer


class _Line(socketserver.BaseRequestHandler):
    server: _OneAtATime

    def handle(self) -> None:
        self.server.printer.serve(self.request)


class OfflinePrinter:
    """A printer that is switched off: its port is reserved and refuses every connection."""

    def __init__(self) -> None:
        self._reserved = socket.socket()
        self._reserved.bind(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._reserved.getsockname()[1]}"

    def close(self) -> None:
        """Give the port back."""
        self._reserved.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
