"""What a station is in the middle of: who is signed on, which machine, card, order or destination is in hand.

Operational memory, not the plant's state: losing it costs a few scans, never a record.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.journal import canonical
from mes.masters.model import Station
from mes.terminal.model import Dialogue

IDLE_LIMIT = timedelta(minutes=60)
REMEMBERED = 12


@dataclass(frozen=True)
class Talk:
    """The state of one dialogue; codes only."""

    badge: str | None = None
    machine: str | None = None
    operation: str | None = None
    destination: str | None = None
    order: str | None = None
    product: str | None = None
    reason: str | None = None
    mode: str | None = None
    unit: str | None = None
    pallet: str | None = None
    roll: str | None = None
    printer: str | None = None
    parked: bool = False

    def but(self, **changes: Any) -> Talk:
        """The same dialogue with some things changed."""
        return replace(self, **changes)


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
        self.row.state, self.row.recent = canonical(asdict(talk)), canonical(self.recent)
        self.row.version += 1
        self.row.changed_at = max(at, self.row.changed_at)


def desk_of(session: Session, station: Station, at: datetime) -> Desk:
    """The station's dialogue; somebody idle for an hour is logged off (PINs and badges are personal)."""
    row = session.get(Dialogue, station.id, with_for_update=True)
    if row is None:
        row = Dialogue(station_id=station.id, state="{}", recent="[]", version=0, changed_at=at)
        session.add(row)
        session.flush()
    talk = Talk(**json.loads(row.state))
    if at - row.changed_at > IDLE_LIMIT:
        talk = talk.but(badge=None)
    return Desk(row, talk, json.loads(row.recent))


def signed_on(session: Session, station: str, at: datetime) -> str | None:
    """The badge of whoever is signed on at a station; nobody after an idle hour."""
    row = session.scalar(
        select(Dialogue).join(Station, Station.id == Dialogue.station_id).where(Station.code == station)
    )
    if row is None or at - row.changed_at > IDLE_LIMIT:
        return None
    return Talk(**json.loads(row.state)).badge
