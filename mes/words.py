"""One sentence or name in both languages of the plant. Whoever shows it chooses the reader's half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BETWEEN = "¦"
"""Between the halves of a text that has a name in each language, Chinese first."""


@dataclass(frozen=True)
class Words:
    """The same said in Chinese and in English; `{fact}` stands for a fact."""

    zh: str
    en: str

    @classmethod
    def halves(cls, text: str) -> Words:
        """Both halves of a text such as `zh¦en`; a text without halves is the same in both."""
        zh, halved, en = text.partition(BETWEEN)
        return cls(zh, en if halved else zh)

    def __iter__(self) -> Iterator[str]:
        """Chinese, then English: `t(*words)`."""
        yield from (self.zh, self.en)

    @property
    def json(self) -> dict[str, str]:
        """Both as JSON values."""
        return {"zh": self.zh, "en": self.en}

    def said(self, **facts: Any) -> Words:
        """With the facts filled in, of a fact that is `Words` its half; raises KeyError for one that is missing."""
        zh, en = ({name: _half(fact, one) for name, fact in facts.items()} for one in ("zh", "en"))
        return Words(self.zh.format(**zh), self.en.format(**en))

    def read(self, language: str) -> str:
        """The reader's half: `zh`, else English."""
        return self.zh if language == "zh" else self.en


COMMAND_NAMES: dict[str, Words] = {}
"""What every command is called; their declarations enter it, refusals and journal read it."""


def _half(fact: Any, language: str) -> Any:
    return fact.read(language) if isinstance(fact, Words) else fact
