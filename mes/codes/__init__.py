"""What stands in a scanned or printed code: kinds, check characters, reading and writing, as pure functions.

Nothing here looks anything up, prints or decides; a code that parses may still name nothing. Imports no other module
of the house, so that labels may use it too.
"""

from mes.codes.check import batch_number, check_character, is_valid, label_serial, looks_mistyped, with_check
from mes.codes.gs1 import digital_link
from mes.codes.kinds import (
    BadgeCode,
    CardCode,
    Code,
    CodeError,
    CommandCode,
    ContainerCode,
    Envelope,
    EquipmentCode,
    Foreign,
    ForeignPlant,
    Gs1,
    ItemCode,
    LabelCode,
    LocationCode,
    LotCode,
    Mistyped,
    OperationCode,
    OrderCode,
    PrinterCode,
    QuantityCode,
    ReasonCode,
    RollCode,
    RunCardCode,
    TooLong,
    Unknown,
)
from mes.codes.reading import LONGEST, encode, parse
from mes.codes.spelling import Keyboard, certain, keyboard_of, spellings

__all__ = [
    "LONGEST",
    "BadgeCode",
    "CardCode",
    "Code",
    "CodeError",
    "CommandCode",
    "ContainerCode",
    "Envelope",
    "EquipmentCode",
    "Foreign",
    "ForeignPlant",
    "Gs1",
    "ItemCode",
    "Keyboard",
    "LabelCode",
    "LocationCode",
    "LotCode",
    "Mistyped",
    "OperationCode",
    "OrderCode",
    "PrinterCode",
    "QuantityCode",
    "ReasonCode",
    "RollCode",
    "RunCardCode",
    "TooLong",
    "Unknown",
    "batch_number",
    "certain",
    "check_character",
    "digital_link",
    "encode",
    "is_valid",
    "keyboard_of",
    "label_serial",
    "looks_mistyped",
    "parse",
    "spellings",
    "with_check",
]
