"""Issuing from the store: whole boxes to a run card or to a line side, the oldest first (F2, F4, P6)."""

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
class Issue(Task):
    """Boxes go to this run card or line side, until there is another destination."""

    to: str = ""

    name = "issue"
    words = Words("发料", "Issue")
    near = ("NOTFOUND", "SPLIT")
    stands = True

    @property
    def expects(self) -> Words:
        """Boxes."""
        return Words("请扫料箱标签，发至 {to}", "Scan the box to issue to {to}").said(to=self.to)

    def takes(self) -> Mapping[type, Meaning]:
        """Boxes and cartons."""
        return {**dict.fromkeys(BOXES, self.issue), codes.Gs1: by_sscc(self.issue)}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """The boxes that may go next, oldest first."""
        return (lists.boxes_to_issue(self.to),)

    def issue(self, floor: Floor, code: Box) -> Step:
        """A whole box leaves the store."""
        value = floor.ask("stock:issue", unit=unit_of(code), to=self.to)
        return Step(done("stock:issue", value, place=self.to), self)
