"""What scans mean at every station about paper: rolls and printers, waiting labels, reprints, colour cards (law 9, F5).

Never guesses: with several printers a roll is confirmed only together with its printer's own label.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from sqlalchemy import ColumnElement, select

from mes import codes
from mes.labelling import print_queue
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobState
from mes.labelling.refusals import NoSuchStock, NothingUnknown, PrinterElsewhere
from mes.labelling.verifying import waits_for_scan
from mes.masters.model import Printer
from mes.production.model import RunCard
from mes.refusals import refuse
from mes.terminal.dialogue import Talk
from mes.terminal.floor import Box, Floor, Meaning, unit_of
from mes.terminal.paper import printers_at
from mes.terminal.reply import Answer
from mes.terminal.words import done, said

BOXES = (codes.LabelCode, codes.LotCode, codes.ContainerCode, codes.CardCode)
MODES = ("PRINT", "BIND", "REPRINT")


def label_meaning(floor: Floor, code: codes.Code) -> Meaning | None:
    """What a code means about paper here and now; None leaves it to the station's own table."""
    mode = floor.talk.mode
    if isinstance(code, codes.CommandCode):
        return WORDS.get(code.word) or (end_mode if mode in MODES and code.word == "DONE" else None)
    if isinstance(code, codes.RollCode | codes.PrinterCode):
        return load_roll if isinstance(code, codes.RollCode) else choose_printer
    if isinstance(code, codes.ReasonCode):
        return remember_reprint_reason if mode == "REPRINT" else None
    if isinstance(code, BOXES) and mode in MODES:
        return BOX_IN_MODE[mode]
    if isinstance(code, codes.RunCardCode) and mode == "PRINT":
        return print_card_here
    return _fresh_label(floor, code)


def _fresh_label(floor: Floor, code: codes.Code) -> Meaning | None:
    """A label that must be scanned back is: whatever else its scan would mean comes after."""
    waits = isinstance(code, codes.LabelCode) and waits_for_scan(floor.session, code.serial, floor.station)
    return verify_label if waits else None


def other_work(talk: Talk) -> Talk:
    """Whoever goes on with other work has given up what he began about paper: nothing of it may linger."""
    if talk.mode in MODES:
        talk = talk.but(mode=None, unit=None, reason=None)
    return talk.but(roll=None, printer=None)


def expected_of_labels(talk: Talk) -> str | None:
    """The word of what should be scanned next, if something about paper is in hand."""
    if talk.roll or talk.printer:
        return "printer" if talk.roll else "roll"
    return NEXT_IN_MODE[talk.mode](talk) if talk.mode in MODES and talk.mode else None


# --- loaded stock ----------------------------------------------------------------------------------------------------


def load_roll(floor: Floor, code: codes.RollCode) -> tuple[Answer, Talk]:
    """A label roll: it is in the station's only printer, or in the one whose label is scanned with it (law 9)."""
    printers = _printers(floor)
    if not printers:
        raise refuse(NoSuchStock(printer=floor.station.code, colour=code.colour.lower()))
    if len(printers) == 1 or floor.talk.printer:
        return _loaded(floor, floor.talk.printer or printers[0].code, code)
    roll = f"{code.colour.lower()} {code.width_mm}×{code.height_mm}"
    talk = other_work(floor.talk).but(roll=codes.encode(code))
    return _asking(said("which_printer", roll=roll)), talk


def choose_printer(floor: Floor, code: codes.PrinterCode) -> tuple[Answer, Talk]:
    """A printer by its own label: the roll that was scanned before it, or that comes next, is in it."""
    printer = floor.find(Printer.code, code.printer)
    if printer.station_id != floor.station.id:
        at, here = printer.station.code, floor.station.code
        raise refuse(PrinterElsewhere(printer=printer.code, at=at, station=here))
    if floor.talk.roll:
        return _loaded(floor, printer.code, cast(codes.RollCode, codes.parse(floor.talk.roll)))
    talk = other_work(floor.talk).but(printer=printer.code)
    return _asking(said("which_roll", printer=printer.code)), talk


def _loaded(floor: Floor, printer: str, code: codes.RollCode) -> tuple[Answer, Talk]:
    value = floor.ask(
        "plant:load_stock", printer=printer, stock=code.colour.lower(), width_mm=code.width_mm, height_mm=code.height_mm
    )
    return done("plant:load_stock", value), other_work(floor.talk)


def _printers(floor: Floor) -> list[Printer]:
    return list(floor.session.scalars(select(Printer).where(Printer.station_id == floor.station.id)))


