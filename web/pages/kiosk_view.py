"""What the kiosk shows: everything that waits for an inspector, and the one thing that was chosen. Only looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes import codes
from mes.clock import local_day
from mes.masters.model import Plant
from mes.quality import waiting
from mes.quality.lot_standing import LotStanding, standing_of, unreported
from mes.quality.pointing import Pointed, pointed_at
from mes.quality.waiting import OpenReport, Undecided, Waiting

CHOICES = ("code", "operation", "lot", "nonconformance")
"""What names the thing that is chosen: a scanned or typed code, or a link of the page's own lists."""


@dataclass(frozen=True)
class Kiosk:
    """Everything that waits, what was chosen of it, the lot that was named, and a code that meant nothing here.

    `only`: the code of a place or item of which several things wait; the lists hold these alone.
    """

    first_articles: list[Waiting]
    finals: list[Waiting]
    completions: list[Waiting]
    reports: list[OpenReport]
    undecided: list[Undecided]
    chosen: Waiting | None = None
    report: OpenReport | None = None
    boxes: tuple[Undecided, ...] = ()
    unreported: tuple[str, ...] = ()
    lot: LotStanding | None = None
    nothing_for: str | None = None
    only: str | None = None

    @property
    def cards(self) -> Iterator[Waiting]:
        """Every inspection that waits on a run card."""
        yield from (*self.first_articles, *self.finals, *self.completions)


def view(session: Session, chosen: Mapping[str, str], now: datetime) -> Kiosk:
    """The kiosk with what `operation`, `nonconformance`, `lot` or a scanned `code` chooses."""
    today = local_day(now, session.scalars(select(Plant.zone)).one())
    everything = Kiosk(
        waiting.first_articles(session, now, today),
        waiting.finals(session, now, today),
        waiting.completions(session, now, today),
        waiting.open_nonconformances(session),
        waiting.undecided(session, today),
        unreported=tuple(unreported(session)),
    )
    return _choose(session, everything, chosen)


def pointed(session: Session, text: str) -> Pointed:
    """What a scanned or typed text points at: a code of any label, or a bare number of a card, lot, report, item."""
    bare = text.strip()
    as_typed = Pointed(names=frozenset({bare}), items=frozenset({bare}), places=frozenset({bare}))
    try:
        found = pointed_at(session, codes.parse(text))
    except codes.CodeError:
        return as_typed
    return found or as_typed


def _choose(session: Session, everything: Kiosk, chosen: Mapping[str, str]) -> Kiosk:
    """What was chosen: the one thing that waits of it, or the list of several; where nothing does, that is said."""
    wanted = next((chosen[name] for name in CHOICES if chosen.get(name)), "")
    if not wanted:
        return everything
    what = pointed(session, wanted)
    cards = [one for one in everything.cards if _is_card(one, what)]
    reports = [one for one in everything.reports if one.code in what.names]
    boxes = [one for one in everything.undecided if _is_box(one, what)]
    things = len(cards) + len(reports) + len({one.lot for one in boxes})
    if things > 1 and not what.names:
        return _only(everything, cards, boxes, wanted)
    lot = None if cards or reports else _standing(session, what, boxes)
    return replace(
        everything,
        chosen=next(iter(cards), None),
        report=None if cards else next(iter(reports), None),
        boxes=() if cards or reports else tuple(boxes),
        lot=lot,
        nothing_for=None if things or lot else wanted,
    )


def _standing(session: Session, what: Pointed, boxes: list[Undecided]) -> LotStanding | None:
    """How the lot stands that was named, whether or not anything of it waits."""
    named = [one.lot for one in boxes] or sorted(what.names)
    return next((found for name in named if (found := standing_of(session, name))), None)


def _only(everything: Kiosk, cards: list[Waiting], boxes: list[Undecided], wanted: str) -> Kiosk:
    """Of several things that wait at a place, or of an item, those alone."""

    def kept(waiting: list[Waiting]) -> list[Waiting]:
        return [one for one in waiting if one in cards]

    return replace(
        everything,
        first_articles=kept(everything.first_articles),
        finals=kept(everything.finals),
        completions=kept(everything.completions),
        reports=[],
        undecided=boxes,
        only=wanted,
    )


def _is_card(one: Waiting, what: Pointed) -> bool:
    return bool({one.operation, one.card} & what.names) or one.item in what.items


def _is_box(one: Undecided, what: Pointed) -> bool:
    return one.lot in what.names or one.item in what.items or one.place in what.places
