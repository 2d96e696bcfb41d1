"""What every request needs: the plant's database and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from mes.clock import Clock
from mes.commands import Outcome, Request, perform
from mes.database import Database


@dataclass(frozen=True)
class House:
    """One plant's database and clock."""

    database: Database
    clock: Clock


def house() -> House:
    """The house of the running application."""
    return cast(House, current_app.extensions["house"])


def ask(request: Request) -> Outcome:
    """Knock at the one door."""
    return perform(house().database, request, house().clock)


@contextmanager
def look() -> Iterator[Session]:
    """A session that only looks."""
    with house().database.read() as session:
        yield session
