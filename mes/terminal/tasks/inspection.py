"""The kiosk: a run card opens its inspection on the screen; measuring and signing happen there (P9, P10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.production.model import RunCard
from mes.terminal.floor import Floor
from mes.terminal.reply import Answer
from mes.terminal.task import Meaning, Spoken, Step, Task
from mes.words import Words

OPENED = Words("检验：流转单 {card}（{item}）", "Inspection: run card {card} ({item})")


@dataclass(frozen=True)
class Inspection(Task):
    """The station's own task at a kiosk: the card whose inspection is open, with its operation if that was scanned."""

    operation: str | None = None

    name = "inspection"
    words = Words("检验", "Inspection")

    @property
    def expects(self) -> Words:
        """A run card."""
        return Words("请扫流转单，在屏幕上录入并签字", "Scan a run card; record and sign on the screen")

    def takes(self) -> Mapping[type, Meaning]:
        """Run cards and their operations."""
        return {codes.RunCardCode: self.show, codes.OperationCode: self.show}

    def hears(self) -> tuple[Spoken, ...]:
        """No word: the screen has its own buttons."""
        return ()

    @property
    def shows(self) -> str | None:
        """The operation that was scanned."""
        return self.operation

    def show(self, floor: Floor, code: codes.OperationCode | codes.RunCardCode) -> Step:
        """Its inspection opens."""
        card = floor.find(RunCard.code, code.card)
        seq = f"+{code.seq}" if isinstance(code, codes.OperationCode) else ""
        words = OPENED.said(card=card.code, item=card.item.code)
        return Step(Answer(words), self.but(operation=f"{card.code}{seq}"))
