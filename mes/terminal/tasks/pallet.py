"""A pallet, at packing and at the dock (F6): cartons go on it, or off it, until DONE.

PALLET begins one, or with the code of a pallet goes on with it; OFFPALLET takes the next cartons off; DONE, or PALLET
again, closes the pallet, and its label prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from mes import codes
from mes.stock.model import Container
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import Answer, done
from mes.terminal.task import DONE, Meaning, Openings, Spoken, Step, Task, Twice
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words

BEGUN = Words("装托盘：请扫外箱", "A pallet: scan its cartons")
OFF_BEGUN = Words("取下托盘：请扫外箱", "Off the pallet: scan the carton")
AGAIN = Words("托盘 {pallet}：请扫外箱", "Pallet {pallet}: scan its cartons")
ENDED = Words("恢复正常", "Back to normal")


@dataclass(frozen=True)
class Pallet(Task):
    """The pallet in hand, empty before its first carton; `off`: cartons are taken off theirs."""

    pallet: str = ""
    off: bool = False

    name = "pallet"
    words = Words("装托盘", "Pallet")
    near = ("OFFPALLET",)
    stands = True

    @classmethod
    def openings(cls) -> Openings:
        """Both its words, whether or not a pallet is in hand."""
        off = Spoken("OFFPALLET", Words("下托盘", "Off pallet"), cls.take_off, twice=Twice.NOTHING)
        return Openings((Spoken("PALLET", cls.words, cls.begin, twice=Twice.NOTHING), off))

    @classmethod
    def begin(cls, floor: Floor) -> Step:
        """PALLET: the one in hand is closed, another is begun."""
        before = floor.in_hand(Pallet)
        return Step(before.close(floor) if before and before.pallet else Answer(BEGUN), begins=cls())

    @classmethod
    def take_off(cls, floor: Floor) -> Step:
        """OFFPALLET: the next cartons come off; the pallet in hand stays to be closed."""
        before = floor.in_hand(Pallet)
        return Step(Answer(OFF_BEGUN), begins=cls(before.pallet if before else "", off=True))

    @property
    def expects(self) -> Words:
        """Cartons, until DONE."""
        if self.off:
            return Words("请扫要取下托盘的外箱，然后扫「结束」", "Scan the carton to take off its pallet, then DONE")
        return Words("请扫外箱放上托盘；装完扫「结束」", "Scan cartons onto the pallet; scan DONE to close it")

    def takes(self) -> Mapping[type, Meaning]:
        """Cartons, however they are named."""
        return {**dict.fromkeys(BOXES, self.carton_scanned), codes.Gs1: by_sscc(self.carton_scanned, or_else=True)}

    def hears(self) -> tuple[Spoken, ...]:
        """DONE closes the pallet in hand, if anything was put on it or taken off."""
        return (Spoken("DONE", Words("封托", "Close the pallet"), self.leave, also=DONE, twice=Twice.ASKS),)

    def survives(self, code: codes.Code) -> bool:
        """Everything else means what it does without a pallet, and the pallet stays in hand."""
        return True

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Cartons that lie here."""
        return (lists.cartons_here(here),)

    def leave(self, floor: Floor) -> Step:
        """DONE."""
        return Step(self.close(floor) if self.pallet else Answer(ENDED))

    def close(self, floor: Floor) -> Answer:
        """The pallet is whole: its label prints."""
        return done("packing:close_pallet", floor.ask("packing:close_pallet", pallet=self.pallet))

    def carton_scanned(self, floor: Floor, code: Box) -> Step:
        """A carton: onto the pallet in hand, or off its pallet. A pallet, where none was begun: it is in hand now."""
        scanned = unit_of(code)
        if self.off:
            value = floor.ask("packing:take_off_pallet", carton=scanned)
            left = value.pallet if value.cartons else ""
            return Step(done("packing:take_off_pallet", value), self.but(pallet=left))
        if not self.pallet and _is_pallet(floor, scanned):
            return Step(Answer(AGAIN.said(pallet=scanned)), self.but(pallet=scanned))
        value = floor.ask("packing:put_on_pallet", carton=scanned, pallet=self.pallet or None)
        return Step(done("packing:put_on_pallet", value), self.but(pallet=value.pallet))


@dataclass(frozen=True)
class PalletAtPacking(Pallet):
    """A pallet at packing, where labels and lots stay the material that is loaded: only cartons go on it."""

    name = "pallet_at_packing"

    def takes(self) -> Mapping[type, Meaning]:
        """Cartons by their own codes."""
        return {kind: does for kind, does in super().takes().items() if kind in (codes.ContainerCode, codes.Gs1)}


def _is_pallet(floor: Floor, serial: str) -> bool:
    pallet = select(Container.id).where(Container.serial == serial, Container.kind == "pallet")
    return floor.session.scalar(pallet) is not None
