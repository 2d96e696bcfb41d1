"""What an inspector typed at the kiosk, read from the form into a command's arguments. Judges nothing.

Fields: `value-NUMBER-PIECE` and `conforms-NUMBER-PIECE` (yes or no) per characteristic and piece, `gauge-NUMBER` per
characteristic. Empty fields are not given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mes.outside import whole_of

FIELD = re.compile(r"(value|conforms)-([0-9]{1,6})-([0-9]{1,6})")


def measurements(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The readings in the form `quality` commands take: {number, piece, value | conforms, gauge}."""
    return [one for name, typed in form.items() if (one := _reading(form, name, typed.strip())) is not None]


def first_article(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:first_article`."""
    return {
        "operation": form.get("operation", ""),
        "verdict": form.get("verdict", ""),
        "measurements": measurements(form),
        "remark": form.get("remark", "").strip() or None,
    }


def final(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:final`; an empty quantity means none."""
    return {
        "operation": form.get("operation", ""),
        "accepted": form.get("accepted", "").strip() or "0",
        "nonconforming": form.get("nonconforming", "").strip() or "0",
        "reason": form.get("reason", "").strip() or None,
        "measurements": measurements(form),
    }


def complete(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:complete`."""
    return {"operation": form.get("operation", "")}


def judge(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:judge`."""
    return {name: form.get(name, "").strip() for name in ("lot", "stage", "verdict", "reason")}


def of_lot(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:hold` and `quality:release`."""
    return {name: form.get(name, "").strip() for name in ("lot", "reason")}


def report(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:nonconforming`."""
    return {name: form.get(name, "").strip() for name in ("unit", "reason")}


def dispose(form: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `quality:dispose`."""
    return {name: form.get(name, "").strip() for name in ("nonconformance", "kind", "reason")}


def _reading(form: Mapping[str, str], name: str, typed: str) -> dict[str, Any] | None:
    found = FIELD.fullmatch(name)
    if found is None or not typed:
        return None
    what, number, piece = found.groups()
    judged: dict[str, Any] = {"value": typed} if what == "value" else {"conforms": typed == "yes"}
    gauge = form.get(f"gauge-{number}", "").strip().removeprefix("ZE.")
    return {"number": whole_of(number), "piece": whole_of(piece), **judged, "gauge": gauge or None}
