"""The print queue at the server: a job leaves once, waits when nothing was printed, and is never guessed about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from mes.labelling.leasing import AT_ONCE, LEASE
from mes.labelling.model import PrintJob
from mes.labelling.refusals import NotSoWithThisJob
from mes.masters.model import Station
from mes.outside import LARGEST
from mes.people import access
from mes.queries.print_jobs import print_jobs
from mes.terminal.devices import heard
from mes.terminal.print_results import note_result
from mes.terminal.scanning import ScanRequest, scan
from mes.terminal.screen import screen_of
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.printers import word
from web.app import create_app
from web.printing import content_of, lease_jobs
from web.rendering import make_ahead

OURS, OTHER = "journal-1", "journal-2"


@pytest.fixture
def plant(fresh: Fresh) -> Iterator[SamplePlant]:
    """The sample plant with a receipt printer in the office and five run cards to print."""
    found = SamplePlant.copied(fresh)
    found.accept(
        "plant:printer", code="PR-OFFICE", stands_at="OFFICE", language="escpos", dpi=203, width_mm=80, stock="receipt"
    )
    for _ in range(AT_ONCE + 1):
        found.release("SA-MG-C32", "100", person="1002", station="OFFICE")
    make_ahead(found.database, found.now)
    yield found
    found.close()


def listed(plant: SamplePlant, journal: str = OURS) -> list[int]:
    return [job.id for job in lease_jobs(plant.database, "OFFICE", journal, plant.now)]


def ended(plant: SamplePlant, job: int, state: str, reason: str | None = None, lease: int | None = None) -> None:
    assert note_result(plant.database, job, "OFFICE", state, reason, plant.now, lease)


def lease_of(plant: SamplePlant, job: int) -> int:
    with plant.read() as session:
        return session.get_one(PrintJob, job).lease


def hear_well(plant: SamplePlant) -> None:
    printers = [{"code": "PR-OFFICE", "faults": [], "answers": True}]
    heard(plant.database, "OFFICE", {"at": plant.now.isoformat(), "waiting": 0, "printers": printers}, plant.now)


def waits_for_a_person(plant: SamplePlant) -> list[int]:
    """What the station's screen asks about."""
    with plant.read() as session:
        here = session.scalars(select(Station).where(Station.code == "OFFICE")).one()
        shown = screen_of(session, here, plant.now)["unknown_jobs"]
    assert all("not heard of" in one["en"] for one in shown)
    return [one["id"] for one in shown]


def in_state(plant: SamplePlant, state: str) -> list[int]:
    """What the page shows in a state."""
    with plant.read() as session:
        return [job.id for job in reversed(print_jobs(session, states=[state], now=plant.now))]


def state_of(plant: SamplePlant, job: int) -> str:
    with plant.read() as session:
        return session.get_one(PrintJob, job).state


def test_a_list_that_got_lost_on_its_way_is_given_again_until_each_result_is_known(plant: SamplePlant) -> None:
    first = listed(plant)
    assert len(first) == AT_ONCE
    assert listed(plant) == first
    ended(plant, first[0], "done")
    assert listed(plant)[: AT_ONCE - 1] == first[1:]
    assert len(listed(plant)) == AT_ONCE


def test_no_other_journal_is_given_a_job_that_may_have_been_printed(plant: SamplePlant) -> None:
    first = listed(plant)
    assert not set(listed(plant, OTHER)) & set(first)
    plant.now += LEASE + timedelta(seconds=1)
    assert not set(listed(plant, OTHER)) & set(first)
    assert {state_of(plant, job) for job in first} == {"unknown"}


def test_a_person_settles_what_a_station_took_that_is_not_heard_of_again_and_its_late_result_changes_nothing(
    plant: SamplePlant,
) -> None:
    first, second, third, *_ = listed(plant)
    told = {"person": "1002", "station": "OFFICE", "reason": "the computer is broken"}
    plant.refuse("label:settle", NotSoWithThisJob, job=first, came_out=True, **told)
    assert (waits_for_a_person(plant), in_state(plant, "leased")) == ([], [first, second, third, third + 1])
    plant.now += LEASE + timedelta(seconds=1)
    assert waits_for_a_person(plant) == in_state(plant, "unknown") == [first, second, third, third + 1]
    plant.accept("label:settle", job=first, came_out=True, **told)
    plant.accept("label:settle", job=second, came_out=False, **told)
    scanned = [ScanRequest(str(uuid4()), "OFFICE", code, plant.now) for code in ("1H1002", word("CAMEOUT"))]
    assert [scan(plant.database, one, plant.clock).result for one in scanned] == ["accepted", "accepted"]
    for job in (first, second, third):
        ended(plant, job, "failed", "unreachable", lease=1)
    assert [state_of(plant, job) for job in (first, second, third)] == ["done", "queued", "done"]


def test_a_station_that_goes_on_asking_keeps_its_leases(plant: SamplePlant) -> None:
    first = listed(plant)
    for _ in range(4):
        plant.now += LEASE * 0.7
        assert listed(plant) == first
    assert not set(listed(plant, OTHER)) & set(first)


