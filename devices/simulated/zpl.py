"""A strict ZPL II label printer, written from Zebra's ZPL II programming guide.

Knows exactly: ^XA ^PW ^LL ^LH ^CI ^FO ^GFA (hexadecimal and :Z64:) ^FS ^PQ ^XZ, ~JX, ~HI and ~HS. Like Zebra's own it
does not answer ~HS at all while the paper is out or the head is open.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable

from PIL import Image

from devices.simulated.interpreter import WHITE, Command, Interpreter, Refused

HEX_OR_Z64 = re.compile(rb"(?::Z64:([A-Za-z0-9+/=]+):([0-9A-Fa-f]{4})|([0-9A-Fa-f]+))\Z")
MNEMONIC_LENGTH = 3
CANCEL = b"~JX"
COMPLETE = (b"^XA", b"^XZ", b"^FS")


class ZplPrinter(Interpreter):
    """832 dots is a 104 mm head at 203 dpi; a format must say its own width and length."""

    def __init__(self, width_dots: int = 832) -> None:
        super().__init__(width_dots)
        self._format: dict[str, int] = {}
        self._open = False
        self._at = (0, 0)
        self._pictures: list[tuple[tuple[int, int], Image.Image]] = []
        self._steps: dict[bytes, Callable[[bytes], bytes]] = {
            b"^XA": self._start,
            b"^PW": lambda args: self._set("width", args),
            b"^LL": lambda args: self._set("length", args),
            b"^PQ": lambda args: self._set("quantity", args),
            b"^LH": self._home,
            b"^CI": self._charset,
            b"^FO": self._origin,
            b"^GF": self._graphic,
            b"^FS": self._nothing,
            b"^XZ": self._end,
        }
        self._tildes: dict[bytes, Callable[[], bytes]] = {
            b"~HS": self._host_status,
            b"~HI": lambda: b"\x02ZD420-203dpi,V84.20.18Z,8,8192KB\x03\r\n",
            CANCEL: self._cancelled,
        }

    def next_command(self, buffer: bytes) -> Command | None:
        """See Interpreter; a command ends where the next one begins, ^XZ, ^FS and ~HS at once."""
        blank = len(buffer) - len(buffer.lstrip(b"\r\n"))
        word = buffer[blank : blank + MNEMONIC_LENGTH]
        if len(word) < MNEMONIC_LENGTH:
            return None
        if word in self._tildes:
            return Command(blank + MNEMONIC_LENGTH, self._tildes[word], realtime=word != CANCEL)
        step = self._steps.get(word)
        if step is None:
            raise Refused(f"unknown command {buffer[blank : blank + 16]!r}")
        end = _end_of(word, buffer, blank)
        if end is None:
            return None
        if buffer[end : end + MNEMONIC_LENGTH] == CANCEL and word not in COMPLETE:
            return Command(end + MNEMONIC_LENGTH, self._cancelled)
        args = buffer[blank + MNEMONIC_LENGTH : end].rstrip(b"\r\n")
        return Command(end, lambda: step(args))

    def _host_status(self) -> bytes:
        if self.faulty:
            return b""
        lines = (f"030,0,0,1246,{self.waiting:03d},0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000", "1234,0")
        return b"".join(b"\x02" + line.encode("ascii") + b"\x03\r\n" for line in lines)

    def _cancelled(self) -> bytes:
        self._open, self._pictures = False, []
        return b""

    def _start(self, args: bytes) -> bytes:
        self._refuse_if(self._open or bool(args), "^XA inside a format")
        self._open, self._format, self._at, self._pictures = True, {}, (0, 0), []
        return b""

    def _set(self, name: str, args: bytes) -> bytes:
        (self._format[name],) = _numbers(args, 1)
        return b""

    def _home(self, args: bytes) -> bytes:
        self._refuse_if(_numbers(args, 2) != (0, 0), f"^LH{args!r}: only 0,0 is known")
        return b""

    def _charset(self, args: bytes) -> bytes:
        self._refuse_if(args != b"28", f"^CI{args!r}: only 28 is known")
        return b""

    def _origin(self, args: bytes) -> bytes:
        across, down = _numbers(args, 2)
        self._at = (across, down)
        return b""

    def _graphic(self, args: bytes) -> bytes:
        kind, total, used, row, field = (*args.split(b",", 4), b"", b"", b"", b"")[:5]
        self._refuse_if(kind != b"A" or total != used, f"^GF{args[:32]!r}: only A with one byte count is known")
        count, row_bytes = _numbers(total, 1)[0], _numbers(row, 1)[0]
        dots = _unpacked(field)
        self._refuse_if(len(dots) != count or not row_bytes or count % row_bytes != 0, f"^GFA holds {len(dots)} bytes")
        picture = Image.frombytes("1", (row_bytes * 8, count // row_bytes), dots, "raw", "1;I")
        self._pictures.append((self._at, picture))
        return b""

    def _nothing(self, args: bytes) -> bytes:
        return b""

    def _end(self, args: bytes) -> bytes:
        width, length = self._format.get("width", 0), self._format.get("length", 0)
        self._refuse_if(not self._open or not width or not length, "^XZ without ^XA, ^PW and ^LL")
        self._refuse_if(width > self.width_dots, f"^PW{width} on a head of {self.width_dots} dots")
        label = Image.new("1", (width, length), WHITE)
        for at, picture in self._pictures:
            self._refuse_if(at[0] + picture.width > (width + 7) // 8 * 8 or at[1] + picture.height > length, "outside")
            label.paste(picture, at)
        self._open = False
        for _ in range(self._format.get("quantity", 1)):
            self.print_label(label)
        return b""

    def _refuse_if(self, wrong: bool, why: str) -> None:
        if wrong:
            raise Refused(why)


def _end_of(word: bytes, buffer: bytes, blank: int) -> int | None:
    begins = blank + MNEMONIC_LENGTH
    if word in COMPLETE:
        return begins
    following = [at for at in (buffer.find(b"^", begins), buffer.find(b"~", begins)) if at >= 0]
    return min(following) if following else None


def _numbers(args: bytes, count: int) -> tuple[int, ...]:
    parts = args.split(b",")
    if len(parts) != count or not all(part.isdigit() for part in parts):
        raise Refused(f"expected {count} number(s), not {args[:32]!r}")
    return tuple(int(part) for part in parts)


def _unpacked(field: bytes) -> bytes:
    match = HEX_OR_Z64.match(field)
    if match is None:
        raise Refused(f"a graphic field that is neither hexadecimal nor :Z64: {field[:16]!r}")
    packed, checksum, plain = match.groups()
    if plain:
        return _from_hex(plain)
    if binascii.crc_hqx(packed, 0) != int(checksum, 16):
        raise Refused("the CRC of a :Z64: field is wrong")
    try:
        return zlib.decompress(base64.b64decode(packed, validate=True))
    except (ValueError, zlib.error) as error:
        raise Refused(f"a :Z64: field does not unpack: {error}") from error


def _from_hex(digits: bytes) -> bytes:
    if len(digits) % 2:
        raise Refused("an odd number of hexadecimal digits")
    return bytes.fromhex(digits.decode("ascii"))
