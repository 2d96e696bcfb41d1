"""Status of TSPL printers: the immediate command ESC ! ?, one byte, answered even while printing stands still.

From TSC's TSPL/TSPL2 programming manual; Gprinter's GP series answers the same.
"""

from __future__ import annotations

from devices.status import Condition, collect, named, wait_until_quiet
from devices.wires import Wire

QUERY = b"\x1b!?"
FAULTS = {
    0x01: "head_open",
    0x02: "paper_jam",
    0x04: "paper_out",
    0x08: "ribbon_out",
    0x10: "paused",
    0x40: "cover_open",
    0x80: "head_too_hot",
}
PRINTING = 0x20


class Tspl:
    """One connection to a TSPL printer."""

    def __init__(self, wire: Wire, answer_s: float) -> None:
        self._wire = wire
        self._answer_s = answer_s

    def faults(self) -> list[str]:
        """See Language."""
        return list(self._condition().faults)

    def confirm(self, timeout_s: float) -> list[str]:
        """See Language."""
        return wait_until_quiet(self._wire, self._condition, timeout_s)

    def _condition(self) -> Condition:
        self._wire.send(QUERY, self._answer_s)
        status = collect(self._wire, lambda received: received != b"", self._answer_s)[-1]
        return Condition(tuple(named(FAULTS, status)), busy=bool(status & PRINTING))
