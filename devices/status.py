"""What the printer languages share in asking for status: collecting an answer in time, and waiting for a quiet printer.

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


def collect(wire: Wire, complete: Callable[[bytes], bool], timeout_s: float) -> bytes:
    """Bytes from the wire until they are complete; raises NoStatus when time is up, WireLost."""
    deadline = time.monotonic() + timeout_s
    received = b""
    while not complete(received):
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise NoStatus(f"only {received!r}")
        received += wire.receive(left_s)
    return received


def named(bits: dict[int, str], status: int) -> list[str]:
    """The names of the bits that are set."""
    return [name for bit, name in bits.items() if status & bit]


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
