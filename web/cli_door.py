"""How commands of the program knock at the door and say what came of it: two consoles, signatures, refusals."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console

from mes.commands import Outcome, Request, perform
from mes.database import Database
from mes.people.access import somebody_signs, verify_pin
from mes.refusals import Refused
from web.cli_setting import Setting

WIDE = 160  # a file or pipe has no width of its own; half of eighty columns would cut every heading
PLACE = "command line"
console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else WIDE)
errors = Console(stderr=True)


def insist(outcome: Outcome) -> Any:
    """The value of an accepted request; a refusal becomes the program's one sentence."""
    if not outcome.accepted:
        raise Refused(outcome.reasons)
    return outcome.value


def sign(setting: Setting, database: Database, badge: str) -> None:
    """Ask for the PIN of a signature (F8); raises Refused when it is wrong."""
    pin = click.prompt(f"PIN of badge {badge}", hide_input=True, err=True)
    verify_pin(database, badge, pin, PLACE, setting.clock())


def named(setting: Setting, database: Database, badge: str | None) -> str | None:
    """The badge of whoever acts, proved by the PIN: a name that anybody may give is nobody's.

    A plant that is being founded, where nobody has a PIN yet, has nobody to ask: then there is no signature.
    """
    with database.read() as session:
        proves = badge is not None and somebody_signs(session)
    if badge is None or not proves:
        return None
    sign(setting, database, badge)
    return badge


def ask(setting: Setting, database: Database, request: Request) -> Any:
    """Knock at the door and insist; whoever is named has proved it."""
    if request.person and not request.signed_by:
        named(setting, database, request.person)
    return insist(perform(database, request, setting.clock))
