"""The one door: every change of the plant's state goes through `perform` (law 1).

It knows who may do what, opens the event, runs the command, and records accepted and refused work alike. A refused
command leaves nothing else behind: gates come first and writes last; one that was refused after it had begun to write
is rolled back as a whole. It contains no rule of any department.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

import mes.departments  # noqa: F401  every department registers its commands
from mes.clock import Clock
from mes.database import Database, session_in, statements_that_wrote, table_of
from mes.declaring import REGISTER, Argument, Declaration
from mes.given import Beside, Thing
from mes.journal import SCHEMA_VERSION, Effect, Entry, as_stored, canonical
from mes.masters.model import Plant, Station
from mes.memory import Masters, masters
from mes.people.model import Person
from mes.production import work
from mes.refusals import Misread, NotAllowed, OwnWork, Refusal, Refused, SignatureMissing, both, refuse
from mes.resolve import RESOLVERS
from mes.roles import ROLE_NAMES, Role
from mes.transaction import AT_WORK, Override, Transaction


@dataclass(frozen=True)
class Request:
    """What somebody asks for. `arguments` are JSON values and codes; `payload` travels beside the journal."""

    command: str
    arguments: Mapping[str, Any]
    person: str | None = None
    station: str | None = None
    scan_id: str | None = None
    occurred_at: datetime | None = None
    signed_by: str | None = None
    overrides: tuple[Override, ...] = ()
    payload: Any = None


@dataclass(frozen=True)
class Outcome:
    """What became of a request: its journal entry, the reasons when refused, the command's value when accepted."""

    event_id: int
    accepted: bool
    reasons: tuple[Refusal, ...] = ()
    value: Any = None
    overridden: list[dict[str, Any]] = field(default_factory=list)
    warned: tuple[Refusal, ...] = ()


class HalfWritten(Exception):
    """A command was refused after it had begun to write: its transaction goes, and only the refusal is recorded."""

    def __init__(self, request: Request, reasons: Sequence[Refusal]) -> None:
        super().__init__(request.command)
        self.request, self.reasons = request, tuple(reasons)


def perform(database: Database, request: Request, clock: Clock) -> Outcome:
    """Carry out a request in a transaction of its own; raises KeyError for a command nobody registered."""
    try:
        return database.write(lambda connection: perform_in(connection, request, clock()))
    except HalfWritten as half:
        reasons = half.reasons
        return database.write(lambda connection: record_refusal(connection, request, reasons, clock()))


def perform_in(connection: Connection, request: Request, now: datetime) -> Outcome:
    """Carry out a request inside the caller's transaction; raises `HalfWritten`, then nothing of it may be kept."""
    with session_in(connection) as session:
        return carry_out(session, request, now)


def carry_out(session: Session, request: Request, now: datetime) -> Outcome:
    """Carry out a request in the caller's session; raises `HalfWritten`."""
    before = statements_that_wrote(session)
    try:
        return _run(session, REGISTER[request.command], request, now)
    except Refused as refused:
        if statements_that_wrote(session) > before:
            raise HalfWritten(request, refused.reasons) from refused
        session.expunge_all()
        session.info.pop(work.SEEN, None)
        return record(session, request, refused.reasons, now)
    finally:
        session.info.pop(AT_WORK, None)


def _run(session: Session, spec: Declaration, request: Request, now: datetime) -> Outcome:
    tx = _transaction(session, spec, request, now)
    _check_rights(tx, spec, request.person)
    arguments = _resolve(tx, spec, request)
    value = spec.function(tx, **arguments)
    tx.write()
    session.connection().execute(WRITE_EFFECT, {"event_id": tx.event.id, "digest": tx.digest})
    return Outcome(tx.event.id, accepted=True, value=value, overridden=tx.overridden, warned=tuple(tx.warned))


WRITE_EFFECT = insert(table_of(Effect))


def _transaction(session: Session, spec: Declaration, request: Request, now: datetime) -> Transaction:
    known = masters(session)
    return Transaction(
        session=session,
        event=_entry(session, request, now, (), request.overrides),
        now=now,
        plant=known.all(Plant)[0],
        person=_person(known, request.person),
        station=_station(known, request.station),
        signer=_person(known, request.signed_by),
        rescue=spec.rescue,
        overrides=request.overrides,
    )


