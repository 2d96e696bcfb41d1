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
from functools import partial
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
from mes.refusals import CodeTooLong, MistypedCode, Refusal, Refused, UnknownCode, both
from mes.terminal import garbage, typed
from mes.terminal.dialogue import Desk, Talk, sit_down
from mes.terminal.floor import Asked, Floor
from mes.terminal.meanings import Taken, expected, meaning_of
from mes.terminal.model import DeviceState
from mes.terminal.moments import AHEAD, Moments, Sent, moments_of, told
from mes.terminal.refusals import ClockAhead, OtherKeyboard, OtherPlantsLabel, ScanIdReused, ScannedEarly, ScanTooOld
from mes.terminal.register import tasks_of
from mes.terminal.repeats import Before
from mes.terminal.reply import Answer, Reply, accepted, asking, refused
from mes.words import Words

LATE = timedelta(minutes=2)
ON_ITS_WAY = timedelta(seconds=2)
"""So much the way to the server may differ between two scans."""
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
    sent: Sent | None = None
    """When it was sent by the clock that dated it, and its number in the station's journal, if both are known."""
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
        found = sit_down(session, request.station, request.id, now, tasks_of)
        if found is None:
            raise UnknownStation(request.station)
        desk, known = found
        if request.token_hash not in (None, desk.station.token_hash):
            raise TokenEnded(request.station)
        if known is not None and known.content_hash == request.content_hash:
            return _reply_again(known.reply)
        if request.garbage and garbage.enough_recorded(session, desk.station.id, now):
            return refused(request.id, (garbage.named(request.garbage),), expected(desk.talk))
        reused: list[Refusal] = [ScanIdReused(scan=request.id)] if known else []
        request = _renamed(request) if known else request
        return _answered(session, desk, request, now, reused, half)


def _reply_again(first: str) -> Reply:
    stored: dict[str, Any] = json.loads(first)
    headline, expects = Words(**stored.pop("headline")), Words(**stored.pop("expects"))
    return Reply(headline=headline, expects=expects, **stored)


def _renamed(request: ScanRequest) -> ScanRequest:
    """The same content under a new id: it is recorded as refused, and the first outcome stays untouched (law 2)."""
    return replace(request, id=str(uuid.uuid4()))


def _answered(
    session: Session, desk: Desk, request: ScanRequest, now: datetime, problem: list[Refusal], half: HalfWritten | None
) -> Reply:
    moments = moments_of(request.scanned_at, request.sent, desk.talk.sequence, now, partial(_devices, session, desk))
    desk.seat(masters(session), moments.made_at)
    ahead = _ahead(request, now)
    problem = problem or ahead or _too_late(desk, request, moments, now)
    floor = Floor(session, desk.station, desk.talk, request, now, moments.counts_at)
    reply, talk = _answer(floor, desk, request, problem, half)
    if ahead:
        desk.note(session, reply.stored, request.code[:SHOWN_CODE], now)
    else:
        parked = reply.result == "refused" and now - moments.made_at > LATE
        number = desk.talk.sequence if problem else request.sent and request.sent.sequence
        after = talk.but(parked=parked, sequence=number)
        desk.keep(session, after, reply.stored, request.code[:SHOWN_CODE], moments.made_at)
    _remember(session, desk, request, now, reply)
    return reply


def _devices(session: Session, desk: Desk) -> DeviceState | None:
    return session.get(DeviceState, desk.station.id)


def _ahead(request: ScanRequest, now: datetime) -> list[Refusal]:
    """Law 11: what is dated ahead of the server is refused by name, and moves nothing."""
    skew = request.scanned_at - now
    return [ClockAhead(text=request.code[:SHOWN_CODE], skew=told(skew))] if skew > AHEAD else []


def _too_late(desk: Desk, request: ScanRequest, moments: Moments, now: datetime) -> list[Refusal]:
    """F7: never execute blindly what is older than its dialogue, nor the rest of a backlog after a refusal in it."""
    last = desk.talk.sequence
    next_one = last is not None and request.sent is not None and request.sent.follows(last)
    older = desk.version > 0 and not next_one and moments.made_at < desk.changed_at - ON_ITS_WAY
    parked = desk.talk.parked and now - moments.made_at > LATE
    return [ScanTooOld(text=request.code[:SHOWN_CODE])] if older or parked else []


def _answer(
    floor: Floor, desk: Desk, request: ScanRequest, problem: list[Refusal], half: HalfWritten | None
) -> tuple[Reply, Talk]:
    try:
        if half:
            raise floor.refused_late(half)
        if problem:
            raise Refused(problem)
        answer, talk = _meaning(floor, request, masters(floor.session).all(Plant)[0].site)
        return accepted(request.id, answer), talk
    except Refused as reasons:
        if not floor.recorded:
            floor.record(reasons.reasons)
        before = desk.talk.before if request.garbage else None
        return refused(request.id, reasons.reasons, expected(desk.talk)), desk.talk.but(before=before)


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
        return _typed(floor, request, site) if request.typed else _scanned(request.code, site)
    except codes.CodeError as error:
        raise Refused([_by_keyboard(request.code) or READ_ERRORS[error.reason](error)]) from error


def _scanned(text: str, site: int) -> codes.Code:
    """The code; in other letters (wide, small) only what its check character proves. Raises CodeError, `Refused`."""
    if not text.isascii() and (why := _by_keyboard(text)):
        raise Refused([why])  # no code of anything here has such signs
    try:
        return codes.parse(text, site)
    except codes.CodeError:
        if proved := codes.certain(text, site):
            return proved
        raise


def _by_keyboard(text: str) -> Refusal | None:
    """The cause, where a keyboard layout changed a code of ours on its way; never what was probably meant."""
    found = codes.keyboard_of(text.strip())
    return OtherKeyboard(text=text[:SHOWN_CODE], keyboard=both(found.zh, found.en)) if found else None


def _typed(floor: Floor, request: ScanRequest, site: int) -> Taken | Answer:
    parsed: codes.Code | codes.CodeError
    try:
        parsed = _scanned(request.code, site)
    except codes.CodeError as error:
        parsed = error
    return typed.meant(floor, request.code, parsed)


def _remember(session: Session, desk: Desk, request: ScanRequest, now: datetime, reply: Reply) -> None:
    session.connection().execute(
        WRITE_SCAN,
        {
            "id": request.id,
            "station_id": desk.station.id,
            "content_hash": request.content_hash,
            "code": request.code,
            "scanned_at": request.scanned_at,
            "received_at": now,
            "result": reply.result,
            "reply": reply.stored,
        },
    )


WRITE_SCAN = insert(table_of(Scan))
