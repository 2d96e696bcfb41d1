"""What every command of the program works with: the database it was pointed to, the clock, and two consoles."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from sqlalchemy.engine import make_url

from mes.clock import Clock
from mes.commands import Outcome, Request, perform
from mes.database import Database
from mes.people.access import verify_pin
from mes.refusals import Refused
from mes.schema import is_current

WIDE = 160  # a file or pipe has no width of its own; half of eighty columns would cut every heading
console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else WIDE)
errors = Console(stderr=True)


class Setting:
    """What every command works with."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock

    @contextmanager
    def database(self, *, founded: bool = True) -> Iterator[Database]:
        """The plant's database; with `founded`, it must have been set up by `runcard init`."""
        database = Database(self.url)
        try:
            if founded and not is_current(database):
                raise click.ClickException(
                    f"{shown_url(self.url)} is no Runcard database of this version; run: runcard init"
                )
            yield database
        finally:
            database.close()


def shown_url(url: str) -> str:
    """A database address without its password."""
    return make_url(url).render_as_string(hide_password=True)


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
