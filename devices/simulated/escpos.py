"""A strict ESC/POS receipt and label printer, written from Epson's ESC/POS command reference.

Knows exactly: ESC @, ESC d, ESC J, LF, GS v 0 (normal size), GS V, DLE EOT 1..4 and GS r 1; NUL does nothing. Every
label goes as a picture; text and all other commands are refused.
"""

from __future__ import annotations

import re

from PIL import Image

from devices.simulated.interpreter import WHITE, Command, Interpreter, Refused

LINE_DOTS = 34  # 1/6 inch at 203 dpi
FIXED_BITS = 0x12  # DLE EOT answers always carry bits 1 and 4


class EscposPrinter(Interpreter):
    """576 dots is an 80 mm printer at 203 dpi, 384 a 58 mm one; a picture wider than the paper is refused."""

    def __init__(self, width_dots: int = 576) -> None:
        super().__init__(width_dots)
        self._strips: list[Image.Image] = []

    def next_command(self, buffer: bytes) -> Command | None:
        """See Interpreter; one branch per introducer of the manual."""
        match buffer[:1]:
            case b"":
                return None
            case b"\0":
                return Command(len(buffer) - len(buffer.lstrip(b"\0")), lambda: b"")
            case b"\n":
                return Command(1, lambda: self._feed(LINE_DOTS))
            case b"\x10":
                return self._dle(buffer)
            case b"\x1b":
                return self._esc(buffer)
            case b"\x1d":
                return self._gs(buffer)
        raise Refused(f"no command begins with {buffer[:16]!r}")

    def question(self, buffer: bytes) -> Command | None:
        """See Interpreter."""
        return self._dle(buffer[-3:]) if re.search(rb"\x10\x04[\x01-\x04]\Z", buffer) else None

    def power_cycled(self) -> None:
        """The paper that hangs out is torn off."""
        super().power_cycled()
        self._strips.clear()

    def _dle(self, buffer: bytes) -> Command | None:
        if len(buffer) < 3:
            return None
        kind = buffer[2]
        if buffer[1:2] != b"\x04" or kind not in (1, 2, 3, 4):
            raise Refused(f"unknown real-time command {buffer[:3]!r}")
        return Command(3, lambda: self._status(kind), realtime=True)

    def _esc(self, buffer: bytes) -> Command | None:
        if buffer[1:2] == b"@":
            return Command(2, lambda: b"")
        if len(buffer) < 3:
            return None
        dots = {b"d": LINE_DOTS, b"J": 1}.get(buffer[1:2])
        if dots is None:
            raise Refused(f"unknown command {buffer[:3]!r}")
        amount = buffer[2] * dots
        return Command(3, lambda: self._feed(amount))

    def _gs(self, buffer: bytes) -> Command | None:
        match buffer[1:2]:
            case b"":
                return None
            case b"v":
                return self._raster(buffer)
            case b"V":
                return self._cut_command(buffer)
            case b"r":
                return self._transmit_status(buffer)
        raise Refused(f"unknown command {buffer[:4]!r}")

    def _raster(self, buffer: bytes) -> Command | None:
        if len(buffer) < 8:
            return None
        width_bytes, rows = int.from_bytes(buffer[4:6], "little"), int.from_bytes(buffer[6:8], "little")
        if buffer[2:3] != b"0" or buffer[3] not in (0, 48) or not width_bytes or not rows:
            raise Refused(f"GS v with unknown parameters {buffer[2:8]!r}")
        if width_bytes * 8 > self.width_dots:
            raise Refused(f"a picture of {width_bytes * 8} dots does not fit on {self.width_dots}")
        length = 8 + width_bytes * rows
        if len(buffer) < length:
            return None
        picture = Image.frombytes("1", (width_bytes * 8, rows), buffer[8:length], "raw", "1;I")
        return Command(length, lambda: self._print(picture))

    def _cut_command(self, buffer: bytes) -> Command | None:
        if len(buffer) < 3:
            return None
        if buffer[2] in (0, 1, 48, 49):
            return Command(3, lambda: self._cut(0))
        if buffer[2] not in (65, 66):
            raise Refused(f"GS V with unknown parameter {buffer[2]}")
        if len(buffer) < 4:
            return None
        feed_dots = buffer[3]
        return Command(4, lambda: self._cut(feed_dots))

    def _transmit_status(self, buffer: bytes) -> Command | None:
        if len(buffer) < 3:
            return None
        if buffer[2] not in (1, 49):
            raise Refused(f"GS r with unknown parameter {buffer[2]}")
        return Command(3, lambda: b"\0")

    def _status(self, kind: int) -> bytes:
        bits = {
            1: 0x08 if self.faulty else 0,
            2: (0x04 if self.cover_open else 0) | (0x20 if self.paper_out else 0),
            3: 0,
            4: 0x6C if self.paper_out else 0,
        }
        return bytes([FIXED_BITS | bits[kind]])

    def _print(self, picture: Image.Image) -> bytes:
        self._strips.append(picture)
        return b""

    def _feed(self, dots: int) -> bytes:
        if dots:
            self._strips.append(Image.new("1", (self.width_dots, dots), WHITE))
        return b""

    def _cut(self, feed_dots: int) -> bytes:
        if not self._strips:  # nothing hangs out
            return b""
        self._feed(feed_dots)
        label = Image.new("1", (self.width_dots, sum(strip.height for strip in self._strips)), WHITE)
        top = 0
        for strip in self._strips:
            label.paste(strip, (0, top))
            top += strip.height
        self._strips.clear()
        self.print_label(label)
        return b""
