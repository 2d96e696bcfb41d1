"""Reprinting a label: why, then which one (law 9); the piece before it is spoilt by that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, OwnWords, Step, Task
from mes.words import Words

REASON = Words("补打原因 {reason}：请扫标签", "Reprint because of {reason}: scan the label")


@dataclass(frozen=True)
class Reprint(Task):
    """Why a label is to be printed again."""

    reason: str | None = None

    name = "reprint"
    words = Words("补打", "Reprint")
    begun_by = "REPRINT"
    begun = Words("补打标签：请扫原因，再扫标签", "Reprint: scan the reason, then the label")

    @property
    def expects(self) -> Words:
        """The reason, then the label."""
        if self.reason is None:
            return Words("请扫补打原因，或输入原因", "Scan or type the reason for the reprint")
        return Words("请扫要补打的标签或料箱", "Scan the label or the box")

    def takes(self) -> Mapping[type, Meaning]:
        """A reason, a label or the box that it hangs on."""
        return {
            codes.ReasonCode: lambda floor, code: self._because(code.word),
            OwnWords: lambda floor, code: self._because(code.text),
            **dict.fromkeys(BOXES, self.reprint),
        }

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """The plant's reasons; then the labels that came out here last."""
        return (lists.labels_of_here(here),) if self.reason else (lists.reasons_for("reprint"),)

    def reprint(self, floor: Floor, code: Box) -> Step:
        """A label comes out again; the door refuses one without a reason."""
        value = floor.ask("label:reprint", label=unit_of(code), reason=self.reason or "")
        return Step(done("label:reprint", value))

    def _because(self, reason: str) -> Step:
        return Step(Answer(REASON.said(reason=reason)), self.but(reason=reason))
