"""What a station knows about its paper: its printers as they are now, the jobs that wait for them or for nothing here.

Reads only. How large a layout's labels are is the labels room's knowledge and comes in as `SizesOf`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from mes.labelling import print_queue
from mes.labelling.at_hand import SizesOf, at_hand
from mes.labelling.loaded_stock import AtHand, Size, doubt_of, printer_for
from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobState
from mes.masters.model import Station
from mes.refusals import in_language
from mes.stock import lots
from mes.terminal.pulse import OPEN_JOBS, Pulse

SHOWN = 50


def any_size(_layout: str) -> Sequence[Size] | None:
    """For whoever does not ask how large labels are: any paper of the colour fits."""
    return None


def paper_of(session: Session, pulse: Pulse, sizes_of: SizesOf) -> dict[str, Any]:
    """Printers with what waits for them, paper that no printer here holds, and everything that waits for a person."""
    printers = [at_hand(one, doubt_of(one, pulse.now, pulse.plant), pulse.said) for one in pulse.printers]
    jobs = [(row[0], row[1]) for row in session.execute(_jobs(pulse.station))]
    waiting, missing = _waiting([job for job, _ in jobs if job.state == JobState.QUEUED], printers, sizes_of)
    told = [job for job, _ in jobs if job.state == JobState.UNKNOWN or _ran_out(job, pulse.now)]
    return {
        "printers": [_printer(one, waiting.get(one.printer.code, 0)) for one in printers],
        "missing": missing,
        "unknown_jobs": _shown(told),
        "failed_jobs": _shown([job for job, _ in jobs if job.state == JobState.FAILED]),
        "unverified": [
            {"serial": label.serial, "title": job.title} for job, label in jobs if label and job.state == JobState.DONE
        ][:SHOWN],
    }


def _jobs(station: Station) -> Select[Any]:
    """The station's open jobs, and those whose label came out and must be scanned back, oldest first; one statement."""
    to_verify = and_(*lots.UNVERIFIED, PrintJob.spoiled.is_(False))
    columns: list[Any] = [PrintJob, Label]
    return (
        select(*columns)
        .outerjoin(Label, and_(Label.id == PrintJob.label_id, to_verify))
        .where(PrintJob.station_id == station.id)
        .where(or_(PrintJob.state.in_(OPEN_JOBS), and_(PrintJob.state == JobState.DONE, Label.id.is_not(None))))
        .order_by(PrintJob.id)
    )


def _ran_out(job: PrintJob, now: datetime) -> bool:
    return job.state == JobState.LEASED and job.leased_until is not None and job.leased_until < now


def _waiting(
    queued: Sequence[PrintJob], printers: Sequence[AtHand], sizes_of: SizesOf
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """How many jobs wait for each printer; and for which stock no printer here has a label of a fitting size."""
    counts: dict[str, int] = {}
    missing: dict[str, dict[str, Any]] = {}
    for job in queued:
        sizes = sizes_of(job.layout)
        chosen = printer_for(job.stock, sizes, printers)
        if chosen:
            counts[chosen.printer.code] = counts.get(chosen.printer.code, 0) + 1
            continue
        lacking = missing.setdefault(job.stock, {"stock": job.stock, "waiting": 0, "sizes": []})
        lacking["waiting"] += 1
        lacking["sizes"] += [text for text in map(size_text, sizes or ()) if text not in lacking["sizes"]]
    return counts, list(missing.values())


def _printer(one: AtHand, waiting: int) -> dict[str, Any]:
    printer = one.printer
    return {
        "code": printer.code,
        "stock": printer.loaded_stock,
        "width_mm": printer.loaded_width_mm,
        "height_mm": printer.loaded_height_mm,
        "doubt": one.doubt,
        "faults": list(one.faults),
        "failed": one.failed,
        "waiting": waiting,
    }


def _shown(jobs: Sequence[PrintJob]) -> list[dict[str, Any]]:
    return [{"id": job.id, "title": job.title, **_reason(_why(job))} for job in jobs[:SHOWN]]


def _why(job: PrintJob) -> str:
    return print_queue.EXPIRED if job.state == JobState.LEASED else job.reason or ""


def _reason(text: str) -> dict[str, str]:
    """A job's reason in each language, and both in one line for whoever shows only that."""
    zh, en = in_language(text, "zh"), in_language(text, "en")
    return {"reason": zh if zh == en else f"{zh} {en}", "zh": zh, "en": en}


def size_text(size: Size) -> str:
    """A label's size in mm as people read it."""
    width, height = size
    return f"{width:g}" if height is None else f"{width:g}×{height:g}"
