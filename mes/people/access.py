"""Who is who: PINs for signatures, passwords for the browser, tokens for stations, and single-use enrolment codes.

Secrets are stored as hashes only and never reach the journal. Hashing happens outside transactions: it is slow on
purpose. Wrong PINs are counted per badge and station, so that nobody can lock out the manager from somewhere else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError
from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.orm import Session

from mes.database import Database, table_of
from mes.masters.model import Station
from mes.people.model import Credential, Enrolment, FailedSignature, Person
from mes.people.refusals import SignatureLocked, SignatureWrong
from mes.refusals import UnknownCode, refuse
from mes.secret import Secret

T = TypeVar("T")

HASHER = PasswordHasher(
    time_cost=2, memory_cost=19_456, parallelism=1
)  # OWASP's second setting: a PIN pad must not lag
NOBODY = HASHER.hash(secrets.token_urlsafe())
TRIES = 5
LOCK = timedelta(minutes=10)
ENROLMENT_LIFE = timedelta(minutes=10)
PIN_DIGITS = 6


def sha256(text: str) -> str:
    """The hash under which tokens and enrolment codes are stored; they are long and random, so one round is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def set_pin(database: Database, badge: str, pin: str) -> None:
    """Give a person a PIN of 4 to 12 digits; raises ValueError for another form, `UnknownCode` for nobody."""
    _store(database, badge, "pin_hash", HASHER.hash(_a_pin(pin)))


def set_password(database: Database, badge: str, password: str) -> None:
    """Give a person a password for the browser, at least 8 characters; raises ValueError, `UnknownCode`."""
    _store(database, badge, "password_hash", HASHER.hash(_a_password(password)))


def _a_pin(pin: str) -> str:
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise ValueError("a PIN has 4 to 12 digits")
    return pin


def _a_password(password: str) -> str:
    if len(password) < 8:
        raise ValueError("a password has at least 8 characters")
    return password


def verify_pin(database: Database, badge: str, pin: str, station: str, now: datetime) -> None:
    """Check a signature (F8); raises `SignatureLocked` after five wrong PINs in ten minutes, `SignatureWrong`."""
    _check_lock(database, badge, station, now)
    if not _fits(database, badge, "pin_hash", pin):
        database.write(lambda connection: _note_failure(connection, badge, station, now))
        raise refuse(SignatureWrong(badge=badge))
    database.write(lambda connection: _forget_failures(connection, badge, station))


def verify_password(database: Database, badge: str, password: str, place: str, now: datetime) -> None:
    """Check a browser login, with the same delay and lock per badge and place; raises the same refusals."""
    _check_lock(database, badge, place, now)
    if not _fits(database, badge, "password_hash", password):
        database.write(lambda connection: _note_failure(connection, badge, place, now))
        raise refuse(SignatureWrong(badge=badge))
    database.write(lambda connection: _forget_failures(connection, badge, place))


def token_for(station: Station) -> Secret:
    """A new bearer token for the row of a station; the old one ends."""
    token = secrets.token_urlsafe(32)
    station.token_hash = sha256(token)
    return Secret(token)


def invitation(session: Session, now: datetime, *, person: int | None = None, station: int | None = None) -> Secret:
    """A single-use code, valid ten minutes: a person sets PIN and password with it, or a station's screen opens."""
    code = secrets.token_urlsafe(9)
    expires_at = now + ENROLMENT_LIFE
    session.add(Enrolment(code_hash=sha256(code), person_id=person, station_id=station, expires_at=expires_at))
    return Secret(code)


def new_station_token(database: Database, code: str) -> str:
    """A new bearer token for a station, shown once; the old one ends. Raises `UnknownCode`."""
    return _at_station(database, code, lambda _session, station: token_for(station).reveal())


def station_of_token(session: Session, token: str) -> str | None:
    """The code of the station that a bearer token belongs to."""
    found: str | None = session.connection().execute(OF_TOKEN, {"hash": sha256(token)}).scalar()
    return found


OF_TOKEN = select(table_of(Station).c.code).where(table_of(Station).c.token_hash == bindparam("hash"))


def invite(database: Database, badge: str, now: datetime) -> str:
    """A single-use code, valid ten minutes, with which a person sets PIN and password; raises `UnknownCode`."""

    def store(connection: Connection) -> str:
        with _session(connection) as session:
            code = invitation(session, now, person=_person(session, badge).id)
            session.commit()
            return code.reveal()

    return database.write(store)


def invite_station(database: Database, code: str, now: datetime) -> str:
    """A single-use code, valid ten minutes, that opens a station's screen; raises `UnknownCode`."""
    return _at_station(database, code, lambda session, station: invitation(session, now, station=station.id).reveal())


def _at_station(database: Database, code: str, work: Callable[[Session, Station], T]) -> T:
    def store(connection: Connection) -> T:
        with _session(connection) as session:
            station = session.scalar(select(Station).where(Station.code == code))
            if station is None:
                raise refuse(UnknownCode(text=code))
            done = work(session, station)
            session.commit()
            return done

    return database.write(store)


