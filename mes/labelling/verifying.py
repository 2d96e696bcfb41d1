"""Verify-after-print: where a station asks for it, a status label counts only after it was scanned back.

The scan of a label proves that very piece and no other. Use of a box waits for it, and so do accepted pieces that wait
at their operation for packing; rescue never does (law 8).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mes.declaring import command
from mes.labelling import marking, print_queue
from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobEvent, JobState
from mes.masters.model import Station
from mes.refusals import both
from mes.roles import FLOOR
from mes.stock import lots
from mes.transaction import Transaction
from mes.words import Words

BACK = both("已扫描核对", "scanned back")


@dataclass(frozen=True)
class Verified:
    """A label that was read back from paper."""

    label: str
    lot: str


@command(
    "label:verify",
    FLOOR,
    Words("核对标签", "check a label by scan"),
    done=Words("标签已核对：{lot}", "Label checked: {lot}"),
    tells=Words("标签 {label} 扫描核对", "label {label} scanned back"),
)
def verify(tx: Transaction, label: Label) -> Verified:
    """Its code was read from paper: the label counts, and a job of it that nobody was sure of has come out.

    Raises `LabelVoided`. A second scan changes nothing.
    """
    for job in marking.jobs_of(tx, label):
        print_queue.give_up_waiting(job, tx.now)
        if print_queue.may(job, JobEvent.SCANNED_BACK):
            print_queue.happen(job, JobEvent.SCANNED_BACK, tx.now, BACK)
    if label.verified_at is None:
        label.verified_at = tx.now
        tx.cause("verified", label.serial)
    return Verified(label.serial, marking.facts_of(label).get("lot", ""))


def waits_for_scan(session: Session, serial: str, station: Station) -> bool:
    """Whether this is a label that was made at the station and must still be scanned back there."""
    query = select(Label.id).join(PrintJob, PrintJob.label_id == Label.id).where(*_open(station))
    return session.scalar(query.where(Label.serial == serial).limit(1)) is not None


def unverified(session: Session, station: Station) -> list[tuple[Label, PrintJob]]:
    """The labels that came out at a station and were not scanned back yet, oldest first."""
    rows = select(Label, PrintJob).join(PrintJob, PrintJob.label_id == Label.id).where(*_open(station))
    done = rows.where(PrintJob.state == JobState.DONE, PrintJob.spoiled.is_(False)).order_by(PrintJob.id)
    return [(label, job) for label, job in session.execute(done)]


def _open(station: Station) -> tuple[ColumnElement[bool], ...]:
    return (*lots.UNVERIFIED, PrintJob.station_id == station.id)
