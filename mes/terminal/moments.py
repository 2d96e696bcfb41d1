"""When a scan was made, and which moment of it counts: the floor's clock is a witness, never a judge (law 11).

Gates always read the server's time. The floor's time is the moment of record for a backlog alone that the station can
prove it kept: the next in its journal's order, by a clock that was not set meanwhile, from a time when the server
did not hear it. Owns nothing; looks at what stations said of themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mes.clock import moment
from mes.refusals import both
from mes.terminal.model import NOTICED_MS, DeviceState

SILENT_AFTER = timedelta(seconds=45)  # three heartbeats of a station program
AHEAD = timedelta(seconds=30)
"""So far a station's clock may be ahead; a scan dated further into the future is refused."""
STEPPED = timedelta(seconds=30)
"""A clock that is off by so much more or less than before it was cut off was set meanwhile: it proves nothing."""


@dataclass(frozen=True)
class Sent:
    """When a scan was sent, by the clock that dated it, and its number in the station's journal, if it has one."""

    at: datetime
    sequence: int | None = None

    def follows(self, last: int | None) -> bool:
        """Whether it comes after that number in the journal; None: after a scan that came another way."""
        return self.sequence is not None and (last is None or self.sequence > last)


@dataclass(frozen=True)
class Cut:
    """A time when the server did not hear a station, and how far its clock was off before."""

    since: datetime
    until: datetime
    skew: timedelta

    @property
    def stored(self) -> dict[str, Any]:
        """As it stands beside what the station said of itself."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "skew_ms": milliseconds(self.skew)}

    @classmethod
    def revived(cls, stored: dict[str, Any]) -> Cut:
        """The same from its stored form."""
        skew = timedelta(milliseconds=stored["skew_ms"])
        return cls(moment(stored["since"]), moment(stored["until"]), skew)


@dataclass(frozen=True)
class Moments:
    """Of one scan, by the server's clock: when it was made, and the moment of record of what it does."""

    made_at: datetime
    counts_at: datetime


def moments_of(
    scanned_at: datetime,
    sent: Sent | None,
    before: int | None,
    now: datetime,
    devices: Callable[[], DeviceState | None],
) -> Moments:
    """Both moments of a scan; `before` is the number of the station's last scan, `devices` what it said of itself.

    How long it waited is a difference of the station's own clock, so that a wrong one tells it right.
    """
    if sent is None:
        late = now - scanned_at > SILENT_AFTER
        skew = skew_of(devices()) if late else None
        return Moments(min(scanned_at - skew if skew else scanned_at, now), now)
    made_at = now - max(sent.at - scanned_at, timedelta())
    if now - made_at <= SILENT_AFTER:
        return Moments(made_at, now)
    proved = sent.follows(before) and _was_cut_off(made_at, sent.at - now, cut_of(devices(), now))
    return Moments(made_at, made_at if proved else now)


def _was_cut_off(made_at: datetime, skew: timedelta, cut: Cut | None) -> bool:
    """Whether the station was not heard then, and its clock is as far off as it was before."""
    return cut is not None and cut.since <= made_at <= cut.until and abs(skew - cut.skew) <= STEPPED


def cut_of(devices: DeviceState | None, now: datetime) -> Cut | None:
    """The last time, perhaps until now, that a station which sends heartbeats was not heard."""
    if devices is None or devices.skew_ms is None:
        return None
    if now - devices.seen_at > SILENT_AFTER:
        return Cut(devices.seen_at, now, timedelta(milliseconds=devices.skew_ms))
    stored = json.loads(devices.state).get("cut")
    return Cut.revived(stored) if stored else None


def skew_of(devices: DeviceState | None) -> timedelta | None:
    """How far a station's clock is ahead of the server's, by its last heartbeat; None while none told."""
    return timedelta(milliseconds=devices.skew_ms) if devices and devices.skew_ms is not None else None


def milliseconds(skew: timedelta) -> int:
    """As it is stored."""
    return round(skew / timedelta(milliseconds=1))


def is_noticed(skew: timedelta | None) -> bool:
    """Whether a clock is off by more than anybody should overlook."""
    return skew is not None and abs(milliseconds(skew)) > NOTICED_MS


def told(skew: timedelta) -> str:
    """A length of time for a sentence, in its two largest units: `2 小时 5 分钟¦2 h 5 min`."""
    seconds = round(abs(skew).total_seconds())
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    parts = [(days, "天", "d"), (hours, "小时", "h"), (minutes, "分钟", "min"), (seconds % 60, "秒", "s")]
    first = next((place for place, part in enumerate(parts) if part[0]), len(parts) - 1)
    shown = [part for part in parts[first : first + 2] if part[0]] or parts[-1:]
    return both(" ".join(f"{n} {zh}" for n, zh, _ in shown), " ".join(f"{n} {en}" for n, _, en in shown))
