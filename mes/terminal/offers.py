"""What a station offers by touch now: buttons and lists. Each carries the text that a scan would have."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mes import codes
from mes.terminal import lists
from mes.terminal.dialogue import Talk
from mes.terminal.lists import Here, Listing
from mes.terminal.meanings import LOG_OFF, heard


def listings(talk: Talk, here: Here) -> tuple[Listing, ...]:
    """The lists of the task on top; while nobody is signed on, who may."""
    return talk.task.lists(here) if talk.badge else (lists.people(here),)


def buttons(talk: Talk, role: str) -> list[dict[str, Any]]:
    """The words that are heard now: the task's own, those near to it, and the rest; signing off is the last."""
    if talk.badge is None:
        return []
    own = {one.word: "own" for one in talk.task.hears()}
    places = {**dict.fromkeys(talk.task.near, "near"), **own}
    offered = [one for one in heard(talk, role) if one.offered]
    spoken = [{"code": one.code, **asdict(one.words), "place": places.get(one.word, "more")} for one in offered]
    badge = codes.encode(codes.BadgeCode(talk.badge))
    return [*spoken, {"code": badge, **asdict(LOG_OFF), "place": "more"}]
