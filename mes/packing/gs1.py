"""GS1 numbers of the plant: serial shipping container codes, issued only where the plant has a company prefix.

Nothing here makes a number up: without a prefix, or when its numbers are used up, a carton carries our 2J code only.
"""

from __future__ import annotations

import re

from stdnum import ean

from mes.masters.model import Item
from mes.masters.units import from_smallest, is_counted
from mes.stock.serials import next_number
from mes.transaction import Transaction

PREFIX = re.compile(r"[0-9]{4,12}")
BODY = 17
"""Digits of an SSCC before its check digit: extension digit, company prefix, serial number."""


def next_sscc(tx: Transaction) -> str | None:
    """The SSCC of a new carton or pallet; None without a GS1 company prefix, or once its numbers are used up.

    The extension digit is the last digit of the site number: plants of a group that share a prefix never meet.
    """
    prefix = tx.plant.gs1_prefix
    return sscc(prefix, tx.plant.site % 10, next_number(tx, f"sscc {prefix}")) if prefix else None


def sscc(prefix: str, extension: int, number: int) -> str | None:
    """An SSCC with its check digit (GS1 General Specifications, 7.9); None if the number does not fit the prefix.

    Raises ValueError for what is no company prefix (4 to 12 digits).
    """
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!a} is no GS1 company prefix of 4 to 12 digits")
    serial = f"{number:0{BODY - 1 - len(prefix)}}"
    body = f"{extension}{prefix}{serial}"
    return f"{body}{ean.calc_check_digit(body)}" if len(body) == BODY else None


def content_facts(item: Item, quantity: int) -> dict[str, str]:
    """GTIN and count of trade items, if both can be said: (02) and (37) stand together or not at all."""
    count = from_smallest(quantity, item.uom)
    gtin = (item.gtin or "").zfill(14)
    sound = item.gtin is not None and len(gtin) == 14 and gtin.isdigit() and ean.is_valid(gtin)
    return {"gtin": gtin, "count": f"{count:f}"} if sound and is_counted(item.uom) else {}
