"""Which language a printer speaks that does not answer in that of the settings: it is asked in each.

The questions print nothing, each in a language that knows it; those that others could take for text come last.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing, suppress

from devices.config import PrinterConfig
from devices.status_escpos import REALTIME, REALTIME_MASK
from devices.wires import Wire, WireLost, open_wire

HOST_IDENTIFICATION = re.compile(rb"\x02[^\x03,]+,[^\x03]+\x03")  # ~HI: model, firmware, dots per mm, memory
QUESTIONS: dict[str, tuple[bytes, Callable[[bytes], bool]]] = {
    "escpos": (b"\x10\x04\x01", lambda received: any(byte & REALTIME_MASK == REALTIME for byte in received)),
    "tspl": (b"\x1b!?", lambda received: len(received) == 1),
    "zpl": (b"~HI\r\n", lambda received: HOST_IDENTIFICATION.search(received) is not None),
}


def language_spoken(config: PrinterConfig) -> str | None:
    """The language in which the printer answers; None if it answers in none."""
    return next((language for language in QUESTIONS if _answers(config, language)), None)


def _answers(config: PrinterConfig, language: str) -> bool:
    """Whether the printer understands this language's question, over a connection of its own."""
    question, understood = QUESTIONS[language]
    with suppress(WireLost), closing(open_wire(config.url, config.baud)) as wire:
        wire.send(question, config.answer_s)
        return understood(_received(wire, config.answer_s))
    return False


def _received(wire: Wire, answer_s: float) -> bytes:
    deadline, received = time.monotonic() + answer_s, b""
    with suppress(WireLost):
        while (left_s := deadline - time.monotonic()) > 0:
            received += wire.receive(left_s)
    return received
