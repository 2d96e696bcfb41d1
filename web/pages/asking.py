"""How pages ask the one door: as the person who is logged in, or as whoever signs with badge and PIN.

Decides nothing: a refusal comes back with every reason, for the page to show in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash
from flask_login import current_user

from mes.commands import Request
from mes.declaring import REGISTER
from mes.refusals import Refusal, UnknownCode
from mes.terminal.reply import NOTHING
from mes.words import Words
from web.house import ask
from web.language import language
from web.signing import Signature, reasons_against
from web.stations import own_station

__all__ = ["Answered", "Signature", "ask_as_reader", "ask_at_station", "ask_signed", "no_such", "say", "warn"]


@dataclass(frozen=True)
class Answered:
    """What the door said: the command's value with its words and what it warned of, or every reason why not."""

    value: Any = None
    reasons: tuple[Refusal, ...] = ()
    said: Words = NOTHING
    warned: tuple[Refusal, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it was done."""
        return not self.reasons


def ask_signed(command: str, arguments: Mapping[str, Any], signature: Signature, station: str | None) -> Answered:
    """Check the PIN (outside any transaction), then ask as the person who signed, at a station if it is there."""
    who = signature.badge
    wanted = Request(command, arguments, person=who, station=station, signed_by=who)
    if reasons := reasons_against(wanted, [signature], station if station == own_station() else None):
        return Answered(reasons=reasons)
    return _answered(wanted)


def ask_at_station(command: str, badge: str, station: str, **arguments: Any) -> Answered:
    """Ask as whoever is signed on at a station with their badge; for acts that need no signature."""
    return _answered(Request(command, arguments, person=badge, station=station))


def ask_as_reader(command: str, **arguments: Any) -> Answered:
    """Ask as the person who is logged in."""
    return _answered(Request(command, arguments, person=current_user.badge))


def say(answer: Answered, done: str | None = None) -> None:
    """Show what became of it on the next page: what was done, in the command's own words, or every reason why not."""
    if answer.accepted:
        flash(done or answer.said.read(language()), "good")
    warn(answer.warned)
    for reason in answer.reasons:
        flash(reason.sentence(language()), "refused")


def warn(warned: tuple[Refusal, ...]) -> None:
    """Show on the next page what was warned of (P8)."""
    for one in warned:
        flash(one.sentence(language()), "warned")


def _answered(wanted: Request) -> Answered:
    outcome = ask(wanted)
    if not outcome.accepted:
        return Answered(reasons=outcome.reasons)
    said = REGISTER[wanted.command].said_done(wanted.arguments, outcome.value)
    return Answered(outcome.value, said=said, warned=outcome.warned)


def no_such(code: str) -> Answered:
    """The answer to a form that names nothing."""
    return Answered(reasons=(UnknownCode(text=code),))
