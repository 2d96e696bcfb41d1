"""A strict TSPL label printer, written from TSC's TSPL/TSPL2 programming manual.

Knows exactly: SIZE (mm), GAP, DIRECTION 0 or 1 (which edge leaves first), REFERENCE 0,0, SPEED, DENSITY, CLS, BITMAP
(mode 0), PRINT and the immediate ESC ! ?. There is no third-party judge for this language, so this one is ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PIL import Image

from devices.simulated.interpreter import WHITE, Command, Interpreter, Refused

DOTS_PER_MM = 8
STATUS_QUERY = b"\x1b!?"
SIZE = re.compile(rb"(\d+(?:\.\d+)?) ?mm, ?(\d+(?:\.\d+)?) ?mm\Z")
GAP = re.compile(rb"\d+(?:\.\d+)? ?mm, ?\d+(?:\.\d+)? ?mm\Z")
BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),(\d),")
LONGEST_LINE = 200


class TsplPrinter(Interpreter):
    """832 dots is a 104 mm head at 203 dpi; CLS and SIZE come before BITMAP and PRINT."""

    def __init__(self, width_dots: int = 832) -> None:
        super().__init__(width_dots)
        self._label: Image.Image | None = None
        self._size = (0, 0)
        self._steps: dict[bytes, Callable[[bytes], bytes]] = {
            b"SIZE": self._set_size,
            b"GAP": lambda args: self._check(GAP, args),
            b"DIRECTION": lambda args: self._check(re.compile(rb"[01](,0)?\Z"), args),
            b"REFERENCE": lambda args: self._check(re.compile(rb"0,0\Z"), args),
            b"SPEED": lambda args: self._check(re.compile(rb"\d+(\.\d+)?\Z"), args),
            b"DENSITY": lambda args: self._check(re.compile(rb"(\d|1[0-5])\Z"), args),
            b"CLS": self._clear,
            b"PRINT": self._print,
            b"": lambda args: self._check(re.compile(rb"\Z"), args),
        }

    def next_command(self, buffer: bytes) -> Command | None:
        """See Interpreter; lines end in CR LF, only BITMAP carries its bytes inside."""
        if buffer.startswith(STATUS_QUERY):
            return Command(len(STATUS_QUERY), lambda: bytes([self._status()]), realtime=True)
        if buffer.startswith(b"BITMAP "):
            return self._bitmap(buffer)
        end = buffer.find(b"\r\n")
        if end < 0:
            if len(buffer) > LONGEST_LINE:
                raise Refused(f"a line without end: {buffer[:16]!r}")
            return None
        # Where half a command was filled up, half a line's end may come first.
        line = buffer[:end].lstrip(b"\n") if self.keeps_state else buffer[:end]
        word, _, args = line.partition(b" ")
        step = self._steps.get(word)
        if step is None:
            raise Refused(f"unknown command {buffer[:16]!r}")
        return Command(end + 2, lambda: step(args))

    def question(self, buffer: bytes) -> Command | None:
        """See Interpreter."""
        return self.next_command(STATUS_QUERY) if buffer.endswith(STATUS_QUERY) else None

    def _status(self) -> int:
        return 0x01 * self.cover_open | 0x04 * self.paper_out | 0x20 * bool(self.waiting and not self.faulty)

    def _bitmap(self, buffer: bytes) -> Command | None:
        head = BITMAP.match(buffer)
        if head is None:
            if len(buffer) > LONGEST_LINE:
                raise Refused(f"BITMAP with unknown parameters {buffer[:32]!r}")
            return None
        left, top, width_bytes, rows, mode = (int(number) for number in head.groups())
        length = head.end() + width_bytes * rows
        if mode != 0 or not width_bytes or not rows:
            raise Refused(f"BITMAP with unknown parameters {head.group()!r}")
        if len(buffer) < length:
            return None
        picture = Image.frombytes("1", (width_bytes * 8, rows), buffer[head.end() : length])
        return Command(length, lambda: self._draw(left, top, picture))

    def _set_size(self, args: bytes) -> bytes:
        match = SIZE.match(args)
        if match is None:
            raise Refused(f"SIZE {args!r}: only millimetres are known")
        width, height = (round(float(number) * DOTS_PER_MM) for number in match.groups())
        if width > self.width_dots:
            raise Refused(f"a label of {width} dots on a head of {self.width_dots}")
        self._size = (width, height)
        return b""

    def _clear(self, args: bytes) -> bytes:
        if args or not all(self._size):
            raise Refused("CLS takes nothing and comes after SIZE")
        self._label = Image.new("1", self._size, WHITE)
        return b""

    def _draw(self, left: int, top: int, picture: Image.Image) -> bytes:
        if self._label is None:
            raise Refused("BITMAP before CLS")
        if left + picture.width > (self._label.width + 7) // 8 * 8 or top + picture.height > self._label.height:
            raise Refused(f"a picture of {picture.size} at {(left, top)} leaves the label {self._label.size}")
        self._label.paste(picture, (left, top))
        return b""

    def _print(self, args: bytes) -> bytes:
        counts = [int(part) for part in args.split(b",") if part.isdigit()]
        if self._label is None or not 1 <= len(counts) <= 2 or len(counts) != len(args.split(b",")):
            raise Refused(f"PRINT {args!r} takes one or two counts and comes after CLS")
        for _ in range(counts[0] * (counts[1] if len(counts) > 1 else 1)):
            self.print_label(self._label.copy())
        return b""

    def _check(self, allowed: re.Pattern[bytes], args: bytes) -> bytes:
        if allowed.match(args) is None:
            raise Refused(f"unknown parameters {args!r}")
        return b""