@dataclass(frozen=True)
class OpenedScreen:
    """A station's screen in a browser; it lasts until all screens of the station are ended."""

    station: str
    of: int


def use_station_invitation(database: Database, code: str, now: datetime) -> OpenedScreen:
    """The screen that a single-use code opens; raises `UnknownCode` when it is used or too old."""

    def use(connection: Connection) -> OpenedScreen:
        with _session(connection) as session:
            found = _invitation(session, code, now)
            if found.station_id is None:
                raise refuse(UnknownCode(text="enrolment"))
            station = session.get_one(Station, found.station_id)
            opened = OpenedScreen(station.code, station.screens)
            session.commit()
            return opened

    return database.write(use)


def is_open(session: Session, screen: OpenedScreen) -> bool:
    """Whether a screen was not ended since it was opened."""
    return session.scalar(select(Station.screens).where(Station.code == screen.station)) == screen.of


def end_screens(database: Database, code: str) -> None:
    """End every screen of a station in browsers (a lost tablet, a PC that moved); raises `UnknownCode`."""

    def end(connection: Connection) -> None:
        with _session(connection) as session:
            station = session.scalar(select(Station).where(Station.code == code).with_for_update(of=Station))
            if station is None:
                raise refuse(UnknownCode(text=code))
            station.screens += 1
            session.commit()

    database.write(end)


def enrol(database: Database, code: str, pin: str, password: str, now: datetime) -> str:
    """Use an invitation: set PIN and password; returns the badge. Raises `UnknownCode` when it is used or too old.

    Raises ValueError for a PIN or password of a wrong form, before the invitation is used up.
    """
    _a_pin(pin)
    _a_password(password)
    badge = database.write(lambda connection: _use_invitation(connection, code, now))
    set_pin(database, badge, pin)
    set_password(database, badge, password)
    return badge


def _use_invitation(connection: Connection, code: str, now: datetime) -> str:
    with _session(connection) as session:
        found = _invitation(session, code, now)
        if found.person_id is None:
            raise refuse(UnknownCode(text="enrolment"))
        badge = session.get_one(Person, found.person_id).badge
        session.commit()
        return badge


def _invitation(session: Session, code: str, now: datetime) -> Enrolment:
    """A valid invitation, used up from now on."""
    found = session.scalar(select(Enrolment).where(Enrolment.code_hash == sha256(code)))
    if found is None or found.used_at or found.expires_at < now:
        raise refuse(UnknownCode(text="enrolment"))
    found.used_at = now
    return found


def _store(database: Database, badge: str, column: str, hashed: str) -> None:
    def store(connection: Connection) -> None:
        with _session(connection) as session:
            person = _person(session, badge)
            credential = session.get(Credential, person.id) or Credential(person_id=person.id)
            setattr(credential, column, hashed)
            session.add(credential)
            session.commit()

    database.write(store)


def login_mark(session: Session, badge: str) -> str | None:
    """What a login in a browser is bound to: it ends with a new password. None for nobody, or somebody disabled."""
    stored = session.scalar(
        select(Credential.password_hash)
        .join(Person, Person.id == Credential.person_id)
        .where(Person.badge == badge, Person.disabled.is_(False))
    )
    return sha256(stored) if stored else None


def _fits(database: Database, badge: str, column: str, secret: str) -> bool:
    with database.read() as session:
        person = session.scalar(select(Person).where(Person.badge == badge, Person.disabled.is_(False)))
        credential = session.get(Credential, person.id) if person else None
        stored = getattr(credential, column, None)
    try:
        return HASHER.verify(stored or NOBODY, secret) and stored is not None
    except (VerifyMismatchError, VerificationError):
        return False


def _check_lock(database: Database, badge: str, place: str, now: datetime) -> None:
    with database.read() as session:
        recent = (
            (FailedSignature.badge == badge) & (FailedSignature.station == place) & (FailedSignature.at > now - LOCK)
        )
        count, latest = session.execute(select(func.count(), func.max(FailedSignature.at)).where(recent)).one()
    if count >= TRIES:
        left = latest + LOCK - now
        raise refuse(SignatureLocked(badge=badge, minutes=max(1, round(left.total_seconds() / 60))))


def _note_failure(connection: Connection, badge: str, place: str, now: datetime) -> None:
    with _session(connection) as session:
        session.add(FailedSignature(badge=badge, station=place, at=now))
        session.commit()


def _forget_failures(connection: Connection, badge: str, place: str) -> None:
    connection.execute(delete(FailedSignature).where(FailedSignature.badge == badge, FailedSignature.station == place))


def _person(session: Session, badge: str) -> Person:
    person = session.scalar(select(Person).where(Person.badge == badge))
    if person is None:
        raise refuse(UnknownCode(text=badge))
    return person


def _session(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint")
