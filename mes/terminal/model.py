"""Operational memory of terminals: what each station is in the middle of. Not part of the plant's state (law 1)."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mes.database import Base, Moment, Prose


class Dialogue(Base):
    """What a station is in the middle of, as JSON, and the last replies for its screen."""

    __tablename__ = "dialogue"
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    state: Mapped[Prose]
    recent: Mapped[Prose]
    version: Mapped[int]
    changed_at: Mapped[Moment]
