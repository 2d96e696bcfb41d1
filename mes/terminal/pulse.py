"""What a station's screen depends on, in one statement: its single rows, and a version of everything that it shows.

A screen changes with its dialogue, with what its devices say, with its print jobs (operational), and else only through
the one door: the journal's newest entries stand for everything behind it (law 1), their token for the masters. What
time alone changes (somebody is idle, a station fell silent, a lease ran out, a production day began) is asked here too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, case, func, select, true
from sqlalchemy.orm import Session

from mes.clock import production_day
from mes.database import UtcMoment
from mes.journal import Event
from mes.labelling.model import LabelLayout, PrintJob
from mes.labelling.print_queue import JobState
from mes.masters.model import Plant, Printer, Station
from mes.memory import TOKEN, Masters, recall
from mes.terminal.dialogue import Talk, revive
from mes.terminal.model import DeviceState, Dialogue, Reading
from mes.terminal.moments import SILENT_AFTER, skew_of
from mes.terminal.register import tasks_of

LATECOMERS = 1000
"""So many of the newest entries are counted: on PostgreSQL one may be seen only after another with a higher number."""
HERE: BindParameter[str] = bindparam("station")
NOW: BindParameter[datetime] = bindparam("now", type_=UtcMoment)
OPEN_JOBS = (JobState.QUEUED, JobState.LEASED, JobState.FAILED, JobState.UNKNOWN)


@dataclass(frozen=True)
class Pulse:
    """The single rows of a station's screen at one moment."""

    now: datetime
    station: Station
    known: Masters
    dialogue: Dialogue | None
    devices: DeviceState | None
    reading: Reading | None
    newest_layout: int | None
    counted: tuple[Any, ...]

    @property
    def plant(self) -> Plant:
        """The plant."""
        return self.known.all(Plant)[0]

    @property
    def printers(self) -> Sequence[Printer]:
        """The printers of the station."""
        return self.known.where(Printer, station_id=self.station.id, retired=False)

    @cached_property
    def said(self) -> dict[str, Any]:
        """What the station last said of itself."""
        return json.loads(self.devices.state) if self.devices else {}

    @property
    def seen_at(self) -> datetime | None:
        """When the station's program was last heard of; None while it sent no heartbeat."""
        return self.devices.seen_at if self.devices and "waiting" in self.said else None

    @property
    def skew(self) -> timedelta | None:
        """How far the station's clock was ahead of the server's at its last heartbeat."""
        return skew_of(self.devices)

    @property
    def silent(self) -> bool:
        """Whether the station's program should have been heard of since."""
        return bool(self.seen_at and self.now - self.seen_at > SILENT_AFTER)

    @cached_property
    def talk(self) -> Talk:
        """The dialogue; nobody is signed on after an idle hour."""
        talk = revive(self.dialogue.state if self.dialogue else "{}", tasks_of(self.station.role))
        return talk.as_at(self.known, self.dialogue.changed_at, self.now) if self.dialogue else talk

    @property
    def day(self) -> date:
        """The production day now."""
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """The production day of a moment."""
        return production_day(at, self.plant.zone, self.plant.day_starts)

    @property
    def version(self) -> str:
        """Changes with everything that the screen shows."""
        facts = (
            self.station.id,
            self.dialogue.version if self.dialogue else 0,
            self.talk.badge,
            self.talk.machine,
            self.devices.state if self.devices else "",
            str(self.seen_at),
            self.silent,
            self.reading.id if self.reading else "",
            str(self.day),
            *self.counted,
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def pulse_of(session: Session, code: str, now: datetime) -> Pulse | None:
    """The pulse of a station; None where there is no such station. One statement."""
    row = session.execute(PULSE, {"station": code, "now": now}).one_or_none()
    if row is None:
        return None
    station_id, token, dialogue, devices, reading, newest_layout, *counted = row
    known = recall(session, token)
    told = tuple(str(one) for one in (token, newest_layout, *counted))
    return Pulse(now, known.get(Station, station_id), known, dialogue, devices, reading, newest_layout, told)


def _pulse() -> Select[Any]:
    newest = select(func.max(Event.id)).scalar_subquery()
    jobs = _jobs().subquery()
    columns: list[Any] = [
        Station.id,
        TOKEN.scalar_subquery(),
        Dialogue,
        DeviceState,
        Reading,
        select(func.max(LabelLayout.id)).scalar_subquery(),
        newest,
        select(func.count()).where(Event.id > newest - LATECOMERS).scalar_subquery(),
        jobs,
    ]
    return (
        select(*columns)
        .select_from(Station)
        .join(jobs, true())
        .outerjoin(Dialogue, Dialogue.station_id == Station.id)
        .outerjoin(DeviceState, DeviceState.station_id == Station.id)
        .outerjoin(Reading, Reading.station_id == Station.id)
        .where(Station.code == HERE)
    )


def _jobs() -> Select[Any]:
    """What can be told of the station's open print jobs without reading them one by one."""
    ran_out = and_(PrintJob.state == JobState.LEASED, PrintJob.leased_until < NOW)
    columns: list[Any] = [
        func.count(PrintJob.id).label("jobs"),
        func.coalesce(func.sum(PrintJob.id), 0).label("which"),
        func.coalesce(func.sum(PrintJob.lease), 0).label("leases"),
        *(func.count(case((PrintJob.state == state, 1))).label(state.value) for state in OPEN_JOBS),
        func.count(case((ran_out, 1))).label("ran_out"),
    ]
    query = select(*columns).join(Station, Station.id == PrintJob.station_id)
    return query.where(Station.code == HERE, PrintJob.state.in_(OPEN_JOBS))


# Built once: a screen asks it every second.
PULSE = _pulse()
