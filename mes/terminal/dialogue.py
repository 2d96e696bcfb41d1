"""What a station is in the middle of: who is signed on, at which machine, and the tasks that are in hand.

Operational memory, not the plant's state: losing it costs a few scans, never a record. What is stored and no longer
understood (an older program wrote it) is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.journal import canonical
from mes.masters.model import Station
from mes.terminal.model import Dialogue
from mes.terminal.task import Task

IDLE_LIMIT = timedelta(minutes=60)
REMEMBERED = 12


@dataclass(frozen=True)
class Talk:
    """The state of one dialogue; in `hand` the station's own task comes first, what was begun on top of it after it."""

    hand: tuple[Task, ...]
    badge: str | None = None
    machine: str | None = None
    parked: bool = False

    def but(self, **changes: Any) -> Talk:
        """The same dialogue with some things changed."""
        return replace(self, **changes)

    @property
    def task(self) -> Task:
        """What the next scan is about."""
        return self.hand[-1]

    @property
    def stored(self) -> str:
        """As it stands in the database."""
        hand = [{"task": task.name, "state": asdict(task)} for task in self.hand]
        return canonical({"badge": self.badge, "machine": self.machine, "parked": self.parked, "hand": hand})


def revive(stored: str, tasks: tuple[type[Task], ...]) -> Talk:
    """The dialogue from its stored form, at a station that has these tasks; its own task is always in hand."""
    said = json.loads(stored)
    kinds = {one.name: one for one in tasks}
    hand = [found for one in said.get("hand", ()) if (found := _task(one, kinds))]
    if not hand or type(hand[0]) is not tasks[0]:
        hand = [tasks[0]()]
    return Talk(tuple(hand), said.get("badge"), said.get("machine"), bool(said.get("parked")))


def _task(said: Mapping[str, Any], kinds: Mapping[str, type[Task]]) -> Task | None:
    kind, state = kinds.get(said.get("task", "")), said.get("state")
    if kind is None or not isinstance(state, dict) or set(state) - {field.name for field in fields(kind)}:
        return None
    return kind(**state)


@dataclass
class Desk:
    """A station's dialogue as stored: its talk, its latest replies, and when it last changed (floor time)."""

    row: Dialogue
    talk: Talk
    recent: list[dict[str, Any]]

    @property
    def changed_at(self) -> datetime:
        """When the newest scan that this dialogue knows was made."""
        return self.row.changed_at

    def keep(self, talk: Talk, reply: dict[str, Any], code: str, at: datetime) -> None:
        """Store the dialogue after a scan, with the reply for the screen."""
        note = {"code": code, "at": at.isoformat(), **reply}
        self.talk, self.recent = talk, [note, *self.recent][:REMEMBERED]
        self.row.state, self.row.recent = talk.stored, canonical(self.recent)
        self.row.version += 1
        self.row.changed_at = max(at, self.row.changed_at)


def desk_of(session: Session, station: Station, tasks: tuple[type[Task], ...], at: datetime) -> Desk:
    """The station's dialogue; somebody idle for an hour is logged off (PINs and badges are personal)."""
    row = session.get(Dialogue, station.id, with_for_update=True)
    if row is None:
        row = Dialogue(station_id=station.id, state="{}", recent="[]", version=0, changed_at=at)
        session.add(row)
        session.flush()
    talk = revive(row.state, tasks)
    return Desk(row, talk.but(badge=None) if is_idle(row, at) else talk, json.loads(row.recent))


def is_idle(row: Dialogue, at: datetime) -> bool:
    """Whether nobody has scanned for so long that whoever was signed on is no longer."""
    return at - row.changed_at > IDLE_LIMIT


def signed_on(session: Session, station: str, at: datetime) -> str | None:
    """The badge of whoever is signed on at a station; nobody after an idle hour."""
    row = session.scalar(
        select(Dialogue).join(Station, Station.id == Dialogue.station_id).where(Station.code == station)
    )
    if row is None or is_idle(row, at):
        return None
    badge: str | None = json.loads(row.state).get("badge")
    return badge
