"""What a station offers by touch now: buttons, lists and a number pad. Each carries the text that a scan would have."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from mes import codes
from mes.masters.model import Station
from mes.terminal import lists
from mes.terminal.dialogue import Talk
from mes.terminal.lists import Here, Listing
from mes.terminal.meanings import LOG_OFF, heard


def offers_of(session: Session, station: Station, talk: Talk) -> dict[str, Any]:
    """The task in hand with its state, and everything that may be touched instead of scanned."""
    offered = listings(talk, Here.of(station))
    rows = lists.rows_of(session, offered)
    pad = talk.task.pad if talk.badge else None
    return {
        "task": {"name": talk.task.name, **asdict(talk.task.words), "state": asdict(talk.task)},
        "hand": [one.name for one in talk.hand],
        "buttons": buttons(talk, station.role),
        "pad": asdict(pad) if pad else None,
        "lists": [{"name": one.name, **asdict(one.words), "rows": rows[one.name]} for one in offered],
    }


def listings(talk: Talk, here: Here) -> tuple[Listing, ...]:
    """The lists of the task on top; while nobody is signed on, who may."""
    return talk.task.lists(here) if talk.badge else (lists.people(here),)


def buttons(talk: Talk, role: str) -> list[dict[str, Any]]:
    """The words that are heard now, those of the task in hand marked as its own; signing off is the last."""
    if talk.badge is None:
        return []
    own = {one.word for one in talk.task.hears()}
    spoken = [{"code": one.code, **asdict(one.words), "own": one.word in own} for one in heard(talk, role)]
    badge = codes.encode(codes.BadgeCode(talk.badge))
    return [*spoken, {"code": badge, **asdict(LOG_OFF), "own": False}]
