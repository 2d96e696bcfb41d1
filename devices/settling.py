"""Bytes that bring a printer to a known state, whatever part of a job it took last.

Many printers keep their place in a half-sent command over a lost connection and take the next label as the rest of it.
Knows that no label comes in fragments longer than `FRAGMENT_BYTES`; sends nothing itself.
"""

from __future__ import annotations

FRAGMENT_BYTES = 4096
LONGEST_HEAD_BYTES = 64
_FLUSH_BYTES = FRAGMENT_BYTES + LONGEST_HEAD_BYTES

FLUSH = {
    "escpos": bytes(_FLUSH_BYTES) + b"\x1b@",  # NUL is white in a raster and nothing outside of one
    "tspl": b"\r\n" * (_FLUSH_BYTES // 2),  # dots of a picture that is cleared before the next, or empty lines
    "zpl": b"\r\n~JX\r\n",  # cancels the format that was partly received; any tilde ends a ^GFA field
}
"""What fills up the fragment that a printer may still wait for; out comes nothing, or white paper."""

TORN_OFF = {"escpos": b"\x1dVB\x00", "tspl": b"", "zpl": b""}
"""What parts the beginning of a label that hangs out from the next one."""
