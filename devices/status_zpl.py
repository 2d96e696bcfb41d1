"""Status of ZPL printers: ~HS, host status return.

From Zebra's ZPL II programming guide. Zebra printers do not answer ~HS with the paper or ribbon out, the head open or
too hot, so silence is a fault and never a missing feature.
"""

from __future__ import annotations

import re

from devices.status import Condition, NoStatus

QUERY = b"~HS\r\n"
STRINGS = re.compile(rb"\x02([^\x03]*)\x03[^\x02]*\x02([^\x03]*)\x03[^\x02]*\x02([^\x03]*)\x03")


def read(received: bytes) -> Condition | None:
    """The condition from the three strings of ~HS, once all have come. Raises NoStatus."""
    answer = STRINGS.search(received)
    return parsed(answer.group(1), answer.group(2)) if answer else None


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
