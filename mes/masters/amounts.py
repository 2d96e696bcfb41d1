"""Amounts as people and scanners give them: text in an item's stock unit, turned into exact integers (law 5).

The one place where a typed or scanned quantity is judged; knows no stock and no run card.
"""

from __future__ import annotations

from mes.masters.model import Item
from mes.masters.refusals import QuantityNotWhole
from mes.masters.units import to_smallest
from mes.outside import LARGEST, decimal_of
from mes.refusals import refuse


def amount(item: Item, text: str, least: int = 1) -> int:
    """A quantity in the stock unit as an integer of the item's smallest unit; raises `QuantityNotWhole`.

    Refused is what is no number, finer than we count, below `least` or beyond counting.
    """
    try:
        found = to_smallest(decimal_of(text), item.uom)
    except ValueError:
        found = -1
    if not least <= found <= LARGEST:
        raise refuse(QuantityNotWhole(item=item.code, asked=text))
    return found
