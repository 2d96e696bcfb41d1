"""The plant's shifts: when the one began that a moment belongs to. Without the setting `shift_starts` a day is one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from mes.masters.model import Plant, Setting
from mes.memory import Masters

SHIFT_STARTS = "shift_starts"
DAY = timedelta(days=1)


def shift_began(known: Masters, at: datetime) -> datetime:
    """When the shift of a moment began, by the plant's own clock."""
    plant = known.all(Plant)[0]
    here = at.astimezone(ZoneInfo(plant.zone)).replace(tzinfo=None)
    starts = _starts(known) or [plant.day_starts]
    days = (here.date(), here.date() - DAY)
    began = [datetime.combine(day, start) for day in days for start in starts]
    return max(one for one in began if one <= here)


def _starts(known: Masters) -> list[time]:
    said = known.find(Setting, name=SHIFT_STARTS)
    return [time.fromisoformat(one.strip()) for one in said.value.split(";")] if said else []
