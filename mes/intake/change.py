"""One thing that an import says otherwise than the database: a cell, a row that is new, or one that is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mes.intake.problems import Position
from mes.words import Words


@dataclass(frozen=True)
class Change:
    """What was and what becomes of a cell; without a column of a whole row, None where there is none.

    `whole` is what the row is a part of (an item's documents, a plan's revision), `late` that it comes to one there is.
    """

    sheet: str
    at: Position
    key: str
    column: str | None
    before: str | None
    after: str | None
    whole: tuple[Any, ...] = ()
    late: bool = False

    @property
    def place(self) -> Words:
        """Where it stands; a row that is gone stands nowhere in its file."""
        row = Words(f" 第 {self.at.row} 行", f" row {self.at.row}") if self.at.row else Words("", "")
        return Words(self.at.file + row.zh, self.at.file + row.en)

    @property
    def said(self) -> Words:
        """The change as one line."""
        if self.column is not None:
            zh = f"{self.column}：{self.before or '（空）'} → {self.after or '（空）'}"
            return self._line(zh, f"{self.column} {self.before or '(empty)'} → {self.after or '(empty)'}")
        if self.after is not None:
            return self._line(f"新增：{self.after}", f"new: {self.after}")
        return self._line(f"删去：{self.before}", f"taken out: {self.before}")

    def _line(self, zh: str, en: str) -> Words:
        return Words(
            f"{self.place.zh}：{self.sheet} {self.key}：{zh}", f"{self.place.en}: {self.sheet} {self.key}: {en}"
        )
