"""Waiting on a condition with a deadline; the one place in the tests that sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, within_s: float = 20.0, every_s: float = 0.02) -> T:
    """The first true answer of `condition`; raises AssertionError naming `what` when the deadline passes."""
    deadline = time.monotonic() + within_s
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within_s:g} s in vain: {what}")
        time.sleep(every_s)
    return answer
