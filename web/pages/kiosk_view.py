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
from mes.quality.waiting import OpenReport, Undecided, Waiting


@dataclass(frozen=True)
class Kiosk:
    """Everything that waits, what was chosen of it, the lot that was named, and a code that meant nothing here."""

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


def meant(code: str) -> str:
    """What a scanned or typed code names: an operation, a run card, a lot, or the text itself."""
    try:
        found = codes.parse(code)
    except codes.CodeError:
        return code.strip()
    match found:
        case codes.OperationCode(card, seq):
            return f"{card}+{seq}"
        case codes.RunCardCode(name) | codes.LotCode(name):
            return name
    return code.strip()


def _choose(session: Session, everything: Kiosk, chosen: Mapping[str, str]) -> Kiosk:
    wanted = meant(chosen.get("code") or chosen.get("operation") or "")
    lot, report = chosen.get("lot") or wanted, chosen.get("nonconformance") or wanted
    card = next((one for one in everything.cards if wanted in (one.operation, one.card)), None)
    found = next((one for one in everything.reports if one.code == report), None)
    boxes = tuple(one for one in everything.undecided if one.lot == lot)
    if not (wanted or lot or report):
        return everything
    standing = None if card or found or not lot else standing_of(session, lot)
    return replace(
        everything,
        chosen=card,
        report=None if card else found,
        boxes=() if card or found else boxes,
        lot=standing,
        nothing_for=None if card or found or boxes or standing else (wanted or lot or report),
    )
