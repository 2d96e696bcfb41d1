"""Refusals about who somebody is."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import OfPerson


@dataclass(frozen=True)
class SignatureWrong(OfPerson):
    badge: str
    code = "signature_wrong"
    en = "Badge {badge} and PIN do not fit together."
    zh = "工牌 {badge} 与 PIN 不符。"


@dataclass(frozen=True)
class SignatureLocked(OfPerson):
    """Delay and lock per badge and station, so that nobody can lock out the manager."""

    badge: str
    minutes: int
    code = "signature_locked"
    en = "Too many wrong PINs for badge {badge} at this station. Try again in {minutes} min or sign elsewhere."
    zh = "工牌 {badge} 在本工位 PIN 错误次数过多，请 {minutes} 分钟后再试或换工位签字。"
