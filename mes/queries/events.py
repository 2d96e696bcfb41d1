"""The journal as people read it: who did or tried what, where and when, and which rule spoke (law 1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.journal import Event
from mes.masters.model import Station
from mes.people.model import Person
from mes.queries.sentences import Reason, reason_of, sentence_of
from mes.trace.answers import Named
from mes.trace.looking import moment_text, named, zone_of
from mes.words import Words

PAGE = 100


@dataclass(frozen=True)
class EventFilter:
    """Which events to list; None means any. `before` is an event id, for the next page."""

    kind: str | None = None
    result: str | None = None
    person: str | None = None
    station: str | None = None
    before: int | None = None


@dataclass(frozen=True)
class EventRow:
    """One entry of the journal; `occurred_at` is the floor's time, `recorded_at` the door's."""

    id: int
    uuid: str
    kind: str
    result: str
    arguments: dict[str, Any]
    sentence: Words
    reasons: tuple[Reason, ...]
    overrides: tuple[dict[str, Any], ...]
    person: Named | None
    station: str | None
    scan_id: str | None
    occurred_at: str
    recorded_at: str


def events(session: Session, only: EventFilter | None = None, *, limit: int = PAGE) -> list[EventRow]:
    """The newest events first; the next page begins before the last id of this one."""
    only = only or EventFilter()
    query = (
        select(Event, Person.badge, Person.name_zh, Person.name_en, Station.code)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Station, Station.id == Event.station_id)
        .where(*_conditions(only))
        .order_by(Event.id.desc())
        .limit(limit)
    )
    zone = zone_of(session)
    return [
        _row(event, named(badge, zh, en), station, zone) for event, badge, zh, en, station in session.execute(query)
    ]


def _conditions(only: EventFilter) -> list[Any]:
    wanted = {Event.kind: only.kind, Event.result: only.result, Person.badge: only.person, Station.code: only.station}
    conditions: list[Any] = [column == value for column, value in wanted.items() if value is not None]
    return [*conditions, Event.id < only.before] if only.before is not None else conditions


def _row(event: Event, person: Named | None, station: str | None, zone: ZoneInfo) -> EventRow:
    arguments = json.loads(event.arguments)
    reasons = tuple(reason_of(one) for one in json.loads(event.reasons))
    return EventRow(
        id=event.id,
        uuid=event.uuid,
        kind=event.kind,
        result=event.result,
        arguments=arguments,
        sentence=sentence_of(event.kind, arguments, reasons),
        reasons=reasons,
        overrides=tuple(json.loads(event.overrides)),
        person=person,
        station=station,
        scan_id=event.scan_id,
        occurred_at=moment_text(event.occurred_at, zone),
        recorded_at=moment_text(event.recorded_at, zone),
    )
