"""The terminal: one scan in, one reply out, in one transaction with everything it causes (how a scan travels).

Parses the code, looks at the station's dialogue, asks the door, and remembers the reply under the scan's own id, so
that a repeated scan gets its first outcome and nothing happens twice (law 2).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mes import codes
from mes.clock import Clock
from mes.commands import HalfWritten
from mes.database import Database, session_in, table_of
from mes.journal import Scan, digest_of
from mes.masters.model import Plant
from mes.memory import masters
from mes.refusals import CodeTooLong, MistypedCode, Refusal, Refused, UnknownCode
from mes.terminal import garbage, typed
from mes.terminal.dialogue import Desk, Talk, sit_down
from mes.terminal.floor import Asked, Floor
from mes.terminal.meanings import Taken, expected, meaning_of
from mes.terminal.refusals import OtherPlantsLabel, ScanIdReused, ScannedEarly, ScanTooOld
from mes.terminal.register import tasks_of
from mes.terminal.repeats import Before
from mes.terminal.reply import Answer, Reply, accepted, asking, refused
from mes.words import Words

LATE = timedelta(minutes=2)
SHOWN_CODE = 60


@dataclass(frozen=True)
class ScanRequest:
    """One scan as the station sent it; `garbage` says what was wrong with bytes that gave no whole code.

    `typed`: a person typed it, so that words and bare numbers mean something too. `token_hash`: of the token that came
    with it, which must be the station's when the scan is carried out.
    """

    id: str
    station: str
    code: str
    scanned_at: datetime
    garbage: str | None = None
    typed: bool = False
    token_hash: str | None = None
    read_at: datetime | None = None
    """When it was read, for comparing with the scan before, where `scanned_at` is forgiving."""

    @property
    def content_hash(self) -> str:
        """What an id is bound to: station and content."""
        return digest_of([self.station, self.code, self.garbage, *(["typed"] if self.typed else [])])


class UnknownStation(Exception):
    """No station of that code: the token and the configuration do not fit."""


class TokenEnded(Exception):
    """The token that came with a scan is not, or no longer, the station's."""


def scan(database: Database, request: ScanRequest, clock: Clock) -> Reply:
    """Carry out one scan; the same scan again gets the same reply. Raises `UnknownStation`, `TokenEnded`."""
    try:
        return database.write(lambda connection: _scan(connection, request, clock()))
    except HalfWritten as half:
        late = half
        return database.write(lambda connection: _scan(connection, request, clock(), late))
    except IntegrityError as error:
        if "scan_has_one_key" not in str(error.orig):
            raise
        # The same scan came twice at once, and this one lost the race: now there is an outcome to give again.
        return database.write(lambda connection: _scan(connection, request, clock()))


def _scan(connection: Connection, request: ScanRequest, now: datetime, half: HalfWritten | None = None) -> Reply:
    with session_in(connection) as session:
        found = sit_down(session, request.station, request.id, request.scanned_at, tasks_of)
        if found is None:
            raise UnknownStation(request.station)
        desk, known = found
        if request.token_hash not in (None, desk.station.token_hash):
            raise TokenEnded(request.station)
        if known is not None and known.content_hash == request.content_hash:
            return _reply_again(known.reply)
        if request.garbage and garbage.enough_recorded(session, desk.station.id, now):
            return refused(request.id, (garbage.named(request.garbage),), expected(desk.talk))
        problem: list[Refusal] = _too_late(desk, request, now)
        if known is not None:
            problem = [ScanIdReused(scan=request.id)]
            request = _renamed(request)
        reply, talk = _answer(session, desk, request, now, problem, half)
        told = reply.stored
        desk.keep(session, talk, told, request.code[:SHOWN_CODE], request.scanned_at)
        _remember(session, desk, request, now, reply.result, told)
        return reply


def _reply_again(first: str) -> Reply:
    stored: dict[str, Any] = json.loads(first)
    headline, expects = Words(**stored.pop("headline")), Words(**stored.pop("expects"))
    return Reply(headline=headline, expects=expects, **stored)


def _renamed(request: ScanRequest) -> ScanRequest:
    """The same content under a new id: it is recorded as refused, and the first outcome stays untouched (law 2)."""
    return replace(request, id=str(uuid.uuid4()))


