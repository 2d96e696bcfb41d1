"""Bytes in, scans out: knows where a frame ends, not where the bytes come from and not what a code means.

Pure: no port, no clock. The caller passes what it read and any steady number of seconds, so every split and every pause
can be tried in a test. Nothing received is dropped in silence: what is no code comes out as Garbage or NoRead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

PREFIX_LENGTH = 40
STX = b"\x02"
LINE_ENDS = b"\r\n"


class Framing(StrEnum):
    """How the scanner marks the end of a code; the values are the words of the station's configuration."""

    CR = "CR"
    LF = "LF"
    CRLF = "CRLF"
    TAB = "TAB"
    STX_ETX = "STX/ETX"
    GAP = "GAP"


class AimIds(StrEnum):
    """Whether codes arrive with an AIM symbology identifier in front (`]C1`), and what becomes of it."""

    ANY = "any"  # kept if there
    ON = "on"  # they always arrive, and are kept; the station's test names a code without one
    STRIP = "strip"  # they arrive, and are taken off
    OFF = "off"  # none arrive; the station's test names a code that has one


# A GAP scanner sends no suffix; if it does end a line all the same, two codes in one read must not become one.
SUFFIXES = {
    Framing.CR: b"\r",
    Framing.LF: b"\n",
    Framing.CRLF: b"\r\n",
    Framing.TAB: b"\t",
    Framing.STX_ETX: b"\x03",
    Framing.GAP: b"\r",
}


@dataclass(frozen=True)
class Scan:
    """One code as the scanner sent it, without its frame."""

    text: str


@dataclass(frozen=True)
class Garbage:
    """Bytes that are no code: a torn frame, one past the size limit, one that is not UTF-8; with its readable start.

    Also a code that was scanned too early to be one: before anybody listened.
    """

    kind: Literal["torn", "oversize", "undecodable", "early"]
    prefix: str


@dataclass(frozen=True)
class NoRead:
    """A fixed reader was triggered and saw no code (Keyence and others answer a literal `ERROR`)."""


Read = Scan | Garbage | NoRead

AIM_ID = re.compile(r"\][A-Za-z][0-9A-Za-z]")  # ISO/IEC 15424: flag, symbology, modifier


@dataclass(frozen=True)
class Wrapping:
    """What a scanner puts around the text of a code, and what it sends instead of one."""

    prefix: str = ""
    suffix: str = ""
    aim_ids: AimIds = AimIds.ANY
    no_read: tuple[str, ...] = ("ERROR",)

    def read(self, text: str) -> Scan | NoRead | None:
        """The code without its wrapping; None if nothing but wrapping came."""
        bare = text.removeprefix(self.prefix).removesuffix(self.suffix)
        if text in self.no_read or bare in self.no_read:
            return NoRead()
        if self.aim_ids is AimIds.STRIP and (aim_id := AIM_ID.match(bare)):
            bare = bare[aim_id.end() :]
        return Scan(bare) if bare else None


BARE = Wrapping()


class ScanBuffer:
    """Cuts a scanner's byte stream into reads, holding at most `max_bytes` of an unfinished one.

    `idle_gap_s`: silence that ends a frame without suffix (GAP). `torn_after_s`: silence after which an unfinished
    frame with suffix is given up; longer than a gateway's pauses, so that a slow network tears no code. `wrapping`:
    what the scanner adds to a code. `echo`: what it answers to feedback commands, taken out of the stream.
    """

    def __init__(
        self,
        framing: Framing = Framing.CR,
        *,
        idle_gap_s: float = 0.08,
        torn_after_s: float = 1.0,
        max_bytes: int = 4096,
        wrapping: Wrapping = BARE,
        echo: re.Pattern[bytes] | None = None,
    ) -> None:
        self.framing = framing
        self.max_bytes = max_bytes
        self.patience_s = idle_gap_s if framing is Framing.GAP else torn_after_s
        self._suffix = SUFFIXES[framing]
        self._wrapping = wrapping
        self._echo = echo
        self._pending = bytearray()
        self._overflowed = False
        self._last_at = 0.0

    @property
    def held(self) -> int:
        """Bytes of the unfinished frame."""
        return len(self._pending)

    def feed(self, received: bytes, at: float) -> list[Read]:
        """The reads completed by these bytes, received at `at` (seconds of any steady clock)."""
        self._last_at = at
        # A NUL is line noise or a break condition on RS-232, never part of a code.
        self._pending += received.replace(b"\0", b"")
        return [*self._completed(), *self._overflow()]

    def idle(self, at: float) -> list[Read]:
        """What a silence ends; call it when a read came back empty, so that bytes still in the port are not cut off."""
        if at - self._last_at < self.patience_s:
            return []
        return self._abandon(whole=self.framing is Framing.GAP)

    def unplugged(self) -> list[Read]:
        """What is left when the scanner goes away: half a code, recorded and forgotten."""
        return self._abandon(whole=False)

    def _completed(self) -> Iterator[Read]:
        while (end := self._pending.find(self._suffix)) >= 0:
            frame = bytes(self._pending[:end])
            del self._pending[: end + len(self._suffix)]
            reported, self._overflowed = self._overflowed, False
            if not reported:
                yield from self._unframed(frame)

    def _overflow(self) -> Iterator[Read]:
        """Give up a frame that can no longer fit; its rest is thrown away as it comes, the buffer stays small."""
        kept = len(self._suffix) - 1  # the suffix itself may be split over two reads
        if len(self._pending) <= self.max_bytes + kept:
            return
        if not self._overflowed:
            self._overflowed = True
            yield Garbage("oversize", printable(bytes(self._pending[: self.max_bytes])))
        del self._pending[: len(self._pending) - kept]

    def _unframed(self, frame: bytes) -> Iterator[Read]:
        if len(frame) > self.max_bytes:
            yield Garbage("oversize", printable(frame[: self.max_bytes]))
        elif self.framing is Framing.STX_ETX:
            yield from self._between_stx_and_etx(frame)
        else:
            yield from self._read(frame)

    def _between_stx_and_etx(self, frame: bytes) -> Iterator[Read]:
        before, stx, body = frame.rpartition(STX)
        yield from self._torn(before if stx else frame)
        if stx:
            yield from self._read(body)

    def _read(self, frame: bytes) -> Iterator[Read]:
        frame = self._bare(frame)
        if not frame:
            return
        try:
            text = frame.decode("utf-8")
        except UnicodeDecodeError:
            yield Garbage("undecodable", printable(frame))
            return
        if read := self._wrapping.read(text):
            yield read

    def _torn(self, frame: bytes) -> Iterator[Read]:
        frame = self._bare(frame).strip(STX)
        if frame:
            yield Garbage("torn", printable(frame))

    def _bare(self, frame: bytes) -> bytes:
        """Without echoes, and without the line ends of a scanner set to CR LF where CR or ETX is expected."""
        return (self._echo.sub(b"", frame) if self._echo else frame).strip(LINE_ENDS)

    def _abandon(self, *, whole: bool) -> list[Read]:
        frame, self._pending = bytes(self._pending), bytearray()
        reported, self._overflowed = self._overflowed, False
        if reported:
            return []
        return list(self._unframed(frame) if whole else self._torn(frame))


def printable(frame: bytes) -> str:
    """The readable start of a frame for records and screens: ASCII, every other byte as a dot."""
    start = frame.lstrip(LINE_ENDS)[:PREFIX_LENGTH]
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in start)
