"""One scan as a station sends it, and whether the reply is the one that the script expects; else the bench ends."""

from __future__ import annotations

import uuid
from typing import Any

from bench.working_day.scripts import Step
from mes.clock import wall_clock


class WrongAnswer(AssertionError):
    """The plant answered otherwise than the script says; what was measured is worth nothing."""


def body_of(station: str, step: Step) -> dict[str, Any]:
    """The JSON of a scan that is made now."""
    return {"id": str(uuid.uuid4()), "station": station, "code": step.text, "scanned_at": wall_clock().isoformat()}


def judge(station: str, step: Step, reply: dict[str, Any]) -> None:
    """Raise `WrongAnswer` unless the scan was accepted, or refused for the expected reason among others."""
    reasons = {reason["code"] for reason in reply.get("reasons", ())}
    expected = step.refused in reasons if step.refused else reply.get("result") == "accepted"
    if not expected:
        raise WrongAnswer(f"{station}, {step.kind} {step.text}: expected {step.refused or 'accepted'}, got {reply}")


def named(step: Step) -> str:
    """How the kind of a scan is called in tables: refused ones apart."""
    return f"{step.kind}, refused" if step.refused else step.kind
