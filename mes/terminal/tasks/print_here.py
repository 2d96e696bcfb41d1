"""Printing what waits for a box, where the goods lie (F5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.production.model import RunCard
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import done
from mes.terminal.task import Meaning, Step, Task
from mes.words import Words


@dataclass(frozen=True)
class PrintHere(Task):
    """The next box or run card gets the labels that wait for it."""

    name = "print"
    words = Words("打印标签", "Print")
    begun_by = "PRINT"
    begun = Words("打印标签：请扫料箱", "Print labels: scan the box")

    @property
    def expects(self) -> Words:
        """A box."""
        return Words("请扫要打印标签的料箱（旧标签或批次）", "Scan the box to print for (old label or lot)")

    def takes(self) -> Mapping[type, Meaning]:
        """Boxes, and run cards for their batch."""
        return {**dict.fromkeys(BOXES, self.print_box), codes.RunCardCode: self.print_card}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Batches for which labels wait."""
        return (lists.lots_with_labels_waiting(),)

    def print_box(self, floor: Floor, code: Box) -> Step:
        """What waits for the box comes out here."""
        return Step(done("label:print_here", floor.ask("label:print_here", unit=unit_of(code))))

    def print_card(self, floor: Floor, code: codes.RunCardCode) -> Step:
        """What waits for the card's batch comes out here."""
        card = floor.find(RunCard.code, code.card)
        return self.print_box(floor, codes.LotCode(card.lot.code))
