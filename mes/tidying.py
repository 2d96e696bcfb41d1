"""What is kept for a while only, and cleared away when its time is over: the operational tables of law 1.

History and stock are never touched. Tries at PINs are also capped: whoever guesses all day fills no disk.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from mes.clock import wall_clock
from mes.database import Database
from mes.journal import Answered
from mes.once import KEPT
from mes.people.model import Enrolment, FailedSignature, Login

TRIES_KEPT, MOST_TRIES = timedelta(days=90), 10_000
CODES_KEPT = timedelta(days=1)


def tidy(database: Database, now: datetime) -> None:
    """Clear away old tries, codes that open nothing, logins that are over, answers nobody asks for again."""
    database.write(lambda connection: _tidy(connection, now))


def _tidy(connection: Connection, now: datetime) -> None:
    newest = select(FailedSignature.id).order_by(FailedSignature.id.desc()).offset(MOST_TRIES).limit(1)
    last = connection.execute(newest).scalar()
    too_many = FailedSignature.id <= last if last else FailedSignature.at < now - TRIES_KEPT
    connection.execute(delete(FailedSignature).where((FailedSignature.at < now - TRIES_KEPT) | too_many))
    connection.execute(delete(Enrolment).where(Enrolment.expires_at < now - CODES_KEPT))
    connection.execute(delete(Login).where(Login.until < wall_clock()))
    connection.execute(delete(Answered).where(Answered.at < now - KEPT))