def test_a_job_of_which_nothing_was_printed_waits_its_turn_again_under_the_same_bytes(plant: SamplePlant) -> None:
    job = listed(plant)[0]
    with plant.read() as session:
        before = content_of(session, job, "OFFICE")
    ended(plant, job, "failed", "paper_out")
    hear_well(plant)
    assert state_of(plant, job) == "queued"
    assert listed(plant)[0] == job
    with plant.read() as session:
        assert content_of(session, job, "OFFICE") == before


def test_a_result_that_comes_twice_or_too_late_changes_nothing(plant: SamplePlant) -> None:
    job = listed(plant)[0]
    ended(plant, job, "done")
    ended(plant, job, "failed", "paper_out")
    assert state_of(plant, job) == "done"
    assert not note_result(plant.database, job, "QC-1", "done", None, plant.now)


@pytest.mark.parametrize("repeated", ["done", "failed", "unknown"])
@pytest.mark.parametrize(("first", "settled"), [("unknown", True), ("failed", False)])
def test_a_result_that_a_station_repeats_after_the_job_went_out_anew_changes_nothing(
    plant: SamplePlant, first: str, settled: bool, repeated: str
) -> None:
    job = listed(plant)[0]
    old = lease_of(plant, job)
    ended(plant, job, first, "connection_lost", old)
    if settled:
        plant.accept("label:settle", person="1002", station="OFFICE", job=job, came_out=False, reason="not there")
    hear_well(plant)
    assert job in listed(plant)
    new = lease_of(plant, job)
    assert new == old + 1
    for _ in range(2):
        ended(plant, job, repeated, "paper_out", old)
        assert state_of(plant, job) == "leased"
    ended(plant, job, "done", lease=new)
    ended(plant, job, "failed", lease=new)
    assert state_of(plant, job) == "done"


def test_the_bytes_of_a_lease_are_not_given_for_one_before(plant: SamplePlant) -> None:
    job = listed(plant)[0]
    ended(plant, job, "failed", "paper_out", 1)
    hear_well(plant)
    assert job in listed(plant)
    with plant.read() as session:
        assert content_of(session, job, "OFFICE", 1) is None
        assert content_of(session, job, "OFFICE", 2) == content_of(session, job, "OFFICE") is not None


def test_a_station_is_told_the_number_of_each_lease_and_a_result_of_an_old_one_is_final(plant: SamplePlant) -> None:
    client = create_app(plant.database, plant.clock, "secret").test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {access.new_station_token(plant.database, 'OFFICE')}"
    (job, *_) = client.get("/api/v1/print-jobs").json["jobs"]
    assert job["lease"] == 1
    path = f"/api/v1/print-jobs/{job['id']}"
    assert client.get(f"{path}/content?lease=1").status_code == 200
    assert client.get(f"{path}/content?lease=2").status_code == 404
    stale = {"state": "done", "lease": 7}
    assert client.post(f"{path}/result", json=stale).status_code == 200
    assert state_of(plant, job["id"]) == "leased"
    assert client.post(f"{path}/result", json={**stale, "lease": 0}).status_code == 422
    assert client.post(f"{path}/result", json={**stale, "lease": 1}).status_code == 200
    assert state_of(plant, job["id"]) == "done"


@pytest.mark.parametrize("number", [99, 2**63, 10**30])
def test_a_number_that_is_no_job_is_not_found_however_large_it_is(plant: SamplePlant, number: int) -> None:
    client = create_app(plant.database, plant.clock, "secret").test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {access.new_station_token(plant.database, 'OFFICE')}"
    path = f"/api/v1/print-jobs/{number}"
    assert client.get(f"{path}/content").status_code == 404
    assert client.post(f"{path}/result", json={"state": "done", "lease": LARGEST}).status_code == 404
    (described,) = [one for one in client.get("/api/openapi.json").json["paths"] if one.endswith("/content")]
    assert described.endswith("/print-jobs/{job_id}/content")


def test_a_lease_beyond_any_number_is_refused_with_its_field(plant: SamplePlant) -> None:
    client = create_app(plant.database, plant.clock, "secret").test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {access.new_station_token(plant.database, 'OFFICE')}"
    posted = client.post("/api/v1/print-jobs/99/result", json={"state": "done", "lease": 10**30})
    asked = client.get(f"/api/v1/print-jobs/99/content?lease={10**30}")
    assert (posted.status_code, asked.status_code) == (422, 422)
    assert "lease" in posted.text
    assert "lease" in asked.text


def test_bytes_are_given_to_the_station_that_holds_the_lease_only(plant: SamplePlant) -> None:
    job = listed(plant)[0]
    with plant.read() as session:
        assert content_of(session, job, "OFFICE") is not None
        assert content_of(session, job, "QC-1") is None
    ended(plant, job, "done")
    with plant.read() as session:
        assert content_of(session, job, "OFFICE") is None
