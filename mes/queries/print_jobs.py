"""The print queue as people look at it: what is to be printed where, and why something was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from mes.journal import Event
from mes.labelling import print_queue
from mes.labelling.model import Label, PrintJob
from mes.masters.model import Printer, Station
from mes.trace.looking import moment_text, zone_of

PAGE = 200


@dataclass(frozen=True)
class PrintJobRow:
    """One job of the outbox; state queued, leased, done, failed, unknown or cancelled.

    Without a station it waits until somebody at the goods' place asks for it (F5).
    """

    id: int
    title: str
    layout: str
    stock: str
    station: str | None
    printer: str | None
    label: str | None
    state: str
    copy: bool
    spoiled: bool
    reason: str | None
    asked_at: str
    finished_at: str | None


def print_jobs(
    session: Session,
    *,
    station: str | None = None,
    states: Iterable[str] = (),
    limit: int = PAGE,
    offset: int = 0,
    now: datetime | None = None,
) -> list[PrintJobRow]:
    """Print jobs, the newest first: all, or of a station, or in some states.

    With `now`, a job whose station was not heard of again is unknown, as it is for whoever settles it.
    """
    state = case((print_queue.untold(now), "unknown"), else_=PrintJob.state) if now else PrintJob.state
    query = (
        select(PrintJob, state, Station.code, Printer.code, Label.serial, Event.occurred_at)
        .outerjoin(Station, Station.id == PrintJob.station_id)
        .join(Event, Event.id == PrintJob.event_id)
        .outerjoin(Printer, Printer.id == PrintJob.printer_id)
        .outerjoin(Label, Label.id == PrintJob.label_id)
        .order_by(PrintJob.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if station:
        query = query.where(Station.code == station)
    if wanted := tuple(states):
        query = query.where(state.in_(wanted))
    zone = zone_of(session)
    return [
        PrintJobRow(
            id=job.id,
            title=job.title,
            layout=job.layout,
            stock=job.stock,
            station=place,
            printer=printer,
            label=serial,
            state=known,
            copy=job.copy,
            spoiled=job.spoiled,
            reason=job.reason if known == job.state else print_queue.EXPIRED,
            asked_at=moment_text(asked_at, zone),
            finished_at=moment_text(job.finished_at, zone) if job.finished_at else None,
        )
        for job, known, place, printer, serial, asked_at in session.execute(query)
    ]
