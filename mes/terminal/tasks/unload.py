"""Taking a wrong box off the line again: nothing more is drawn from it, what is left stays at its place (F2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.terminal import lists
from mes.terminal.floor import Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import done
from mes.terminal.task import Meaning, Step, Task
from mes.words import Words


@dataclass(frozen=True)
class Unload(Task):
    """The next box comes off the line."""

    name = "unload"
    words = Words("卸料", "Unload")
    begun_by = "UNLOAD"
    begun = Words("卸料：请扫要卸下的料箱", "Unload: scan the box to take off the line")

    @property
    def expects(self) -> Words:
        """A box that is loaded here."""
        return Words("请扫要卸下的料箱", "Scan the box to take off the line")

    def takes(self) -> Mapping[type, Meaning]:
        """Boxes of material."""
        return dict.fromkeys((codes.LabelCode, codes.CardCode, codes.LotCode), self.unload)

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """What is loaded here."""
        return (lists.boxes_loaded(here),)

    def unload(self, floor: Floor, code: Box) -> Step:
        """A box is off the line."""
        value = floor.ask("production:unload", unit=unit_of(code))
        return Step(done("production:unload", value))
