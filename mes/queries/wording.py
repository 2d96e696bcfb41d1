"""Columns that read as words: states and marks by their names, yes and no, the reasons of a refusal.

Knows how a word of the record is read and filtered; the names themselves stand beside the rules of their departments.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from mes.queries.reading import Expression, Reading, bool_of
from mes.queries.sentences import reason_of
from mes.refusals import in_language
from mes.words import BETWEEN, Words

YES_NO = {"yes": Words("是", "yes"), "no": Words("否", "no")}


@dataclass(frozen=True)
class Word(Reading):
    """A word of the record, read by its name in the reader's language; one without a name stands as it is."""

    of: Expression
    choices: Mapping[str, Words] = field(hash=False, default_factory=dict)

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    def text(self, value: Any, language: str) -> str:
        if value is None:
            return ""
        return self.choices[value].read(language) if value in self.choices else in_language(value, language)

    def meets(self, wanted: str, zone: ZoneInfo) -> ColumnElement[bool]:
        if wanted not in self.choices:
            raise ValueError(wanted)
        return bool_of(self.of == wanted)


@dataclass(frozen=True)
class Mark(Word):
    """A status of goods: its word on a mark of its colour (P15)."""


@dataclass(frozen=True)
class ManyWords(Word):
    """Several words of the record, between commas or semicolons, or a sentence in both languages."""

    def text(self, value: Any, language: str) -> str:
        if BETWEEN in (value or ""):
            return in_language(value, language)
        words = [one.strip() for one in (value or "").replace(";", ",").split(",")]
        return ("、" if language == "zh" else ", ").join(Word.text(self, one, language) for one in words if one)

    def meets(self, wanted: str, zone: ZoneInfo) -> ColumnElement[bool]:
        if wanted not in self.choices:
            raise ValueError(wanted)
        between = (";" + self.of + ";").like
        return bool_of(between(f"%;{wanted};%"))


@dataclass(frozen=True)
class Truth(Reading):
    """Yes or no."""

    of: Expression
    choices: Mapping[str, Words] = field(hash=False, default_factory=lambda: YES_NO)
    schema: ClassVar[Mapping[str, Any]] = {"type": "boolean"}

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> bool:
        return bool(values[0])

    def text(self, value: Any, language: str) -> str:
        return YES_NO["yes"].read(language) if value else ""

    def meets(self, wanted: str, zone: ZoneInfo) -> ColumnElement[bool]:
        if wanted not in YES_NO:
            raise ValueError(wanted)
        return bool_of(self.of.is_(wanted == "yes"))


@dataclass(frozen=True)
class Reasons(Reading):
    """The refusals of an event, from their journalled codes and facts, as sentences."""

    of: Expression
    schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "object"}}

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> tuple[Any, ...]:
        return tuple(reason_of(one) for one in json.loads(values[0]))

    def text(self, value: Any, language: str) -> str:
        return ("；" if language == "zh" else "; ").join(one.zh if language == "zh" else one.en for one in value)


@dataclass(frozen=True)
class Stored(Reading):
    """JSON of the record as it is: arguments, overrides. Too much for a page."""

    of: Expression
    schema: ClassVar[Mapping[str, Any]] = {}

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.of,)

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> Any:
        return json.loads(values[0])

    def text(self, value: Any, language: str) -> str:
        return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class LetPass(Stored):
    """Who let a refusal pass, and why, for each of them."""

    def text(self, value: Any, language: str) -> str:
        return ("；" if language == "zh" else "; ").join(f"{one['by']}: {one['reason']}" for one in value)
