"""Operational memory of terminals: what each station is in the middle of. Not part of the plant's state (law 1)."""

from __future__ import annotations

import json

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mes.database import Base, Code, Moment, Prose, Word

NOTICED_MS = 10_000
"""A clock that is off by more is called wrong, on the station's screen and in the office."""


class Dialogue(Base):
    """What a station is in the middle of, as JSON, and the last replies for its screen."""

    __tablename__ = "dialogue"
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    state: Mapped[Prose]
    recent: Mapped[Prose]
    version: Mapped[int]
    changed_at: Mapped[Moment]

    @property
    def in_the_middle(self) -> bool:
        """Whether its next scan goes on with something: a task was begun, or the station's own remembers something."""
        hand = [one.get("state") for one in json.loads(self.state).get("hand", ()) if isinstance(one, dict)]
        return len(hand) > 1 or any(value for state in hand for value in (state or {}).values())


class DeviceState(Base):
    """What a station last said of itself and its devices: operational, overwritten at every heartbeat (law 1)."""

    __tablename__ = "device_state"
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    state: Mapped[Prose] = mapped_column(comment="scanner, scans waiting, printers with their faults, as JSON")
    seen_at: Mapped[Moment]
    skew_ms: Mapped[int | None] = mapped_column(
        BigInteger, comment="how far its clock was ahead of the server's at its last heartbeat"
    )


class Reading(Base):
    """The last value that a gauge or scale of a station sent, offered to the field that waits for one."""

    __tablename__ = "reading"
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), comment="made by the station")
    device: Mapped[Code] = mapped_column(comment="equipment code of the gauge or scale")
    value: Mapped[Word] = mapped_column(comment="decimal text, as sent")
    unit: Mapped[Word]
    read_at: Mapped[Moment]
