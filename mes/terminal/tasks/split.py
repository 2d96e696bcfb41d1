"""Splitting a box at the store: which one, then how much is taken out; both parts get labels of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import BoxFirst
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step, Task
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words

CHOSEN = Words("拆箱 {box}：请扫取出数量", "Split {box}: scan how much to take out")


@dataclass(frozen=True)
class Split(Task):
    """The box that is opened."""

    unit: str | None = None

    name = "split"
    words = Words("拆箱", "Split")
    begun_by = "SPLIT"
    begun = Words("拆箱：请扫料箱，再扫数量", "Split: scan the box, then the quantity")

    @property
    def expects(self) -> Words:
        """The box, then the quantity."""
        if self.unit is None:
            return Words("请扫要拆的料箱", "Scan the box to split")
        return Words("请扫从 {box} 取出的数量", "Scan how much to take out of {box}").said(box=self.unit)

    def takes(self) -> Mapping[type, Meaning]:
        """A box, and a quantity in its item's unit."""
        boxes = dict.fromkeys(BOXES, self.choose_box)
        return {**boxes, codes.Gs1: by_sscc(self.choose_box), codes.QuantityCode: self.split}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """What lies in the store, until a box is chosen."""
        return () if self.unit else (lists.boxes_in_store(),)

    @property
    def pad(self) -> Words | None:
        """How much is taken out."""
        return Words("取出数量", "How much to take out") if self.unit else None

    def choose_box(self, _floor: Floor, code: Box) -> Step:
        """The box that is opened."""
        return Step(Answer(CHOSEN.said(box=unit_of(code))), self.but(unit=unit_of(code)))

    def split(self, floor: Floor, code: codes.QuantityCode) -> Step:
        """So much goes into a new box; raises `BoxFirst`."""
        if self.unit is None:
            raise refuse(BoxFirst(station=floor.station.code))
        value = floor.ask("stock:split", unit=self.unit, quantity=f"{code.quantity:f}")
        return Step(done("stock:split", value))
