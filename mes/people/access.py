"""Who is who: PINs for signatures, passwords for the browser, tokens for stations, and single-use enrolment codes.

Secrets are stored as hashes only and never reach the journal. Hashing happens outside transactions: it is slow on
purpose. Tries are counted (`tries`) per badge and place, so that nobody can lock out the manager from somewhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from mes.database import Database, session_in, table_of
from mes.masters.model import Station
from mes.people import logins, tries
from mes.people.model import Credential, Enrolment, Person
from mes.people.pins import good_password, good_pin, is_obvious
from mes.people.refusals import SignatureWrong
from mes.people.secrecy import sha256
from mes.people.tries import LOCK, TRIES
from mes.refusals import UnknownCode, refuse
from mes.secret import Secret

__all__ = ["LOCK", "TRIES", "sha256"]  # with all that stands here

T = TypeVar("T")

HASHER = PasswordHasher(
    time_cost=2, memory_cost=19_456, parallelism=1
)  # OWASP's second setting: a PIN pad must not lag
NOBODY = HASHER.hash(secrets.token_urlsafe())
ENROLMENT_LIFE = timedelta(minutes=10)


def set_pin(database: Database, badge: str, pin: str) -> None:
    """Give a person a PIN of 4 to 12 digits; raises ValueError for an obvious one, `UnknownCode` for nobody."""
    hashed = HASHER.hash(good_pin(pin, badge))
    _stored(database, lambda session: _keep(session, _person(session, badge), pin_hash=hashed))


def set_password(database: Database, badge: str, password: str) -> None:
    """Give a person a password for the browser, at least 8 characters; raises ValueError, `UnknownCode`."""
    hashed = HASHER.hash(good_password(password))
    _stored(database, lambda session: _keep(session, _person(session, badge), password_hash=hashed))


def verify_pin(database: Database, badge: str, pin: str, station: str, now: datetime) -> None:
    """Check a signature (F8); raises `SignatureLocked` after five wrong PINs in ten minutes, `SignatureWrong`."""
    _verify(database, badge, "pin_hash", pin, station, now)


def somebody_signs(session: Session) -> bool:
    """Whether anybody of the plant has a PIN: until then it is being founded, and nobody can be asked for one."""
    return session.scalar(select(Credential.person_id).where(Credential.pin_hash.is_not(None)).limit(1)) is not None


def has_pin(session: Session, person: Person) -> bool:
    """Whether this person can sign."""
    mine = Credential.person_id == person.id, Credential.pin_hash.is_not(None)
    return session.scalar(select(Credential.person_id).where(*mine)) is not None


def verify_password(database: Database, badge: str, password: str, place: str, now: datetime) -> None:
    """Check a browser login, with the same lock per badge and place; raises the same refusals."""
    _verify(database, badge, "password_hash", password, place, now)


def _verify(database: Database, badge: str, column: str, secret: str, place: str, now: datetime) -> None:
    badge, place = tries.as_written(badge), tries.as_written(place)
    number = tries.begin(database, badge, place, now)
    if not _fits(database, badge, column, secret):
        raise refuse(SignatureWrong(badge=badge))
    tries.succeeded(database, number, badge, place)


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
    return _stored(database, lambda session: invitation(session, now, person=_person(session, badge).id).reveal())


def invite_station(database: Database, code: str, now: datetime) -> str:
    """A single-use code, valid ten minutes, that opens a station's screen; raises `UnknownCode`."""
    return _at_station(database, code, lambda session, station: invitation(session, now, station=station.id).reveal())


def _at_station(database: Database, code: str, work: Callable[[Session, Station], T]) -> T:
    def on_its_row(session: Session) -> T:
        station = session.scalar(select(Station).where(Station.code == code))
        if station is None:
            raise refuse(UnknownCode(text=code))
        return work(session, station)

    return _stored(database, on_its_row)


@dataclass(frozen=True)
class OpenedScreen:
    """A station's screen in a browser; it lasts until all screens of the station are ended."""

    station: str
    of: int


