"""Badge and PIN as pages and programs give them: checked outside any transaction, and kept nowhere (F8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import request
from flask_login import current_user
from sqlalchemy import Connection

from mes.commands import Request, record
from mes.database import session_in
from mes.given import LONGEST_CODE
from mes.memory import masters
from mes.people.access import verify_pin
from mes.people.model import Person
from mes.people.refusals import SignatureWrong
from mes.refusals import Refusal, Refused
from web.house import house


def badge_in(text: str) -> str:
    """The badge that was typed or scanned (`1H` and the badge), cut to what a badge can have."""
    return text.strip().removeprefix("1H")[:LONGEST_CODE]


@dataclass(frozen=True)
class Signature:
    """Badge and PIN as given; the PIN goes to the check and nowhere else (never into a log, a page or the journal)."""

    badge: str
    pin: str = field(repr=False)

    @classmethod
    def typed(cls, badge: str | None = None) -> Signature:
        """The signature fields of the form; a badge may also be scanned (`1H` and the badge)."""
        return cls(badge_in(badge or request.form.get("badge", "")), request.form.get("pin", ""))


def reasons_against(
    wanted: Request, signatures: Iterable[Signature], station: str | None = None
) -> tuple[Refusal, ...]:
    """Why some signatures under a request do not count; a wrong one of somebody who exists is recorded as refused work.

    `station`: the one whose own screen or token asks. Tries count for it, else for the caller's address.
    """
    reasons: list[Refusal] = []
    for one in signatures:
        try:
            verify_pin(house().database, one.badge, one.pin, station or source(), house().clock())
        except Refused as refused:
            reasons += refused.reasons
    if any(isinstance(one, SignatureWrong) for one in reasons):
        _record(wanted, reasons)
    return tuple(reasons)


def source() -> str:
    """Where a request comes from that is no station's own."""
    return request.remote_addr or "?"


def _record(wanted: Request, reasons: list[Refusal]) -> None:
    """Law 1, for guesses: the entry names the browser's reader, not whom somebody pretended to be."""
    here = house()
    asked = replace(wanted, person=current_user.badge if current_user.is_authenticated else None, signed_by=None)

    def write(connection: Connection) -> None:
        with session_in(connection) as session:
            known = [one for one in reasons if masters(session).find(Person, badge=one.facts["badge"])]
            if known:  # anybody can make up badges by the thousand
                record(session, asked, known, here.clock())

    here.database.write(write)
