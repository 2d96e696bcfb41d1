"""Exact quantities: integers in the smallest unit of an item's dimension, Decimals in the stock unit (law 5)."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

SMALLEST_PER_UNIT = {"pcs": 1, "mg": 1, "g": 1_000, "kg": 1_000_000, "mm": 1, "m": 1_000, "ml": 1_000, "l": 1_000_000}


def to_smallest(quantity: Decimal, uom: str) -> int:
    """A quantity in the stock unit as an integer of its smallest unit; raises ValueError when it is not whole there."""
    exact = quantity * SMALLEST_PER_UNIT[uom]
    whole = int(exact)
    if exact != whole:
        raise ValueError(f"{quantity} {uom} is finer than the smallest unit we count")
    return whole


def from_smallest(quantity: int, uom: str) -> Decimal:
    """The same quantity in the stock unit, without trailing zeros."""
    value = Decimal(quantity) / SMALLEST_PER_UNIT[uom]
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def shown(quantity: int, uom: str) -> str:
    """A quantity as people read it: `1200 pcs`, `0.52 kg`."""
    return f"{from_smallest(quantity, uom):f} {uom}"


def needed(parents: int, qty_per: Decimal, parent_uom: str, uom: str) -> int:
    """What so many parents (smallest units) need of a component, rounded up once, in the component's smallest unit.

    F2: the need is cumulative per run card; the caller subtracts what was consumed already.
    """
    exact = from_smallest(parents, parent_uom) * qty_per * SMALLEST_PER_UNIT[uom]
    return int(exact.to_integral_value(rounding=ROUND_CEILING))
