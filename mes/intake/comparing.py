"""What an import would change: row by row what is new and what says something else than is known, and what forbids it.

Owns the comparison of two plants in the words of the sheets. Reads only; `mes.intake.importing` writes what it allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from mes.intake.change import Change
from mes.intake.columns import SHEETS
from mes.intake.documents import OF_ITEM, completed, touched
from mes.intake.gathered import KEY_SEPARATOR, as_written
from mes.intake.known import stored_like
from mes.intake.problems import Position
from mes.intake.rows import PlantSheets, Row, WorkCenterRow
from mes.intake.shifts import SHIFTS
from mes.masters.refusals import ChangeRefused
from mes.refusals import Refusal, both
from mes.words import Words

WHOLE = {"routing": ("item",), "bom": ("parent",), "characteristics": ("item",), "plan": ("month", "revision")}
"""Sheets whose rows replace each other as a whole, by what they are a whole of: an absent row was taken out."""


Rows = Mapping[str, Row]


def told(change: Change) -> Words:
    """A change as one line, with what it leaves as it is."""
    said, note = change.said, SHIFTS[change.sheet].of(change).note
    return said if note is None else Words(f"{said.zh}（{note.zh}）", f"{said.en} ({note.en})")


@dataclass(frozen=True)
class Comparison:
    """Everything that an import would change, in the order of its sheets, and the reasons why it may not.

    `wanted` is the import with the process documents that it leaves as they are.
    """

    changes: tuple[Change, ...]
    reasons: tuple[Refusal, ...]
    wanted: PlantSheets

    def items_of_documents(self) -> set[str]:
        """The items whose process documents differ from their newest revision."""
        return {change.whole[0] for change in self.changes if change.sheet in OF_ITEM}


def compare(session: Session, brought: PlantSheets) -> Comparison:
    """Lay the rows that are brought beside those that are known."""
    known = stored_like(session, brought)
    wanted = completed(brought, known)
    found = tuple(change for sheet in SHEETS for change in _of_sheet(sheet, known, wanted))
    reasons = tuple(reason for change in found for reason in _reasons(session, change, wanted))
    return Comparison(found, reasons, wanted)


def _of_sheet(sheet: str, known: PlantSheets, wanted: PlantSheets) -> Iterator[Change]:
    before = {_key(sheet, row): row for row in getattr(known, sheet)}
    after = {_key(sheet, row): row for row in getattr(wanted, sheet)}
    existing = {_whole(sheet, row) for row in before.values()}
    for key, row in after.items():
        if key in before:
            yield from _differences(sheet, key, before[key], row)
        else:
            whole = _whole(sheet, row)
            yield Change(
                sheet, row.at, key, None, None, as_row(sheet, row), whole, late=bool(whole) and whole in existing
            )
    yield from _taken_out(sheet, before, after, wanted)


def _taken_out(sheet: str, before: Rows, after: Rows, wanted: PlantSheets) -> Iterator[Change]:
    """Rows of a whole that is brought, without them."""
    if sheet not in WHOLE:
        return
    wholes = {_whole(sheet, row) for row in after.values()} | {(item,) for item in touched(wanted) if sheet in OF_ITEM}
    for key, row in before.items():
        if key not in after and _whole(sheet, row) in wholes:
            yield Change(sheet, Position(sheet, 0), key, None, as_row(sheet, row), None, _whole(sheet, row))


def _differences(sheet: str, key: str, before: Row, after: Row) -> Iterator[Change]:
    for column in SHEETS[sheet].columns:
        was, becomes = _meant(before, column.name), _meant(after, column.name)
        if was != becomes:
            yield Change(sheet, after.at, key, column.name, _shown(was), _shown(becomes), _whole(sheet, after))


def _meant(row: Row, column: str) -> Any:
    """What a cell means: a crew mark may be left to the end of the code, roles stand in any order."""
    if isinstance(row, WorkCenterRow) and column == "crew_mark":
        return row.mark
    value = getattr(row, column)
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _shown(value: Any) -> str:
    """A value as the sheets write it, a number without the zeros that say nothing."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else as_written(value)


def _key(sheet: str, row: Row) -> str:
    return KEY_SEPARATOR.join(as_written(getattr(row, column)) for column in SHEETS[sheet].key)


def _whole(sheet: str, row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in WHOLE.get(sheet, ()))


def as_row(sheet: str, row: Row) -> str:
    """A row on one line, without its empty cells."""
    cells = ((column.name, _shown(getattr(row, column.name))) for column in SHEETS[sheet].columns)
    return ", ".join(f"{name} {value}" for name, value in cells if value)


def _reasons(session: Session, change: Change, brought: PlantSheets) -> Iterator[Refusal]:
    """Everything that stands in the way of a change; what is new stands on nothing yet."""
    for gate in SHIFTS[change.sheet].gates_of(change):
        for by in gate(session, change, brought):
            yield ChangeRefused(
                at=both(*change.place),
                what=f"{change.sheet} {change.key}",
                column=change.column or both("行", "row"),
                was=change.before or "-",
                becomes=change.after or "-",
                by=both(*by),
            )
