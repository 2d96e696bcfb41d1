"""Process documents as a whole: what an import leaves out of an item's routing, bill or characteristics stays.

Brings no rows of its own. A folder with all three sheets says everything of the items it names; one with fewer speaks
of those alone, and a new revision takes the rest over from the newest one (P1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mes.intake.rows import PlantSheets

OF_ITEM = {"routing": "item", "bom": "parent", "characteristics": "item"}
"""The sheets that make an item's process documents, each with the column that says whose they are."""


def touched(brought: PlantSheets) -> set[str]:
    """The items whose process documents an import speaks of."""
    return {getattr(row, of) for sheet, of in OF_ITEM.items() for row in getattr(brought, sheet)}


def completed(brought: PlantSheets, known: PlantSheets) -> PlantSheets:
    """The same import with what it leaves out of the documents that it changes."""
    if all(getattr(brought, sheet) for sheet in OF_ITEM):
        return brought
    kept: dict[str, tuple[Any, ...]] = {sheet: _kept(sheet, brought, known) for sheet in OF_ITEM}
    return replace(brought, **{sheet: (*getattr(brought, sheet), *rows) for sheet, rows in kept.items()})


def _kept(sheet: str, brought: PlantSheets, known: PlantSheets) -> tuple[Any, ...]:
    of = OF_ITEM[sheet]
    named = {getattr(row, of) for row in getattr(brought, sheet)}
    rest = touched(brought) - named
    return tuple(row for row in getattr(known, sheet) if getattr(row, of) in rest)
