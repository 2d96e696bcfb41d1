"""What became of print jobs, as stations say it: the job's outcome, and what it means for the printer (law 9)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from mes.database import Database
from mes.labelling import leasing
from mes.labelling.model import PrintJob
from mes.masters.model import Station
from mes.terminal import devices

PAPER_CHANGED = "paper_changed"
"""What a station says of a job whose bytes it was not given: nothing is wrong with the printer."""


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
            found = leasing.note(job, state, reason, now, lease)
            printer = found.code if found else None
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
