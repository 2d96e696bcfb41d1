"""Hands print jobs to stations: bytes are made before a job is leased. Who gets what is `mes.labelling.leasing`."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from mes.database import Database
from mes.journal import Blob
from mes.labelling import leasing
from mes.labelling.leasing import Leased, Papers
from web.paper import sizes_in
from web.rendering import Wanted, is_made, make, wanted_of

BUDGET_S = 0.5
"""How long one request may go on making bytes that nobody made ahead."""


def papers(session: Session) -> Papers:
    """What the labels room knows of jobs, with the plant's own layouts."""
    return Papers(sizes_in(session), lambda job, printer: wanted_of(session, job, printer).rendered_for)


def lease_jobs(database: Database, station: str, journal: str, now: datetime) -> list[Leased]:
    """Every job that this print journal holds, in order, topped up with the next ones, rendered and proved."""
    _keep_leases(database, station, journal, now)
    with database.read() as session:
        held = leasing.held(session, station, journal)
        chosen = leasing.next_jobs(session, station, held, papers(session), now)
        wanted = [(wanted_of(session, job, printer), printer.id) for job, printer in chosen]
    started, cold = time.monotonic(), 0
    for one, printer_id in wanted:
        if not is_made(database, one):
            if cold and time.monotonic() - started > BUDGET_S:
                break  # one is always made, so that a slow machine prints too
            cold += 1
            if not make(database, one, now):
                continue
        leased = _take(database, one, printer_id, journal, now)
        held += [leased] if leased else []
    return sorted(held, key=lambda job: job.id)


def content_of(session: Session, job_id: int, station: str, lease: int | None = None) -> tuple[bytes, str] | None:
    """The bytes of a leased job of this station, and their media type; none for a lease that is over."""
    job = leasing.leased_job(session, job_id, station, lease)
    blob = session.get(Blob, job.sha256) if job else None
    return (blob.content, blob.media_type) if blob else None


def paper_changed(session: Session, job_id: int, now: datetime) -> bool:
    """Whether the printer of a leased job no longer holds its paper, or nobody vouches for that any more (law 9)."""
    return leasing.paper_changed(session, job_id, papers(session), now)


def _keep_leases(database: Database, station: str, journal: str, now: datetime) -> None:
    """See to leases that are due; mostly none is, and then nothing is written."""
    with database.read() as session:
        if session.scalar(leasing.due(station, journal, now).limit(1)) is None:
            return

    def keep(connection: Connection) -> None:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            leasing.keep(session, station, journal, now)
            session.commit()

    database.write(keep)


def _take(database: Database, wanted: Wanted, printer_id: int, journal: str, now: datetime) -> Leased | None:
    def take(connection: Connection) -> Leased | None:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            known, made_for = papers(session), wanted.rendered_for
            leased = leasing.take(session, wanted.job_id, printer_id, made_for, journal, known, now)
            session.commit()
            return leased

    return database.write(take)
