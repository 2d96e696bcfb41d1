"""Everything that is declared to look at: its modules are loaded, so that every face knows all tables.

A new module of declared tables needs a line here.
"""

from __future__ import annotations

from mes.queries import (
    cards,
    events,
    floor_work,
    inspections,
    masters,
    missing,
    orders,
    overrides,
    plans,
    print_jobs,
    sights,
    stock,
    tries,
)
from mes.queries.declaring import TABLES

__all__ = [
    "TABLES",
    "cards",
    "events",
    "floor_work",
    "inspections",
    "masters",
    "missing",
    "orders",
    "overrides",
    "plans",
    "print_jobs",
    "sights",
    "stock",
    "tries",
]