def _asking(answer: Answer) -> Answer:
    return Answer(answer.headline, answer.expects, asks=True)


# --- labels ----------------------------------------------------------------------------------------------------------


def begin(mode: str) -> Meaning:
    """A word that says what the next scans are about."""

    def meaning(floor: Floor, _code: codes.CommandCode) -> tuple[Answer, Talk]:
        talk = other_work(floor.talk).but(mode=mode, unit=None, reason=None)
        return said(f"mode_{mode.lower()}"), talk

    return meaning


def end_mode(floor: Floor, _code: codes.CommandCode) -> tuple[Answer, Talk]:
    """DONE: nothing more about paper."""
    return said("mode_done"), other_work(floor.talk)


def print_here(floor: Floor, code: Box) -> tuple[Answer, Talk]:
    """A box after PRINT: what waits for it comes out here (F5)."""
    value = floor.ask("label:print_here", unit=unit_of(code))
    return done("label:print_here", value), other_work(floor.talk)


def print_card_here(floor: Floor, code: codes.RunCardCode) -> tuple[Answer, Talk]:
    """A run card after PRINT: what waits for its batch comes out here."""
    card = floor.find(RunCard.code, code.card)
    return print_here(floor, codes.LotCode(card.lot.code))


def bind(floor: Floor, code: Box) -> tuple[Answer, Talk]:
    """After BIND: first the box, then the colour card that stands for its label."""
    unit = floor.talk.unit
    if unit is None or not isinstance(code, codes.CardCode):
        return said("bind_box", box=unit_of(code)), floor.talk.but(unit=unit_of(code))
    value = floor.ask("label:bind_card", unit=unit, card=codes.encode(code))
    return done("label:bind_card", value), other_work(floor.talk)


def remember_reprint_reason(floor: Floor, code: codes.ReasonCode) -> tuple[Answer, Talk]:
    """A reason after REPRINT."""
    return said("reprint_reason", reason=code.word), floor.talk.but(reason=code.word)


def reprint(floor: Floor, code: Box) -> tuple[Answer, Talk]:
    """A label, or the box that it hangs on, after REPRINT and a reason."""
    value = floor.ask("label:reprint", label=unit_of(code), reason=floor.talk.reason or "")
    return done("label:reprint", value), other_work(floor.talk)


def verify_label(floor: Floor, code: codes.LabelCode) -> tuple[Answer, Talk]:
    """A fresh label at the station that made it: read back from paper, it counts."""
    return done("label:verify", floor.ask("label:verify", label=code.serial)), floor.talk


# --- jobs that wait for a person -------------------------------------------------------------------------------------


def settle(came_out: bool) -> Meaning:
    """CAMEOUT and NOTOUT: the oldest job here of which nobody knows whether it came out."""

    def meaning(floor: Floor, code: codes.CommandCode) -> tuple[Answer, Talk]:
        job = _oldest(floor, print_queue.untold(floor.now))
        value = floor.ask("label:settle", job=job, came_out=came_out, reason=code.word)
        return said("came_out" if came_out else "not_out", title=value.title), floor.talk

    return meaning


def retry(floor: Floor, _code: codes.CommandCode) -> tuple[Answer, Talk]:
    """RETRY: somebody has mended a printer here on which a job failed, or what kept the oldest job from being made."""
    if any(one.failed for one in printers_at(floor.session, floor.station, floor.now)):
        value = floor.ask("plant:mend_printers", station=floor.station.code)
        return done("plant:mend_printers", value), floor.talk
    return done(
        "label:retry", floor.ask("label:retry", job=_oldest(floor, PrintJob.state == JobState.FAILED))
    ), floor.talk


def _oldest(floor: Floor, which: ColumnElement[bool]) -> int:
    query = select(PrintJob.id).where(PrintJob.station_id == floor.station.id, which)
    job = floor.session.scalar(query.order_by(PrintJob.id).limit(1))
    if job is None:
        raise refuse(NothingUnknown(station=floor.station.code))
    return job


WORDS: dict[str, Meaning] = {
    **{mode: begin(mode) for mode in MODES},
    "CAMEOUT": settle(came_out=True),
    "NOTOUT": settle(came_out=False),
    "RETRY": retry,
}
BOX_IN_MODE: dict[str, Meaning] = {"PRINT": print_here, "BIND": bind, "REPRINT": reprint}
NEXT_IN_MODE: dict[str, Callable[[Talk], str]] = {
    "PRINT": lambda talk: "print_box",
    "BIND": lambda talk: "bind_card" if talk.unit else "bind_box",
    "REPRINT": lambda talk: "reprint_label" if talk.reason else "reprint_reason",
}
