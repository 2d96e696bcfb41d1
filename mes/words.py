"""One sentence or name in both languages of the plant. Whoever shows it chooses the reader's half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """The same said in Chinese and in English; `{fact}` stands for a fact."""

    zh: str
    en: str

    def said(self, **facts: Any) -> Words:
        """With the facts filled in; raises KeyError for one that is missing."""
        return Words(self.zh.format(**facts), self.en.format(**facts))

    def read(self, language: str) -> str:
        """The reader's half: `zh`, else English."""
        return self.zh if language == "zh" else self.en
