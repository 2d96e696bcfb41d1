"""Texts from outside as numbers, days and moments: length and form are judged first, only then is anything converted.

Forms, programs, scanners, sheets, command line: what comes from there is read here and nowhere else, since Python takes
`1E+999999` for a number and works on it for a minute. Knows no unit, no item and no limit of a plant. Everything here
raises ValueError for what does not fit.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

LARGEST = 2**53
"""Exact in JavaScript, and within every database."""
YEARS = range(1900, 2200)
"""A day outside of these is a slip, and one more day added to the last year there is would be none."""
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?")
WHOLE = re.compile(r"[+-]?[0-9]{1,16}")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
MONTH = re.compile(r"([0-9]{4})-(?:0[1-9]|1[0-2])")
LONGEST_MOMENT = 40
NO_TEXT = re.compile("[\0\ud800-\udfff]")


def is_text(text: str) -> bool:
    """Whether both engines can keep it: without NUL, and without half of a character (a lone surrogate)."""
    return NO_TEXT.search(text) is None


def decimal_of(text: str) -> Decimal:
    """A decimal number of at most fifteen digits and twelve decimals; no exponent, no infinity."""
    return Decimal(_fitting(DECIMAL, text)[0])


def whole_of(text: str, least: int = 0, most: int = LARGEST) -> int:
    """A whole number within limits, both inclusive."""
    found = int(_fitting(WHOLE, text)[0])
    if not least <= found <= most:
        raise ValueError(f"{text} is not from {least} to {most}")
    return found


def day_of(text: str) -> date:
    """A calendar day YYYY-MM-DD of the years that a plant can mean."""
    year, month, day = map(int, _fitting(DAY, text).groups())
    return date(_sensible(year), month, day)


def is_month(text: str) -> bool:
    """Whether it is a calendar month YYYY-MM of the years that a plant can mean."""
    found = MONTH.fullmatch(text)
    return found is not None and int(found[1]) in YEARS


def moment_of(text: str) -> datetime:
    """A moment in ISO 8601 with its offset, in UTC."""
    if len(text) > LONGEST_MOMENT:
        raise ValueError(f"{text[:LONGEST_MOMENT]}… is no moment")
    return sensible_moment(datetime.fromisoformat(text))


def sensible_moment(found: datetime) -> datetime:
    """The same moment in UTC; of a year that a plant can mean, and never without its offset."""
    if found.utcoffset() is None:
        raise ValueError(f"the time {found.isoformat()} has no zone; write it as 2026-12-01T08:00+08:00")
    _sensible(found.year)
    return found.astimezone(UTC)


def _sensible(year: int) -> int:
    if year not in YEARS:
        raise ValueError(f"the year {year} is not from {YEARS[0]} to {YEARS[-1]}")
    return year


def _fitting(form: re.Pattern[str], text: str) -> re.Match[str]:
    found = form.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} does not have the form {form.pattern}")
    return found
