"""The print queue at the server's side: renders and proves jobs, leases them to stations, notes what became of them.

A delivery log, exempt from the one door (law 1). A job goes only to a printer whose loaded stock fits (law 9); nothing
leaves unless a decoder has read its codes back from the rendered picture.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update
from sqlalchemy.orm import Session

from labels.errors import LabelError
from labels.rendering import Rendered
from mes.database import Database
from mes.journal import Blob
from mes.plant.model import Printer, Station
from mes.stock.model import PrintJob
from web.paper import rendered

LEASE = timedelta(minutes=2)
AT_ONCE = 4
MEDIA = {"pdf": "application/pdf"}


@dataclass(frozen=True)
class Leased:
    """A job that a station may print now."""

    id: int
    printer: str
    title: str
    stock: str
    sha256: str
    copy: bool

    @property
    def json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"id": self.id, "printer": self.printer, "title": self.title, "stock": self.stock,
                "sha256": self.sha256, "copies": 1, "copy": self.copy}  # fmt: skip


def lease_jobs(database: Database, station: str, journal: str, now: datetime) -> list[Leased]:
    """Every job that this print journal holds, in order, topped up with the station's next ones, rendered and proved.

    A job is listed until its result is known, so that an answer that got lost on its way costs nothing: the journal
    knows which jobs were begun, and no other journal is given a job that this one may have printed.
    """
    _keep_leases(database, station, journal, now)
    held = _held(database, station, journal)
    for job_id, printer_id in _next_jobs(database, station, AT_ONCE - len(held)):
        leased = _lease(database, job_id, printer_id, journal, now)
        if leased:
            held.append(leased)
    return sorted(held, key=lambda job: job.id)


def content_of(session: Session, job_id: int, station: str) -> tuple[bytes, str] | None:
    """The bytes of a leased job of this station, and their media type."""
    row = session.execute(
        select(Blob.content, Blob.media_type)
        .join(PrintJob, PrintJob.sha256 == Blob.sha256)
        .join(Station, Station.id == PrintJob.station_id)
        .where(PrintJob.id == job_id, Station.code == station, PrintJob.state == "leased")
    ).first()
    return (row[0], row[1]) if row else None


def note_result(database: Database, job_id: int, station: str, state: str, reason: str | None, now: datetime) -> bool:
    """Note what became of a job: done, failed (queued again), unknown (a person decides). False for no such job."""

    def note(connection: Connection) -> bool:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            job = session.scalar(
                select(PrintJob).join(Station, Station.id == PrintJob.station_id)
                .where(PrintJob.id == job_id, Station.code == station)
            )  # fmt: skip
            if job is None:
                return False
            _note(job, state, reason, now)
            session.commit()
            return True

    return database.write(note)


def _note(job: PrintJob, state: str, reason: str | None, now: datetime) -> None:
    if job.state != "leased":  # a result that comes twice, or after a person has decided, changes nothing
        return
    job.reason, job.leased_until, job.leased_by = reason, None, None
    if state == "failed":  # nothing was printed: it waits its turn again
        job.state, job.printer_id = "queued", None
        return
    job.state, job.finished_at = state, now


def _keep_leases(database: Database, station: str, journal: str, now: datetime) -> None:
    """Renew the leases of a journal that asks; those of another one that ran out are unknown. Mostly nothing is due."""
    at_station = select(Station.id).where(Station.code == station).scalar_subquery()
    leased = PrintJob.station_id == at_station, PrintJob.state == "leased"
    ours = PrintJob.leased_by == journal, PrintJob.leased_until < now + LEASE / 2
    lost = PrintJob.leased_by != journal, PrintJob.leased_until < now
    due = select(PrintJob.id).where(*leased, or_(and_(*ours), and_(*lost)))
    with database.read() as session:
        if session.scalar(due.limit(1)) is None:
            return
    # A station that took a job and never said what became of it: perhaps it printed. A person decides.
    unknown = {"state": "unknown", "reason": "lease expired 租约超时", "finished_at": now}

    def keep(connection: Connection) -> None:
        connection.execute(update(PrintJob).where(*leased, *ours).values(leased_until=now + LEASE))
        connection.execute(update(PrintJob).where(*leased, *lost).values(**unknown))

    database.write(keep)


def _held(database: Database, station: str, journal: str) -> list[Leased]:
    """What this journal has leased and not ended, in order."""
    with database.read() as session:
        rows = session.execute(
            select(PrintJob, Printer).join(Station, Station.id == PrintJob.station_id)
            .join(Printer, Printer.id == PrintJob.printer_id)
            .where(Station.code == station, PrintJob.state == "leased", PrintJob.leased_by == journal)
            .order_by(PrintJob.id)
        )  # fmt: skip
        return [_listed(job, printer) for job, printer in rows]


def _listed(job: PrintJob, printer: Printer) -> Leased:
    return Leased(job.id, printer.code, job.title, job.stock, job.sha256 or "", job.copy)


def _next_jobs(database: Database, station: str, room: int) -> list[tuple[int, int]]:
    """At most `room` jobs that a printer here has the right paper for: oldest first, one printer each."""
    with database.read() as session:
        printers = {
            one.loaded_stock: one.id
            for one in session.scalars(
                select(Printer).join(Station).where(Station.code == station).order_by(Printer.id.desc())
            )
        }
        jobs = session.execute(
            select(PrintJob.id, PrintJob.stock).join(Station, Station.id == PrintJob.station_id)
            .where(Station.code == station, PrintJob.state == "queued", PrintJob.stock.in_(printers))
            .order_by(PrintJob.id).limit(max(0, room))
        )  # fmt: skip
        return [(job_id, printers[stock]) for job_id, stock in jobs]


def _lease(database: Database, job_id: int, printer_id: int, journal: str, now: datetime) -> Leased | None:
    """Render outside the transaction, then lease if the job still waits."""
    with database.read() as session:
        job, printer = session.get_one(PrintJob, job_id), session.get_one(Printer, printer_id)
        layout, facts, language = job.layout, json.loads(job.facts), printer.language
        dpi, width_mm = printer.dpi, printer.width_mm
    try:
        paper = rendered(layout, facts, language, dpi, width_mm)
    except LabelError as error:
        why = str(error)
        database.write(lambda connection: _give_up(connection, job_id, why, now))
        return None
    return database.write(lambda connection: _take(connection, job_id, printer_id, paper, language, journal, now))


def _give_up(connection: Connection, job_id: int, why: str, now: datetime) -> None:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        job = session.get_one(PrintJob, job_id)
        job.state, job.reason, job.finished_at = "failed", why, now
        session.commit()


def _take(
    connection: Connection, job_id: int, printer_id: int, paper: Rendered, language: str, journal: str, now: datetime
) -> Leased | None:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        job = session.get_one(PrintJob, job_id, with_for_update=True)
        printer = session.get_one(Printer, printer_id)
        if job.state != "queued":
            return None
        if session.get(Blob, paper.sha256) is None:
            media = MEDIA.get(language, "application/octet-stream")
            session.add(Blob(sha256=paper.sha256, content=paper.content, media_type=media))
            session.flush()
        job.state, job.printer_id, job.sha256 = "leased", printer.id, paper.sha256
        job.leased_until, job.leased_by = now + LEASE, journal
        leased = _listed(job, printer)
        session.commit()
        return leased
