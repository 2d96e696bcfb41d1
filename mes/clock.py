"""The plant's time: UTC inside, the plant's zone outside, and never the wall clock behind anyone's back.

Every room asks an injected `Clock`; tests and demos set it. Nothing here knows the database.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mes.outside import moment_of

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The machine's own time, UTC."""
    return datetime.now(UTC)


def clock_from(setting: str | None) -> Clock:
    """The clock that `--now` or RUNCARD_NOW asks for.

    Empty: the machine's. An ISO 8601 moment with offset: starts there and runs on. `@FILE`: the moment written in
    that file, read at every question (tests and the demo move it). Raises ValueError when the moment has no offset.
    """
    if not setting:
        return wall_clock
    if setting.startswith("@"):
        path = Path(setting[1:])
        return lambda: moment(path.read_text(encoding="ascii"))
    offset = moment(setting) - wall_clock()
    return lambda: wall_clock() + offset


def clock_from_environment(environment: Mapping[str, str] = os.environ) -> Clock:
    """The clock named by RUNCARD_NOW, else the machine's."""
    return clock_from(environment.get("RUNCARD_NOW"))


def moment(text: str) -> datetime:
    """An ISO 8601 text as a UTC moment; raises ValueError for a text without offset."""
    return moment_of(text.strip())


def aware(value: datetime) -> datetime:
    """The same value; raises ValueError when it has no zone (law 5: naive times are refused)."""
    if value.tzinfo is None:
        raise ValueError(f"the time {value.isoformat()} has no zone; write it as 2026-12-01T08:00+08:00")
    return value


def local_day(at: datetime, zone: str) -> date:
    """The calendar day in the plant's zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def production_day(at: datetime, zone: str, day_starts: time) -> date:
    """The production day: work before the first shift starts still belongs to yesterday (law 5)."""
    local = at.astimezone(ZoneInfo(zone))
    return local.date() if local.timetz().replace(tzinfo=None) >= day_starts else local.date() - timedelta(days=1)
