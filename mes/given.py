"""How an argument of a command is given: each kind says what is wrong with a value, its schema, and how it reads.

Values are JSON values, as they stand in the journal. Whether a code names anything is the door's question, whether a
quantity is possible the department's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from mes.words import Words

LONGEST_CODE = 64
MOST = 2**53
SEVERAL = ";"
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?")
PRINTABLE = re.compile(r"[!-~]{1,40}")
WHOLE = re.compile(r"[+-]?[0-9]{1,16}")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
YES, NO = Words("是", "yes"), Words("否", "no")
NO_TEXT = Words("须为文字", "must be text")


class Given:
    """How an argument is given; each kind becomes a field of a form and a schema of the API."""

    called: ClassVar[Words | None] = None
    example: ClassVar[Any] = "…"

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        raise NotImplementedError

    def problem(self, value: Any) -> Words | None:
        """What is wrong with the form of a value; None for nothing."""
        raise NotImplementedError

    def read(self, text: str) -> Any:
        """The value that somebody typed, for `problem` to judge."""
        return text

    def said(self, value: Any) -> Words:
        """How a value reads in a sentence, also one that is none of this kind."""
        return Words.halves("" if value is None else str(value))


def _text_problem(value: Any, longest: int) -> Words | None:
    if not isinstance(value, str):
        return NO_TEXT
    if len(value) > longest:
        return Words(f"最多 {longest} 个字符", f"at most {longest} characters")
    return None


@dataclass(frozen=True)
class Text(Given):
    """Words of a person, up to so many characters."""

    longest: int = 200
    lines: int = 1

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest}

    def problem(self, value: Any) -> Words | None:
        return _text_problem(value, self.longest)


@dataclass(frozen=True)
class Reason(Text):
    """Why: a reason of the plant's catalogue of this kind (`mes.masters.reasons`), or one's own words."""

    kind: str = ""

    called = Words("原因", "reason")


@dataclass(frozen=True)
class Code(Given):
    """A code that names nothing yet, or nothing the door looks up: a new station's, a colour card's."""

    called = Words("编号", "code")
    example = "A-01"
    longest: int = LONGEST_CODE

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest}

    def problem(self, value: Any) -> Words | None:
        return _text_problem(value, self.longest)


@dataclass(frozen=True)
class NewCode(Code):
    """A code that is given to something now: it must be printable as a bar code, as those of an import."""

    def problem(self, value: Any) -> Words | None:
        if super().problem(value) is None and not PRINTABLE.fullmatch(value):
            return Words("须为 1～40 个英文字符，无空格", "must be 1 to 40 printable ASCII characters without blanks")
        return super().problem(value)


@dataclass(frozen=True)
class Amount(Given):
    """A quantity in the stock unit of the item that the argument `of` stands for, as decimal text (law 5)."""

    called = Words("数量", "quantity")
    example = "12"
    of: str

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{NUMBER.pattern}$"}

    def problem(self, value: Any) -> Words | None:
        fits = isinstance(value, str) and NUMBER.fullmatch(value)
        return None if fits else Words("须为数字（文本）", "must be a number, as text")


@dataclass(frozen=True)
class Choice(Given):
    """One of a few words of the record, each with its name in both languages."""

    names: Mapping[str, Words] = field(hash=False)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.names)}

    def problem(self, value: Any) -> Words | None:
        if isinstance(value, str) and value in self.names:
            return None
        return Words(
            "可选：" + "、".join(one.zh for one in self.names.values()),
            "one of: " + ", ".join(one.en for one in self.names.values()),
        )

    def said(self, value: Any) -> Words:
        return self.names.get(value) or super().said(value) if isinstance(value, str) else super().said(value)


@dataclass(frozen=True)
class Several(Given):
    """One or more of a few words of the record, each once; typed with semicolons between them."""

    names: Mapping[str, Words] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "example", list(self.names)[:1])

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(self.names)}, "minItems": 1}

    def problem(self, value: Any) -> Words | None:
        if not isinstance(value, list) or not value:
            return Words("至少选一项", "choose at least one")
        return next((found for one in value if (found := Choice(self.names).problem(one))), None)

    def read(self, text: str) -> Any:
        return [one.strip() for one in text.split(SEVERAL) if one.strip()]

    def said(self, value: Any) -> Words:
        found = [Choice(self.names).said(one) for one in value] if isinstance(value, list) else [super().said(value)]
        return Words("、".join(one.zh for one in found), ", ".join(one.en for one in found))


@dataclass(frozen=True)
class Whole(Given):
    """A whole number within limits, both inclusive."""

    example = 1
    least: int = 0
    most: int = MOST

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def problem(self, value: Any) -> Words | None:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return None
        return Words(f"须为 {self.least}～{self.most} 的整数", f"must be a whole number, {self.least} to {self.most}")

    def read(self, text: str) -> Any:
        return int(text) if WHOLE.fullmatch(text) else text


@dataclass(frozen=True)
class Flag(Given):
    """Yes or no."""

    example = True

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def problem(self, value: Any) -> Words | None:
        return None if isinstance(value, bool) else Words("须为是或否", "must be yes or no")

    def read(self, text: str) -> Any:
        return {"yes": True, "no": False}.get(text, text)

    def said(self, value: Any) -> Words:
        return (YES if value else NO) if isinstance(value, bool) else super().said(value)


@dataclass(frozen=True)
class Day(Given):
    """A calendar day in the plant's zone, as YYYY-MM-DD."""

    called = Words("日期", "day")
    example = "2026-12-01"

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def problem(self, value: Any) -> Words | None:
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            return Words("须为日期 YYYY-MM-DD", "must be a day, YYYY-MM-DD")
        return None


