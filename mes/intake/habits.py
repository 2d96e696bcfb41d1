"""What a plant may say of its own habits in the sheet `settings`: one line each, all of them optional.

Owns the list of them and what their values mean. A plant that says nothing is held to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from mes.intake.cells import day, text, whole, words, yes_or_no
from mes.intake.patterns import Pattern
from mes.intake.problems import Unfit
from mes.intake.sheets import Cell

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Habits:
    """How this plant writes its codes, numbers its steps, counts, and when it works; None and empty: as it likes."""

    own_lots: Pattern | None = None
    other_lots: Pattern | None = None
    work_center_codes: Pattern | None = None
    gauge_codes: Pattern | None = None
    step_interval: int | None = None
    whole_cartons: bool = False
    counted_units: tuple[str, ...] = ()
    work_days: tuple[str, ...] = WEEK
    holidays: tuple[date, ...] = field(default=())
    extra_work_days: tuple[date, ...] = field(default=())
    shift_starts: tuple[time, ...] = field(default=())

    def works_on(self, when: date) -> bool:
        """Whether this is a working day: an extra one, or one of the week that is no holiday."""
        usual = WEEK[when.weekday()] in self.work_days and when not in self.holidays
        return usual or when in self.extra_work_days


def pattern(cell: Cell) -> Pattern:
    """A pattern of codes."""
    written = words(100)(cell)
    try:
        return Pattern(written)
    except ValueError:
        zh = "须为编码规则，如 FG-{*}、R{yymmdd}-{nn}；花括号内只能是 *、n…、A…、yymmdd、crew。"
        en = "a pattern of codes, such as FG-{*} or R{yymmdd}-{nn}; in braces stand *, n…, A…, yymmdd or crew."
        raise Unfit(zh, en) from None


def weekday(cell: Cell) -> str:
    """A day of the week in three letters."""
    found = text(cell)
    if found not in WEEK:
        raise Unfit(f"须为：{'、'.join(WEEK)} 之一。", f"must be one of: {', '.join(WEEK)}.")
    return found


def time_of_day(cell: Cell) -> time:
    """Hours and minutes of a day, as 08:00."""
    found = text(cell)
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", found):
        raise Unfit("须为时刻，如 08:00。", "must be a time of day, such as 08:00.")
    return time.fromisoformat(found)


def several(one: Callable[[Cell], Any]) -> Callable[[Cell], tuple[Any, ...]]:
    """A list, divided by semicolons."""
    return lambda cell: tuple(one(part.strip()) for part in text(cell).split(";"))


SETTINGS: dict[str, Callable[[Cell], Any]] = {
    "own_lots": pattern,
    "other_lots": pattern,
    "work_center_codes": pattern,
    "gauge_codes": pattern,
    "step_interval": whole(below=1000),
    "whole_cartons": yes_or_no,
    "counted_units": several(words(16)),
    "work_days": several(weekday),
    "holidays": several(day),
    "extra_work_days": several(day),
    "shift_starts": several(time_of_day),
}


def habits_of(said: Mapping[str, str]) -> Habits:
    """The habits that settings say, by name; a value that cannot be read says nothing (a rule names it)."""
    read: dict[str, Any] = {}
    for name, value in said.items():
        try:
            read[name] = SETTINGS[name](value)
        except Unfit:
            continue
    return Habits(**read)
