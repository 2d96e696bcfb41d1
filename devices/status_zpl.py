"""Status of ZPL printers: ~HS, host status return.

From Zebra's ZPL II programming guide. Zebra printers do not answer ~HS with the paper or ribbon out, the head open or
too hot, so silence is a fault and never a missing feature.
"""

from __future__ import annotations

import re

from devices.status import Condition, NoStatus, collect, wait_until_quiet
from devices.wires import Wire

QUERY = b"~HS\r\n"
STRINGS = re.compile(rb"\x02([^\x03]*)\x03[^\x02]*\x02([^\x03]*)\x03[^\x02]*\x02([^\x03]*)\x03")


class Zpl:
    """One connection to a ZPL printer."""

    def __init__(self, wire: Wire, answer_s: float) -> None:
        self._wire = wire
        self._answer_s = answer_s

    def faults(self) -> list[str]:
        """See Language."""
        return list(self._condition().faults)

    def confirm(self, timeout_s: float) -> list[str]:
        """See Language; printed is: no format waiting, no label left in the batch, no fault."""
        return wait_until_quiet(self._wire, self._condition, timeout_s)

    def _condition(self) -> Condition:
        self._wire.send(QUERY, self._answer_s)
        received = collect(self._wire, lambda received: STRINGS.search(received) is not None, self._answer_s)
        answer = STRINGS.search(received)
        if answer is None:
            raise NoStatus("~HS")
        return parsed(answer.group(1), answer.group(2))


def parsed(first: bytes, second: bytes) -> Condition:
    """The condition from the first two strings of ~HS; raises NoStatus for anything the guide does not describe."""
    try:
        _, paper_out, paused, _, formats, full, *_ = first.split(b",")
        _, _, head_up, ribbon_out, _, _, _, _, labels_left, *_ = second.split(b",")
        flags = {"paper_out": paper_out, "paused": paused, "head_open": head_up, "ribbon_out": ribbon_out}
        faults = tuple(name for name, flag in flags.items() if int(flag))
        return Condition(faults, busy=bool(int(formats) or int(full) or int(labels_left)))
    except ValueError as error:
        raise NoStatus(f"{first!r} {second!r}") from error
