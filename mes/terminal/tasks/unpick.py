"""Taking a carton back out of an order at the dock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step, Task
from mes.terminal.tasks.cartons import by_sscc
from mes.terminal.tasks.pick import order_in_hand
from mes.words import Words


@dataclass(frozen=True)
class Unpick(Task):
    """The next carton comes out of this order."""

    order: str = ""

    name = "unpick"
    words = Words("退拣", "Unpick")
    begun_by = "UNPICK"
    begun = Words("退拣：请扫要退回的外箱", "Unpick: scan the carton to take back")

    @classmethod
    def begin(cls, floor: Floor) -> Step:
        """UNPICK; raises `OrderFirst`."""
        return Step(Answer(cls.begun), begins=cls(order_in_hand(floor)))

    @property
    def expects(self) -> Words:
        """A carton."""
        return Words("请扫要退回的外箱", "Scan the carton to take back")

    def takes(self) -> Mapping[type, Meaning]:
        """Cartons and pallets."""
        return {**dict.fromkeys(BOXES, self.unpick), codes.Gs1: by_sscc(self.unpick)}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """What was picked for the order."""
        return (lists.picked_for(self.order),)

    def unpick(self, floor: Floor, code: Box) -> Step:
        """A carton is free again."""
        value = floor.ask("shipping:unpick", order=self.order, unit=unit_of(code))
        return Step(done("shipping:unpick", value, order=self.order))
