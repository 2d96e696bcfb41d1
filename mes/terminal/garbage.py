"""Bytes that gave no code, again and again: a loose plug beeps all night, and history cannot be cleaned.

So much of it is recorded per station and hour; what is more is answered alike and leaves nothing behind.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.journal import Event
from mes.refusals import both
from mes.terminal.floor import NO_COMMAND
from mes.terminal.refusals import GarbageScanned

RECORDED, WITHIN = 60, timedelta(hours=1)
GARBAGE = {
    "torn": both("断码", "torn"),
    "oversize": both("过长", "oversize"),
    "undecodable": both("乱码", "undecodable"),
}


def named(kind: str) -> GarbageScanned:
    """What is said of garbage of a kind."""
    return GarbageScanned(kind=GARBAGE.get(kind, kind))


def enough_recorded(session: Session, station: int, now: datetime) -> bool:
    """Whether so much garbage of a station stands in the journal of the last hour that more would say nothing new."""
    recorded = select(func.count()).where(
        Event.kind == NO_COMMAND,
        Event.recorded_at > now - WITHIN,
        Event.station_id == station,
        Event.reasons.startswith(f'[{{"code":"{GarbageScanned.code}"'),
    )
    return (session.scalar(recorded) or 0) >= RECORDED
