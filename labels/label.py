"""A label as a value: its size, its stock and the things that stand on it, in millimetres from the upper left corner.

It knows nothing of dots, printers or the database; drawing, proof and printer languages all start from it.
"""

from dataclasses import dataclass
from typing import Literal

Ink = Literal["black", "paper"]
Align = Literal["left", "centre", "right"]
PatternKind = Literal["solid", "diagonal", "cross", "ladder", "rule"]
StockColour = Literal["white", "blue", "yellow", "red"]


@dataclass(frozen=True)
class Area:
    """A rectangle in millimetres."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        """Where the area ends to the right."""
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """Where the area ends below."""
        return self.y_mm + self.height_mm


@dataclass(frozen=True)
class Text:
    """One line of text on its baseline; `size_mm` is the em. `ink` "paper" leaves it out of a black ground."""

    x_mm: float
    baseline_mm: float
    size_mm: float
    text: str
    bold: bool = False
    align: Align = "left"
    ink: Ink = "black"


@dataclass(frozen=True)
class Code128:
    """A bar code; `x_mm` is its first bar, the ten quiet modules on either side lie outside."""

    x_mm: float
    y_mm: float
    module_mm: float
    height_mm: float
    payload: str


@dataclass(frozen=True)
class Qr:
    """A QR code, level M; `x_mm`, `y_mm` its first module, the four quiet modules around lie outside."""

    x_mm: float
    y_mm: float
    module_mm: float
    payload: str


@dataclass(frozen=True)
class Box:
    """A rectangle: filled, or a frame of `line_mm`."""

    area: Area
    line_mm: float | None = None
    ink: Ink = "black"


@dataclass(frozen=True)
class Pattern:
    """A filled area that can be told from the others without seeing colours."""

    area: Area
    kind: PatternKind


@dataclass(frozen=True)
class Picture:
    """A picture (PNG bytes), stretched to its area and printed in black only."""

    area: Area
    png: bytes


Code = Code128 | Qr
Element = Text | Code128 | Qr | Box | Pattern | Picture


@dataclass(frozen=True)
class Label:
    """One printed piece. `field` is the window that the stock leaves white for codes (coloured rolls have one)."""

    width_mm: float
    height_mm: float
    stock: StockColour
    elements: tuple[Element, ...]
    field: Area | None = None

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes that must scan."""
        return tuple(element for element in self.elements if isinstance(element, Code128 | Qr))
