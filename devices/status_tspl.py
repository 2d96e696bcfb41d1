"""Status of TSPL printers: the immediate command ESC ! ?, one byte, answered even while printing stands still.

From TSC's TSPL/TSPL2 programming manual; Gprinter's GP series answers the same.
"""

from __future__ import annotations

from devices.status import Condition, named

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


def read(received: bytes) -> Condition | None:
    """The condition from the byte that came last."""
    if not received:
        return None
    return Condition(tuple(named(FAULTS, received[-1])), busy=bool(received[-1] & PRINTING))
