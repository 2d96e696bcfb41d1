"""Counting a missing box (F4): the place, the box that is there after all, how much is in it. Another person's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.masters.model import Location
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import BoxFirst, PlaceFirst
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step, Task
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words

AT = Words("盘点 {place}：请扫料箱", "Count at {place}: scan the box")
CHOSEN = Words("盘点 {box}：请扫实点数量", "Count {box}: scan how much is in it")


@dataclass(frozen=True)
class Count(Task):
    """The place that is looked at, and the box that is counted there."""

    place: str | None = None
    unit: str | None = None

    name = "count"
    words = Words("盘点", "Count")
    begun_by = "COUNT"
    begun = Words("盘点：请扫库位，再扫料箱和数量", "Count: scan the place, then the box and how much is in it")

    @property
    def expects(self) -> Words:
        """The place, the box, the quantity."""
        if self.place is None:
            return Words("请扫盘点的库位", "Scan the place where you count")
        if self.unit is None:
            return Words("请扫 {place} 的料箱", "Scan the box at {place}").said(place=self.place)
        return Words("请扫 {box} 实点数量（没有则为 0）", "Scan how much is in {box} (0 if it is not there)").said(
            box=self.unit
        )

    def takes(self) -> Mapping[type, Meaning]:
        """A place, a box, and a quantity in its item's unit."""
        boxes = dict.fromkeys(BOXES, self.choose_box)
        return {
            codes.LocationCode: self.choose_place,
            **boxes,
            codes.Gs1: by_sscc(self.choose_box),
            codes.QuantityCode: self.count,
        }

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """The places; then what is missing."""
        if self.place is None:
            return (lists.places(),)
        return () if self.unit else (lists.missing_boxes(),)

    @property
    def pad(self) -> Words | None:
        """How much is in it."""
        return Words("实点数量", "How much is in it") if self.unit else None

    def choose_place(self, floor: Floor, code: codes.LocationCode) -> Step:
        """Where somebody counts."""
        place = floor.find(Location.code, code.location).code
        return Step(Answer(AT.said(place=place)), self.but(place=place, unit=None))

    def choose_box(self, floor: Floor, code: Box) -> Step:
        """The box that is counted; raises `PlaceFirst` before a place."""
        if self.place is None:
            raise refuse(PlaceFirst(station=floor.station.code))
        return Step(Answer(CHOSEN.said(box=unit_of(code))), self.but(unit=unit_of(code)))

    def count(self, floor: Floor, code: codes.QuantityCode) -> Step:
        """So much is in it; raises `BoxFirst`."""
        if self.place is None or self.unit is None:
            raise refuse(BoxFirst(station=floor.station.code))
        quantity = f"{code.quantity:f}"
        value = floor.ask("stock:count", place=self.place, unit=self.unit, quantity=quantity)
        return Step(done("stock:count", value))
