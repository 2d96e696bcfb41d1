"""The script of a station: what it scans, in order, and how it must be answered.

A script is written while its goods are laid out, so both always fit; run cards get their codes only when they are
released, so a step names them by number (`{card0}`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from bench.working_day.sheets import Sheets
from mes import codes

CARD = 100  # pieces on a run card, and in a box for one
PLENTY = 100_000  # pieces in a box that lasts all day
FINISH = codes.encode(codes.CommandCode("FINISH"))


@dataclass(frozen=True)
class Step:
    """One scan: what kind of work it is, its text, and the reason for which it must be refused, if it must."""

    kind: str
    text: str
    refused: str | None = None


@dataclass(frozen=True)
class Released:
    """A run card that must be there when the day begins; `inspected`: made and accepted, only packing is left."""

    item: str
    quantity: int
    inspected: bool = False
    station: str = ""


@dataclass
class Part:
    """One station of the day with its script."""

    code: str
    role: str
    place: str | None = None
    work_center: str | None = None
    begin: list[str] = field(default_factory=list)  # boxes that are loaded before the day begins
    ahead: list[str] = field(default_factory=list)  # boxes for the batch that it makes for another station before that
    uses: str = ""  # the station of which a batch goes into its cards, so that a trace has depth
    cards: list[Released] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def scan(self, kind: str, text: str, refused: str | None = None) -> None:
        """One more scan."""
        self.steps.append(Step(kind, text, refused))

    def card(self, item: str, quantity: int, *, inspected: bool = False) -> str:
        """A run card released ahead; returns what stands for its code in this script."""
        self.cards.append(Released(item, quantity, inspected, self.code))
        return f"{{card{len(self.cards) - 1}}}"

    def with_cards(self, codes: Sequence[str]) -> list[Step]:
        """The script with the codes of the released cards in it."""
        known = {f"card{number}": code for number, code in enumerate(codes)}
        return [replace(step, text=step.text.format_map(known)) for step in self.steps]


def crew_of(sheets: Sheets, mark: str, *roles: str) -> list[str]:
    """The two badges that take turns at a station."""
    return [sheets.person(f"{mark}{number}", *roles) for number in (1, 2)]


def turns(part: Part, scans: int) -> Iterator[int]:
    """Once more, until the script is long enough."""
    for turn in count():
        if len(part.steps) >= scans:
            return
        yield turn
