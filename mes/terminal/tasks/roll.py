"""Loading labels: a roll and the printer that it is in, in either order (law 9).

Never guesses: with several printers a roll is confirmed only together with its printer's own label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from mes import codes
from mes.labelling.refusals import NoSuchStock, PrinterElsewhere
from mes.masters.model import Printer
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import Floor
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import Answer, asking, done
from mes.terminal.task import Meaning, Openings, Step, Task
from mes.words import Words

WHICH_PRINTER = Words("{roll} 标签卷：请扫所装打印机的标签", "Roll of {roll}: scan the printer that it is in")
WHICH_ROLL = Words("打印机 {printer}：请扫装入的标签卷", "Printer {printer}: scan the roll that is in it")


@dataclass(frozen=True)
class Roll(Task):
    """Half of a pair: the roll (as scanned) or the printer."""

    roll: str | None = None
    printer: str | None = None

    name = "roll"
    words = Words("装标签卷", "Load labels")

    @classmethod
    def openings(cls) -> Openings:
        """A roll or a printer, whatever is in hand."""
        return Openings(codes={codes.RollCode: cls().load_roll, codes.PrinterCode: cls().choose_printer})

    @property
    def expects(self) -> Words:
        """The other half."""
        if self.roll:
            return Words("这卷装在哪台打印机？请扫打印机标签", "Which printer is the roll in? Scan the printer's label")
        return Words("请扫标签卷上的条码", "Scan the label of the roll")

    def takes(self) -> Mapping[type, Meaning]:
        """Both halves."""
        return {codes.RollCode: self.load_roll, codes.PrinterCode: self.choose_printer}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """The printers here."""
        return (lists.printers_here(here),) if self.roll else ()

    def load_roll(self, floor: Floor, code: codes.RollCode) -> Step:
        """A label roll: it is in the station's only printer, or in the one whose label is scanned with it."""
        printers = list(
            floor.session.scalars(
                select(Printer).where(Printer.station_id == floor.station.id, Printer.retired.is_(False))
            )
        )
        if not printers:
            raise refuse(NoSuchStock(printer=floor.station.code, colour=code.colour.lower()))
        if len(printers) == 1 or self.printer:
            return _loaded(floor, self.printer or printers[0].code, code)
        roll = f"{code.colour.lower()} {code.width_mm}×{code.height_mm}"
        return self._half(floor, WHICH_PRINTER.said(roll=roll), Roll(roll=codes.encode(code)))

    def choose_printer(self, floor: Floor, code: codes.PrinterCode) -> Step:
        """A printer by its own label: the roll that was scanned before it, or that comes next, is in it."""
        printer = floor.find(Printer.code, code.printer)
        if printer.station_id != floor.station.id:
            at, here = printer.station.code, floor.station.code
            raise refuse(PrinterElsewhere(printer=printer.code, at=at, station=here))
        if self.roll:
            return _loaded(floor, printer.code, cast(codes.RollCode, codes.parse(self.roll)))
        return self._half(floor, WHICH_ROLL.said(printer=printer.code), Roll(printer=printer.code))

    def _half(self, floor: Floor, words: Words, half: Roll) -> Step:
        return Step(asking(words), half) if floor.in_hand(Roll) else Step(asking(words), begins=half)


def _loaded(floor: Floor, printer: str, code: codes.RollCode) -> Step:
    value = floor.ask(
        "plant:load_stock", printer=printer, stock=code.colour.lower(), width_mm=code.width_mm, height_mm=code.height_mm
    )
    answer: Answer = done("plant:load_stock", value)
    return Step(answer)
