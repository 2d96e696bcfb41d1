"""Which print job goes to which print journal, and for how long: leases, in the order in which jobs were asked for.

A job goes only to a printer whose labels fit and that somebody vouches for (law 9); one whose outcome nobody knows
holds up no other. Jobs and leases are a delivery log, exempt from the one door (law 1). Makes no bytes: what a job's
paper is like comes in as `Papers`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from mes.labelling import print_queue
from mes.labelling.at_hand import SizesOf, printers_at
from mes.labelling.loaded_stock import AtHand, printer_for, stocks_of, takes
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobEvent, JobState
from mes.masters.model import Printer, Station

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
AT_ONCE = 4
"""Jobs that one printer is given at a time."""
LOOKED_AT = 500
REPORTED = {"done": JobEvent.PRINTED, "failed": JobEvent.NOT_PRINTED, "unknown": JobEvent.LOST}


@dataclass(frozen=True)
class Papers:
    """What the labels room knows of jobs: the sizes of a layout, and for what a job's bytes must be made to fit."""

    sizes_of: SizesOf
    made_for: Callable[[PrintJob, Printer], str]


@dataclass(frozen=True)
class Leased:
    """A job that a station may print now."""

    id: int
    printer: str
    title: str
    stock: str
    sha256: str
    copy: bool
    lease: int

    @property
    def json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "id": self.id,
            "printer": self.printer,
            "title": self.title,
            "stock": self.stock,
            "sha256": self.sha256,
            "copies": 1,
            "copy": self.copy,
            "lease": self.lease,
        }


def due(station: str, journal: str, now: datetime) -> Select[PrintJob]:
    """The leases to see to when a journal asks: its own to be renewed, those of another one that ran out."""
    at_station = select(Station.id).where(Station.code == station).scalar_subquery()
    ours = PrintJob.leased_by == journal, PrintJob.leased_until < now + LEASE / 2
    lost = PrintJob.leased_by != journal, PrintJob.leased_until < now
    return select(PrintJob).where(
        PrintJob.station_id == at_station, PrintJob.state == JobState.LEASED, or_(and_(*ours), and_(*lost))
    )


def keep(session: Session, station: str, journal: str, now: datetime) -> None:
    """Renew the leases of a journal that asks; those of another one that ran out are unknown."""
    for job in session.scalars(due(station, journal, now).with_for_update(of=PrintJob)).all():
        if job.leased_by == journal:
            job.leased_until = now + LEASE
        else:
            print_queue.give_up_waiting(job, now)


def held(session: Session, station: str, journal: str) -> list[Leased]:
    """What this journal has leased and not ended, in order.

    A job is listed until its result is known, so that an answer that got lost on its way costs nothing: the journal
    knows which jobs were begun, and no other journal is given a job that this one may have printed.
    """
    rows = session.execute(
        select(PrintJob, Printer)
        .join(Station, Station.id == PrintJob.station_id)
        .join(Printer, Printer.id == PrintJob.printer_id)
        .where(Station.code == station, PrintJob.state == JobState.LEASED, PrintJob.leased_by == journal)
        .order_by(PrintJob.id)
    )
    return [_listed(job, printer) for job, printer in rows]


def next_jobs(
    session: Session, station: str, holding: Iterable[Leased], papers: Papers, now: datetime
) -> list[tuple[PrintJob, Printer]]:
    """The next jobs for printers here that are ready for them, oldest first; at most `AT_ONCE` at each printer."""
    here = session.scalars(select(Station).where(Station.code == station)).one()
    printers = printers_at(session, here, now)
    busy = Counter(job.printer for job in holding)
    chosen: list[tuple[PrintJob, Printer]] = []
    for job in session.scalars(_waiting(here, printers)):
        at = printer_for(job.stock, papers.sizes_of(job.layout), printers)
        if at and at.ready and busy[at.printer.code] < AT_ONCE:
            busy[at.printer.code] += 1
            chosen.append((job, at.printer))
    return chosen


def _waiting(station: Station, printers: list[AtHand]) -> Select[PrintJob]:
    """The queued jobs whose stock a ready printer here has, in order."""
    ready = [one.printer for one in printers if one.ready]
    stocks = {stock for printer in ready for stock in stocks_of(printer)}
    query = select(PrintJob).where(PrintJob.station_id == station.id, PrintJob.state == JobState.QUEUED)
    return query.where(PrintJob.stock.in_(stocks)).order_by(PrintJob.id).limit(LOOKED_AT)


def take(
    session: Session, job_id: int, printer_id: int, made_for: str, journal: str, papers: Papers, now: datetime
) -> Leased | None:
    """Lease a job whose bytes are made, if it still waits, here, for these bytes and for what the printer now holds."""
    job = session.get_one(PrintJob, job_id, with_for_update={"of": PrintJob})
    right = _right_printer(session, job, printer_id, papers, now)
    still = print_queue.may(job, JobEvent.LEASE) and job.rendered_for == made_for
    if not still or right is None or not right.ready:
        return None
    print_queue.happen(job, JobEvent.LEASE, now)
    job.printer_id, job.leased_until, job.leased_by = printer_id, now + LEASE, journal
    return _listed(job, right.printer)


def paper_changed(session: Session, job_id: int, papers: Papers, now: datetime) -> bool:
    """Whether the printer of a leased job no longer holds its paper, or nobody vouches for that any more (law 9)."""
    job = session.get_one(PrintJob, job_id)
    right = _right_printer(session, job, job.printer_id, papers, now)
    return right is None or right.doubt is not None


def leased_job(session: Session, job_id: int, station: str, lease: int | None = None) -> PrintJob | None:
    """A leased job of this station; none for a lease that is over."""
    job = session.scalar(
        select(PrintJob)
        .join(Station, Station.id == PrintJob.station_id)
        .where(PrintJob.id == job_id, Station.code == station, PrintJob.state == JobState.LEASED)
    )
    return job if job and print_queue.is_of_now(job, lease) else None


def note(job: PrintJob, state: str, reason: str | None, now: datetime, lease: int | None = None) -> Printer | None:
    """Note what became of a job: done, failed (queued again), unknown (a person decides); the printer, if it counts.

    A result that comes twice, after a person has decided, or of a lease before, changes nothing.
    """
    if print_queue.is_of_now(job, lease) and print_queue.may(job, REPORTED[state]):
        printer = job.printer
        print_queue.happen(job, REPORTED[state], now, reason)
        return printer
    log.info("job %d is %s, lease %d: %s of lease %s is late", job.id, job.state, job.lease, state, lease)
    return None


def _listed(job: PrintJob, printer: Printer) -> Leased:
    return Leased(job.id, printer.code, job.title, job.stock, job.sha256 or "", job.copy, job.lease)


def _right_printer(
    session: Session, job: PrintJob, printer_id: int | None, papers: Papers, now: datetime
) -> AtHand | None:
    """The printer as it is now, if it stands where the job is to print, holds its paper, and its bytes fit that.

    Rolls are changed and labels are brought elsewhere while bytes are made and jobs wait at a station.
    """
    here = printers_at(session, job.station, now) if job.station else []
    found = next((one for one in here if one.printer.id == printer_id), None)
    if found is None or not takes(found.printer, job.stock, papers.sizes_of(job.layout)):
        return None
    return found if papers.made_for(job, found.printer) == job.rendered_for else None
