"""How commands of the program knock at the door and say what came of it: two consoles, signatures, refusals."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console

from mes.commands import Outcome, Request, perform
from mes.database import Database
from mes.people.access import verify_pin
from mes.refusals import Refused
from web.cli_setting import Setting

WIDE = 160  # a file or pipe has no width of its own; half of eighty columns would cut every heading
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
    verify_pin(database, badge, pin, "command line", setting.clock())


def ask(setting: Setting, database: Database, request: Request) -> Any:
    """Knock at the door and insist."""
    return insist(perform(database, request, setting.clock))
