"""The longest codes that the plant has: what a label must have room for before its layout is used."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.masters.model import Equipment, Item, Location, Printer
from mes.people.model import Person
from mes.planning.model import SalesOrder
from mes.stock.model import Lot

CODED: dict[str, Any] = {
    "item": Item.code,
    "lot": Lot.code,
    "location": Location.code,
    "equipment": Equipment.code,
    "printer": Printer.code,
    "badge": Person.badge,
    "order": SalesOrder.order_no,
}
"""Which codes stand for the facts of label layouts."""


def longest_codes(session: Session) -> dict[str, str]:
    """The longest code of each kind, by the fact of a layout that shows it; kinds that the plant lacks are left out."""
    found = {
        fact: session.scalar(select(code).order_by(func.length(code).desc(), code).limit(1))
        for fact, code in CODED.items()
    }
    return {fact: code for fact, code in found.items() if code}
