"""Status of ESC/POS printers: real-time DLE EOT before and during a job, GS r 1 as the barrier behind it.

From Epson's ESC/POS command reference (DLE EOT, GS r). GS r is answered only after everything before it has been
processed, so its answer, and nothing else, shows that the job went through.
"""

from __future__ import annotations

import time

from devices.status import NoStatus, collect, named
from devices.wires import Wire

BARRIER = b"\x1dr\x01"
LOOK_S = 1.0
FAULTS: dict[int, dict[int, str]] = {
    1: {0x08: "offline"},
    2: {0x04: "cover_open", 0x20: "paper_out", 0x40: "printer_error"},
    3: {0x08: "cutter_error", 0x20: "unrecoverable_error", 0x40: "head_too_hot"},
    4: {0x60: "paper_out"},
}


class Escpos:
    """One connection to an ESC/POS printer."""

    def __init__(self, wire: Wire, answer_s: float) -> None:
        self._wire = wire
        self._answer_s = answer_s
        self._confirmed = False

    def faults(self) -> list[str]:
        """See Language; `offline` is only named when nothing more exact is."""
        found = [name for kind, bits in FAULTS.items() for name in named(bits, self._status(kind))]
        exact = [name for name in dict.fromkeys(found) if name != "offline"]
        return exact or found

    def confirm(self, timeout_s: float) -> list[str]:
        """See Language; asks for faults while the barrier is silent, and once more behind it."""
        deadline = time.monotonic() + timeout_s
        self._confirmed = False
        self._wire.send(BARRIER, self._answer_s)
        while not self._confirmed:
            if time.monotonic() >= deadline:
                return ["not_confirmed"]
            self._sort(self._wire.receive(min(LOOK_S, self._answer_s)))
            if not self._confirmed and (causes := self._causes(silent=[])):
                return causes
        return self._causes(silent=["no_answer"])

    def _causes(self, silent: list[str]) -> list[str]:
        """Faults; a printer busy with a long label may be silent for a while, one that has finished may not."""
        try:
            return self.faults()
        except NoStatus:
            return silent

    def _status(self, kind: int) -> int:
        self._wire.send(bytes([0x10, 0x04, kind]), self._answer_s)
        answers = bytearray()

        def answered(received: bytes) -> bool:
            answers[:] = self._sort(received)
            return bool(answers)

        collect(self._wire, answered, self._answer_s)
        return answers[-1]

    def _sort(self, received: bytes) -> bytes:
        """The real-time answers (bit 0 and 7 off, bits 1 and 4 on); the barrier's answer has bits 4 and 7 off."""
        if any(byte & 0x90 == 0 for byte in received):
            self._confirmed = True
        return bytes(byte for byte in received if byte & 0x93 == 0x12)
