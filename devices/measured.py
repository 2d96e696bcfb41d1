"""What a measuring tool said: a number with its unit, or that it has none; and when a number may count as a reading.

Pure. Numbers are decimal text from the first byte to the last; nothing here is ever a float.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Value:
    """A number as the tool showed it, with its unit ("" if it does not say) and whether it stood still."""

    number: Decimal
    unit: str = ""
    stable: bool = True

    @property
    def text(self) -> str:
        """Plain decimal text with the tool's own number of places; zero has no sign."""
        return f"{abs(self.number) if not self.number else self.number:f}"


@dataclass(frozen=True)
class Fault:
    """The tool answered without a number; what it said, readable."""

    said: str


Said = Value | Fault


@dataclass(frozen=True)
class ToolProtocol:
    """How one kind of tool speaks: a line to what it means, how it is asked, and whether it sends by itself all day."""

    parse: Callable[[str], Said]
    request: bytes = b""
    streams: bool = False


def number_of(sign: str | None, digits: str) -> Decimal:
    """The number of a sign (or none, or a blank) and digits with at most one point."""
    return Decimal(("-" if sign == "-" else "") + digits)


def parser_of(pattern: re.Pattern[str]) -> Callable[[str], Said]:
    """A parser from a pattern with groups `value` and perhaps `unit` and `stable` (empty or absent: not stable)."""

    def parse(line: str) -> Said:
        match = pattern.search(line)
        found = match.groupdict() if match else {}
        digits = re.fullmatch(r"([+-]?)\s*([0-9]+\.?[0-9]*|\.[0-9]+)", (found.get("value") or "").strip())
        if digits is None:
            return Fault(line)
        stable = bool(found["stable"]) if "stable" in found else True
        return Value(number_of(*digits.groups()), (found.get("unit") or "").strip(), stable)

    return parse


class Settled:
    """Lets each weight through once: stable, not zero, and not the one that already lay there."""

    def __init__(self) -> None:
        self._last: Decimal | None = None

    def passes(self, value: Value) -> bool:
        """Whether this value is a new reading; an unstable or empty scale makes ready for the next."""
        if not value.stable or not value.number:
            self._last = None
            return False
        new = value.number != self._last
        self._last = value.number
        return new
