"""The print queue for people: what waits and why, printers with their paper, and what a person may decide about a job.

Decides nothing: every button asks the one door as the person who is logged in. A refused form comes back with every
reason and what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mes.labelling.loaded_stock import AtHand, stocks_of
from mes.outside import LARGEST
from mes.queries.labels import LabelAccount, account
from mes.queries.print_jobs import PrintJobRow, print_jobs
from mes.refusals import Refusal, Refused
from mes.terminal.paper_everywhere import Lacking, StationPaper, paper_everywhere
from web.house import house, look
from web.language import t
from web.pages import words
from web.pages.asking import Answered, ask_as_reader, ask_at_station, say
from web.paper import sizes_in
from web.rights import looks

SHOWN = 200
OPEN = ("unknown", "failed", "queued", "leased")
JOB = f"/print/jobs/<int(max={LARGEST}):job>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class PrinterSeen:
    """A printer as its station last said: what is in it, whether somebody vouches for that, what is wrong with it.

    `takes` are the stocks that come out right on it; `failed`: a job of it did, and nobody called it well since.
    """

    code: str
    station: str
    language: str
    stock: str
    size: str
    doubt: str
    faults: tuple[str, ...]
    failed: bool
    takes: frozenset[str]


@dataclass(frozen=True)
class PrintingStation:
    """A station with printers; `silent`: its program has not been heard for a while."""

    code: str
    printers: tuple[PrinterSeen, ...]
    missing: tuple[Lacking, ...]
    silent: bool


@dataclass(frozen=True)
class Waits:
    """A job that waits, with the reason in the reader's language."""

    job: PrintJobRow
    why: str


def add_to(pages: Blueprint) -> None:
    """Add the print queue's page and what can be done there."""
    pages.add_url_rule("/print", "print_queue", looks("print_queue")(print_queue))
    for path, view in (
        (f"{JOB}/settle", settle),
        (f"{JOB}/retry", retry),
        ("/print/reprint", reprint),
        ("/print/here", here),
        ("/print/stations/<station>/mended", mended),
    ):
        pages.add_url_rule(path, f"print_{view.__name__}", looks("print_queue")(view), methods=["POST"])


def print_queue() -> str:
    """The queue; `?lot=` also shows what became of all labels of a batch."""
    return _page()


def settle(job: int) -> Page:
    """A doubtful job: it came out, or it did not and prints again, marked COPY."""
    came_out = request.form.get("came_out") == "yes"
    answer = ask_as_reader("label:settle", job=job, came_out=came_out, reason=request.form.get("reason", "").strip())
    done = t("已记录：出来了。", "Noted: it came out.")
    if not came_out:
        done = t("已记录：没出来，将重打并标“副本”。", "Noted: it did not come out; it prints again, marked COPY.")
    return _done(answer, done)


def retry(job: int) -> Page:
    """A job that could not be made, once more."""
    return _done(ask_as_reader("label:retry", job=job), t("已重新排队。", "It waits for printing again."))


def mended(station: str) -> Page:
    """The printers of a station print again, somebody says."""
    answer = ask_as_reader("plant:mend_printers", station=station)
    return _done(answer, t(f"{station} 的打印机恢复打印。", f"The printers of {station} are tried again."))


def reprint() -> Page:
    """One more piece of a label; the earlier one counts as spoiled."""
    form = request.form
    answer = ask_as_reader("label:reprint", label=form.get("label", "").strip(), reason=form.get("reason", "").strip())
    return _done(
        answer,
        t("补打已排队，标“副本”；原标签记为作废损耗。", "A copy is queued; the earlier piece counts as spoiled."),
    )


def here() -> Page:
    """Waiting labels of goods come out at the chosen station."""
    station = request.form.get("station", "")
    answer = ask_at_station("label:print_here", current_user.badge, station, unit=request.form.get("unit", "").strip())
    return _done(answer, t(f"标签在 {station} 打印。", f"The labels print at {station}."))


def _done(answer: Answered, done: str) -> Page:
    if not answer.accepted:
        return _page(answer), 409
    say(answer, done)
    return redirect(url_for("pages.print_queue"))


def _page(answer: Answered | None = None) -> str:
    with look() as session:
        floor = [_floor(one) for one in paper_everywhere(session, house().clock(), sizes_in(session))]
        jobs = {state: print_jobs(session, states=[state], limit=SHOWN, now=house().clock()) for state in OPEN}
        labels, unknown_lot = _account(session, request.args.get("lot", "").strip())
    printers = [printer for station in floor for printer in station.printers]
    return render_template(
        "print.html",
        unknown=jobs["unknown"],
        failed=jobs["failed"],
        leased=jobs["leased"],
        queued=[Waits(job, why_it_waits(job, floor)) for job in reversed(jobs["queued"])],
        floor=floor,
        printers=printers,
        typed=request.form,
        account=labels,
        reasons=answer.reasons if answer else unknown_lot,
        words=words,
    )


def _account(session: Session, lot: str) -> tuple[LabelAccount | None, tuple[Refusal, ...]]:
    try:
        return (account(session, lot) if lot else None), ()
    except Refused as refused:
        return None, refused.reasons


def _floor(found: StationPaper) -> PrintingStation:
    """A station's paper as its own screen shows it."""
    code = found.station.code
    return PrintingStation(code, tuple(_seen(code, one) for one in found.printers), found.lacking, found.silent)


def _seen(station: str, found: AtHand) -> PrinterSeen:
    printer = found.printer
    sides = (printer.loaded_width_mm, printer.loaded_height_mm)
    return PrinterSeen(
        printer.code,
        station,
        printer.language,
        printer.loaded_stock,
        " × ".join(str(side) for side in sides if side is not None),
        found.doubt or "",
        found.faults,
        found.failed,
        frozenset(stocks_of(printer)),
    )


def why_it_waits(job: PrintJobRow, floor: Sequence[PrintingStation]) -> str:
    """Why a job does not come out now, in words of the plant."""
    if not job.station:
        return t("等有人在货物处取标签", "waits until somebody at the goods asks for it")
    here = next((one for one in floor if one.code == job.station), None)
    if here is None:
        return t(f"{job.station} 没有打印机", f"there is no printer at {job.station}")
    if any(one.stock == job.stock for one in here.missing):
        colour = words.word(words.STOCK, job.stock)
        return t(f"请在 {job.station} 装{colour}标签", f"load {colour.upper()} labels at {job.station}")
    return (
        _stopped(here, job.stock) or words.all_words(words.FAULT, job.reason or "") or t("等待轮到", "its turn comes")
    )


def _faulty(printer: PrinterSeen) -> str:
    """What is wrong with a printer, and who can say that it is well again."""
    faults = f"{printer.code} {words.all_words(words.FAULT, ','.join(printer.faults))}"
    return faults + t("，修好后扫「重试」", "; scan RETRY when it is mended") if printer.failed else faults


def _stopped(station: PrintingStation, stock: str) -> str:
    """What keeps every printer here that holds this paper from printing; empty if one may print."""
    right = [one for one in station.printers if stock in one.takes]
    if station.silent:
        return t(f"{station.code} 工位程序无应答", f"the station program of {station.code} is silent")
    if right and all(one.faults for one in right):
        return "、".join(_faulty(one) for one in right)
    if right and all(one.doubt or one.faults for one in right):
        return t(f"请扫标签卷确认 {right[0].code}", f"scan the roll in {right[0].code} to confirm it")
    return ""
