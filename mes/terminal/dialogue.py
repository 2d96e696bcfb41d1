"""What a station is in the middle of: who is signed on, at which machine, and the tasks that are in hand.

Operational memory, not the plant's state: losing it costs a few scans, never a record. What is stored and no longer
understood (an older program wrote it) is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from mes.database import UtcMoment, table_of
from mes.journal import Scan, canonical
from mes.masters.model import Station
from mes.masters.shifts import shift_began
from mes.memory import TOKEN, Masters, masters, recall
from mes.terminal.model import Dialogue
from mes.terminal.repeats import Before
from mes.terminal.task import Task

IDLE_LIMIT = timedelta(minutes=60)
REMEMBERED = 12
BETWEEN = ",\n"
"""Between two replies: no JSON text has it within, so that eleven of them need not be read to add one."""


@dataclass(frozen=True)
class Talk:
    """The state of one dialogue; in `hand` the station's own task comes first, what was begun on top of it after it.

    `machine`: scanned by whoever is signed on, for the operation that is taken up next.
    """

    hand: tuple[Task, ...]
    badge: str | None = None
    machine: str | None = None
    parked: bool = False
    before: Before | None = None
    sequence: int | None = None
    """The number that the last scan has in its station's journal; None when it came another way."""

    def but(self, **changes: Any) -> Talk:
        """The same dialogue with some things changed."""
        return replace(self, **changes)

    def as_at(self, known: Masters, changed_at: datetime, at: datetime) -> Talk:
        """What is left of it later: who was idle is gone, and the machine ends with the person and the shift."""
        if is_idle(changed_at, at):
            return self.but(badge=None, machine=None, hand=tuple(one for one in self.hand if not one.personal))
        return self if shift_began(known, changed_at) == shift_began(known, at) else self.but(machine=None)

    @property
    def task(self) -> Task:
        """What the next scan is about."""
        return self.hand[-1]

    @property
    def stored(self) -> str:
        """As it stands in the database."""
        hand = [{"task": task.name, "state": vars(task)} for task in self.hand]
        before = vars(self.before) if self.before else None
        said = {"badge": self.badge, "machine": self.machine, "parked": self.parked, "sequence": self.sequence}
        return canonical({**said, "before": before, "hand": hand})


def revive(stored: str, tasks: tuple[type[Task], ...]) -> Talk:
    """The dialogue from its stored form, at a station that has these tasks; its own task is always in hand."""
    said = json.loads(stored)
    kinds = {one.name: one for one in tasks}
    hand = [found for one in said.get("hand", ()) if (found := _task(one, kinds))]
    if not hand or type(hand[0]) is not tasks[0]:
        hand = [tasks[0]()]
    talk = Talk(tuple(hand), said.get("badge"), said.get("machine"), bool(said.get("parked")))
    return talk.but(before=_before(said), sequence=said.get("sequence"))


def _before(said: Mapping[str, Any]) -> Before | None:
    stored = said.get("before")
    names = {field.name for field in fields(Before)}
    return Before(**stored) if isinstance(stored, dict) and set(stored) == names else None


def _task(said: Any, kinds: Mapping[str, type[Task]]) -> Task | None:
    if not isinstance(said, dict):
        return None
    kind, state = kinds.get(str(said.get("task"))), said.get("state")
    if kind is None or not isinstance(state, dict) or set(state) - {field.name for field in fields(kind)}:
        return None
    return kind(**state)


@dataclass
class Desk:
    """A station's dialogue as stored: its talk, its latest replies as JSON, and when its last scan was made."""

    station: Station
    talk: Talk
    recent: list[str]
    version: int
    changed_at: datetime

    def seat(self, known: Masters, at: datetime) -> None:
        """Whoever was idle for an hour until now is logged off (PINs and badges are personal)."""
        self.talk = self.talk.as_at(known, self.changed_at, at)

    def keep(self, session: Session, talk: Talk, reply: str, code: str, at: datetime) -> None:
        """Store the dialogue after a scan that was made at this moment, with the reply, as JSON, for the screen."""
        self.talk, self.changed_at = talk, max(at, self.changed_at) if self.version else at
        self.note(session, reply, code, at)

    def note(self, session: Session, reply: str, code: str, at: datetime) -> None:
        """Show the reply to a scan that changes nothing else about the dialogue."""
        told = f"{canonical({'at': at.isoformat(), 'code': code})[:-1]},{reply[1:]}"
        self.recent, self.version = [told, *self.recent][:REMEMBERED], self.version + 1
        changed = {
            "state": self.talk.stored,
            "recent": f"[{BETWEEN.join(self.recent)}]",
            "version": self.version,
            "changed_at": self.changed_at,
        }
        session.connection().execute(KEEP, {"of": self.station.id, **changed})


KEEP = update(table_of(Dialogue)).where(table_of(Dialogue).c.station_id == bindparam("of"))


@dataclass(frozen=True)
class Known:
    """What an earlier scan of the same id was about, and its reply as JSON."""

    content_hash: str
    reply: str


# One look for everything that a scan begins with: the dialogue, locked; the version of the masters; the scan's id.
SIT_DOWN = (
    select(
        Dialogue.station_id,
        Dialogue.state,
        Dialogue.recent,
        Dialogue.version,
        Dialogue.changed_at,
        Scan.content_hash,
        Scan.reply,
        TOKEN.scalar_subquery().label("masters"),
    )
    .select_from(Dialogue)
    .outerjoin(Scan, Scan.id == bindparam("scan"))
    .where(Dialogue.station_id == select(Station.id).where(Station.code == bindparam("station")).scalar_subquery())
    .with_for_update(of=Dialogue)
)


def sit_down(
    session: Session, station: str, scan: str, now: datetime, tasks_of: Callable[[str], tuple[type[Task], ...]]
) -> tuple[Desk, Known | None] | None:
    """The dialogue of a station, locked, and the scan of that id if there was one; None where there is no station."""
    row = session.connection().execute(SIT_DOWN, {"station": station, "scan": scan}).one_or_none()
    if row is None:
        here = masters(session).find(Station, code=station)
        if here is None:
            return None
        session.execute(FIRST_TIME, {"station": here.id, "at": now})
        return sit_down(session, station, scan, now, tasks_of)
    here = recall(session, row.masters).get(Station, row.station_id)
    talk = revive(row.state, tasks_of(here.role))
    desk = Desk(here, talk, _replies(row.recent), row.version, row.changed_at)
    return desk, Known(row.content_hash, row.reply) if row.content_hash else None


def _replies(stored: str) -> list[str]:
    return stored[1:-1].split(BETWEEN) if len(stored) > len("[]") else []


def is_idle(changed_at: datetime, at: datetime) -> bool:
    """Whether nobody has scanned for so long that whoever was signed on is no longer."""
    return at - changed_at > IDLE_LIMIT


FIRST_TIME = text(
    "INSERT INTO dialogue (station_id, state, recent, version, changed_at) VALUES (:station, '{}', '[]', 0, :at) "
    "ON CONFLICT (station_id) DO NOTHING"
).bindparams(bindparam("at", type_=UtcMoment))


def signed_on(session: Session, station: str, at: datetime) -> str | None:
    """The badge of whoever is signed on at a station; nobody after an idle hour."""
    here = masters(session).find(Station, code=station)
    row = session.get(Dialogue, here.id) if here else None
    if row is None or is_idle(row.changed_at, at):
        return None
    badge: str | None = json.loads(row.state).get("badge")
    return badge
