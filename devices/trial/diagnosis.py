"""What the bytes of a scanner say about its settings: which are right, and which the installer has to change.

Pure: the configuration and the bytes in, sentences out. A sentence names what was seen and what to set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from devices.config import PortConfig, ScannerConfig
from devices.framing import AIM_ID, STX, SUFFIXES, AimIds, Framing, Garbage, NoRead, Read, Scan
from devices.scanner import buffer_for

ENDS = {Framing.CRLF: b"\r\n", Framing.CR: b"\r", Framing.LF: b"\n", Framing.TAB: b"\t", Framing.STX_ETX: b"\x03"}
TOLERATED = b"\r\n\t\x02\x03\x1c\x1d\x1e\x1f\x04"
MOSTLY = 0.25
LONG_AGO = 1e9


@dataclass(frozen=True)
class Diagnosis:
    """What framing makes of the bytes, and what is wrong; nothing wrong is an empty list."""

    reads: list[Read]
    faults: list[str]


def diagnose(config: ScannerConfig, received: bytes) -> Diagnosis:
    """Judge one scan's bytes by the settings that are to read it."""
    if not received:
        return Diagnosis(
            [],
            [
                "nothing was received: check the cable, that the scanner is in serial mode (USB-CDC or "
                "RS-232, not keyboard), and the port's path"
            ],
        )
    buffer = buffer_for(config)
    reads = [*buffer.feed(received, 0.0), *buffer.idle(LONG_AGO)]
    faults = list(line_faults(config, received))
    faults = faults or [*_of_the_frame(config, received, reads), *_of_the_wrapping(config, received, reads)]
    return Diagnosis(reads, faults or _nothing_whole(reads))


def _nothing_whole(reads: list[Read]) -> list[str]:
    """Bytes that gave no code at all are never well, even when no setting explains them."""
    if any(not isinstance(read, Garbage) for read in reads):
        return []
    return [f"{read.kind}: {read.prefix!r} is no code" for read in reads if isinstance(read, Garbage)]


def line_faults(config: PortConfig, received: bytes) -> Iterator[str]:
    """Signs of wrong line settings: bytes that no device sends, or ASCII with a parity bit in the eighth place."""
    strange = [byte for byte in received if byte >= 0x80 or (byte < 0x20 and byte not in TOLERATED)]
    if len(strange) <= len(received) * MOSTLY or _is_text(received):
        return
    parity = _parity_of(received)
    if config.data_bits == 8 and parity:
        yield f"the eighth bit is {parity} parity: set data_bits = 7 and parity = {parity!r}, or 8N1 in the device"
    else:
        yield f"these bytes look like a wrong speed: the port reads {config.baud} baud; set the device's own"


def _of_the_frame(config: ScannerConfig, received: bytes, reads: list[Read]) -> Iterator[str]:
    codes = [read for read in reads if isinstance(read, Scan | NoRead)]
    whole = codes and not any(isinstance(read, Garbage) and read.kind == "torn" for read in reads)
    expected = SUFFIXES[config.framing]
    if config.framing is Framing.GAP:
        if found := _end_seen(received):
            yield f"the code ends with {found}: set framing = {found.value!r}, it is surer than a pause"
    elif not whole and expected not in received:
        found = _end_seen(received)
        yield (
            f"the code ends with {found}, the settings expect {config.framing}: set framing = {found.value!r}"
            if found
            else f"no terminator: the settings expect {config.framing} behind every code; switch it on in "
            "the scanner, or set framing = 'GAP'"
        )
    elif config.framing is Framing.STX_ETX and not whole:
        yield "ETX came without STX in front: switch the prefix STX on in the scanner, or set another framing"
    if config.framing is not Framing.STX_ETX and STX in received and whole:
        yield "an STX stands in front of the code: set framing = 'STX/ETX', or switch the prefix off in the scanner"
    yield from (
        f"{read.kind}: {read.prefix!r} is no code"
        for read in reads
        if isinstance(read, Garbage) and read.kind != "torn"
    )


def _of_the_wrapping(config: ScannerConfig, received: bytes, reads: list[Read]) -> Iterator[str]:
    codes = [read for read in reads if isinstance(read, Scan)]
    if not codes:
        if reads and all(isinstance(read, NoRead) for read in reads):
            yield "the reader saw no code; hold one in front of it"
        return
    if config.prefix and config.prefix.encode() not in received:
        yield f"the prefix {config.prefix!r} of the settings did not come"
    if config.suffix and config.suffix.encode() not in received:
        yield f"the suffix {config.suffix!r} of the settings did not come"
    came = [AIM_ID.search(code.text) is not None for code in codes]
    if config.aim_ids is AimIds.ON and not all(came):
        yield "no AIM identifier (such as ]C1) in front of the code: switch AIM identifiers on in the scanner"
    if config.aim_ids is AimIds.OFF and any(came):
        yield "an AIM identifier stands in front of the code: set aim_ids = 'on', which is better, or switch it off"
    if config.aim_ids is AimIds.STRIP and "]" not in received.decode("latin-1"):
        yield "no AIM identifier came to be taken off: switch it on in the scanner, or set aim_ids = 'off'"


def _end_seen(received: bytes) -> Framing | None:
    return next((framing for framing, end in ENDS.items() if received.endswith(end)), None)


def _is_text(received: bytes) -> bool:
    try:
        return all(letter.isprintable() or letter.encode() in TOLERATED for letter in received.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _parity_of(received: bytes) -> str:
    """ "even" or "odd" if every byte has that number of ones and is ASCII without its eighth bit; else nothing."""
    plain = bytes(byte & 0x7F for byte in received)
    if not all(0x20 <= byte < 0x7F or byte in TOLERATED for byte in plain):
        return ""
    ones = {byte.bit_count() % 2 for byte in received}
    return {frozenset({0}): "even", frozenset({1}): "odd"}.get(frozenset(ones), "")
