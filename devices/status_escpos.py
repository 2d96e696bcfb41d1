"""Status of ESC/POS printers: real-time DLE EOT before and during a job, GS r 1 as the barrier behind it.

From Epson's ESC/POS command reference (DLE EOT, GS r, GS a). GS r is answered only after everything before it has been
processed, so its answer, and nothing else, shows that the job went through. Some printers push four bytes by themselves
when something changes (automatic status back, often on by a DIP switch); they are told apart, and never a barrier.
"""

from __future__ import annotations

import time

from devices.status import NoStatus, named
from devices.wires import Wire

BARRIER = b"\x1dr\x01"
LOOK_S = 1.0
FAULTS: dict[int, dict[int, str]] = {
    1: {0x08: "offline"},
    2: {0x04: "cover_open", 0x20: "paper_out", 0x40: "printer_error"},
    3: {0x08: "cutter_error", 0x20: "unrecoverable_error", 0x40: "head_too_hot"},
    4: {0x60: "paper_out"},
}
# The fixed bits that tell one kind of answer from another (Epson, "Identification of transmitted status").
REALTIME_MASK, REALTIME = 0x93, 0x12
PUSHED_MASK, PUSHED = 0x93, 0x10
BARRIER_MASK = 0x90
PUSHED_LENGTH = 4
XON_XOFF = b"\x11\x13"


class Answers:
    """Sorts the bytes of a printer, however they are split: real-time answers, barriers, and pushed status.

    Pure. `barriers` counts the answers to GS r so far; the bytes of a pushed status look like them but for their first.
    """

    def __init__(self) -> None:
        self.barriers = 0
        self._rest_of_push = 0

    def sort(self, received: bytes) -> bytes:
        """The real-time answers among these bytes, in order."""
        return bytes(byte for byte in received if self._is_realtime(byte))

    def _is_realtime(self, byte: int) -> bool:
        if byte in XON_XOFF:
            return False
        if self._rest_of_push:
            if byte & BARRIER_MASK == 0:  # the second to fourth byte of a push; anything else has broken it off
                self._rest_of_push -= 1
                return False
            self._rest_of_push = 0
        if byte & PUSHED_MASK == PUSHED:
            self._rest_of_push = PUSHED_LENGTH - 1
        elif byte & BARRIER_MASK == 0:
            self.barriers += 1
        return byte & REALTIME_MASK == REALTIME


class Escpos:
    """One connection to an ESC/POS printer."""

    def __init__(self, wire: Wire, answer_s: float) -> None:
        self._wire = wire
        self._answer_s = answer_s
        self._answers = Answers()

    def faults(self) -> list[str]:
        """See Language; `offline` is only named when nothing more exact is."""
        found = [name for kind, bits in FAULTS.items() for name in named(bits, self._status(kind))]
        exact = [name for name in dict.fromkeys(found) if name != "offline"]
        return exact or found

    def confirm(self, timeout_s: float) -> list[str]:
        """See Language; asks for faults while the barrier is silent, and once more behind it."""
        deadline = time.monotonic() + timeout_s
        before = self._answers.barriers
        self._wire.send(BARRIER, self._answer_s)
        while self._answers.barriers == before:
            if time.monotonic() >= deadline:
                return ["not_confirmed"]
            self._answers.sort(self._wire.receive(min(LOOK_S, self._answer_s)))
            if self._answers.barriers == before and (causes := self._causes(silent=[])):
                return causes
        return self._causes(silent=["no_answer"])

    def _causes(self, silent: list[str]) -> list[str]:
        """Faults; a printer busy with a long label may be silent for a while, one that has finished may not."""
        try:
            return self.faults()
        except NoStatus:
            return silent

    def _status(self, kind: int) -> int:
        deadline = time.monotonic() + self._answer_s
        self._wire.send(bytes([0x10, 0x04, kind]), self._answer_s)
        while (left_s := deadline - time.monotonic()) > 0:
            if answers := self._answers.sort(self._wire.receive(left_s)):
                return answers[-1]
        raise NoStatus(f"DLE EOT {kind}")
