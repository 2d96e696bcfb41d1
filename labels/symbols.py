"""Bar code and QR modules as plain ones and zeros, and how many whole dots a module gets.

Modules are never drawn in fractions of a dot: a module of 2.6 dots becomes bars of 2 and of 3, which no scanner likes.
"""

from functools import lru_cache
from typing import Literal

import qrcode
from barcode.codex import Code128 as Code128Bars
from barcode.codex import Gs1_128 as Gs1Bars
from barcode.errors import BarcodeError
from qrcode.constants import ERROR_CORRECT_M

from labels.errors import BadPayload
from labels.label import Code, Code128

Symbology = Literal["Code 128", "QR"]

QUIET_MODULES = {"Code 128": 10, "QR": 4}  # ISO/IEC 15417; ISO/IEC 18004
# Bars of 3 dots at 203 dpi are read 12 times of 12 by an imager of 150 dpi out of focus, those of 2 dots 5 times.
SMALLEST_MODULE_MM = {"Code 128": 0.33, "QR": 0.5}
SMALLEST_BAR_MM = 10.0  # measured: below 80 dots the reading rate falls
GS = "\x1d"  # FNC1 in the payload of a GS1-128: first, and after elements of no fixed length
_LOGISTIC = (GS + "00", GS + "02")  # what the carrier's scanners at a distance must read
_LOGISTIC_MODULE_MM, _LOGISTIC_BAR_MM = 0.495, 31.75  # GS1 General Specifications, general distribution scanning
_SLACK = 1.02  # 0.25 mm at 300 dpi is 2.95 dots; three dots are meant


def symbology(code: Code) -> Symbology:
    """What kind of code this is."""
    return "Code 128" if isinstance(code, Code128) else "QR"


def least_module_mm(code: Code) -> float:
    """The smallest module that this code may have."""
    logistic = isinstance(code, Code128) and code.payload.startswith(_LOGISTIC)
    return _LOGISTIC_MODULE_MM if logistic else SMALLEST_MODULE_MM[symbology(code)]


def least_bar_mm(code: Code128) -> float:
    """The lowest bars that this code may have."""
    return _LOGISTIC_BAR_MM if code.payload.startswith(_LOGISTIC) else SMALLEST_BAR_MM


def dots_per_mm(dpi: int) -> float:
    """Dots per millimetre; "203 dpi" heads have exactly 8 (Epson, Zebra and TSC manuals)."""
    return 8.0 if dpi == 203 else dpi / 25.4


def module_dots(module_mm: float, dpi: int) -> int:
    """The whole dots of one module, rounded down so that a code never outgrows its place."""
    return int(module_mm * dots_per_mm(dpi) * _SLACK)


def matrix(code: Code) -> tuple[str, ...]:
    """Rows of modules, "1" black; a bar code has one row. Raises BadPayload for what it cannot say."""
    return (bars(code.payload),) if isinstance(code, Code128) else qr_rows(code.payload)


@lru_cache(maxsize=512)
def bars(payload: str) -> str:
    """The modules of a Code 128, "1" black (ISO/IEC 15417), of a GS1-128 if it begins with GS. Raises BadPayload."""
    if not payload.isascii():  # python-barcode takes ñ and its neighbours for function characters
        raise BadPayload(payload, "it holds characters that Code 128 cannot say", "含有一维码不能表示的字符")
    try:
        # python-barcode begins a GS1-128 with an FNC1 of its own; a second one would be read as data
        bars_of = Gs1Bars(payload[1:]) if payload.startswith(GS) else Code128Bars(payload)
        built: list[str] = bars_of.build()
    except (BarcodeError, KeyError, IndexError) as error:
        raise BadPayload(payload, "it holds characters that Code 128 cannot say", "含有一维码不能表示的字符") from error
    return built[0]


@lru_cache(maxsize=512)
def qr_rows(payload: str) -> tuple[str, ...]:
    """The rows of a QR code of level M (ISO/IEC 18004), without quiet zone. Raises BadPayload if it is too long."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    try:
        code.add_data(payload)
        code.make(fit=True)
    except ValueError as error:  # qrcode's DataOverflowError is one
        raise BadPayload(payload, "it is too long for a QR code", "超出二维码容量") from error
    return tuple("".join("1" if module else "0" for module in row) for row in code.get_matrix())


def width_modules(code: Code) -> int:
    """Modules across, quiet zones included."""
    return len(matrix(code)[0]) + 2 * QUIET_MODULES[symbology(code)]
