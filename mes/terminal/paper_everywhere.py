"""The paper of all stations at once, for the office: printers as they are now, rolls that are missing, who is silent.

Asks the same in sets that a station's own screen asks for itself: as many statements for one station as for fifty.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.labelling.at_hand import Said, SizesOf, at_hand
from mes.labelling.loaded_stock import AtHand, doubt_of, printer_for
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobState
from mes.masters.model import Plant, Printer, Station
from mes.memory import masters
from mes.terminal.model import DeviceState
from mes.terminal.moments import SILENT_AFTER
from mes.terminal.paper import size_text

Waiting = tuple[str, str, int]  # stock, layout, how many jobs


@dataclass(frozen=True)
class Lacking:
    """Paper that no printer of a station holds, the label sizes that would do, and how many jobs wait for it."""

    stock: str
    sizes: tuple[str, ...]
    waiting: int


@dataclass(frozen=True)
class StationPaper:
    """A station with printers; `silent`: its program has not been heard for a while."""

    station: Station
    printers: tuple[AtHand, ...]
    lacking: tuple[Lacking, ...]
    silent: bool


def paper_everywhere(session: Session, now: datetime, sizes_of: SizesOf) -> list[StationPaper]:
    """Every station that has printers, by its code."""
    known, said, waiting = masters(session), _said(session), _waiting(session)
    plant = known.all(Plant)[0]
    found = []
    for station in sorted(known.all(Station), key=lambda one: one.code):
        word, seen_at = said.get(station.id, ({}, None))
        printers = tuple(
            at_hand(one, doubt_of(one, now, plant), word) for one in known.where(Printer, station_id=station.id)
        )
        if printers:
            lacking = tuple(_lacking(printers, waiting[station.id], sizes_of))
            found.append(StationPaper(station, printers, lacking, bool(seen_at and now - seen_at > SILENT_AFTER)))
    return found


def _said(session: Session) -> dict[int, tuple[Said, datetime | None]]:
    """The last word of every station, and when; no moment where it sent no heartbeat."""
    found: dict[int, tuple[Said, datetime | None]] = {}
    for row in session.scalars(select(DeviceState)):
        said = json.loads(row.state)
        found[row.station_id] = (said, row.seen_at if "waiting" in said else None)
    return found


def _waiting(session: Session) -> dict[int, list[Waiting]]:
    """What waits at each station, by paper and layout, the longest waiting first."""
    found: dict[int, list[Waiting]] = defaultdict(list)
    rows = session.execute(
        select(PrintJob.station_id, PrintJob.stock, PrintJob.layout, func.count())
        .where(PrintJob.state == JobState.QUEUED)
        .group_by(PrintJob.station_id, PrintJob.stock, PrintJob.layout)
        .order_by(func.min(PrintJob.id))
    )
    for station, stock, layout, count in rows:
        if station is not None:
            found[station].append((stock, layout, count))
    return found


def _lacking(printers: Sequence[AtHand], waiting: Iterable[Waiting], sizes_of: SizesOf) -> list[Lacking]:
    counts: dict[str, int] = defaultdict(int)
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for stock, layout, count in waiting:
        sizes = sizes_of(layout)
        if printer_for(stock, sizes, printers) is None:
            counts[stock] += count
            texts[stock].update(dict.fromkeys(map(size_text, sizes or ())))
    return [Lacking(stock, tuple(texts[stock]), count) for stock, count in counts.items()]
