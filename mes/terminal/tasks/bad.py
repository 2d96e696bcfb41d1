"""Bad pieces: why, then how many (F3). The screen shows that the next quantity is bad until it was, or DONE is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.refusals import ReasonMissing, refuse
from mes.terminal import lists
from mes.terminal.floor import Floor
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import Answer
from mes.terminal.task import DONE, Meaning, Openings, OwnWords, Spoken, Step, Task, Twice
from mes.terminal.tasks.line import report
from mes.words import Words

REASON = Words("不良原因：{reason}，请扫不良数量", "Reason {reason}: scan how many are bad")
BESIDE = (codes.LabelCode, codes.LotCode, codes.CardCode, codes.EquipmentCode)
"""What may be scanned in between and changes nothing about the pieces that are bad."""


@dataclass(frozen=True)
class Bad(Task):
    """Pieces that are bad, and why, until their quantity is known."""

    reason: str | None = None

    name = "bad"
    words = Words("不良", "Bad")
    begun_by = "BAD"
    begun = Words("报不良：请扫原因，再扫数量", "Bad pieces: scan the reason, then how many")
    stands = True
    personal = True

    @classmethod
    def openings(cls) -> Openings:
        """Its word, and every reason."""
        return Openings(super().openings().words, {codes.ReasonCode: begin_with_reason})

    @property
    def expects(self) -> Words:
        """The reason, then the quantity."""
        if self.reason is None:
            return Words("请扫不良原因，或输入原因", "Scan or type the reason")
        return Words("请扫不良数量（{reason}）", "Scan how many are bad ({reason})").said(reason=self.reason)

    def takes(self) -> Mapping[type, Meaning]:
        """A reason of the plant, one in own words, a quantity."""
        return {
            codes.ReasonCode: lambda floor, code: self._because(code.word),
            OwnWords: lambda floor, code: self._because(code.text),
            codes.QuantityCode: self.report_bad,
        }

    def survives(self, code: codes.Code) -> bool:
        """Material and machine may be scanned meanwhile; another card forgets the reason."""
        return isinstance(code, BESIDE)

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """The plant's reasons, and what was said here before."""
        return () if self.reason else (lists.reasons_for("bad"), lists.reasons_given_here(here))

    @property
    def pad(self) -> Words | None:
        """Bad pieces, once it is known why."""
        return Words("不良数量", "How many are bad") if self.reason else None

    def hears(self) -> tuple[Spoken, ...]:
        """DONE: they were not bad after all."""
        return (
            Spoken("DONE", Words("返回（不报不良）", "Back, none are bad"), self.leave, also=DONE, twice=Twice.ASKS),
        )

    def report_bad(self, floor: Floor, code: codes.QuantityCode) -> Step:
        """A quantity: so many are bad, for this reason; raises `ReasonMissing` without one."""
        if self.reason is None:
            raise refuse(ReasonMissing())
        return Step(report(floor, bad=f"{code.quantity:f}", reason=self.reason))

    def _because(self, reason: str) -> Step:
        return Step(Answer(REASON.said(reason=reason)), self.but(reason=reason))


def begin_with_reason(_floor: Floor, code: codes.ReasonCode) -> Step:
    """A reason: the next quantity is bad pieces."""
    return Step(Answer(REASON.said(reason=code.word)), begins=Bad(code.word))
