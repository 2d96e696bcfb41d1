"""What a station knows about its paper: its printers as they are now, the jobs that wait for them or for nothing here.

Reads only. How large a layout's labels are is the labels room's knowledge and comes in as `SizesOf`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mes.labelling import print_queue
from mes.labelling.loaded_stock import AtHand, Size, doubt_of, printer_for
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobState
from mes.labelling.verifying import unverified
from mes.masters.model import Plant, Printer, Station
from mes.memory import masters
from mes.refusals import in_language
from mes.terminal.devices import at_hand, last_word

SizesOf = Callable[[str], Sequence[Size] | None]
SHOWN = 50


def any_size(_layout: str) -> Sequence[Size] | None:
    """For whoever does not ask how large labels are: any paper of the colour fits."""
    return None


def printers_at(session: Session, station: Station, now: datetime) -> list[AtHand]:
    """The printers of a station, as they are now."""
    return _printers_of(session, station, masters(session).all(Plant)[0], now)


def _printers_of(session: Session, station: Station, plant: Plant, now: datetime) -> list[AtHand]:
    said = last_word(session, station)[0]
    printers = masters(session).where(Printer, station_id=station.id, retired=False)
    return [at_hand(one, doubt_of(one, now, plant), said) for one in printers]


def paper_of(session: Session, station: Station, plant: Plant, now: datetime, sizes_of: SizesOf) -> dict[str, Any]:
    """Printers with what waits for them, paper that no printer here holds, and everything that waits for a person."""
    printers = _printers_of(session, station, plant, now)
    waiting, missing = _waiting(session, station, printers, sizes_of)
    return {
        "printers": [_printer(one, waiting.get(one.printer.code, 0)) for one in printers],
        "missing": missing,
        "unknown_jobs": _shown(session, station, print_queue.untold(now)),
        "failed_jobs": _shown(session, station, PrintJob.state == JobState.FAILED),
        "unverified": [
            {"serial": label.serial, "title": job.title} for label, job in unverified(session, station)[:SHOWN]
        ],
    }


def _waiting(
    session: Session, station: Station, printers: Sequence[AtHand], sizes_of: SizesOf
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """How many jobs wait for each printer; and for which stock no printer here has a label of a fitting size."""
    queued = select(PrintJob.stock, PrintJob.layout).where(
        PrintJob.station_id == station.id, PrintJob.state == JobState.QUEUED
    )
    counts: dict[str, int] = {}
    missing: dict[str, dict[str, Any]] = {}
    for stock, layout in session.execute(queued.order_by(PrintJob.id)):
        sizes = sizes_of(layout)
        chosen = printer_for(stock, sizes, printers)
        if chosen:
            counts[chosen.printer.code] = counts.get(chosen.printer.code, 0) + 1
            continue
        lacking = missing.setdefault(stock, {"stock": stock, "waiting": 0, "sizes": []})
        lacking["waiting"] += 1
        lacking["sizes"] += [text for text in map(_text, sizes or ()) if text not in lacking["sizes"]]
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


def _shown(session: Session, station: Station, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    jobs = session.scalars(
        select(PrintJob).where(PrintJob.station_id == station.id, which).order_by(PrintJob.id).limit(SHOWN)
    )
    return [{"id": job.id, "title": job.title, **_reason(_why(job))} for job in jobs]


def _why(job: PrintJob) -> str:
    return print_queue.EXPIRED if job.state == JobState.LEASED else job.reason or ""


def _reason(text: str) -> dict[str, str]:
    """A job's reason in each language, and both in one line for whoever shows only that."""
    zh, en = in_language(text, "zh"), in_language(text, "en")
    return {"reason": zh if zh == en else f"{zh} {en}", "zh": zh, "en": en}


def _text(size: Size) -> str:
    width, height = size
    return f"{width:g}" if height is None else f"{width:g}×{height:g}"
