"""Judging a value against the limits of a characteristic, exactly. Knows no inspection, database or person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mes.masters.model import Characteristic
from mes.outside import decimal_of

DECIMALS = 6  # what a stored measurement keeps
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Limits:
    """Between what a value must lie, in the characteristic's unit; a missing limit is open."""

    lower: Decimal | None
    upper: Decimal | None
    exclusive: bool = False

    def hold(self, value: Decimal) -> bool:
        """Whether the value conforms: on the limit it does, except where limits are exclusive."""
        above = self.lower is None or (value > self.lower if self.exclusive else value >= self.lower)
        below = self.upper is None or (value < self.upper if self.exclusive else value <= self.upper)
        return above and below

    def text(self, unit: str) -> str:
        """How people read them: `4 … 4.4 mm`, `≥ 2 N·m`, `1 < x < 60 s`; empty where nothing is laid down."""
        lower, upper = plain(self.lower), plain(self.upper)
        if lower and upper:
            return f"{lower} < x < {upper} {unit}" if self.exclusive else f"{lower} … {upper} {unit}".strip()
        more, less = (">", "<") if self.exclusive else ("≥", "≤")
        one_sided = f"{more} {lower}" if lower else f"{less} {upper}"
        return f"{one_sided} {unit}".strip() if lower or upper else ""


def plain(value: Decimal | None) -> str:
    """A limit or measured value without trailing zeros, empty for none."""
    return "" if value is None else f"{value.normalize():f}"


def limits_of(characteristic: Characteristic) -> Limits:
    """The limits of a characteristic."""
    return Limits(characteristic.lower, characteristic.upper, bool(characteristic.exclusive))


def measured(text: str) -> Decimal:
    """A typed or transmitted value; raises ValueError for what is no number or could not be kept exactly."""
    try:
        value = decimal_of(text.strip())
    except ValueError:
        value = LARGEST
    if abs(value) >= LARGEST or value != round(value, DECIMALS):
        raise ValueError(f"{text!r} is no value that can be kept exactly")
    return value
