"""What may become of a print job: the table, walked in full; everything that is not in it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mes.clock import moment
from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import (
    MAY_BE_OUT_ALREADY,
    TRANSITIONS,
    VOIDED,
    JobEvent,
    JobState,
    happen,
    is_of_now,
    may,
)
from mes.labelling.refusals import NotSoWithThisJob
from mes.refusals import Refused

NOW = moment("2026-12-01T08:00+08:00")
ALLOWED = {
    ("queued", "lease"): "leased",
    ("queued", "unprintable"): "failed",
    ("queued", "cancel"): "cancelled",
    ("leased", "printed"): "done",
    ("leased", "not_printed"): "queued",
    ("leased", "lost"): "unknown",
    ("unknown", "came_out"): "done",
    ("unknown", "not_out"): "queued",
    ("unknown", "scanned_back"): "done",
    ("failed", "retry"): "queued",
    ("failed", "cancel"): "cancelled",
}
EVERY_STATE = pytest.mark.parametrize("state", JobState)
EVERY_EVENT = pytest.mark.parametrize("event", JobEvent)


def job_in(state: JobState, *, voided: bool = False) -> PrintJob:
    label = Label(voided_by=7 if voided else None)
    return PrintJob(
        id=1,
        state=state.value,
        label=label,
        copy=False,
        sha256="ab",
        rendered_for="zpl 203 100",
        printer_id=3,
        leased_by="journal-1",
        leased_until=NOW,
        lease=2,
    )


@EVERY_STATE
@EVERY_EVENT
def test_a_job_moves_only_as_the_table_says(state: JobState, event: JobEvent) -> None:
    job = job_in(state)
    if (state, event) in ALLOWED:
        happen(job, event, NOW, "why")
        assert (job.state, job.reason) == (ALLOWED[state, event], "why")
        assert job.leased_by is None
        return
    assert not may(job, event)
    with pytest.raises(Refused) as refused:
        happen(job, event, NOW)
    assert refused.value.reasons == (NotSoWithThisJob(job=1, state=state.value),)
    assert (job.state, job.leased_by) == (state, "journal-1")


@EVERY_STATE
@EVERY_EVENT
def test_only_a_lease_gets_a_new_number_and_only_the_newest_is_spoken_of(state: JobState, event: JobEvent) -> None:
    job = job_in(state)
    if may(job, event):
        happen(job, event, NOW)
    number = 3 if event == JobEvent.LEASE and state == JobState.QUEUED else 2
    assert job.lease == number
    assert [is_of_now(job, lease) for lease in (1, number, number + 1, None)] == [False, True, False, True]


def test_the_table_speaks_of_every_state_and_ends_where_nothing_follows() -> None:
    assert set(TRANSITIONS) == set(JobState)
    assert {state for state in JobState if not TRANSITIONS[state]} == {JobState.DONE, JobState.CANCELLED}


@EVERY_STATE
@EVERY_EVENT
def test_a_job_that_may_have_come_out_queues_up_again_only_as_a_copy_with_bytes_of_its_own(
    state: JobState, event: JobEvent
) -> None:
    job = job_in(state)
    if not may(job, event):
        return
    happen(job, event, NOW)
    doubtful = state == JobState.UNKNOWN and job.state == JobState.QUEUED
    assert job.copy == doubtful
    assert (event in MAY_BE_OUT_ALREADY) == doubtful
    if doubtful:
        assert (job.sha256, job.rendered_for) == (None, None)


@pytest.mark.parametrize(
    ("state", "event"),
    [(JobState.LEASED, JobEvent.NOT_PRINTED), (JobState.UNKNOWN, JobEvent.NOT_OUT), (JobState.FAILED, JobEvent.RETRY)],
)
def test_a_job_whose_label_was_voided_meanwhile_does_not_queue_up_again(state: JobState, event: JobEvent) -> None:
    job = job_in(state, voided=True)
    happen(job, event, NOW)
    assert (job.state, job.reason, job.finished_at) == (JobState.CANCELLED, VOIDED, NOW)


def test_only_a_job_at_an_end_says_when_it_ended() -> None:
    job = job_in(JobState.LEASED)
    happen(job, JobEvent.LOST, NOW)
    assert job.finished_at == NOW
    happen(job, JobEvent.NOT_OUT, NOW + timedelta(minutes=1))
    assert job.finished_at is None


@EVERY_STATE
@EVERY_EVENT
def test_only_a_job_that_is_tried_again_is_drawn_anew(state: JobState, event: JobEvent) -> None:
    job = job_in(state)
    if not may(job, event):
        return
    happen(job, event, NOW)
    anew = event in {JobEvent.NOT_OUT, JobEvent.RETRY}
    assert (job.sha256, job.rendered_for) == ((None, None) if anew else ("ab", "zpl 203 100"))


@EVERY_STATE
@EVERY_EVENT
def test_a_job_back_in_the_queue_is_for_any_printer_and_any_other_keeps_the_one_it_was_at(
    state: JobState, event: JobEvent
) -> None:
    job = job_in(state)
    if not may(job, event):
        return
    happen(job, event, NOW)
    assert job.printer_id == (None if job.state == JobState.QUEUED else 3)
    assert job.leased_until is None
