"""Tries at a PIN or password: counted before they are proved, per badge and place, so that twelve at once are twelve.

A place is a station on its own screen or by its token, the address of a browser elsewhere, or the command line: whoever
tries from one locks nobody out at another. Knows no secret.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, update

from mes.database import Database, table_of
from mes.people.model import FailedSignature
from mes.people.refusals import SignatureLocked
from mes.refusals import refuse

TRIES = 5
LOCK = timedelta(minutes=10)
LONGEST = 64
WRITTEN = table_of(FailedSignature)
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def as_written(name: str) -> str:
    """A badge or place as it is counted: whatever was typed there, a column has room for it."""
    return "".join(filter(str.isprintable, name))[:LONGEST]


def begin(database: Database, badge: str, place: str, now: datetime) -> int:
    """Count a try and give its number; raises `SignatureLocked` after five wrong ones in ten minutes."""
    return database.write(lambda connection: _begin(connection, badge, place, now))


def succeeded(database: Database, number: int, badge: str, place: str) -> None:
    """That try was right: it is no failure, and those before it no longer count."""

    def forget(connection: Connection) -> None:
        connection.execute(delete(WRITTEN).where(WRITTEN.c.id == number))
        connection.execute(update(WRITTEN).where(_of(badge, place), WRITTEN.c.counts).values(counts=False))

    database.write(forget)


def _begin(connection: Connection, badge: str, place: str, now: datetime) -> int:
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(ONE_AT_A_TIME, {"key": f"{badge}\n{place}"})
    recent = _of(badge, place), WRITTEN.c.counts, WRITTEN.c.at > now - LOCK
    count, latest = connection.execute(select(func.count(), func.max(WRITTEN.c.at)).where(*recent)).one()
    if count >= TRIES:
        left = latest + LOCK - now
        raise refuse(SignatureLocked(badge=badge, minutes=max(1, round(left.total_seconds() / 60))))
    noted = insert(WRITTEN).values(badge=badge, station=place, at=now, counts=True).returning(WRITTEN.c.id)
    return int(connection.execute(noted).scalar_one())


def _of(badge: str, place: str) -> ColumnElement[bool]:
    return (WRITTEN.c.badge == badge) & (WRITTEN.c.station == place)
