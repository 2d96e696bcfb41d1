"""Binding a colour card: a pre-printed card hangs on a box and stands for its label (F5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step, Task
from mes.words import Words

CHOSEN = Words("{box}：请扫颜色卡", "{box}: scan the colour card")


@dataclass(frozen=True)
class BindCard(Task):
    """First the box, then the card."""

    unit: str | None = None

    name = "bind"
    words = Words("绑颜色卡", "Bind card")
    begun_by = "BIND"
    begun = Words("绑颜色卡：请扫料箱，再扫卡", "Bind a card: scan the box, then the card")

    @property
    def expects(self) -> Words:
        """The box, then the card."""
        if self.unit is None:
            return Words("请扫料箱，再扫颜色卡", "Scan the box, then the colour card")
        return Words("请扫颜色卡", "Scan the colour card")

    def takes(self) -> Mapping[type, Meaning]:
        """Boxes and cards."""
        return dict.fromkeys(BOXES, self.bind)

    def bind(self, floor: Floor, code: Box) -> Step:
        """A box, until a card comes after it."""
        if self.unit is None or not isinstance(code, codes.CardCode):
            return Step(Answer(CHOSEN.said(box=unit_of(code))), self.but(unit=unit_of(code)))
        value = floor.ask("label:bind_card", unit=self.unit, card=codes.encode(code))
        return Step(done("label:bind_card", value))
