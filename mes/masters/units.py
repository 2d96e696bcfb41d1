"""Exact quantities: integers in the smallest unit of an item's dimension, Decimals in the stock unit (law 5)."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

WEIGHTS = {"mg": 1, "g": 1_000, "kg": 1_000_000, "t": 1_000_000_000}
LENGTHS = {"mm": 1, "cm": 10, "dm": 100, "m": 1_000, "km": 1_000_000}
AREAS = {"mm²": 1, "cm²": 100, "dm²": 10_000, "m²": 1_000_000}
VOLUMES = {"µl": 1, "ml": 1_000, "l": 1_000_000}
SMALLEST_PER_UNIT = {"pcs": 1, **WEIGHTS, **LENGTHS, **AREAS, **VOLUMES}
"""What is weighed and measured; every other unit (a pair, a roll, 卷) is the plant's own and counted by the piece."""


def is_counted(uom: str) -> bool:
    """Whether a stock unit is counted by the piece, not weighed or measured."""
    return uom == "pcs" or uom not in SMALLEST_PER_UNIT


def smallest_per_unit(uom: str) -> int:
    """How many of the smallest unit one stock unit is."""
    return SMALLEST_PER_UNIT.get(uom, 1)


def decimals(uom: str) -> int:
    """How many decimals a quantity in this stock unit may have."""
    return len(str(smallest_per_unit(uom))) - 1


def to_smallest(quantity: Decimal, uom: str) -> int:
    """A quantity in the stock unit as an integer of its smallest unit; raises ValueError when it is not whole there."""
    exact = quantity * smallest_per_unit(uom)
    whole = int(exact)
    if exact != whole:
        raise ValueError(f"{quantity} {uom} is finer than the smallest unit we count")
    return whole


def from_smallest(quantity: int, uom: str) -> Decimal:
    """The same quantity in the stock unit, without trailing zeros."""
    value = Decimal(quantity) / smallest_per_unit(uom)
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def shown(quantity: int, uom: str) -> str:
    """A quantity as people read it: `1200 pcs`, `0.52 kg`."""
    return f"{from_smallest(quantity, uom):f} {uom}"


def needed(parents: int, qty_per: Decimal, parent_uom: str, uom: str) -> int:
    """What so many parents (smallest units) need of a component, rounded up once, in the component's smallest unit.

    F2: the need is cumulative per run card; the caller subtracts what was consumed already.
    """
    exact = from_smallest(parents, parent_uom) * qty_per * smallest_per_unit(uom)
    return int(exact.to_integral_value(rounding=ROUND_CEILING))
