"""Texts: words of a person, reasons, codes. Whether a code names anything is the door's question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mes.given.kind import LONGEST_CODE, Given, text_problem
from mes.words import Words

PRINTABLE = re.compile(r"[!-~]{1,40}")


@dataclass(frozen=True)
class Text(Given):
    """Words of a person, up to so many characters."""

    longest: int = 200
    lines: int = 1

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest}

    def problem(self, value: Any) -> Words | None:
        return text_problem(value, self.longest)


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
        return text_problem(value, self.longest)


@dataclass(frozen=True)
class NewCode(Code):
    """A code that is given to something now: it must be printable as a bar code, as those of an import."""

    def problem(self, value: Any) -> Words | None:
        if super().problem(value) is None and not PRINTABLE.fullmatch(value):
            return Words("须为 1～40 个英文字符，无空格", "must be 1 to 40 printable ASCII characters without blanks")
        return super().problem(value)
