"""Putting away at the store: boxes, cartons and whole pallets go to a place of their status (P12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import done
from mes.terminal.task import Meaning, Step, Task
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words


@dataclass(frozen=True)
class PutAway(Task):
    """Boxes go to this place, until there is another destination."""

    place: str = ""

    name = "put_away"
    words = Words("入库上架", "Put away")
    near = ("NOTFOUND",)
    stands = True

    @property
    def expects(self) -> Words:
        """Boxes."""
        return Words("请扫料箱标签，放到 {place}", "Scan the box that goes to {place}").said(place=self.place)

    def takes(self) -> Mapping[type, Meaning]:
        """Boxes, cartons, pallets."""
        return {**dict.fromkeys(BOXES, self.put_away), codes.Gs1: by_sscc(self.put_away)}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Boxes that have come in or lie on the floor."""
        return (lists.boxes_to_put_away(),)

    def put_away(self, floor: Floor, code: Box) -> Step:
        """A box is at its place."""
        value = floor.ask("stock:put_away", unit=unit_of(code), to=self.place)
        return Step(done("stock:put_away", value, place=self.place), self)
