"""What people decide about print jobs: did it come out, print it here, print it again, try it once more (F5).

Every decision comes through the door; what stations report does not pass here. Never renders and never picks a printer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Select, select

from mes.declaring import command
from mes.given import Reason, Whole
from mes.labelling import marking, print_queue
from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobEvent, JobState
from mes.labelling.refusals import (
    LabelStillPrinting,
    NoPrinterHere,
    NoSuchJob,
    NothingToPrint,
    NotMarked,
    ReprintReasonMissing,
)
from mes.masters.model import Station
from mes.packing import pallets
from mes.production.model import CardOperation, RunCard
from mes.refusals import GroundsMissing, Refusal, refuse
from mes.roles import FLOOR
from mes.stock import lots
from mes.stock.model import Container, HandlingUnit, Lot
from mes.stock.refusals import SeveralBoxes
from mes.transaction import Transaction
from mes.words import Words

Job = Annotated[int, Whole(1), Words("打印任务", "print job")]
OPEN = (JobState.QUEUED, JobState.LEASED, JobState.UNKNOWN, JobState.FAILED)


@dataclass(frozen=True)
class Settled:
    """A print job after a person's decision."""

    job: int
    title: str
    state: str


@dataclass(frozen=True)
class Reprinted:
    """One more piece of a label, marked COPY if an earlier one exists, and how many earlier pieces are spoiled now."""

    label: str
    job: int
    copy: bool
    spoiled: int


@dataclass(frozen=True)
class PrintedHere:
    """How many waiting labels of goods come out at the asking station."""

    lot: str
    station: str
    labels: int


@command(
    "label:settle",
    FLOOR,
    Words("确认是否打出", "say whether a label came out"),
    done=Words("打印任务 {title} 已确认", "Print job {title} is settled"),
    tells=Words("打印任务 {job} 已打出：{came_out}（{reason}）", "print job {job} came out: {came_out} ({reason})"),
)
def settle(
    tx: Transaction,
    job: Job,
    came_out: Annotated[bool, Words("已打出", "it came out")],
    reason: Annotated[str, Reason()],
) -> Settled:
    """A person has looked whether an unknown job came out; if not, it prints again, marked COPY (law 11).

    Unknown is also what a station took and was not heard of again: its computer may be broken for good.

    Raises `NoSuchJob`, `NotSoWithThisJob`, `GroundsMissing`.
    """
    found = _job(tx, job)
    tx.require([] if reason.strip() else [GroundsMissing()])
    print_queue.give_up_waiting(found, tx.now)
    print_queue.happen(found, JobEvent.CAME_OUT if came_out else JobEvent.NOT_OUT, tx.now, reason.strip())
    return _settled(tx, found)


@command(
    "label:retry",
    FLOOR,
    Words("重试打印", "try a print job again"),
    done=Words("打印任务 {title} 重新排队", "Print job {title} is queued again"),
    tells=Words("打印任务 {job} 重新排队", "print job {job} queued again"),
)
def retry(tx: Transaction, job: Job) -> Settled:
    """Try a job again that could not be made, after somebody has mended layout or paper.

    Raises `NoSuchJob`, `NotSoWithThisJob`.
    """
    found = _job(tx, job)
    print_queue.happen(found, JobEvent.RETRY, tx.now)
    return _settled(tx, found)


@command(
    "label:print_here",
    FLOOR,
    Words("在此打印标签", "print labels here"),
    done=Words("批次 {lot}：{labels} 张标签在此打印", "Lot {lot}: {labels} labels print here"),
    tells=Words("{unit} 的标签改在此处打印", "labels of {unit} printed where it lies"),
    rescue=True,
    at_station=True,
)
def print_here(tx: Transaction, unit: Lot | Container | HandlingUnit) -> PrintedHere:
    """What waits for goods is printed where somebody stands before them and asks (F5); by lot, all that lies here.

    Raises `NoPrinterHere`, `NothingToPrint`.
    """
    station, name = _asking(tx), _lots(tx, unit)
    labels = [label for label in _marks(tx, unit) if marking.lies_at(tx, label, station)]
    waiting = [job for label in labels for job in marking.jobs_of(tx, label) if job.state == JobState.QUEUED]
    if not waiting:
        raise refuse(NothingToPrint(what=name))
    for job in waiting:
        _bring(tx, job, station)
    return PrintedHere(name, station.code, len(waiting))


