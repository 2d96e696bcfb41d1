"""What may become of a print job, as one table; everything that is not in it is refused.

Owns the states of the outbox and nothing else: it never renders or prints. Stations report through the delivery log,
people decide through the door; both move a job by `happen` alone.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement

from mes.labelling.model import PrintJob
from mes.labelling.refusals import NotSoWithThisJob
from mes.refusals import both, refuse


class JobState(StrEnum):
    """Where a job is: waiting, out at a station, or at an end that only a person may reopen, if anybody."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class JobEvent(StrEnum):
    """What can happen to a job."""

    LEASE = "lease"
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    LOST = "lost"
    UNPRINTABLE = "unprintable"
    CAME_OUT = "came_out"
    NOT_OUT = "not_out"
    SCANNED_BACK = "scanned_back"
    RETRY = "retry"
    CANCEL = "cancel"


TRANSITIONS: dict[JobState, dict[JobEvent, JobState]] = {
    JobState.QUEUED: {
        JobEvent.LEASE: JobState.LEASED,
        JobEvent.UNPRINTABLE: JobState.FAILED,  # no decoder could read it, or a fact is missing (law 9)
        JobEvent.CANCEL: JobState.CANCELLED,  # its label was voided, or a colour card stands for it
    },
    JobState.LEASED: {
        JobEvent.PRINTED: JobState.DONE,  # the printer itself said so
        JobEvent.NOT_PRINTED: JobState.QUEUED,  # the station vouches that nothing came out
        JobEvent.LOST: JobState.UNKNOWN,  # half-printed, power-cycled, or the lease ran out
    },
    JobState.UNKNOWN: {
        JobEvent.CAME_OUT: JobState.DONE,  # a person has looked
        JobEvent.NOT_OUT: JobState.QUEUED,  # he may be wrong: the next piece says COPY
        JobEvent.SCANNED_BACK: JobState.DONE,  # its code was read from paper
    },
    JobState.FAILED: {JobEvent.RETRY: JobState.QUEUED, JobEvent.CANCEL: JobState.CANCELLED},
    JobState.DONE: {},
    JobState.CANCELLED: {},
}
# After these a first piece may exist although nobody has it in hand.
MAY_BE_OUT_ALREADY = {JobEvent.NOT_OUT}
EXPIRED = both("租约超时，可能已打印", "its station was not heard of again; it may have printed")
VOIDED = both("标签已作废", "label voided")


def untold(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The jobs of which only a person can tell what became; also those whose station was not heard of again."""
    return (PrintJob.state == JobState.UNKNOWN) | ((PrintJob.state == JobState.LEASED) & (PrintJob.leased_until < now))


def give_up_waiting(job: PrintJob, now: datetime) -> None:
    """A lease that ran out is unknown: perhaps its station printed, and perhaps it never comes back."""
    if job.state == JobState.LEASED and job.leased_until is not None and job.leased_until < now:
        happen(job, JobEvent.LOST, now, EXPIRED)


def may(job: PrintJob, event: JobEvent) -> bool:
    """Whether the table allows it."""
    return event in TRANSITIONS[JobState(job.state)]


def is_of_now(job: PrintJob, lease: int | None) -> bool:
    """Whether a word of this lease is about the piece that is out now, and not about one that was settled before.

    Whoever names no lease speaks of the newest: he knows of no other.
    """
    return lease is None or lease == job.lease


def happen(job: PrintJob, event: JobEvent, now: datetime, reason: str | None = None) -> None:
    """Move a job on; raises `NotSoWithThisJob`. One whose label was voided meanwhile does not queue up again."""
    if not may(job, event):
        raise refuse(NotSoWithThisJob(job=job.id, state=job.state))
    job.state, job.reason = TRANSITIONS[JobState(job.state)][event], reason
    job.leased_until = job.leased_by = None
    job.lease += event == JobEvent.LEASE
    job.printer_id = None if job.state == JobState.QUEUED else job.printer_id
    job.finished_at = None if job.state in (JobState.QUEUED, JobState.LEASED) else now
    if event in MAY_BE_OUT_ALREADY or event == JobEvent.RETRY:
        job.sha256 = job.rendered_for = None
        job.copy = job.copy or event in MAY_BE_OUT_ALREADY
    if job.state == JobState.QUEUED and job.label and job.label.voided_by:
        happen(job, JobEvent.CANCEL, now, VOIDED)
