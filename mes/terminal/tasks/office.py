"""The office: nothing is made or moved here, only paper."""

from __future__ import annotations

from dataclasses import dataclass

from mes.terminal.task import Spoken, Task
from mes.words import Words


@dataclass(frozen=True)
class Office(Task):
    """The station's own task in an office."""

    name = "office"
    words = Words("办公室", "Office")

    @property
    def expects(self) -> Words:
        """Anything that holds everywhere."""
        return Words("请扫码", "Scan")

    def hears(self) -> tuple[Spoken, ...]:
        """No word of its own."""
        return ()