def _too_late(desk: Desk, request: ScanRequest, now: datetime) -> list[Refusal]:
    """F7: never execute blindly what is older than its dialogue, nor the rest of a backlog after a refusal in it."""
    older = desk.version > 0 and request.scanned_at < desk.changed_at
    parked = desk.talk.parked and now - request.scanned_at > LATE
    return [ScanTooOld(text=request.code[:SHOWN_CODE])] if older or parked else []


def _answer(
    session: Session, desk: Desk, request: ScanRequest, now: datetime, problem: list[Refusal], half: HalfWritten | None
) -> tuple[Reply, Talk]:
    floor = Floor(session, desk.station, desk.talk, request, now)
    try:
        if half:
            raise floor.refused_late(half)
        if problem:
            raise Refused(problem)
        answer, talk = _meaning(floor, request, masters(session).all(Plant)[0].site)
        return accepted(request.id, answer), talk.but(parked=False)
    except Refused as reasons:
        if not floor.recorded:
            floor.record(reasons.reasons)
        late = now - request.scanned_at > LATE
        before = desk.talk.before if request.garbage else None
        return refused(request.id, reasons.reasons, expected(desk.talk)), desk.talk.but(parked=late, before=before)


READ_ERRORS: dict[str, Callable[[codes.CodeError], Refusal]] = {
    "unknown_code": lambda error: UnknownCode(text=str(error.facts["text"])[:SHOWN_CODE]),
    "mistyped_code": lambda error: MistypedCode(text=str(error.facts["text"])[:SHOWN_CODE]),
    "code_too_long": lambda error: CodeTooLong(length=int(error.facts["length"])),
    "other_plants_label": lambda error: OtherPlantsLabel(
        text=str(error.facts["text"])[:SHOWN_CODE], site=int(error.facts["site"])
    ),
}


def _meaning(floor: Floor, request: ScanRequest, site: int) -> tuple[Answer, Talk]:
    """Do what the scan means; raises `Refused`."""
    if request.garbage == "early":
        raise Refused([ScannedEarly(text=request.code[:SHOWN_CODE])])
    if request.garbage:
        raise Refused([garbage.named(request.garbage)])
    read_at, before = request.read_at or request.scanned_at, floor.talk.before
    if before and (repeat := before.repeated(request.code, read_at)):
        answer, again = repeat
        return replace(answer, expects=expected(floor.talk)), floor.talk.but(before=again)
    floor.confirmed = before.confirms(request.code, read_at) if before else None
    code = read(floor, request, site)
    if isinstance(code, Answer):
        return replace(code, expects=expected(floor.talk)), floor.talk.but(before=None)
    answer, talk = _made_sure(floor, code)
    return answer, talk.but(before=Before.of(request.code, read_at, answer, floor.twice))


def _made_sure(floor: Floor, code: Taken) -> tuple[Answer, Talk]:
    """Do what the code means, or ask first whether it is meant: then all stays as it was."""
    as_it_was = floor.talk
    try:
        return meaning_of(floor, code)
    except Asked as asked:
        return replace(asking(asked.question), expects=expected(as_it_was)), as_it_was


def read(floor: Floor, request: ScanRequest, site: int) -> Taken | Answer:
    """What was scanned or typed, or the question which of several things was meant; raises `Refused`."""
    try:
        return _typed(floor, request, site) if request.typed else codes.parse(request.code, site)
    except codes.CodeError as error:
        raise Refused([READ_ERRORS[error.reason](error)]) from error


def _typed(floor: Floor, request: ScanRequest, site: int) -> Taken | Answer:
    parsed: codes.Code | codes.CodeError
    try:
        parsed = codes.parse(request.code, site)
    except codes.CodeError as error:
        parsed = error
    return typed.meant(floor, request.code, parsed)


def _remember(session: Session, desk: Desk, request: ScanRequest, now: datetime, result: str, told: str) -> None:
    session.connection().execute(
        WRITE_SCAN,
        {
            "id": request.id,
            "station_id": desk.station.id,
            "content_hash": request.content_hash,
            "code": request.code,
            "scanned_at": request.scanned_at,
            "received_at": now,
            "result": result,
            "reply": told,
        },
    )


WRITE_SCAN = insert(table_of(Scan))
