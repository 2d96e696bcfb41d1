"""What a terminal's screen shows: devices, who is there, the work in hand, what may be touched, the latest replies.

At most four statements: the pulse, the print jobs, the operation in hand, and every list in one.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from mes.labelling.at_hand import SizesOf
from mes.masters.model import Station
from mes.terminal import lists
from mes.terminal.dialogue import Talk
from mes.terminal.lists import Here, Listing
from mes.terminal.meanings import expected
from mes.terminal.moments import is_noticed
from mes.terminal.offers import buttons, listings
from mes.terminal.paper import any_size, paper_of
from mes.terminal.pulse import Pulse, pulse_of
from mes.terminal.work import operation_in_hand

Rows = list[dict[str, Any]]


def screen_of(session: Session, station: Station, now: datetime, sizes_of: SizesOf = any_size) -> dict[str, Any]:
    """Everything the screen of a station shows, as JSON values; `version` counts its scans."""
    pulse = pulse_of(session, station.code, now)
    return state_of(session, pulse, sizes_of) if pulse else {}


def state_of(session: Session, pulse: Pulse, sizes_of: SizesOf) -> dict[str, Any]:
    """The same from a pulse that was felt already; it holds until the pulse's version changes."""
    talk, station, here = pulse.talk, pulse.station, Here.of(pulse.station)
    work = operation_in_hand(session, next((one.shows for one in talk.hand if one.shows), None))
    offered, beside = listings(talk, here), _beside(talk, here, work)
    rows = lists.rows_of(session, [*offered, *beside])
    return {
        "station": {"code": station.code, "zh": station.name_zh, "en": station.name_en, "role": station.role},
        "version": pulse.dialogue.version if pulse.dialogue else 0,
        "person": _person(rows),
        "machine": talk.machine or (work["machine"] if work else None),
        "operation": _work(work, rows),
        "loaded": [_loaded(row) for row in rows.get("loaded", ())],
        "expects": asdict(expected(talk)),
        "task": {"name": talk.task.name, **asdict(talk.task.words), "state": asdict(talk.task)},
        "hand": [one.name for one in talk.hand],
        "buttons": buttons(talk, station.role),
        "pad": asdict(talk.task.pad) if talk.badge and talk.task.pad else None,
        "lists": [_list(one, rows[one.name]) for one in offered],
        "day": pulse.day.isoformat(),
        "recent": _recent(pulse) if pulse.dialogue else [],
        **_said(pulse),
        **paper_of(session, pulse, sizes_of),
    }


def _list(listing: Listing, rows: Rows) -> dict[str, Any]:
    """A list with its rows; `cut`: there may be more, which the beginning of a code finds."""
    return {"name": listing.name, **asdict(listing.words), "rows": rows, "cut": len(rows) >= lists.LONGEST}


def _beside(talk: Talk, here: Here, work: dict[str, Any] | None) -> list[Listing]:
    """What stands beside the lists that may be touched: who is there, what is loaded, what is checked by oneself."""
    found = [lists.person(talk.badge)] if talk.badge else []
    if here.location_id is not None:
        found.append(lists.loaded(here))
    if work:
        found.append(lists.self_checks(work["revision_id"], work["seq"]))
    return found


def _person(rows: dict[str, Rows]) -> dict[str, str] | None:
    return next(({"badge": one["hint"], "zh": one["zh"], "en": one["en"]} for one in rows.get("person", ())), None)


def _loaded(row: dict[str, Any]) -> dict[str, str]:
    item, _, left = row["hint"].partition(lists.BETWEEN)
    return {"item": item, "zh": row["zh"], "en": row["en"], "lot": row["code"], "left": left}


def _work(work: dict[str, Any] | None, rows: dict[str, Rows]) -> dict[str, Any] | None:
    if work is None:
        return None
    checks = [{"zh": one["zh"], "en": one["en"]} for one in rows.get("self_checks", ())]
    return {**{name: value for name, value in work.items() if name != "revision_id"}, "self_checks": checks}


def _recent(pulse: Pulse) -> list[dict[str, Any]]:
    """The latest replies of this production day, each with the moment of its scan in the plant's zone.

    Yesterday's are gone, and a tablet may be set to any other zone.
    """
    zone = ZoneInfo(pulse.plant.zone)
    replies: list[dict[str, Any]] = json.loads(pulse.dialogue.recent) if pulse.dialogue else []
    timed = [(datetime.fromisoformat(one["at"]), one) for one in replies]
    return [{**one, "at": at.astimezone(zone).isoformat()} for at, one in timed if pulse.day_of(at) == pulse.day]


def _said(pulse: Pulse) -> dict[str, Any]:
    """What the station last said of itself, and the last value of its gauge or scale."""
    reading = pulse.reading
    return {
        "seen_at": pulse.seen_at.isoformat() if pulse.seen_at else None,
        "silent": pulse.silent,
        "skew_s": round(pulse.skew.total_seconds()) if pulse.skew is not None else None,
        "clock_wrong": is_noticed(pulse.skew),
        "waiting": int(pulse.said.get("waiting") or 0),
        "scanner": pulse.said.get("scanner"),
        "reading": {
            "id": reading.id,
            "device": reading.device,
            "value": reading.value,
            "unit": reading.unit,
            "at": reading.read_at.isoformat(),
        }
        if reading
        else None,
    }
