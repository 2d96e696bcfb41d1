"""Whatever stations and people say, in whatever order: no label is out twice without COPY, none is done unreported."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mes.audit import audit
from mes.labelling.leasing import LEASE, Leased
from mes.labelling.model import Label, PrintJob
from mes.queries.labels import account
from mes.terminal.devices import heard
from mes.terminal.print_results import note_result
from tests.engines import Fresh, SqliteDatabases
from tests.plant import SamplePlant
from tests.printers import KEEPER, LOT, add_printer, leased, split
from web import rendering

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "lease",
                "steal",
                "done",
                "failed",
                "unknown",
                "late",
                "stale",
                "out",
                "not_out",
                "reprint",
                "void",
                "scan",
                "wait",
                "well",
            ]
        ),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=25,
)
HERE = {"person": KEEPER, "station": "RAW-1"}


@dataclass
class Floor:
    """What really happened: pieces of paper with or without COPY, and which jobs somebody vouched for as printed."""

    plant: SamplePlant
    plain: dict[str, int] = field(default_factory=dict)
    vouched: set[int] = field(default_factory=set)
    in_hand: list[int] = field(default_factory=list)
    given: list[Leased] = field(default_factory=list)

    def jobs(self) -> list[PrintJob]:
        with self.plant.read() as session:
            return list(session.scalars(select(PrintJob).order_by(PrintJob.id)))

    def serial(self, job: PrintJob) -> str:
        with self.plant.read() as session:
            return session.get_one(Label, job.label_id).serial

    def comes_out(self, job: PrintJob) -> None:
        if not job.copy:
            self.plain[self.serial(job)] = self.plain.get(self.serial(job), 0) + 1

    def step(self, what: str, which: int) -> None:
        found = self.jobs()
        job = found[which % len(found)]
        match what:
            case "lease" | "steal":
                jobs = leased(self.plant, journal=what)
                self.in_hand = [one.id for one in jobs]
                self.given += jobs
            case "stale" if self.given:
                self.repeated(self.given[which % len(self.given)])
            case "done" | "failed" | "unknown" if self.in_hand:
                job = next(one for one in found if one.id == self.in_hand[0])
                self.reported(job, what)
                self.in_hand.pop(0)
            case "late":
                note_result(self.plant.database, job.id, "RAW-1", "done", None, self.plant.now)
                if job.state == "leased":
                    self.came(job)
            case "out" | "not_out":
                unknown = [one for one in found if one.state == "unknown"]
                job = unknown[which % len(unknown)] if unknown else job
                outcome = self.plant.do("label:settle", job=job.id, came_out=what == "out", reason="looked", **HERE)
                if outcome.accepted and what == "out":
                    self.vouched.add(job.id)
            case "reprint":
                self.plant.do("label:reprint", label=self.serial(job), reason="torn", **HERE)
            case "void":
                self.plant.do("stock:split", unit=self.serial(job), quantity="1", **HERE)
            case "scan":
                if self.plant.do("label:verify", label=self.serial(job), **HERE).accepted:
                    self.vouched.add(job.id)
                    self.vouched |= {one.id for one in found if one.label_id == job.label_id}
            case "wait":
                self.plant.now += LEASE * 1.5
            case "well":
                printers = [{"code": "PR-RAW", "faults": []}]
                heard(
                    self.plant.database,
                    "RAW-1",
                    {"at": self.plant.now.isoformat(), "waiting": 0, "printers": printers},
                    self.plant.now,
                )

    def reported(self, job: PrintJob, what: str) -> None:
        if job.state == "leased":
            if what == "done":
                self.came(job)
            if what == "unknown":
                self.comes_out(job)  # the worst case: it did come out
        note_result(self.plant.database, job.id, "RAW-1", what, "unreachable", self.plant.now)

    def repeated(self, lease: Leased) -> None:
        """Some station says what became of a lease that is perhaps long over: then nothing may change."""
        before = next(one for one in self.jobs() if one.id == lease.id)
        if lease.lease != before.lease:
            for state in ("done", "failed", "unknown"):
                note_result(self.plant.database, lease.id, "RAW-1", state, "late", self.plant.now, lease.lease)
            after = next(one for one in self.jobs() if one.id == lease.id)
            assert (after.state, after.copy, after.lease) == (before.state, before.copy, before.lease)

    def came(self, job: PrintJob) -> None:
        self.comes_out(job)
        self.vouched.add(job.id)


@pytest.fixture
def no_paint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that cost nothing: what a label looks like is no matter here."""
    monkeypatch.setattr(rendering, "rendered", lambda *_, copy, **__: rendering.Rendered(b"^XA", "ab" * 32, b""))


@given(steps=STEPS)
@example(steps=[("lease", 0), ("unknown", 0), ("not_out", 0), ("lease", 0), ("done", 0), ("done", 0)])
@example(steps=[("lease", 0), ("wait", 0), ("steal", 0), ("not_out", 0), ("lease", 0), ("done", 0), ("reprint", 0)])
@example(steps=[("lease", 0), ("unknown", 0), ("not_out", 0), ("lease", 0), ("stale", 0), ("stale", 1)])
@settings(max_examples=25)
def test_no_order_of_events_prints_a_label_twice_without_copy_or_calls_one_done_that_nobody_reported(
    sqlite_databases: SqliteDatabases,
    tmp_path_factory: pytest.TempPathFactory,
    no_paint: None,
    steps: list[tuple[str, int]],
) -> None:
    fresh = Fresh(sqlite_databases, tmp_path_factory.mktemp("queue"))
    plant = SamplePlant.copied(fresh)
    add_printer(plant)
    split(plant)
    floor = Floor(plant)
    try:
        for what, which in steps:
            floor.step(what, which)
        assert all(count == 1 for count in floor.plain.values()), floor.plain
        assert {job.id for job in floor.jobs() if job.state == "done"} <= floor.vouched
        with plant.read() as session:
            assert account(session, LOT).even
            assert audit(session) == []
    finally:
        plant.close()
        fresh.drop_all()
