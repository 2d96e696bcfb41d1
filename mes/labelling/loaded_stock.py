"""Which labels a printer can print: colour and size of what is loaded in it, and whether somebody vouches for it.

Pure questions about a printer; who loads it and who doubts it comes through the door (`printers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mes.clock import production_day
from mes.masters.model import Plant, Printer

COLOURS = ("white", "blue", "yellow", "red")
RECEIPT = "receipt"
STOCKS = (*COLOURS, RECEIPT)
# What a printer says when somebody has opened it, or must: another roll may lie in it afterwards.
OPENED = ("cover_open", "head_open", "paper_out")
NOT_CONFIRMED, SHIFT_START, SIZE_UNKNOWN = "not_confirmed", "shift_start", "size_unknown"
TOLERANCE_MM = 0.01
FORM_MM = (100, 150)
"""The label on which a form is set when there is no receipt paper."""

Size = tuple[float, float | None]
"""Width and height of a label in mm; without a height it grows as long as it must."""


def doubt_of(printer: Printer, now: datetime, plant: Plant) -> str | None:
    """Why nobody vouches for the labels in it now; None when somebody does, or their colour makes no difference.

    A roll of which nobody said how large its labels are fits nothing, in whatever colour.
    """
    if printer.loaded_stock != RECEIPT and None in _sides(printer):
        return SIZE_UNKNOWN
    if not can_be_doubted(printer):
        return None
    if printer.stock_doubt or printer.stock_confirmed_at is None:
        return printer.stock_doubt or NOT_CONFIRMED
    days = (production_day(at, plant.zone, plant.day_starts) for at in (printer.stock_confirmed_at, now))
    return None if next(days) == next(days) else SHIFT_START


def _sides(printer: Printer) -> tuple[int | None, ...]:
    """What must be known of its labels; a receipt printer cuts where the print ends."""
    cuts = printer.language == "escpos"
    return (printer.loaded_width_mm,) if cuts else (printer.loaded_width_mm, printer.loaded_height_mm)


def can_be_doubted(printer: Printer) -> bool:
    """Receipt paper has no colour to mistake, and a colour printer makes its own."""
    return printer.loaded_stock != RECEIPT and not printer.prints_colours


def stocks_of(printer: Printer) -> set[str]:
    """The stocks whose jobs come out right: that of its roll, every colour of a colour printer (law 9).

    Forms (run cards) need no colour: a label printer with white labels large enough prints them as several labels.
    """
    colours = {printer.loaded_stock, *(COLOURS if printer.prints_colours else ())}
    return colours | ({RECEIPT} if _prints_forms(printer) else set())


def _prints_forms(printer: Printer) -> bool:
    width_mm, height_mm = printer.loaded_width_mm or 0, printer.loaded_height_mm or 0
    large = width_mm >= FORM_MM[0] and height_mm >= FORM_MM[1]
    return large and printer.loaded_stock == "white" and printer.language != "escpos"


def fitting(printer: Printer, sizes: Sequence[Size]) -> list[Size]:
    """The sizes that fit the loaded label; all of them while nobody has said how large it is and nothing prints."""
    return [size for size in sizes if _fits(printer, *size)]


def takes(printer: Printer, stock: str, sizes: Sequence[Size] | None) -> bool:
    """Whether the loaded label has the colour and a fitting size; None: the piece fits any paper."""
    return stock in stocks_of(printer) and (sizes is None or bool(fitting(printer, sizes)))


def _fits(printer: Printer, width_mm: float, height_mm: float | None) -> bool:
    if printer.loaded_width_mm is None:
        return True
    if width_mm > printer.loaded_width_mm + TOLERANCE_MM:
        return False
    if printer.loaded_height_mm is None:
        return True
    if height_mm is None:
        return printer.language == "escpos"  # cuts or tears where the print ends
    return height_mm <= printer.loaded_height_mm + TOLERANCE_MM


@dataclass(frozen=True)
class AtHand:
    """A printer of a station as it is now: who vouches for its paper, and what its station says is wrong with it.

    `failed`: a job of it did, and nobody has called it well since.
    """

    printer: Printer
    doubt: str | None
    faults: tuple[str, ...] = ()
    failed: bool = False

    @property
    def ready(self) -> bool:
        """Whether it may be given a job."""
        return self.doubt is None and not self.faults


def printer_for(stock: str, sizes: Sequence[Size] | None, printers: Sequence[AtHand]) -> AtHand | None:
    """The printer that a job goes to, or waits for: the first ready one that takes it, else the first that would."""
    taking = [one for one in printers if takes(one.printer, stock, sizes)]
    return next((one for one in taking if one.ready), taking[0] if taking else None)
