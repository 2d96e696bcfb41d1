"""The body of a command: its arguments flat, and beside them who signs, which refusals are overridden, and where.

Judges the form only; whether a signature counts is checked after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mes.declaring import Declaration
from mes.given import Code, Given, Text
from mes.words import Words

LONGEST_KEY = 128
KEY_FORM = re.compile(rf"[ -~]{{1,{LONGEST_KEY}}}")
MOST_OVERRIDES = 8
BADGE, PIN = Code(), Text(64)
SIGNATURE: dict[str, Given] = {"badge": BADGE, "pin": PIN}
OVERRIDE: dict[str, Given] = {"fingerprint": Code(64), "badge": BADGE, "pin": PIN, "reason": Text(200)}
RESERVED = ("signature", "overrides", "at_station")


def problems_of_body(declared: Declaration, body: Mapping[str, Any]) -> dict[str, Words]:
    """What is wrong with the form of a body, by field."""
    arguments = {name: value for name, value in body.items() if name not in RESERVED}
    return {**declared.problems(arguments), **_problems_beside(body)}


def _problems_beside(body: Mapping[str, Any]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    if body.get("signature") is not None and not _fits(body["signature"], SIGNATURE):
        found["signature"] = Words("须含 badge 和 pin", "has badge and pin, as text")
    if not _are_overrides(body.get("overrides")):
        found["overrides"] = Words(
            "须为列表，每项含 fingerprint、badge、pin、reason", "a list, each with fingerprint, badge, pin and reason"
        )
    if body.get("at_station") is not None and Code().problem(body["at_station"]):
        found["at_station"] = Words("须为工位编号", "the code of a station")
    return found


def _are_overrides(given: Any) -> bool:
    if given is None:
        return True
    return isinstance(given, list) and len(given) <= MOST_OVERRIDES and all(_fits(one, OVERRIDE) for one in given)


def _fits(given: Any, fields: Mapping[str, Given]) -> bool:
    if not isinstance(given, dict) or set(given) != set(fields):
        return False
    return all(one.problem(given[name]) is None for name, one in fields.items())
