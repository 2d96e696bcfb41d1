"""The kinds of codes, one frozen class each, and the four ways in which a text is none of them.

A kind knows its printed text and nothing else; whether that text can be read back is for `reading.encode` to prove.
The data identifiers are those of ANSI MH10.8.2; `Z` is left by the standard to mutual agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from mes.codes.check import with_check

FNC1 = GS = "\x1d"
ENVELOPE_START = "[)>\x1e06\x1d"
ENVELOPE_END = "\x1e\x04"


class CodeError(Exception):
    """A text that is no code of use here. `reason` is the word of the refusal it leads to, `facts` its facts."""

    reason: ClassVar[str]

    @property
    def facts(self) -> dict[str, str | int]:
        """The typed facts by name."""
        return dict(vars(self))


@dataclass(eq=False)
class Unknown(CodeError):
    """Nothing we print or read looks like this. Unprintable characters stand as visible signs in the text."""

    text: str
    reason = "unknown_code"


@dataclass(eq=False)
class Mistyped(CodeError):
    """A code of ours whose check character or form is wrong (ISO 7064; in GS1 numbers their own check digit)."""

    text: str
    reason = "mistyped_code"


@dataclass(eq=False)
class TooLong(CodeError):
    """More characters than any code has."""

    length: int
    reason = "code_too_long"


@dataclass(eq=False)
class ForeignPlant(CodeError):
    """A sound label or carton serial that another plant of the group issued."""

    text: str
    site: int
    reason = "other_plants_label"


@dataclass(frozen=True)
class RunCardCode:
    """A run card; its code carries a check character."""

    card: str

    @property
    def text(self) -> str:
        return f"W{self.card}"


@dataclass(frozen=True)
class OperationCode:
    """One operation on a run card. The check character guards the card, not the sequence number."""

    card: str
    seq: int

    @property
    def text(self) -> str:
        return f"3W{self.card}+{self.seq}"


@dataclass(frozen=True)
class LotCode:
    """A lot, ours or foreign: not verified, see `looks_mistyped`."""

    lot: str

    @property
    def text(self) -> str:
        return f"1T{self.lot}"


@dataclass(frozen=True)
class ItemCode:
    """An item by our own number."""

    item: str

    @property
    def text(self) -> str:
        return f"P{self.item}"


@dataclass(frozen=True)
class QuantityCode:
    """A quantity in the unit that the dialogue or the label asks for; up to nine digits and six decimals."""

    quantity: Decimal

    @property
    def text(self) -> str:
        return f"Q{self.quantity:f}"


@dataclass(frozen=True)
class LabelCode:
    """The label of a handling unit (F5)."""

    serial: str

    @property
    def text(self) -> str:
        return f"1J{self.serial}"


@dataclass(frozen=True)
class ContainerCode:
    """The label of a carton or pallet."""

    serial: str

    @property
    def text(self) -> str:
        return f"2J{self.serial}"


@dataclass(frozen=True)
class LocationCode:
    """A place."""

    location: str

    @property
    def text(self) -> str:
        return f"L{self.location}"


@dataclass(frozen=True)
class BadgeCode:
    """A person's badge. It says who, it proves nothing: the PIN is never scanned."""

    badge: str

    @property
    def text(self) -> str:
        return f"1H{self.badge}"


@dataclass(frozen=True)
class OrderCode:
    """A sales order."""

    order: str

    @property
    def text(self) -> str:
        return f"K{self.order}"


@dataclass(frozen=True)
class EquipmentCode:
    """A machine or gauge."""

    equipment: str

    @property
    def text(self) -> str:
        return f"ZE.{self.equipment}"


@dataclass(frozen=True)
class PrinterCode:
    """A label printer: scanned with a roll it says what that printer has been loaded with."""

    printer: str

    @property
    def text(self) -> str:
        return f"ZP.{self.printer}"


@dataclass(frozen=True)
class CommandCode:
    """A word of a command sheet, in A-Z 0-9. It authorises nothing."""

    word: str

    @property
    def text(self) -> str:
        return with_check(f"ZC.{self.word}")


@dataclass(frozen=True)
class ReasonCode:
    """A reason on a command sheet, in A-Z 0-9."""

    word: str

    @property
    def text(self) -> str:
        return with_check(f"ZX.{self.word}")


@dataclass(frozen=True)
class RollCode:
    """A roll of label stock: colour in capital letters, label size in mm."""

    colour: str
    width_mm: int
    height_mm: int

    @property
    def text(self) -> str:
        return with_check(f"ZR.{self.colour}.{self.width_mm}X{self.height_mm}")


@dataclass(frozen=True)
class CardCode:
    """A pre-printed colour card: colour in capitals (AWAITING: white with 待判 on it), its number (1 to 9 digits)."""

    colour: str
    number: int

    @property
    def text(self) -> str:
        return with_check(f"ZK.{self.colour}.{self.number}")


@dataclass(frozen=True)
class Gs1:
    """GS1 element strings as (application identifier, value) in their printed order; dates stay YYMMDD."""

    elements: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The message with FNC1 written as GS: first, and after each element whose length is not predefined."""
        return FNC1 + "".join(ai + value + _separator(ai) for ai, value in self.elements).removesuffix(GS)


@dataclass(frozen=True)
class Foreign:
    """A field of a supplier's envelope with its data identifier (`1P…`, `V…`, `S…`, `K…`): looked up literally."""

    text: str


@dataclass(frozen=True)
class Envelope:
    """The fields of one ISO/IEC 15434 format 06 envelope, in their order."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return ENVELOPE_START + GS.join(part.text for part in self.parts) + ENVELOPE_END


Plain = (
    RunCardCode
    | OperationCode
    | LotCode
    | ItemCode
    | QuantityCode
    | LabelCode
    | ContainerCode
    | LocationCode
    | BadgeCode
    | OrderCode
    | EquipmentCode
    | PrinterCode
    | CommandCode
    | ReasonCode
    | RollCode
    | CardCode
)
Part = Plain | Foreign
Code = Part | Gs1 | Envelope


def _separator(ai: str) -> str:
    return GS if GS1ApplicationIdentifier.extract(ai).separator_required else ""