def use_station_invitation(database: Database, code: str, now: datetime) -> OpenedScreen:
    """The screen that a single-use code opens; raises `UnknownCode` when it is used, too old, or the station closed."""

    def opened(session: Session) -> OpenedScreen:
        station = session.get_one(Station, _used(session, code, now, Enrolment.station_id))
        if station.retired:
            raise refuse(UnknownCode(text="enrolment"))
        return OpenedScreen(station.code, station.screens)

    return _stored(database, opened)


def is_open(session: Session, screen: OpenedScreen) -> bool:
    """Whether a screen was not ended since it was opened."""
    return session.scalar(select(Station.screens).where(Station.code == screen.station)) == screen.of


def end_codes(session: Session, station: int, now: datetime) -> None:
    """Whatever codes were given for a station's screen and not used yet open nothing any more."""
    given = update(Enrolment).where(Enrolment.station_id == station, Enrolment.used_at.is_(None))
    session.execute(given.values(used_at=now))


def enrol(database: Database, code: str, pin: str, password: str, now: datetime) -> str:
    """Use an invitation: set PIN and password; returns the badge. Raises `UnknownCode` when it is used or too old.

    Raises ValueError for a PIN or password of a wrong form; then the invitation is still good.
    """
    badge = _badge_invited(database, code)
    hashed = {"pin_hash": HASHER.hash(good_pin(pin, badge)), "password_hash": HASHER.hash(good_password(password))}

    def use(session: Session) -> str:
        person = session.get_one(Person, _used(session, code, now, Enrolment.person_id))
        if person.disabled:
            raise refuse(UnknownCode(text="enrolment"))
        _keep(session, person, **hashed)
        return person.badge

    return _stored(database, use)


def _badge_invited(database: Database, code: str) -> str:
    """Whose invitation this is or was; "" for none: what is wrong with the PIN is said first."""
    with database.read() as session:
        found = select(Person.badge).join(Enrolment, Enrolment.person_id == Person.id)
        return session.scalar(found.where(Enrolment.code_hash == sha256(code))) or ""


def _used(session: Session, code: str, now: datetime, of: Any) -> int:
    """Whose good code this was (`of`: a person's, a station's); of many who use it at once, one does."""
    good = Enrolment.code_hash == sha256(code), Enrolment.used_at.is_(None), Enrolment.expires_at >= now
    use = update(Enrolment).where(*good, of.is_not(None)).values(used_at=now).returning(of)
    found: int | None = session.scalar(use)
    if found is None:
        raise refuse(UnknownCode(text="enrolment"))
    return found


def _keep(session: Session, person: Person, **hashed: str) -> None:
    """Store what proves a person from now on; a new password ends the logins made with the old one."""
    credential = session.get(Credential, person.id) or Credential(person_id=person.id)
    for name, value in hashed.items():
        setattr(credential, name, value)
    session.add(credential)
    if "password_hash" in hashed:
        logins.end_all(session, person.id)


def _stored(database: Database, work: Callable[[Session], T]) -> T:
    """Do something in a transaction of its own."""

    def write(connection: Connection) -> T:
        with session_in(connection) as session:
            done = work(session)
            session.flush()
            return done

    return database.write(write)


def _fits(database: Database, badge: str, column: str, secret: str) -> bool:
    with database.read() as session:
        person = session.scalar(select(Person).where(Person.badge == badge, Person.disabled.is_(False)))
        credential = session.get(Credential, person.id) if person else None
        stored = getattr(credential, column, None)
    if column == "pin_hash" and secret.isdigit() and is_obvious(secret, badge):
        stored = None  # an old plant may still have one
    try:
        return HASHER.verify(stored or NOBODY, secret) and stored is not None
    except (VerifyMismatchError, VerificationError):
        return False


def _person(session: Session, badge: str) -> Person:
    person = session.scalar(select(Person).where(Person.badge == badge))
    if person is None:
        raise refuse(UnknownCode(text=badge))
    return person
