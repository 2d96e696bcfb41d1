"""The print queue at the server's side: leases jobs to stations, notes what became of them.

A delivery log, exempt from the one door (law 1). A job goes only to a printer whose labels fit and that somebody
vouches for (law 9), in the order in which jobs were asked for; one whose outcome nobody knows holds up no other.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy.orm import Session

from mes.database import Database
from mes.journal import Blob
from mes.labelling import print_queue
from mes.labelling.loaded_stock import AtHand, printer_for, stocks_of, takes
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobEvent, JobState
from mes.masters.model import Printer, Station
from mes.terminal import devices
from mes.terminal.devices import printers_at
from web.paper import sizes_in
from web.rendering import Wanted, is_made, make, wanted_of

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
AT_ONCE = 4
"""Jobs that one printer is given at a time."""
BUDGET_S = 0.5
"""How long one request may go on making bytes that nobody made ahead."""
LOOKED_AT = 500
PAPER_CHANGED = "paper_changed"
"""What a station says of a job whose bytes it was not given: nothing is wrong with the printer."""
REPORTED = {"done": JobEvent.PRINTED, "failed": JobEvent.NOT_PRINTED, "unknown": JobEvent.LOST}


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


def lease_jobs(database: Database, station: str, journal: str, now: datetime) -> list[Leased]:
    """Every job that this print journal holds, in order, topped up with the station's next ones, rendered and proved.

    A job is listed until its result is known, so that an answer that got lost on its way costs nothing: the journal
    knows which jobs were begun, and no other journal is given a job that this one may have printed.
    """
    _keep_leases(database, station, journal, now)
    held = _held(database, station, journal)
    started, cold = time.monotonic(), 0
    for wanted, printer_id in _next_jobs(database, station, Counter(job.printer for job in held), now):
        if not is_made(database, wanted):
            if cold and time.monotonic() - started > BUDGET_S:
                break  # one is always made, so that a slow machine prints too
            cold += 1
            if not make(database, wanted, now):
                continue
        leased = database.write(partial(_take, wanted=wanted, printer_id=printer_id, journal=journal, now=now))
        held += [leased] if leased else []
    return sorted(held, key=lambda job: job.id)


def content_of(session: Session, job_id: int, station: str, lease: int | None = None) -> tuple[bytes, str] | None:
    """The bytes of a leased job of this station, and their media type; none for a lease that is over."""
    row = session.execute(
        select(Blob.content, Blob.media_type, PrintJob)
        .join(PrintJob, PrintJob.sha256 == Blob.sha256)
        .join(Station, Station.id == PrintJob.station_id)
        .where(PrintJob.id == job_id, Station.code == station, PrintJob.state == JobState.LEASED)
    ).first()
    return (row[0], row[1]) if row and print_queue.is_of_now(row[2], lease) else None


def paper_changed(session: Session, job_id: int, now: datetime) -> bool:
    """Whether the printer of a leased job no longer holds its paper, or nobody vouches for that any more (law 9)."""
    job = session.get_one(PrintJob, job_id)
    right = _right_printer(session, job, job.printer_id, now)
    return right is None or right.doubt is not None


def note_result(
    database: Database,
    job_id: int,
    station: str,
    state: str,
    reason: str | None,
    now: datetime,
    lease: int | None = None,
) -> bool:
    """Note what became of a job: done, failed (queued again), unknown (a person decides). False for no such job."""

    def note(connection: Connection) -> bool:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            job = session.scalar(
                select(PrintJob)
                .join(Station, Station.id == PrintJob.station_id)
                .where(PrintJob.id == job_id, Station.code == station)
                .with_for_update(of=PrintJob)
            )
            if job is None:
                return False
            # A result that comes twice, after a person has decided, or of a lease before, changes nothing.
            counts = print_queue.is_of_now(job, lease) and print_queue.may(job, REPORTED[state])
            printer = job.printer.code if job.printer and counts else None
            if counts:
                print_queue.happen(job, REPORTED[state], now, reason)
            else:
                log.info("job %d is %s, lease %d: %s of lease %s is late", job_id, job.state, job.lease, state, lease)
            session.commit()
        if printer:
            _note_printer(connection, station, printer, state, reason, now)
        return True

    return database.write(note)


def _note_printer(
    connection: Connection, station: str, printer: str, state: str, reason: str | None, now: datetime
) -> None:
    """A printer that failed gets no more until it is well; whatever it said of a cover is doubt of its paper."""
    if state == "failed" and reason != PAPER_CHANGED:
        devices.printer_failed(connection, station, printer, reason, now)
    elif state == "unknown":
        devices.doubt_if_opened(connection, station, printer, devices.words_of(reason), now)


def _keep_leases(database: Database, station: str, journal: str, now: datetime) -> None:
    """Renew the leases of a journal that asks; those of another one that ran out are unknown. Mostly nothing is due."""
    at_station = select(Station.id).where(Station.code == station).scalar_subquery()
    ours = PrintJob.leased_by == journal, PrintJob.leased_until < now + LEASE / 2
    lost = PrintJob.leased_by != journal, PrintJob.leased_until < now
    due = select(PrintJob).where(
        PrintJob.station_id == at_station, PrintJob.state == JobState.LEASED, or_(and_(*ours), and_(*lost))
    )
    with database.read() as session:
        if session.scalar(due.limit(1)) is None:
            return

    def keep(connection: Connection) -> None:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            for job in session.scalars(due.with_for_update(of=PrintJob)).all():
                if job.leased_by == journal:
                    job.leased_until = now + LEASE
                else:
                    print_queue.give_up_waiting(job, now)
            session.commit()

    database.write(keep)


def _held(database: Database, station: str, journal: str) -> list[Leased]:
    """What this journal has leased and not ended, in order."""
    with database.read() as session:
        rows = session.execute(
            select(PrintJob, Printer)
            .join(Station, Station.id == PrintJob.station_id)
            .join(Printer, Printer.id == PrintJob.printer_id)
            .where(Station.code == station, PrintJob.state == JobState.LEASED, PrintJob.leased_by == journal)
            .order_by(PrintJob.id)
        )
        return [_listed(job, printer) for job, printer in rows]


def _listed(job: PrintJob, printer: Printer) -> Leased:
    return Leased(job.id, printer.code, job.title, job.stock, job.sha256 or "", job.copy, job.lease)


def _next_jobs(database: Database, station: str, held: Counter[str], now: datetime) -> list[tuple[Wanted, int]]:
    """The next jobs for printers here that are ready for them, oldest first; at most `AT_ONCE` at each printer."""
    with database.read() as session:
        here = session.scalars(select(Station).where(Station.code == station)).one()
        printers = printers_at(session, here, now)
        sizes_of = sizes_in(session)
        chosen: list[tuple[Wanted, int]] = []
        for job in session.scalars(_waiting(here, printers)):
            at = printer_for(job.stock, sizes_of(job.layout), printers)
            if at and at.ready and held[at.printer.code] < AT_ONCE:
                held[at.printer.code] += 1
                chosen.append((wanted_of(session, job, at.printer), at.printer.id))
        return chosen


def _waiting(station: Station, printers: Sequence[AtHand]) -> Any:
    """The queued jobs whose stock a ready printer here has, in order."""
    ready = [one.printer for one in printers if one.ready]
    stocks = {stock for printer in ready for stock in stocks_of(printer)}
    query = select(PrintJob).where(PrintJob.station_id == station.id, PrintJob.state == JobState.QUEUED)
    return query.where(PrintJob.stock.in_(stocks)).order_by(PrintJob.id).limit(LOOKED_AT)


def _take(connection: Connection, wanted: Wanted, printer_id: int, journal: str, now: datetime) -> Leased | None:
    """Lease a job whose bytes are made, if it still waits, here, for these bytes and for what the printer now holds."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        job = session.get_one(PrintJob, wanted.job_id, with_for_update={"of": PrintJob})
        right = _right_printer(session, job, printer_id, now)
        still = print_queue.may(job, JobEvent.LEASE) and job.rendered_for == wanted.rendered_for
        if not still or right is None or not right.ready:
            return None
        print_queue.happen(job, JobEvent.LEASE, now)
        job.printer_id, job.leased_until, job.leased_by = printer_id, now + LEASE, journal
        leased = _listed(job, right.printer)
        session.commit()
        return leased


def _right_printer(session: Session, job: PrintJob, printer_id: int | None, now: datetime) -> AtHand | None:
    """The printer as it is now, if it stands where the job is to print, holds its paper, and its bytes fit that.

    Rolls are changed and labels are brought elsewhere while bytes are made and jobs wait at a station.
    """
    here = printers_at(session, job.station, now) if job.station else []
    found = next((one for one in here if one.printer.id == printer_id), None)
    if found is None or not takes(found.printer, job.stock, sizes_in(session)(job.layout)):
        return None
    return found if wanted_of(session, job, found.printer).rendered_for == job.rendered_for else None
