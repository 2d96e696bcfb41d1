"""Numbers, quantities, days and months. Whether a quantity is possible is the department's question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from mes.given.kind import Given
from mes.words import Words

MOST = 2**53
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?")
WHOLE = re.compile(r"[+-]?[0-9]{1,16}")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Shaped(Given):
    """Text of one form, which its schema says as a pattern."""

    shape: ClassVar[re.Pattern[str]]
    wrong: ClassVar[Words]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.shape.pattern}$"}

    def problem(self, value: Any) -> Words | None:
        return None if isinstance(value, str) and self.shape.fullmatch(value) else self.wrong


@dataclass(frozen=True)
class Amount(Shaped):
    """A quantity in the stock unit of the item that the argument `of` stands for, as decimal text (law 5)."""

    called = Words("数量", "quantity")
    example = "12"
    shape = NUMBER
    wrong = Words("须为数字（文本）", "must be a number, as text")
    of: str


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
class Month(Shaped):
    """A calendar month, as YYYY-MM."""

    called = Words("月份", "month")
    example = "2026-12"
    shape = MONTH
    wrong = Words("须为月份 YYYY-MM", "must be a month, YYYY-MM")
