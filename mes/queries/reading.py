"""How a column of a table reads: from the database's expressions to a plain value, and from that to the reader's words.

Each kind knows what it selects, how it is filtered and sorted in SQL, what it is in JSON and what people read. Knows no
table and no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_

from mes.outside import whole_of
from mes.refusals import in_language
from mes.trace.answers import Named
from mes.trace.looking import amount_text, moment_text, named
from mes.words import Words

Expression = ColumnElement[Any] | Any
EXACTLY = "="
"""Before a text to filter by: the whole code and no part of it."""


class Reading:
    """How a column reads. `number`: people add it up; `code`: it stands in the code's typeface."""

    number: ClassVar[bool] = False
    code: ClassVar[bool] = False
    schema: ClassVar[Mapping[str, Any]] = {"type": ["string", "null"]}
    range: ClassVar[bool] = False
    choices: Mapping[str, Words] = {}

    @property
    def selected(self) -> tuple[Expression, ...]:
        """What it needs from the database."""
        raise NotImplementedError

    @property
    def searched(self) -> tuple[Expression, ...]:
        """The texts in which a few letters are looked for."""
        return ()

    @property
    def sorted_by(self) -> Expression:
        """What it is sorted by."""
        return self.selected[0]

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> Any:
        """What was selected as a plain value that goes through JSON."""
        return values[0]

    def text(self, value: Any, language: str) -> str:
        """A plain value as people read it."""
        return "" if value is None else str(value)

    def meets(self, wanted: str, zone: ZoneInfo) -> ColumnElement[bool]:
        """The condition of a filter; raises ValueError for what this column cannot be."""
        exact, text = wanted.startswith(EXACTLY), wanted.removeprefix(EXACTLY)
        if exact:
            return or_(*(one == text for one in self.searched))
        return or_(*(one.icontains(text, autoescape=True) for one in self.searched))


@dataclass(frozen=True)
class Text(Reading):
    """Words of a person, as they were written."""

    of: Expression

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    @property
    def searched(self) -> tuple[Expression, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Code(Text):
    """A code: a lot's, a label's, a station's. Never a number, even where it looks like one."""

    code: ClassVar[bool] = True


@dataclass(frozen=True)
class Told(Text):
    """A text of the record that may have a half in each language (a lock's reason…)."""

    def text(self, value: Any, language: str) -> str:
        return in_language(value or "", language)


@dataclass(frozen=True)
class Number(Reading):
    """A whole number, as revisions and counts are."""

    of: Expression
    number: ClassVar[bool] = True
    schema: ClassVar[Mapping[str, Any]] = {"type": ["integer", "null"]}

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    def meets(self, wanted: str, zone: ZoneInfo) -> ColumnElement[bool]:
        return bool_of(self.of == whole_of(wanted))


@dataclass(frozen=True)
class Amount(Reading):
    """A quantity (smallest unit) as decimal text in the stock unit."""

    of: Expression
    uom: Expression
    number: ClassVar[bool] = True
    schema: ClassVar[Mapping[str, Any]] = {"type": "string", "description": "decimal, in the stock unit"}

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of, self.uom)

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> str:
        quantity, uom = values
        return amount_text(int(quantity or 0), uom)


@dataclass(frozen=True)
class Called(Reading):
    """A person, place, item or partner by code and name."""

    by: Expression
    name_zh: Expression
    name_en: Expression
    schema: ClassVar[Mapping[str, Any]] = {
        "type": ["object", "null"],
        "properties": {name: {"type": "string"} for name in ("code", "zh", "en")},
    }

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.by, self.name_zh, self.name_en)

    @property
    def searched(self) -> tuple[Expression, ...]:
        return self.selected

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> Named | None:
        return named(*values)

    def text(self, value: Any, language: str) -> str:
        return f"{value.code} {value.zh if language == 'zh' else value.en}" if value else ""


@dataclass(frozen=True)
class Day(Reading):
    """A calendar day."""

    of: Expression
    range: ClassVar[bool] = True
    schema: ClassVar[Mapping[str, Any]] = {"type": ["string", "null"], "format": "date"}

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> str | None:
        return values[0].isoformat() if values[0] else None

    def since(self, day: date, zone: ZoneInfo) -> ColumnElement[bool]:
        """From this day on."""
        return bool_of(self.of >= day)

    def until(self, day: date, zone: ZoneInfo) -> ColumnElement[bool]:
        """Up to this day, inclusive."""
        return bool_of(self.of <= day)


@dataclass(frozen=True)
class Moment(Day):
    """A moment, shown in the plant's zone to the minute; filtered by days of that zone."""

    schema: ClassVar[Mapping[str, Any]] = {"type": ["string", "null"], "format": "date-time"}

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> str | None:
        return moment_text(values[0], zone) if values[0] else None

    def text(self, value: Any, language: str) -> str:
        return f"{value[:10]} {value[11:16]}" if value else ""

    def since(self, day: date, zone: ZoneInfo) -> ColumnElement[bool]:
        return bool_of(self.of >= datetime.combine(day, time(), zone))

    def until(self, day: date, zone: ZoneInfo) -> ColumnElement[bool]:
        return bool_of(self.of < datetime.combine(day + timedelta(days=1), time(), zone))


def bool_of(condition: Any) -> ColumnElement[bool]:
    """A comparison as the condition it is to the database."""
    found: ColumnElement[bool] = condition
    return found
