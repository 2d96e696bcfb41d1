"""The journal's entries as sentences in both languages, whatever program wrote them. Only reads.

An entry of a command or refusal that is no longer there, or of other arguments, still reads as something: history is
never rewritten, and no page breaks on it (law 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mes.departments  # noqa: F401  every department registers its commands
from mes.declaring import REGISTER
from mes.refusals import revive
from mes.words import Words

# What is recorded although no command was reached.
BESIDE_COMMANDS = {"terminal:scan": Words("扫码 {code}", "scan of {code}")}
REFUSED = Words("未执行：{told}。{reasons}", "Refused: {told}. {reasons}")

WARNED = Words("{told}。⚠ {reasons}", "{told}. ⚠ {reasons}")


@dataclass(frozen=True)
class Reason:
    """Why something was refused, in both languages, and who may override it."""

    code: str
    zh: str
    en: str
    facts: dict[str, Any]
    override_role: str | None


def reason_of(stored: Mapping[str, Any]) -> Reason:
    """A journalled refusal; one that nobody speaks any more by its code and facts."""
    code, facts = str(stored.get("code")), dict(stored.get("facts") or {})
    try:
        refusal = revive(code, facts)
        zh, en = refusal.sentence("zh"), refusal.sentence("en")
    except (KeyError, TypeError, ValueError):
        known = ", ".join(f"{name} {value}" for name, value in facts.items())
        return Reason(code, f"旧的拒绝原因 {code}（{known}）", f"A former refusal, {code} ({known})", facts, None)
    return Reason(code, zh, en, facts, refusal.override.value if refusal.override else None)


def sentence_of(
    kind: str, arguments: Mapping[str, Any], reasons: Iterable[Reason] = (), result: str = "refused"
) -> Words:
    """What somebody did, with what was warned of (P8), or tried and why it was refused."""
    told, why = _told(kind, arguments), tuple(reasons)
    if not why:
        return told
    said = Words("".join(one.zh for one in why), " ".join(one.en for one in why))
    return (WARNED if result == "accepted" else REFUSED).said(told=told, reasons=said)


def _told(kind: str, arguments: Mapping[str, Any]) -> Words:
    if kind in REGISTER:
        return REGISTER[kind].told(arguments)
    if kind in BESIDE_COMMANDS:
        return BESIDE_COMMANDS[kind].said(code=arguments.get("code", ""))
    known = " ".join(str(one) for one in arguments.values())
    return Words(f"旧的操作 {kind} {known}".rstrip(), f"a former command, {kind} {known}".rstrip())
