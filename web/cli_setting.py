"""What every command of the program works with: the database it was pointed to, and the clock.

Imports what only some commands need when they ask for it: a station's small machine has no room for the whole house.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mes.clock import Clock

if TYPE_CHECKING:
    from mes.database import Database

DEFAULT_URL = "sqlite:///runcard.db"


class Setting:
    """What every command works with."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock

    @contextmanager
    def database(self, *, founded: bool = True) -> Iterator[Database]:
        """The plant's database; with `founded`, it must have been set up by `runcard init`."""
        from mes.database import Database
        from mes.schema import is_current

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
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
