"""Patterns of codes, as a plant writes them: `FG-{*}`, `R{yymmdd}-{nn}`, `{yymmdd}-{crew}-{nn}`.

In braces stand `*` (anything), `n` or `nn`… (so many digits), `A` or `AA`… (so many capital letters), `yymmdd` (the
day that the code tells) and `crew` (the mark of a crew of this plant). All else is itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

PART = re.compile(r"\{(\*|n+|A+|yymmdd|crew)\}|([^{}]+)")


@dataclass(frozen=True)
class Pattern:
    """One pattern; ValueError for braces that say nothing."""

    text: str

    def __post_init__(self) -> None:
        if not self.text or "".join(part[0] for part in PART.finditer(self.text)) != self.text:
            raise ValueError(f"{self.text!r} is no pattern of codes")

    def __str__(self) -> str:
        return self.text

    def fits(self, code: str, day: date | None = None, crews: Iterable[str] = ()) -> bool:
        """Whether a code is of this form, tells this day and names one of these crews."""
        wanted = "".join(_expression(part[1], part[2], day, crews) for part in PART.finditer(self.text))
        return re.fullmatch(wanted, code, re.ASCII) is not None

    def of_day(self, day: date) -> str:
        """How people read it, with the day filled in."""
        return self.text.replace("{yymmdd}", f"{day:%y%m%d}")


def _expression(placeholder: str | None, literal: str | None, day: date | None, crews: Iterable[str]) -> str:
    if literal is not None:
        return re.escape(literal)
    if placeholder == "yymmdd":
        return f"{day:%y%m%d}" if day else r"\d{6}"
    if placeholder == "crew":
        return f"(?:{'|'.join(map(re.escape, sorted(crews)))})"
    of_one = {"*": ".+", "n": rf"\d{{{len(placeholder or '')}}}", "A": f"[A-Z]{{{len(placeholder or '')}}}"}
    return of_one[(placeholder or "*")[0]]
