"""Logins of people in browsers: a row each, so that one that ended opens nothing, whoever kept its cookie.

Operational (law 1). A login ends when its person logs out, gets a new password or is disabled, and after its time by
the wall clock. Proves nobody: `access` does.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from mes.database import Database, table_of
from mes.people.model import Login, Person
from mes.people.secrecy import sha256

LOGINS = table_of(Login)
WHO = (
    select(Person)
    .join(Login, Login.person_id == Person.id)
    .where(Login.token_hash == bindparam("hash"), Login.until > bindparam("now"), Person.disabled.is_(False))
)


def begin(database: Database, badge: str, until: datetime) -> str:
    """The token of a new login of somebody who was proved, for his browser to keep; `until` by the wall clock."""
    token = secrets.token_urlsafe(32)

    def note(connection: Connection) -> None:
        person = select(Person.id).where(Person.badge == badge).scalar_subquery()
        connection.execute(insert(LOGINS).values(token_hash=sha256(token), person_id=person, until=until))

    database.write(note)
    return token


def end(database: Database, token: str) -> None:
    """End one login for good."""
    database.write(lambda connection: connection.execute(delete(LOGINS).where(LOGINS.c.token_hash == sha256(token))))


def end_all(session: Session, person_id: int) -> None:
    """End every login of a person, in the caller's transaction."""
    session.connection().execute(delete(LOGINS).where(LOGINS.c.person_id == person_id))


def whose(session: Session, token: str, now: datetime) -> Person | None:
    """Who is logged in by this token; None for one that ended, and for somebody disabled."""
    return session.scalar(WHO, {"hash": sha256(token), "now": now})
