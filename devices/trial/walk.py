"""The walk: one device after the other, each tried by hand, each with its verdict.

Owns the order and the questions; it prints nothing itself but says everything through the conversation it is given, and
it keeps, sends and records nothing of what was scanned.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import serial

from devices.config import LampConfig, PortConfig, PrinterConfig, ScannerConfig, StationConfig, ToolConfig
from devices.feedback import COMMAND_SETS, Tone
from devices.framing import Garbage, NoRead, Read, Scan
from devices.lamp import switching
from devices.lines import PARITIES, PortGone, open_port
from devices.measured import Value
from devices.measuring import protocol_of, tool_buffer
from devices.printers import Watch, print_job
from devices.trial.diagnosis import LONG_AGO, diagnose, line_faults
from devices.trial.language import language_spoken
from devices.trial.pattern import trial_label
from devices.trial.readable import rows

SILENCE_S = 0.5
POLL_S = 0.05
LONGEST_TRY_BYTES = 4096


class Conversation(Protocol):
    """The person at the station: is told things, and asked yes or no."""

    def say(self, sentence: str) -> None: ...
    def confirm(self, question: str) -> bool: ...


@dataclass
class Walk:
    """Tries every device of a station; `faults` collects what is wrong, by device. `wait_s`: how long for a hand."""

    config: StationConfig
    person: Conversation
    wait_s: float = 20.0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def past_everything(self) -> bool:
        """Walk, report, and say whether everything was well."""
        for name, step in self._steps():
            self.person.say(f"\n{name}")
            found = list(step())
            self.faults[name] = found
            for fault in found:
                self.person.say(f"  ✗ {fault}")
            if not found:
                self.person.say("  ✓ well")
        return self._report()

    def _steps(self) -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
        if scanner := self.config.scanner:
            yield f"Scanner {_port(scanner)}", partial(self._scanner, scanner)
            yield f"Beeper of the scanner ({scanner.feedback})", partial(self._beeper, scanner)
        if lamp := self.config.lamp:
            yield f"Lamp {_port(lamp)} ({lamp.protocol})", partial(self._lamp, lamp)
        for tool in (*self.config.gauges, *self.config.scales):
            yield f"Measuring tool {tool.device} {_port(tool)} ({tool.protocol})", partial(self._tool, tool)
        for printer in self.config.printers:
            yield f"Printer {printer.code} {printer.url} ({printer.language})", partial(self._printer, printer)

    def _report(self) -> bool:
        self.person.say(f"\nStation {self.config.station}")
        if not self.faults:
            self.person.say("  ✗ the configuration names no device")
        for name, found in self.faults.items():
            self.person.say(f"  {'✗' if found else '✓'} {name}")
        return bool(self.faults) and not any(self.faults.values())

    def _scanner(self, config: ScannerConfig) -> Iterator[str]:
        with _opened(config) as (port, fault):
            if port is None:
                yield fault
                return
            self.person.say(f"  scan any code now (within {self.wait_s:g} s) …")
            received = self._received(port)
        found = diagnose(config, received)
        self.person.say(f"  framing {config.framing} makes of it:")
        for read in found.reads:
            self.person.say(f"    {_told(read)}")
        yield from found.faults

    def _beeper(self, config: ScannerConfig) -> Iterator[str]:
        if config.feedback == "none":
            self.person.say("  no command set: the scanner cannot say what became of a scan; set feedback if it can")
            return
        with _opened(config) as (port, fault):
            if port is None:
                yield fault
                return
            for tone, command in COMMAND_SETS[config.feedback].tones.items():
                self._show("sent", command)
                port.write(command)
                if not self.person.confirm(f"  Did you hear the tone for {tone}?"):
                    yield f"{tone} was not heard: check feedback, and that the scanner takes commands of the host"

    def _lamp(self, config: LampConfig) -> Iterator[str]:
        shines = {Tone.GOOD: config.good, Tone.BAD: config.bad, Tone.ATTENTION: config.attention}
        with _opened(config) as (port, fault):
            if port is None:
                yield fault
                return
            for tone, shine in shines.items():
                if shine is None:
                    self.person.say(f"  nothing is set for {tone}")
                    continue
                self._show("sent", switching(config, shine, on=True))
                port.write(switching(config, shine, on=True))
                lit = self.person.confirm(f"  Is the lamp for {tone} lit?")
                port.write(switching(config, shine, on=False))
                if not lit:
                    yield f"the lamp for {tone} did not light: check protocol, channel and the wiring behind the relay"

    def _tool(self, config: ToolConfig) -> Iterator[str]:
        with _opened(config) as (port, fault):
            if port is None:
                yield fault
                return
            request = config.request.encode("latin-1") or protocol_of(config).request
            if config.ask_every_s and request:
                self._show("asked", request)
                port.write(request)
            else:
                self.person.say(f"  measure and press the tool's key (within {self.wait_s:g} s) …")
            received = self._received(port)
        yield from self._measured(config, received)

    def _measured(self, config: ToolConfig, received: bytes) -> Iterator[str]:
        if not received:
            yield "nothing was received: check the cable, the tool's output setting, and the request if it is asked"
            return
        wrong = list(line_faults(config, received))
        yield from wrong
        buffer = tool_buffer(config)
        lines = [read.text for read in [*buffer.feed(received, 0.0), *buffer.idle(LONG_AGO)] if isinstance(read, Scan)]
        if not lines and not wrong:
            yield f"no line end {config.framing} came: set framing as the tool ends its lines"
        for line in lines:
            said = protocol_of(config).parse(line)
            self.person.say(f"  {config.protocol} makes of it: {said}")
            if not isinstance(said, Value):
                yield f"{line!r} is no value of the protocol {config.protocol}"
            elif said.unit and said.unit.casefold() != config.unit.casefold():
                yield f"it measures in {said.unit}, the settings say {config.unit}"

    def _printer(self, config: PrinterConfig) -> Iterator[str]:
        watch = Watch(config)
        health = watch.look()
        watch.release()
        self.person.say(f"  status: {', '.join(health.faults) or ('ready' if health.answers else 'never asked')}")
        if health.faults:
            yield _not_printing(config, health.faults)
            return
        if not self.person.confirm("  Print a test label?"):
            yield "not tried"
            return
        outcome = print_job(config, trial_label(config.language, config.width_mm, f"{config.code} {config.language}"))
        self.person.say(f"  the job is {outcome.state} {outcome.reason}".rstrip())
        if config.answers and outcome.state != "done":
            yield f"the label is not confirmed: {outcome.reason}"
        elif not self.person.confirm("  Did the label come out whole, with no gap in the staircase?"):
            yield "the label is not right: check width_mm, language, and the head for dead dots"

    def _received(self, port: serial.Serial) -> bytes:
        """What comes until it is silent again, shown byte by byte."""
        deadline = time.monotonic() + self.wait_s
        received = b""
        while time.monotonic() < deadline and len(received) < LONGEST_TRY_BYTES:
            if part := port.read(max(1, port.in_waiting)):
                received += part
                deadline = time.monotonic() + SILENCE_S
        self._show("received", received)
        return received

    def _show(self, what: str, content: bytes) -> None:
        self.person.say(f"  {what} {len(content)} bytes:")
        for row in rows(content):
            self.person.say(f"    {row}")


@contextmanager
def _opened(config: PortConfig) -> Iterator[tuple[serial.Serial | None, str]]:
    """The open port, or why there is none."""
    try:
        port = open_port(config, POLL_S)
    except PortGone as error:
        yield None, f"the port does not open: {error} (is a station program running? stop it first)"
        return
    with closing(port):
        yield port, ""


def _not_printing(config: PrinterConfig, faults: tuple[str, ...]) -> str:
    """Why it cannot print; of one that gives no answer, in what language it would."""
    spoken = language_spoken(config) if "no_answer" in faults else None
    if spoken == config.language:
        return f"it speaks {spoken} and says nothing of its status: paper or ribbon out, head open, or off line"
    if spoken:
        return f"it answers in {spoken}, the settings say {config.language}: set language = {spoken!r}"
    return f"it cannot print: {', '.join(faults)}"


def _port(config: PortConfig) -> str:
    return f"{config.url} {config.baud} {config.data_bits}{PARITIES[config.parity]}{config.stop_bits}"


def _told(read: Read) -> str:
    match read:
        case Scan(text):
            return f"code {text!r}"
        case Garbage(kind, prefix):
            return f"no code, {kind}: {prefix!r}"
        case NoRead():
            return "no code: the reader saw none"
