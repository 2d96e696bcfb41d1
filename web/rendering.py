"""Makes the bytes of print jobs, ahead of the stations that ask for them or when one does; keeps them by their digest.

Nothing is kept that no decoder has read back (law 9). Rendering happens outside transactions; a job that cannot be made
fails with its reason and waits for a person.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from labels.errors import LabelError
from labels.layout import Layout
from labels.rendering import Rendered
from mes.database import Database
from mes.journal import Blob
from mes.labelling import print_queue
from mes.labelling.at_hand import printers_at
from mes.labelling.loaded_stock import printer_for, stocks_of
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobEvent, JobState
from mes.masters.model import Printer, Station
from mes.refusals import both
from web.paper import RUN_CARD, layout_and_revision, rendered, sizes_in, width_for

log = logging.getLogger(__name__)
MEDIA = {"pdf": "application/pdf"}
AHEAD = 20
"""Jobs of one station that are made in one round."""
# What a layout or its facts can be wrong in; anything else is a fault of ours and stops this job, not the queue.
FAULTS = (LabelError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Wanted:
    """Bytes to make: of which job, from what, for which kind of printer."""

    job_id: int
    layout: Layout | str | LabelError
    facts: dict[str, Any]
    language: str
    dpi: int
    width_mm: float
    copy: bool
    revision: int = 0
    """Of the plant's own layout; 0 for the one that came with Runcard."""

    @property
    def rendered_for(self) -> str:
        """What the bytes depend on besides the job: two printers of a kind take the same."""
        own = f" r{self.revision}" if self.revision else ""
        return f"{self.language} {self.dpi} {self.width_mm:g}{own}"


def wanted_of(session: Session, job: PrintJob, printer: Printer) -> Wanted:
    """What a job needs to be made for a printer."""
    width_mm = width_for(printer, sizes_in(session)(job.layout))
    layout, revision = _layout(session, job.layout)
    facts = json.loads(job.facts)
    return Wanted(job.id, layout, facts, printer.language, printer.dpi, width_mm, job.copy, revision)


def _layout(session: Session, name: str) -> tuple[Layout | str | LabelError, int]:
    try:
        return (name, 0) if name == RUN_CARD else layout_and_revision(session, name)
    except LabelError as error:
        return error, 0


def is_made(database: Database, wanted: Wanted) -> bool:
    """Whether the job has bytes for this kind of printer."""
    with database.read() as session:
        job = session.get_one(PrintJob, wanted.job_id)
        return job.sha256 is not None and job.rendered_for == wanted.rendered_for


def make(database: Database, wanted: Wanted, now: datetime) -> bool:
    """Render, prove and keep; False for what cannot be made: the job has failed, with the reason in both languages."""
    try:
        if isinstance(wanted.layout, LabelError):
            raise wanted.layout
        paper = rendered(wanted.layout, wanted.facts, wanted.language, wanted.dpi, wanted.width_mm, copy=wanted.copy)
    except FAULTS as error:
        why = _why(error)
        log.warning("print job %d cannot be made: %s", wanted.job_id, error)
        database.write(lambda connection: _give_up(connection, wanted.job_id, why, now))
        return False
    database.write(lambda connection: _keep(connection, wanted, paper))
    return True


def make_ahead(database: Database, now: datetime) -> int:
    """Make what waits at stations and has no bytes yet, for the printer that it will go to; returns how many."""
    return sum(make(database, wanted, now) for wanted in list(_unmade(database, now)))


def _unmade(database: Database, now: datetime) -> Iterator[Wanted]:
    with database.read() as session:
        raw = PrintJob.state == JobState.QUEUED, PrintJob.sha256.is_(None)
        stations = session.scalars(
            select(Station).where(Station.id.in_(select(PrintJob.station_id).where(*raw).distinct()))
        ).all()
        sizes_of = sizes_in(session)
        for station in stations:
            printers = printers_at(session, station, now)
            stocks = {stock for one in printers for stock in stocks_of(one.printer)}
            jobs = select(PrintJob).where(*raw, PrintJob.station_id == station.id, PrintJob.stock.in_(stocks))
            for job in session.scalars(jobs.order_by(PrintJob.id).limit(AHEAD)):
                at = printer_for(job.stock, sizes_of(job.layout), printers)
                if at:
                    yield wanted_of(session, job, at.printer)


def _why(error: Exception) -> str:
    if isinstance(error, LabelError):
        return both(error.in_chinese(), str(error))
    return both(f"无法制作：{error!r}", f"It cannot be made: {error!r}")


def _give_up(connection: Connection, job_id: int, why: str, now: datetime) -> None:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        job = session.get_one(PrintJob, job_id, with_for_update={"of": PrintJob})
        if print_queue.may(job, JobEvent.UNPRINTABLE):
            print_queue.happen(job, JobEvent.UNPRINTABLE, now, why)
        session.commit()


def _keep(connection: Connection, wanted: Wanted, paper: Rendered) -> None:
    """Note the bytes at the job, if it still waits and is still what it was when they were made."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        job = session.get_one(PrintJob, wanted.job_id, with_for_update={"of": PrintJob})
        if job.state != JobState.QUEUED or job.copy != wanted.copy:
            return
        if session.get(Blob, paper.sha256) is None:
            media = MEDIA.get(wanted.language, "application/octet-stream")
            session.add(Blob(sha256=paper.sha256, content=paper.content, media_type=media))
            session.flush()
        job.sha256, job.rendered_for = paper.sha256, wanted.rendered_for
        session.commit()
