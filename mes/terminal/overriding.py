"""Letting a refusal pass at the terminal where it was spoken (F8, law 6): badge, PIN and reason of somebody entitled.

Exactly the refused request is asked again, as the same scan by the same person at the same station, with the override
bound to the very reasons that were shown; a new reason refuses again. PINs pass through and stay nowhere.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from mes.clock import Clock
from mes.commands import HalfWritten, Request, record
from mes.database import Database, session_in
from mes.journal import Event, Scan
from mes.masters.model import Plant, Station
from mes.memory import masters
from mes.people.access import verify_pin
from mes.people.model import Person
from mes.people.refusals import SignatureWrong
from mes.refusals import NotAllowed, OwnWork, Refusal, Refused, UnknownCode, both, refuse, revive
from mes.terminal.dialogue import Desk, Talk, sit_down
from mes.terminal.floor import NO_COMMAND, Floor
from mes.terminal.meanings import expected, meaning_of
from mes.terminal.refusals import GroundsForOverride, RefusalGone
from mes.terminal.register import tasks_of
from mes.terminal.reply import Answer, Reply, accepted, refused
from mes.terminal.scanning import ScanRequest, UnknownStation, read
from mes.transaction import Override


@dataclass(frozen=True)
class Overriding:
    """Who lets which reasons pass (their fingerprints, as shown), and why; the PIN is for the check alone."""

    station: str
    of: tuple[str, ...]
    badge: str
    pin: str = field(repr=False)
    reason: str


def override(database: Database, asked: Overriding, clock: Clock) -> Reply:
    """Ask the newest refused request of the station again; raises `UnknownStation`, and for the signature `Refused`."""
    if not asked.reason.strip():
        raise refuse(GroundsForOverride())
    _prove(database, asked, clock())
    try:
        return database.write(lambda connection: _override(connection, asked, clock()))
    except HalfWritten as half:
        late = half
        return database.write(lambda connection: _override(connection, asked, clock(), late))


def _prove(database: Database, asked: Overriding, now: datetime) -> None:
    """Check the PIN; a wrong one of somebody who exists is recorded as refused work at the station (law 1)."""

    def write(connection: Connection, wrong: Refused) -> None:
        with session_in(connection) as session:
            if masters(session).find(Person, badge=asked.badge):
                record(
                    session,
                    Request(NO_COMMAND, {"code": both("放行", "override")}, station=asked.station),
                    wrong.reasons,
                    now,
                )

    try:
        verify_pin(database, asked.badge, asked.pin, asked.station, now)
    except Refused as wrong:
        if isinstance(wrong.reasons[0], SignatureWrong):
            database.write(partial(write, wrong=wrong))
        raise


def _override(connection: Connection, asked: Overriding, now: datetime, half: HalfWritten | None = None) -> Reply:
    with session_in(connection) as session:
        found = sit_down(session, asked.station, "", now, tasks_of)
        if found is None:
            raise UnknownStation(asked.station)
        desk = found[0]
        desk.seat(masters(session), now)
        scanned = ScanRequest("", asked.station, "", now)
        floor = Floor(session, desk.station, desk.talk, scanned, now, now)
        try:
            answer, talk = _asked_again(floor, desk, asked, half)
        except Refused as reasons:
            return _refused_again(floor, desk, reasons.reasons)
        reply = accepted(str(uuid.uuid4()), answer)
        desk.keep(session, talk.but(sequence=None), reply.stored, floor.text, now)
        return reply


def _asked_again(floor: Floor, desk: Desk, asked: Overriding, half: HalfWritten | None) -> tuple[Answer, Talk]:
    session, event = floor.session, _newest_refused(floor, desk, asked)
    scanned = _as_it_came(session.get_one(Scan, event.scan_id), desk.station, floor.now)
    floor.scanned = scanned
    _require_entitled(session, event, asked)
    if half:
        raise floor.refused_late(half)
    floor.only = (event.kind, event.arguments)
    floor.overrides = tuple(Override(one, asked.badge, asked.reason.strip()) for one in asked.of)
    code = read(floor, scanned, masters(session).all(Plant)[0].site)
    if isinstance(code, Answer):
        raise refuse(RefusalGone(station=desk.station.code))
    return meaning_of(floor, code)


def _refused_again(floor: Floor, desk: Desk, reasons: tuple[Refusal, ...]) -> Reply:
    """What the door refused again is the newest refusal now; of anything else the old one stays, for another signer."""
    reply = refused(str(uuid.uuid4()), reasons, expected(desk.talk))
    if floor.recorded:
        desk.keep(floor.session, desk.talk.but(sequence=None), reply.stored, floor.text, floor.now)
    else:
        floor.record(reasons)
    return reply


def _newest_refused(floor: Floor, desk: Desk, asked: Overriding) -> Event:
    """The refused request that the screen shows; raises `RefusalGone` when anything happened since."""
    session, station = floor.session, desk.station
    spoken = Event.kind != NO_COMMAND, Event.station_id == station.id, Event.result == "refused"
    event = session.scalars(select(Event).where(*spoken).order_by(Event.id.desc()).limit(1)).first()
    prints = {reason.fingerprint for reason in _reasons(event)} if event else set()
    shown = json.loads(desk.recent[0])["reasons"] if desk.recent else []
    same = prints == {str(one["fingerprint"]) for one in shown}
    if event is None or event.scan_id is None or not same or not asked.of or set(asked.of) - prints:
        raise refuse(RefusalGone(station=station.code))
    acting = masters(session).find(Person, badge=desk.talk.badge)
    if acting is None or event.person_id != acting.id:
        raise refuse(RefusalGone(station=station.code))
    return event


def _reasons(event: Event) -> list[Refusal]:
    return [revive(one["code"], one["facts"]) for one in json.loads(event.reasons)]


def _require_entitled(session: Session, event: Event, asked: Overriding) -> None:
    """The signer has the role that each reason declares, and lets pass no work of his own (F8)."""
    signer = masters(session).find(Person, badge=asked.badge)
    if signer is None:
        raise refuse(UnknownCode(text=asked.badge))
    if signer.id == event.person_id:
        raise refuse(OwnWork(person=f"{signer.name_zh} {signer.badge}"))
    wanted = {reason.override for reason in _reasons(event) if reason.fingerprint in asked.of}
    missing = tuple(sorted(role.value for role in wanted - set(signer.roles) if role))
    if missing or None in wanted:
        person = f"{signer.name_zh} {signer.badge}"
        raise refuse(NotAllowed(command=event.kind, person=person, roles=missing))


def _as_it_came(scan: Scan, station: Station, now: datetime) -> ScanRequest:
    """The scan again: typed by hand if it was."""
    again = ScanRequest(scan.id, station.code, scan.code, now)
    by_hand = replace(again, typed=True)
    return by_hand if by_hand.content_hash == scan.content_hash else again
