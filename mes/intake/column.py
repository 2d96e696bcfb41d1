"""What a column and a sheet of the master data are, before anybody says which there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mes.intake.rows import Row
from mes.intake.sheets import Cell


@dataclass(frozen=True)
class Column:
    """One column: how a filled cell is read, whether it must be filled, else what stands for it.

    A column that need not be filled need not be there. `refers_to` names the sheet whose key the value must be.
    """

    name: str
    parse: Callable[[Cell], Any]
    required: bool = True
    default: Any = None
    refers_to: str | None = None


@dataclass(frozen=True)
class SheetColumns:
    """One sheet: its row type, columns, key, and further column groups that may not repeat."""

    name: str
    row_type: type[Row]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    also_unique: tuple[tuple[str, ...], ...] = ()


def optional(name: str, parse: Callable[[Cell], Any], default: Any = None, refers_to: str | None = None) -> Column:
    """A column whose cells may be empty and which may be absent."""
    return Column(name, parse, False, default, refers_to)
