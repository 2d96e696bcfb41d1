"""Not found (F4): a lot is not where the books say; the scan of the empty place proves that somebody was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.masters.model import Location
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import BoxFirst
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step, Task
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words

MISSED = Words("{box} 找不到：请扫空库位", "{box} not found: scan the empty place")


@dataclass(frozen=True)
class NotFound(Task):
    """The lot that is missed."""

    unit: str | None = None

    name = "not_found"
    words = Words("找不到", "Not found")
    begun_by = "NOTFOUND"
    begun = Words("找不到货：请扫批次，再扫空库位", "Not found: scan the lot, then the empty place")

    @property
    def expects(self) -> Words:
        """The lot, then the place."""
        if self.unit is None:
            return Words("请扫找不到的批次", "Scan the lot that is missing")
        return Words("请扫 {box} 应在的空库位", "Scan the empty place where {box} should lie").said(box=self.unit)

    def takes(self) -> Mapping[type, Meaning]:
        """A lot, and the place that was looked at."""
        boxes = dict.fromkeys(BOXES, self.choose_box)
        return {**boxes, codes.Gs1: by_sscc(self.choose_box), codes.LocationCode: self.place_is_empty}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """What should lie in the store; then the places."""
        return (lists.places(),) if self.unit else (lists.lots_in_store(),)

    def choose_box(self, _floor: Floor, code: Box) -> Step:
        """The lot that is missed."""
        return Step(Answer(MISSED.said(box=unit_of(code))), self.but(unit=unit_of(code)))

    def place_is_empty(self, floor: Floor, code: codes.LocationCode) -> Step:
        """The place that was looked at; raises `BoxFirst`."""
        if self.unit is None:
            raise refuse(BoxFirst(station=floor.station.code))
        place = floor.find(Location.code, code.location)
        value = floor.ask("stock:not_found", unit_lot=self.unit, place=place.code)
        return Step(done("stock:not_found", value, lot=self.unit, place=place.code))
