"""Rescue at the store: doubtful goods go to a hold place, whatever their label says (law 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.masters.model import Location
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import DestinationFirst
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step, Task
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words

WHY = "terminal"
"""What the record says of the reason: nobody has said one at the terminal."""


@dataclass(frozen=True)
class Rescue(Task):
    """Doubtful goods go to this place, until DONE."""

    place: str | None = None

    name = "rescue"
    words = Words("隔离", "Rescue")
    begun_by = "RESCUE"
    begun = Words("隔离移动：请扫隔离库位，再扫料箱", "Rescue: scan a hold place, then the box")
    stands = True

    @property
    def expects(self) -> Words:
        """The place, then boxes."""
        if self.place is None:
            return Words("请扫隔离库位", "Scan the hold place")
        return Words("请扫要移到 {place} 的料箱", "Scan the box to move to {place}").said(place=self.place)

    def takes(self) -> Mapping[type, Meaning]:
        """Places and boxes."""
        boxes = dict.fromkeys(BOXES, self.rescue)
        return {codes.LocationCode: self.choose_place, **boxes, codes.Gs1: by_sscc(self.rescue)}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Hold places first, then what lies in the store."""
        return (lists.hold_places(),) if self.place is None else (lists.boxes_in_store(),)

    def choose_place(self, floor: Floor, code: codes.LocationCode) -> Step:
        """Where the goods go."""
        place = floor.find(Location.code, code.location)
        words = Words("去向：{place} {zh}", "To {place} {en}")
        return Step(
            Answer(words.said(place=place.code, zh=place.name_zh, en=place.name_en)), self.but(place=place.code)
        )

    def rescue(self, floor: Floor, code: Box) -> Step:
        """A box is out of use; raises `DestinationFirst` before a place."""
        if self.place is None:
            raise refuse(DestinationFirst(station=floor.station.code))
        value = floor.ask("stock:rescue", unit=unit_of(code), to=self.place, reason=WHY)
        return Step(done("stock:rescue", value, place=self.place), self)
