"""Bytes as a person reads them: hexadecimal, and beside it the text with control characters by name.

Pure; used for the installer's eyes only.
"""

from __future__ import annotations

from collections.abc import Iterator

ROW = 16
NAMES = [
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
]


def rows(received: bytes) -> Iterator[str]:
    """Rows of sixteen bytes: `5D 43 31 1D  ]C1<GS>`."""
    for start in range(0, len(received), ROW):
        part = received[start : start + ROW]
        yield f"{part.hex(' ').upper():<{ROW * 3}} {text(part)}"


def text(received: bytes) -> str:
    """Printable ASCII as it is, everything else as a name or number in angle brackets."""
    return "".join(_named(byte) for byte in received)


def _named(byte: int) -> str:
    if byte < len(NAMES):
        return f"<{NAMES[byte]}>"
    return chr(byte) if byte < 0x7F else f"<{byte:02X}>"
