"""All sheets of one import side by side, with what exists already: what the rules of the import look at.

Owns the answer to "does this code exist". Never judges a row.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from mes.intake.columns import SHEETS
from mes.intake.habits import Habits, habits_of
from mes.intake.parsing import ReadSheet
from mes.intake.problems import Position, Problem
from mes.intake.rows import EmployeeRow, ItemRow, KindRow, LocationRow, OrderRow, PlantSheets, Row, crew_mark

KEY_SEPARATOR = "/"
"""Joins the parts of a key of several columns, such as an operation FG-1P-C16/10."""


@dataclass(frozen=True)
class Gathered:
    """What was read and what was there before: as rows (`stored`), and of what is too much for that the keys (`known`).

    `broken` sheets could not be read.
    """

    sheets: tuple[ReadSheet, ...]
    known: Mapping[str, Set[str]]
    broken: frozenset[str]
    ignored: tuple[str, ...]
    today: date | None
    stored: PlantSheets = field(default=PlantSheets())

    @cached_property
    def plant(self) -> PlantSheets:
        """The typed rows; those with a bad cell are left out."""
        named = {entry.name for entry in fields(PlantSheets)} - {"ignored"}
        typed = {name: tuple(row.typed for sheet in self.of(name) for row in sheet.rows if row.typed) for name in named}
        return PlantSheets(ignored=self.ignored, **typed)  # type: ignore[arg-type]  # columns.py pairs sheets and rows

    def of(self, name: str) -> list[ReadSheet]:
        """The sheets of one kind: one, none, or the plan's revisions."""
        return [sheet for sheet in self.sheets if sheet.columns.name == name]

    def is_whole(self, name: str) -> bool:
        """Whether this import brings all there is of a sheet and all of it is readable: what is absent is missing."""
        sheets = self.of(name)
        there_before = self.known.get(name) or getattr(self.stored, name)
        return bool(sheets) and not there_before and all(sheet.sound for sheet in sheets)

    def cells(self, name: str, *columns: str) -> Iterator[tuple[Position, tuple[Any, ...]]]:
        """These columns of every row where all of them could be read, whatever the rest of the row is."""
        for sheet in self.of(name):
            for row in sheet.rows:
                if all(column in row.values for column in columns):
                    yield row.at, tuple(row.values[column] for column in columns)

    @cached_property
    def keys(self) -> Mapping[str, Set[str]]:
        """Every key that exists, per sheet, rows with bad cells included; several columns are joined by a slash."""
        return {name: self.known_keys[name] | self._keys_read(name) for name in SHEETS}

    @cached_property
    def known_keys(self) -> Mapping[str, Set[str]]:
        """The keys that existed before this import, per sheet."""
        return {name: self.known.get(name, frozenset()) | self._keys_stored(name) for name in SHEETS}

    def _keys_stored(self, name: str) -> Set[str]:
        key = SHEETS[name].key
        return {KEY_SEPARATOR.join(str(getattr(row, part)) for part in key) for row in getattr(self.stored, name)}

    def _keys_read(self, name: str) -> Set[str]:
        return {KEY_SEPARATOR.join(map(str, parts)) for _, parts in self.cells(name, *SHEETS[name].key)}

    @cached_property
    def made(self) -> Set[str]:
        """Items made in-house: those with a routing."""
        known = {key.rpartition(KEY_SEPARATOR)[0] for key in self.known_keys["routing"]}
        return known | {item for _, (item,) in self.cells("routing", "item")}

    def has_step(self, item: str, seq: int | None) -> bool:
        """Whether an item's routing has this operation; an item or routing that cannot be read gets the benefit."""
        unclear = "routing" in self.broken or item in self.unclear_routings or item not in self.keys["items"]
        return unclear or f"{item}{KEY_SEPARATOR}{seq}" in self.keys["routing"]

    @cached_property
    def unclear_routings(self) -> Set[str]:
        """Items with an operation whose number cannot be read."""
        rows = (row.values for sheet in self.of("routing") for row in sheet.rows)
        return {values["item"] for values in rows if "item" in values and "seq" not in values}

    @cached_property
    def components(self) -> Mapping[str, list[str]]:
        """What goes directly into an item, by its code."""
        found: dict[str, list[str]] = {}
        for _, (parent, component) in self.cells("bom", "parent", "component"):
            found.setdefault(parent, []).append(component)
        before: dict[str, list[str]] = {}
        for row in self.stored.bom:
            before.setdefault(row.parent, []).append(row.component)
        return {**before, **found}

    @cached_property
    def habits(self) -> Habits:
        """How this plant does things, as this import or the one before says it."""
        return habits_of({row.name: row.value for row in (*self.stored.settings, *self.plant.settings)})

    @cached_property
    def kinds(self) -> Mapping[str, KindRow]:
        """The plant's kinds of item by their words; empty where it names none: then an item may be of any."""
        return {row.code: row for row in (*self.stored.kinds, *self.plant.kinds)}

    @cached_property
    def crews(self) -> Set[str]:
        """The marks of all crews that batch numbers may name."""
        read = {crew_mark(code, mark) for _, (code, mark) in self.cells("work_centers", "code", "crew_mark")}
        return read | {row.mark for row in self.stored.work_centers}

    def is_sold(self, item: ItemRow) -> bool:
        """Whether an item may be ordered, planned and lie among finished goods; a kind nobody described may."""
        kind = self.kinds.get(item.kind)
        return kind is None or kind.sold

    @cached_property
    def items(self) -> Mapping[str, ItemRow]:
        """Items by code; one whose owner is unknown is left out: whose it is is anybody's guess."""
        customers = self.keys["customers"]
        rows = (*self.stored.items, *self.plant.items)
        return {row.code: row for row in rows if row.owner is None or row.owner in customers}

    @cached_property
    def locations(self) -> Mapping[str, LocationRow]:
        """Locations by code."""
        return {row.code: row for row in (*self.stored.locations, *self.plant.locations)}

    @cached_property
    def employees(self) -> Mapping[str, EmployeeRow]:
        """People by badge."""
        return {row.badge: row for row in (*self.stored.employees, *self.plant.employees)}

    @cached_property
    def orders(self) -> Mapping[str, OrderRow]:
        """Orders of this import by number."""
        return {row.order_no: row for row in self.plant.orders}


def wrong(row: Row, column: str, zh: str, en: str) -> Problem:
    """A problem of one typed cell; what was found is shown as the sheet writes it."""
    return Problem(row.at.file, row.at.row, column, as_written(getattr(row, column)), zh, en)


def as_written(value: object) -> str:
    """A value in the words of the sheets."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return ";".join(value) if isinstance(value, tuple) else str(value)