def _entry(
    session: Session, request: Request, now: datetime, reasons: tuple[Refusal, ...], overrides: tuple[Override, ...]
) -> Entry:
    known = masters(session)
    person, station = _person(known, request.person), _station(known, request.station)
    return Entry(
        session,
        {
            "uuid": str(uuid.uuid4()),
            "kind": request.command,
            "schema_version": SCHEMA_VERSION,
            "arguments": canonical(dict(request.arguments)),
            "result": "refused" if reasons else "accepted",
            "reasons": as_stored(reasons),
            "overrides": canonical([_signed_away(one) for one in overrides]),
            "person_id": person.id if person else None,
            "station_id": station.id if station else None,
            "scan_id": request.scan_id,
            "occurred_at": request.occurred_at or now,
            "recorded_at": now,
        },
    )


def _signed_away(override: Override) -> dict[str, str]:
    return {"of": override.fingerprint, "by": override.badge, "reason": override.reason}


def _person(known: Masters, badge: str | None) -> Person | None:
    return known.find(Person, badge=badge) if badge else None


def _station(known: Masters, code: str | None) -> Station | None:
    return known.find(Station, code=code) if code else None


def _check_rights(tx: Transaction, spec: Declaration, badge: str | None) -> None:
    """Deny by default: the acting person needs one of the command's roles; a signature is the person's own (F8).

    Only who names nobody is the program itself: an unknown badge is nobody, and may nothing.
    """
    who = tx.person.shown if tx.person else badge or both(*ROLE_NAMES[Role.SYSTEM])
    if not _roles(tx.person, badge) & spec.roles:
        raise refuse(NotAllowed(command=spec.name, person=who, roles=tuple(sorted(spec.roles))))
    if spec.signed and tx.signer is None:
        raise refuse(SignatureMissing(command=spec.name))
    if spec.signed and tx.signer is not tx.person:
        raise refuse(OwnWork(person=who))


def _roles(person: Person | None, badge: str | None) -> frozenset[Role]:
    if person is None:
        return frozenset() if badge else frozenset({Role.SYSTEM})
    return frozenset() if person.disabled else person.roles


def _resolve(tx: Transaction, spec: Declaration, request: Request) -> dict[str, Any]:
    """Turn codes into the things they name, by the command's own declaration; refuses unknown ones."""
    given = dict(request.arguments)
    if "payload" in spec.arguments:
        given["payload"] = request.payload
    unknown = set(given) - set(spec.arguments)
    if unknown:
        raise TypeError(f"{spec.name} has no argument {', '.join(sorted(unknown))}")
    if wrong := [one for name, value in given.items() for one in _misread(spec.arguments[name], value)]:
        raise refuse(*wrong)
    return {name: _resolved(tx, spec.arguments[name], value) for name, value in given.items()}


def _misread(wanted: Argument, value: Any) -> list[Refusal]:
    """What is wrong with the form of a value: every face is judged here, also one that did not look before it asked."""
    problem = None if isinstance(wanted.given, Beside) else wanted.problem(value)
    return [Misread(both(wanted.words.zh, wanted.words.en), both(problem.zh, problem.en))] if problem else []


def _resolved(tx: Transaction, wanted: Argument, value: Any) -> Any:
    if not isinstance(wanted.given, Thing) or value is None:
        return value
    *others, last = (RESOLVERS[kind] for kind in wanted.given.kinds)
    for resolver in others:
        found = resolver.try_find(tx, str(value))
        if found is not None:
            return found
    return last.find(tx, str(value))


def record_refusal(connection: Connection, request: Request, reasons: Sequence[Refusal], now: datetime) -> Outcome:
    """Write down a refusal, inside the caller's transaction (law 1: refused work is recorded)."""
    with session_in(connection) as session:
        return record(session, request, reasons, now)


def record(session: Session, request: Request, reasons: Sequence[Refusal], now: datetime) -> Outcome:
    """The same in the caller's session; a terminal speaks refusals too, before any command is reached."""
    entry = _entry(session, request, now, tuple(reasons), ())
    return Outcome(entry.id, accepted=False, reasons=tuple(reasons))
