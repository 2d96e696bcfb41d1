"""Numbers, quantities, days and months. Whether a quantity is possible is the department's question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from mes.given.kind import Given
from mes.outside import DECIMAL, LARGEST, MONTH, day_of, is_month, whole_of
from mes.words import Words

NUMBER_AS_TEXT = Words('须写成文本，如 "12"', 'must be a number as text, such as "12"')


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
    shape = DECIMAL
    wrong = Words("须为数字，如 12 或 0.5", "must be a number, such as 12 or 0.5")
    of: str

    def problem(self, value: Any) -> Words | None:
        return NUMBER_AS_TEXT if isinstance(value, int | float) else super().problem(value)


@dataclass(frozen=True)
class Whole(Given):
    """A whole number within limits, both inclusive."""

    example = 1
    least: int = 0
    most: int = LARGEST

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def problem(self, value: Any) -> Words | None:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return None
        return Words(f"须为 {self.least}～{self.most} 的整数", f"must be a whole number, {self.least} to {self.most}")

    def read(self, text: str) -> Any:
        try:
            return whole_of(text, -LARGEST)
        except ValueError:
            return text


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
            day_of(value)
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

    def problem(self, value: Any) -> Words | None:
        return super().problem(value) or (None if is_month(value) else self.wrong)
