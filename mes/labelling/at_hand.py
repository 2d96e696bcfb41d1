"""A station's printers as they are now: what is loaded, who vouches for it, what their station last said of them.

Reads only. What a station says is kept by `mes.terminal.devices`; how large labels are, the labels room knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mes.labelling.loaded_stock import AtHand, Size, doubt_of
from mes.masters.model import Plant, Printer, Station
from mes.memory import masters
from mes.terminal.model import DeviceState

Said = dict[str, Any]
SizesOf = Callable[[str], Sequence[Size] | None]
"""The sizes of a layout's labels; None for forms that fit any paper."""
MENDED = "mended"
"""In the word about a printer on which a job failed: how often people had mended it until then."""


def printers_at(session: Session, station: Station, now: datetime) -> list[AtHand]:
    """The printers of a station, as they are now."""
    known, said = masters(session), last_word(session, station)[0]
    printers = known.where(Printer, station_id=station.id)
    return [at_hand(one, doubt_of(one, now, known.all(Plant)[0]), said) for one in printers]


def last_word(session: Session, station: Station) -> tuple[Said, datetime | None]:
    """What a station last said of itself, and when; no moment while it sent no heartbeat."""
    row = session.get(DeviceState, station.id)
    said = json.loads(row.state) if row else {}
    return said, row.seen_at if row and "waiting" in said else None


def at_hand(printer: Printer, doubt: str | None, said: Mapping[str, Any]) -> AtHand:
    """A printer as its station's last word and its last job leave it, unless a person has mended it since."""
    word: Said = next((one for one in said.get("printers") or () if one["code"] == printer.code), {})
    failed = MENDED in word
    if failed and word[MENDED] != printer.mended:
        return AtHand(printer, doubt)
    return AtHand(printer, doubt, tuple(sorted(word.get("faults", ()))), failed)
