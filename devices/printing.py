"""Fetches print jobs, prints each once on its printer, and reports what became of it.

Owns the print journal: a job is noted on disk before its first byte leaves, so that a station that stopped in the
middle says unknown instead of printing again. It never decides to print a job a second time.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
import time
import uuid
from pathlib import Path

from devices.appendlog import AppendLog, NotKept, Record
from devices.config import StationConfig
from devices.lines import growing
from devices.printers import Health, Outcome, Watch, print_job
from devices.server import Job, Lease, NoAnswer, Refused, Server

log = logging.getLogger(__name__)

QUEUE_POLL_S = 0.2
LOOK_EVERY_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
SET_ASIDE_BYTES = 4 * 1024 * 1024


class PrintJournal:
    """Append-only file `prints.log`: what was begun, how it ended, what the server has been told. Raises InUse.

    Every record names the lease: a job that was handed out anew is another piece of paper. Its `name` is what the
    server leases jobs to: only this file knows which of them were begun.
    """

    def __init__(self, directory: Path) -> None:
        self._log = AppendLog(directory / "prints.log")
        self._lock = threading.Lock()
        records = self._log.records()
        self.unreported = _unreported(records)
        self._in_doubt = _in_doubt(records)
        self.name = next((str(one["journal"]) for one in records if "journal" in one), "") or self._named()

    def begun(self, lease: Lease, printer: str) -> None:
        """Before the first byte; raises NotKept, and then nothing may be printed."""
        with self._lock:
            self._log.append({"begun": lease.job, **lease.json, "printer": printer})
            self._in_doubt.add(printer)

    def ended(self, lease: Lease, printer: str, outcome: Outcome) -> None:
        """After the last; unwritten, the job counts as unknown after a restart."""
        self._note({"ended": lease.job, **lease.json, "state": outcome.state, "reason": outcome.reason})
        if outcome.at_rest:
            self._in_doubt.discard(printer)

    def in_doubt(self, printer: str) -> bool:
        """Whether the printer may wait for the rest of a label: its last job ended otherwise than done, or never."""
        return printer in self._in_doubt

    def reported(self, lease: Lease) -> None:
        """The server knows; unwritten, it is told again after a restart."""
        self._note({"reported": lease.job, **lease.json})

    def close(self) -> None:
        """Let the file go; a long one without open jobs is set aside as `prints.1.log`."""
        if self._log.size() > SET_ASIDE_BYTES and not _unreported(self._log.records()):
            self._log.set_aside(self._log.path.with_suffix(".1.log"))
            self._note({"journal": self.name, "in_doubt": sorted(self._in_doubt)})
        self._log.close()

    def _named(self) -> str:
        name = str(uuid.uuid4())
        self._note({"journal": name})
        return name

    def _note(self, record: Record) -> None:
        try:
            with self._lock:
                self._log.append(record)
        except NotKept as refusal:
            log.error("%s is not noted: %s", record, refusal)


def _unreported(records: list[Record]) -> dict[Lease, Outcome]:
    open_leases: dict[Lease, Outcome] = {}
    for record in records:
        number = record.get("lease")
        if "begun" in record:
            open_leases[Lease(record["begun"], number)] = Outcome("unknown", "station_stopped")
        elif "ended" in record:
            open_leases[Lease(record["ended"], number)] = Outcome(record["state"], record["reason"])
        open_leases.pop(Lease(record.get("reported", 0), number), None)
    return open_leases


def _in_doubt(records: list[Record]) -> set[str]:
    """The printers whose last job is not known to have ended well."""
    printers: dict[Lease, str] = {}
    doubtful: set[str] = set()
    for record in records:
        doubtful.update(record.get("in_doubt", ()))
        if "begun" in record:
            printers[Lease(record["begun"], record.get("lease"))] = record["printer"]
            doubtful.add(record["printer"])
        elif "ended" in record and Outcome(record["state"], record["reason"]).at_rest:
            doubtful.discard(printers.get(Lease(record["ended"], record.get("lease")), ""))
    return doubtful


class Printing:
    """One polling thread (`fetch`) and one thread per printer (`serve`): a printer in trouble stops no other."""

    def __init__(self, config: StationConfig, server: Server, journal: PrintJournal) -> None:
        self._config = config
        self._printers = {printer.code: printer for printer in config.printers}
        self._server = server
        self._journal = journal
        self._queues: dict[str, queue.Queue[Job]] = {code: queue.Queue() for code in self._printers}
        self._lock = threading.Lock()
        self._in_hand: set[Lease] = set()
        self._finished: set[Lease] = set()
        self._health: dict[str, Health] = {}

    def fetch(self, stop: threading.Event) -> None:
        """Report what an earlier run left open, then ask for jobs at every poll until `stop`."""
        for lease, outcome in self._journal.unreported.items():
            self._report(lease, outcome, stop)
        while not stop.is_set():
            try:
                self._hand_out(self._asked(), stop)
            except NoAnswer as silence:
                log.warning("no print jobs from the server: %s", silence)
            stop.wait(self._config.poll_s)

    def serve(self, code: str, stop: threading.Event) -> None:
        """Print what is handed out for one printer, in order, and look after it in between, until `stop`."""
        watch, next_look = Watch(self._printers[code], lambda: self._journal.in_doubt(code)), 0.0
        try:
            while not stop.is_set():
                job = self._next(code)
                if job is not None:
                    watch.release()  # a printer serves one connection at a time
                    self._serve_one(job, stop)
                    next_look = 0.0
                elif time.monotonic() >= next_look:
                    self._health[code] = watch.look()
                    next_look = time.monotonic() + LOOK_EVERY_S
        finally:
            watch.release()

    def health(self) -> dict[str, Health]:
        """What each printer last said of itself; one that has not been asked yet is not in it."""
        return dict(self._health)

    def _next(self, code: str) -> Job | None:
        try:
            return self._queues[code].get(timeout=QUEUE_POLL_S)
        except queue.Empty:
            return None

    def _serve_one(self, job: Job, stop: threading.Event) -> None:
        try:
            self._report(job.lease, self._printed(job), stop)
        except NoAnswer as silence:
            log.warning("job %d waits for the next list: %s", job.id, silence)
            self._let_go(job.lease)

    def _asked(self) -> list[Job]:
        """The listed jobs. Finished ones are forgotten before asking, so that a list made earlier repeats none."""
        with self._lock:
            self._in_hand -= self._finished
            self._finished.clear()
        return self._server.print_jobs(self._config.station, self._journal.name)

    def _hand_out(self, jobs: list[Job], stop: threading.Event) -> None:
        for job in jobs:
            with self._lock:
                # The server lists a job until it knows its result; once is enough.
                known = job.lease in self._in_hand
                self._in_hand.add(job.lease)
            if known:
                continue
            if job.printer in self._queues:
                self._queues[job.printer].put(job)
            else:
                self._report(job.lease, Outcome("failed", f"no_printer {job.printer}"), stop)

    def _printed(self, job: Job) -> Outcome:
        """Fetch, check and print one job. Raises NoAnswer while nothing has been sent to the printer."""
        try:
            content = self._server.content(job)
        except Refused as refusal:
            log.warning("job %d is not printed on %s: %s", job.id, job.printer, refusal)
            return Outcome("failed", "paper_changed")
        if hashlib.sha256(content).hexdigest() != job.sha256:
            return Outcome("failed", "content_damaged")
        in_doubt = self._journal.in_doubt(job.printer)
        try:
            self._journal.begun(job.lease, job.printer)
        except NotKept as refusal:
            return Outcome("failed", f"not_kept {refusal}")
        outcome = print_job(self._printers[job.printer], content, job.copies, in_doubt=in_doubt)
        log.info("job %d %s on %s: %s %s", job.id, job.title, job.printer, outcome.state, outcome.reason)
        self._journal.ended(job.lease, job.printer, outcome)
        return outcome

    def _report(self, lease: Lease, outcome: Outcome, stop: threading.Event) -> None:
        """Tell the server until it knows; at `stop` the journal keeps it for the next start."""
        pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                self._server.post_result(lease, outcome.state, outcome.reason)
                break
            except NoAnswer as silence:
                log.warning("the result of job %d is not reported yet: %s", lease.job, silence)
            if stop.wait(next(pauses)):
                return
        self._journal.reported(lease)
        self._let_go(lease)

    def _let_go(self, lease: Lease) -> None:
        with self._lock:
            self._finished.add(lease)
