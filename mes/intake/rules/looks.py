"""Rules for codes that people and spreadsheets take for each other: by case, width, blanks, zeros in front.

Owns nothing but the rules. Two codes that only look alike are one code written twice, or two that will be mixed up.
"""

from __future__ import annotations

from collections.abc import Iterator

from mes.codes.looks import alike, looks
from mes.intake.gathered import Gathered
from mes.intake.problems import Problem

CODES = {
    "customers": "code",
    "suppliers": "code",
    "work_centers": "code",
    "items": "code",
    "equipment": "code",
    "employees": "badge",
    "qualifications": "certificate",
    "locations": "code",
    "opening_stock": "lot",
    "orders": "order_no",
    "reasons": "code",
    "kinds": "code",
}
"""The sheets whose rows are named by one code."""


def no_two_codes_only_look_alike(plant: Gathered) -> Iterator[Problem]:
    """A code that differs from another of its sheet, or from one that is known, only in looks."""
    for name, column in CODES.items():
        first = {looks(code): code for code in sorted(plant.known_keys[name])}
        for at, (code,) in plant.cells(name, column):
            other = first.setdefault(looks(code), code)
            if other != code:
                zh = f"与 {other} 仅大小写、全半角、空格或前导零不同；请统一为一个代码。"
                en = f"differs from {other} only in case, width, blanks or leading zeros: make it one code."
                yield Problem(at.file, at.row, column, code, zh, en)


def meant(plant: Gathered, name: str, code: str) -> str | None:
    """The code that a reference means which is wrong only in its looks."""
    return alike(code, sorted(plant.keys[name]))
