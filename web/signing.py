"""Badge and PIN as pages and programs give them: checked outside any transaction, and kept nowhere (F8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import request

from mes.people.access import verify_pin
from mes.refusals import Refusal, Refused
from web.house import house


@dataclass(frozen=True)
class Signature:
    """Badge and PIN as given; the PIN goes to the check and nowhere else (never into a log, a page or the journal)."""

    badge: str
    pin: str = field(repr=False)

    @classmethod
    def typed(cls, badge: str | None = None) -> Signature:
        """The signature fields of the form; a badge may also be scanned (`1H` and the badge)."""
        given = badge or request.form.get("badge", "").strip()
        return cls(given.removeprefix("1H"), request.form.get("pin", ""))


def reasons_against(signatures: Iterable[Signature], station: str | None = None) -> tuple[Refusal, ...]:
    """Why some of these signatures do not count; wrong tries are counted for the station, else the caller's address."""
    reasons: list[Refusal] = []
    for one in signatures:
        try:
            verify_pin(house().database, one.badge, one.pin, station or request.remote_addr or "?", house().clock())
        except Refused as refused:
            reasons += refused.reasons
    return tuple(reasons)
