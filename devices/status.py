"""What the printer languages share in asking for status: reading an answer in time, and waiting for a quiet printer.

Knows no language; the bytes asked and answered belong to the modules named after each language.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from devices.wires import Wire

PAUSE_S = 0.1


class NoStatus(Exception):
    """The printer gave no answer, or none that its manual describes."""


@dataclass(frozen=True)
class Condition:
    """What a printer says of itself: everything that stops it, and whether it still has something to print."""

    faults: tuple[str, ...]
    busy: bool


def named(bits: dict[int, str], status: int) -> list[str]:
    """The names of the bits that are set."""
    return [name for bit, name in bits.items() if status & bit]


class Polled:
    """One connection to a printer that says everything about itself in the answer to one query.

    `read` makes a condition of the bytes that have come so far; None while the answer is not whole.
    """

    def __init__(self, query: bytes, read: Callable[[bytes], Condition | None], wire: Wire, answer_s: float) -> None:
        self._query = query
        self._read = read
        self._wire = wire
        self._answer_s = answer_s

    def faults(self) -> list[str]:
        """See Language."""
        return list(self._condition().faults)

    def confirm(self, timeout_s: float) -> list[str]:
        """See Language; printed is: nothing left to print, and no fault."""
        return wait_until_quiet(self._wire, self._condition, timeout_s)

    def _condition(self) -> Condition:
        self._wire.send(self._query, self._answer_s)
        deadline = time.monotonic() + self._answer_s
        received = b""
        while (left_s := deadline - time.monotonic()) > 0:
            received += self._wire.receive(left_s)
            if condition := self._read(received):
                return condition
        raise NoStatus(f"only {received!r}")


def wait_until_quiet(wire: Wire, ask: Callable[[], Condition], timeout_s: float) -> list[str]:
    """Ask again and again until the printer is ready twice in a row; else why it is not known to have printed.

    Twice, because a printer may answer before it has begun to read the job. Raises WireLost.
    """
    deadline = time.monotonic() + timeout_s
    ready, doubts = 0, ["not_confirmed"]
    while time.monotonic() < deadline:
        try:
            condition = ask()
        except NoStatus:
            ready, doubts = 0, ["no_answer"]
            continue
        if condition.faults:
            return list(condition.faults)
        ready, doubts = (0, ["not_confirmed"]) if condition.busy else (ready + 1, [])
        if ready == 2:
            return []
        wire.receive(PAUSE_S)
    return doubts or ["not_confirmed"]
