"""Prints bytes on one printer and says what became of them: done, failed or unknown, and why; looks at idle ones.

Owns the order of a job: ask the printer first, send, then wait until it confirms. It never renders, never sends a job a
second time, and reports done only for what the printer itself confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from devices import status_escpos, status_tspl, status_zpl
from devices.config import PrinterConfig
from devices.settling import FLUSH, TORN_OFF
from devices.status import NoStatus, Polled
from devices.wires import Wire, WireLost, open_wire

STALL_S = 10.0
CANNOT_ANSWER = "printer_cannot_answer"

State = Literal["done", "failed", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """failed: nothing came out, it may be printed again. unknown: something may have; a person must look."""

    state: State
    reason: str = ""

    @property
    def at_rest(self) -> bool:
        """Whether the printer waits for a new label; of one that cannot answer a person says it each time."""
        return self.state == "done" or self.reason == CANNOT_ANSWER


@dataclass(frozen=True)
class Health:
    """What a printer last said of itself: the faults that keep it from printing, and whether it answers at all."""

    faults: tuple[str, ...] = ()
    answers: bool = True


class Language(Protocol):
    """How a printer language asks for status; one object per connection."""

    def faults(self) -> list[str]:
        """Everything that forbids printing now, empty when ready; raises NoStatus or WireLost."""

    def confirm(self, timeout_s: float) -> list[str]:
        """Wait until what was sent is printed: empty when it is, else why that is not known. Raises WireLost."""


LANGUAGES: dict[str, Callable[[Wire, float], Language]] = {
    "escpos": status_escpos.Escpos,
    "zpl": partial(Polled, status_zpl.QUERY, status_zpl.read),
    "tspl": partial(Polled, status_tspl.QUERY, status_tspl.read),
}


class Watch:
    """Looks after one printer between its jobs, over a connection that is kept only as long as it works.

    A printer `in_doubt` may wait for the rest of a label and swallow questions: that is filled up before it is asked.
    Not safe for several threads: the printer's own thread looks and prints in turn.
    """

    def __init__(self, printer: PrinterConfig, in_doubt: Callable[[], bool] = lambda: False) -> None:
        self._printer = printer
        self._in_doubt = in_doubt
        self._wire: Wire | None = None
        self._language: Language | None = None

    def look(self) -> Health:
        """Ask once, connecting if need be. A lost connection is a finding of its own: power may have gone and come."""
        if not self._printer.answers:
            return Health(answers=False)
        try:
            faults = self._asked().faults()
        except (NoStatus, WireLost) as silence:
            was_open = self._wire is not None
            self.release()
            return Health((_word_for(silence, was_open),), answers=False)
        return Health(tuple(faults))

    def release(self) -> None:
        """Let the printer go, before a job or at the end."""
        wire, self._wire, self._language = self._wire, None, None
        if wire is not None:
            wire.close()

    def _asked(self) -> Language:
        if self._language is None:
            self._wire = open_wire(self._printer.url, self._printer.baud)
            if self._in_doubt():
                self._wire.send(FLUSH[self._printer.language], STALL_S)
            self._language = LANGUAGES[self._printer.language](self._wire, self._printer.answer_s)
        return self._language


def _word_for(silence: Exception, was_open: bool) -> str:
    if isinstance(silence, NoStatus):
        return "no_answer"
    return "connection_lost" if was_open else "unreachable"


def print_job(printer: PrinterConfig, content: bytes, copies: int = 1, *, in_doubt: bool = False) -> Outcome:
    """Print the content `copies` times, each confirmed before the next. Reasons are words as `paper_out`.

    A printer `in_doubt`, of which the last label did not end well, is brought to a known state first.
    """
    try:
        wire = open_wire(printer.url, printer.baud)
    except WireLost:
        return Outcome("failed", "unreachable")
    with closing(wire):
        if in_doubt and not _settled(wire, printer.language):
            return Outcome("failed", "connection_lost")
        for printed in range(copies):
            outcome = _print_once(wire, printer, content)
            if outcome.state != "done":
                return _after(printed, copies, outcome)
    return Outcome("done")


def _settled(wire: Wire, language: str) -> bool:
    """Whether the printer took what fills up half a label and parts it from the next; nothing of a label is in it."""
    return _send(wire, FLUSH[language] + TORN_OFF[language]) is None


def _print_once(wire: Wire, printer: PrinterConfig, content: bytes) -> Outcome:
    if not printer.answers:
        return _send(wire, content) or Outcome("unknown", CANNOT_ANSWER)
    language = LANGUAGES[printer.language](wire, printer.answer_s)
    return _not_ready(language) or _send(wire, content) or _confirmed(language, printer.confirm_s)


def _not_ready(language: Language) -> Outcome | None:
    try:
        faults = language.faults()
    except (NoStatus, WireLost):
        faults = ["no_answer"]
    return Outcome("failed", ", ".join(faults)) if faults else None


def _send(wire: Wire, content: bytes) -> Outcome | None:
    try:
        wire.send(content, STALL_S)
    except WireLost as lost:
        return Outcome("unknown" if lost.sent else "failed", "connection_lost")
    return None


def _confirmed(language: Language, timeout_s: float) -> Outcome:
    try:
        doubts = language.confirm(timeout_s)
    except WireLost:
        doubts = ["connection_lost"]
    return Outcome("unknown", ", ".join(doubts)) if doubts else Outcome("done")


def _after(printed: int, copies: int, outcome: Outcome) -> Outcome:
    """A job of which some copies came out has not failed as a whole; a retry would print those twice."""
    if printed == 0:
        return outcome
    return Outcome("unknown", f"{printed} of {copies} printed, then {outcome.reason}")
