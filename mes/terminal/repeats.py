"""A code that comes twice in a moment: one pull of a trigger, one tap too many. Each kind's rule stands here, once.

Judged by differences between the moments of reading, so that a wrong clock changes nothing. It never lets a second
read of the same pull do anything, nor confirm a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mes import codes
from mes.terminal.reply import Answer
from mes.terminal.task import OwnWords, Spoken, Twice
from mes.words import Words

ONE_PULL = timedelta(seconds=1.5)
"""So long after a read the same code is still the same pull of the trigger (a scanner repeats within a second)."""
SOON = timedelta(seconds=3)
"""So long after it was done, the same thing again is rather an error than meant; later it is a report of its own."""
ANSWERED_WITHIN = timedelta(seconds=20)
"""So long a question waits for the scan that confirms it."""

BY_KIND: Mapping[type, Twice] = {
    codes.BadgeCode: Twice.ASKS,  # on, and off again
    codes.QuantityCode: Twice.ASKS,  # two reports of ten are as possible as one that was read twice
    codes.RunCardCode: Twice.NOTHING,
    codes.OperationCode: Twice.NOTHING,
    codes.LotCode: Twice.NOTHING,
    codes.ItemCode: Twice.NOTHING,
    codes.LabelCode: Twice.NOTHING,
    codes.ContainerCode: Twice.NOTHING,
    codes.CardCode: Twice.NOTHING,
    codes.LocationCode: Twice.NOTHING,
    codes.OrderCode: Twice.NOTHING,
    codes.EquipmentCode: Twice.NOTHING,
    codes.PrinterCode: Twice.NOTHING,
    codes.ReasonCode: Twice.NOTHING,
    codes.RollCode: Twice.NOTHING,
    codes.Gs1: Twice.NOTHING,
    codes.Foreign: Twice.NOTHING,
    OwnWords: Twice.NOTHING,
}
ONCE = Words("重复扫描，只执行一次：{done}", "Read twice, done once: {done}")
AGAIN = Words(
    "刚刚已执行：{done}。确需再做一次，请再扫一次", "Just done: {done}. If you mean it once more, scan it once more"
)


def rule_of(code: Any, spoken: Spoken | None = None) -> Twice:
    """What a repeat of a code, or of a word of the command sheet, does; of one without a rule it asks."""
    return (spoken.twice if spoken else BY_KIND.get(type(code))) or Twice.ASKS


@dataclass(frozen=True)
class Before:
    """The scan before, which was carried out or asked something; the next one may be a repeat of it."""

    text: str
    read_at: str
    twice: str
    said: Mapping[str, str]
    asks: bool = False

    @classmethod
    def of(cls, text: str, read_at: datetime, answer: Answer, twice: Twice) -> Before:
        """What is remembered of a scan and its answer."""
        return cls(text, read_at.isoformat(), twice.value, asdict(answer.headline), answer.asks)

    @property
    def headline(self) -> Words:
        """What was answered."""
        return Words(**self.said)

    def repeated(self, text: str, read_at: datetime) -> tuple[Answer, Before] | None:
        """The answer to a scan that is a mere repeat of this one, and what is remembered then; None: it counts."""
        passed = self._passed(text, read_at)
        if passed is None or not (passed <= ONE_PULL or (passed <= SOON and self._would_act)):
            return None
        again = replace(self, read_at=read_at.isoformat())
        if self.asks:
            return Answer(self.headline, asks=True), again
        if self.twice == Twice.NOTHING:
            return Answer(ONCE.said(done=self.headline)), again
        question = AGAIN.said(done=self.headline)
        return Answer(question, asks=True), replace(again, said=asdict(question), asks=True)

    def confirms(self, text: str, read_at: datetime) -> str | None:
        """The question (in English) that this scan confirms by repeating the one that was asked about."""
        passed = self._passed(text, read_at)
        return self.headline.en if self.asks and passed is not None and passed <= ANSWERED_WITHIN else None

    @property
    def _would_act(self) -> bool:
        return self.twice == Twice.ASKS and not self.asks

    def _passed(self, text: str, read_at: datetime) -> timedelta | None:
        """How long before the other scan this one was read; None for another text."""
        return abs(read_at - datetime.fromisoformat(self.read_at)) if text == self.text else None
