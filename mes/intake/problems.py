"""What is wrong with an import: where it stands, what was found and what was expected, in both languages.

Owns the words of an import's refusal. Never decides whether something is wrong, and never imports half of a plant.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NAMED_PER_FILE = 100
"""One broken column of a long file must not hide what is wrong in the others."""
SHOWN_OF_A_CELL = 80


@dataclass(frozen=True)
class Sentence:
    """One sentence in the plant's two languages."""

    zh: str
    en: str


class Unfit(Exception):
    """A cell does not say what its column wants; the sentence names what was expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.expected = Sentence(zh, en)


@dataclass(frozen=True, order=True)
class Position:
    """A row of a sheet as the spreadsheet counts it: the first row is 1, a quoted line break does not count."""

    file: str
    row: int


@dataclass(frozen=True)
class Problem:
    """One thing that forbids the import. `row` is None for a whole file, `column` None for a whole row."""

    file: str
    row: int | None
    column: str | None
    found: str
    zh: str
    en: str

    def in_chinese(self) -> str:
        """One line for a reader of Chinese."""
        row = f"第 {self.row} 行" if self.row else ""
        column = f"“{self.column}”列" if self.column else ""
        found = f"，内容为“{self._shown()}”" if self.found else ""
        return " ".join(part for part in (self.file, row, column) if part) + f"{found}：{self.zh}"

    def in_english(self) -> str:
        """One line for a reader of English."""
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        found = f', found "{self._shown()}"' if self.found else ""
        return ", ".join(part for part in (self.file, row, column) if part) + f"{found}: {self.en}"

    def _shown(self) -> str:
        flat = self.found.replace("\n", "⏎")
        return flat if len(flat) <= SHOWN_OF_A_CELL else flat[:SHOWN_OF_A_CELL] + "…"

    __str__ = in_english


class ImportRefused(Exception):
    """Nothing was imported: `problems` names the first hundred of each file, `everything` all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.everything = tuple(problems)
        self.count = len(self.everything)
        self.problems = tuple(_named(self.everything))
        super().__init__("\n".join([f"{self.count} problem(s), nothing imported", *map(str, self.problems)]))


def _named(problems: Iterable[Problem]) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for problem in problems:
        seen[problem.file] += 1
        if seen[problem.file] <= NAMED_PER_FILE:
            yield problem