@command(
    "label:reprint",
    FLOOR,
    Words("补打标签", "reprint a label"),
    done=Words("标签 {label} 已补打", "Label {label} prints again"),
    tells=Words("补打 {label} 的标签，原因：{reason}", "label of {label} reprinted: {reason}"),
)
def reprint(
    tx: Transaction, label: Label | Container | Lot | HandlingUnit, reason: Annotated[str, Reason()]
) -> Reprinted:
    """One more piece of a valid label, found by its code or by what it marks; the earlier piece counts as spoiled.

    Raises at once `ReprintReasonMissing` and `LabelStillPrinting` while a job of it has not ended; `NotMarked`.
    """
    mark = label if isinstance(label, Label) else valid_mark(tx, _only_box(tx, label))
    jobs = marking.jobs_of(tx, mark)
    tx.require([] if reason.strip() else [ReprintReasonMissing()], _still_printing(mark, jobs))
    pieces = [job for job in jobs if job.state == JobState.DONE]
    for job in pieces:
        job.spoiled = True
    mark.card, mark.verified_at = None, None
    facts, where = marking.facts_of(mark), tx.station
    station = where if where and marking.has_printer(tx, where) else None
    if station is not None:  # where a piece that waits for its place will print nobody knows: what held still holds
        mark.must_verify = mark.status is not None and station.verifies_labels
    again = marking.queue_print(
        tx, station, mark.layout, mark.stock, marking.title_of(facts), facts, mark, copy=bool(pieces)
    )
    tx.cause("reprint", mark.serial, reason.strip())
    return Reprinted(mark.serial, again.id, again.copy, len(pieces))


def valid_mark(tx: Transaction, what: Container | HandlingUnit) -> Label:
    """The newest valid label of a box or carton; raises `NotMarked`."""
    whose = Label.holder_id if isinstance(what, HandlingUnit) else Label.container_id
    found = tx.session.scalar(
        select(Label).where(whose == what.id, Label.voided_by.is_(None)).order_by(Label.id.desc()).limit(1)
    )
    if found is None:
        raise refuse(NotMarked(what=what.lot.code if isinstance(what, HandlingUnit) else what.serial))
    return found


def _only_box(tx: Transaction, what: Container | Lot | HandlingUnit) -> Container | HandlingUnit:
    """The one box of a lot; its number is enough to ask for paper, also after a label was voided.

    Raises `SeveralBoxes`, `NotMarked` where nothing of the lot lies in a box.
    """
    if not isinstance(what, Lot):
        return what
    boxes = lots.units_of(tx, what)
    if len(boxes) > 1:
        raise refuse(SeveralBoxes(lot=what.code, count=len(boxes)))
    if not boxes:
        raise refuse(NotMarked(what=what.code))
    return boxes[0]


def _still_printing(mark: Label, jobs: list[PrintJob]) -> list[Refusal]:
    unfinished = [job for job in jobs if job.state in OPEN]
    return [LabelStillPrinting(label=mark.serial, state=unfinished[0].state)] if unfinished else []


def _job(tx: Transaction, job: int) -> PrintJob:
    found = tx.session.get(PrintJob, job, with_for_update={"of": PrintJob}, populate_existing=True)
    if found is None:
        raise refuse(NoSuchJob(job=job))
    return found


def _settled(tx: Transaction, job: PrintJob) -> Settled:
    tx.cause("print job", job.id, job.state)
    return Settled(job.id, job.title, job.state)


def _asking(tx: Transaction) -> Station:
    if tx.station is None or not marking.has_printer(tx, tx.station):
        raise refuse(NoPrinterHere(station=tx.station.code if tx.station else "-"))
    return tx.station


def _lots(tx: Transaction, goods: Lot | Container | HandlingUnit) -> str:
    """How people call goods: by the lots in them."""
    if isinstance(goods, Container):
        return pallets.lots_named(pallets.boxes_in(tx, goods))
    return goods.code if isinstance(goods, Lot) else goods.lot.code


def _marks(tx: Transaction, goods: Lot | Container | HandlingUnit) -> list[Label]:
    """The valid labels of boxes, with those of their cartons and pallets; of a lot also those of its operations."""
    boxes = _boxes(goods)
    mine = Label.holder_id.in_(boxes) | marking.around(boxes)
    if isinstance(goods, Lot):
        steps = select(CardOperation.id).join(RunCard, RunCard.id == CardOperation.card_id)
        mine = mine | Label.holder_id.in_(steps.where(RunCard.lot_id == goods.id))
    return list(tx.session.scalars(select(Label).where(mine, Label.voided_by.is_(None)).order_by(Label.id)))


def _boxes(goods: Lot | Container | HandlingUnit) -> Select[int]:
    if isinstance(goods, Container):
        return marking.inside(goods.id)
    column = HandlingUnit.lot_id if isinstance(goods, Lot) else HandlingUnit.id
    return select(HandlingUnit.id).where(column == goods.id)


def _bring(tx: Transaction, job: PrintJob, station: Station) -> None:
    """A job moves to the station that asks; that station's rule of scanning back goes with it."""
    job.station_id = station.id
    if job.label and job.label.status and station.verifies_labels:
        job.label.must_verify = True
    tx.cause("print here", job.id, station.code)