@dataclass(frozen=True)
class Month(Given):
    """A calendar month, as YYYY-MM."""

    called = Words("月份", "month")
    example = "2026-12"

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{MONTH.pattern}$"}

    def problem(self, value: Any) -> Words | None:
        fits = isinstance(value, str) and MONTH.fullmatch(value)
        return None if fits else Words("须为月份 YYYY-MM", "must be a month, YYYY-MM")


@dataclass(frozen=True)
class Thing(Given):
    """Something of the plant that has a code; of several kinds the first that knows the code is meant."""

    example = "261201-ASA-01"
    kinds: tuple[type, ...]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}

    def problem(self, value: Any) -> Words | None:
        return Words("请填编号", "give its code") if value == "" else _text_problem(value, LONGEST_CODE)


@dataclass(frozen=True)
class Rows(Given):
    """Several records of the same few fields, such as readings: a program gives them; for people a page of its own."""

    fields: Mapping[str, Given] = field(hash=False)

    @property
    def schema(self) -> dict[str, Any]:
        row = {"type": "object", "properties": {name: one.schema for name, one in self.fields.items()}}
        return {"type": "array", "items": {**row, "additionalProperties": False}}

    def problem(self, value: Any) -> Words | None:
        fits = isinstance(value, list) and all(self._row_fits(one) for one in value)
        names = ", ".join(self.fields)
        return None if fits else Words(f"须为列表，每行含：{names}", f"must be a list of records with: {names}")

    def said(self, value: Any) -> Words:
        return Words.halves(str(len(value)) if isinstance(value, list) else "")

    def _row_fits(self, row: Any) -> bool:
        if not isinstance(row, dict) or set(row) - set(self.fields):
            return False
        return all(one is None or self.fields[name].problem(one) is None for name, one in row.items())


@dataclass(frozen=True)
class Beside(Given):
    """What travels beside the journal and has a way in of its own, as the sheets of an import: no face offers it."""

    @property
    def schema(self) -> dict[str, Any]:
        return {}

    def problem(self, value: Any) -> Words | None:
        return Words("此处不能提交", "cannot be given here")
