"""Printing as people look at it: printers, what is to be printed where, why something was not, and labels in use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from mes.journal import Event
from mes.labelling import print_queue
from mes.labelling.model import Label, PrintJob
from mes.labelling.words import FAULTS, JOB_STATES, LABEL_STOCKS, PRINTER_LANGUAGES
from mes.masters.model import Printer, Station
from mes.production.model import CardOperation, RunCard
from mes.queries import asking
from mes.queries.asking import NOW, Asked
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Called, Code, Moment, Number, Told
from mes.queries.wording import ManyWords, Mark, Truth, Word
from mes.roles import FLOOR
from mes.stock.model import Container, HandlingUnit, Lot
from mes.stock.status import STATUS_WORDS
from mes.words import Words

PAGE = 200
LABELLED = aliased(Container)


@dataclass(frozen=True)
class PrintJobRow:
    """One job of the outbox; state queued, leased, done, failed, unknown or cancelled.

    Without a station it waits until somebody at the goods' place asks for it (F5).
    """

    id: int
    title: str
    layout: str
    stock: str
    station: str | None
    printer: str | None
    label: str | None
    state: str
    copy: bool
    spoiled: bool
    reason: str | None
    asked_at: str
    finished_at: str | None


def print_jobs(
    session: Session,
    *,
    station: str | None = None,
    states: Iterable[str] = (),
    limit: int = PAGE,
    offset: int = 0,
    now: datetime | None = None,
) -> list[PrintJobRow]:
    """Print jobs, the newest first: all, or of a station, or in some states.

    With `now`, a job whose station was not heard of again is unknown, as it is for whoever settles it.
    """
    wanted: list[ColumnElement[bool]] = [Station.code == station] if station else []
    wanted += [STATE.in_(chosen)] if (chosen := tuple(states)) else []
    found = asking.rows(session, PRINT_JOBS, Asked(limit=limit, offset=offset), now, *wanted)
    return [PrintJobRow(**row) for row in found]


def _jobs() -> Select[Any]:
    return (
        select()
        .select_from(PrintJob)
        .outerjoin(Station, Station.id == PrintJob.station_id)
        .join(Event, Event.id == PrintJob.event_id)
        .outerjoin(Printer, Printer.id == PrintJob.printer_id)
        .outerjoin(Label, Label.id == PrintJob.label_id)
    )


def _printers() -> Select[Any]:
    return select().select_from(Printer).join(Station, Station.id == Printer.station_id)


def _labels() -> Select[Any]:
    return (
        select()
        .select_from(Label)
        .join(Event, Event.id == Label.issued_by)
        .outerjoin(HandlingUnit, HandlingUnit.id == Label.holder_id)
        .outerjoin(CardOperation, CardOperation.id == Label.holder_id)
        .outerjoin(RunCard, RunCard.id == CardOperation.card_id)
        .outerjoin(Lot, Lot.id == func.coalesce(HandlingUnit.lot_id, RunCard.lot_id))
        .outerjoin(LABELLED, LABELLED.id == Label.container_id)
    )


def _doubtful(row: Row) -> bool:
    return bool(row["state"] == "unknown")


def _failed(row: Row) -> bool:
    return bool(row["state"] == "failed")


def _in_use(row: Row) -> bool:
    return row["voided_at"] is None


STATE = case((print_queue.untold(NOW), "unknown"), else_=PrintJob.state)
UNHEARD = print_queue.untold(NOW) & (PrintJob.state == "leased")
REASON = case((UNHEARD, print_queue.EXPIRED), else_=PrintJob.reason)
SIZE = cast(Printer.loaded_width_mm, String) + literal(" × ") + cast(Printer.loaded_height_mm, String)
STATION = Column(
    "station", Words("工位", "Station"), Called(Station.code, Station.name_zh, Station.name_en), leads="station"
)

PRINT_JOBS = table(
    "print_jobs",
    Words("打印任务", "Print jobs"),
    FLOOR,
    source=_jobs,
    columns=(
        Column("id", Words("任务号", "Number"), Number(PrintJob.id), beside=True),
        Column("title", Words("任务", "Job"), Told(PrintJob.title)),
        Column("layout", Words("版式", "Layout"), Code(PrintJob.layout), beside=True),
        Column("stock", Words("标签纸", "Paper"), Word(PrintJob.stock, LABEL_STOCKS)),
        Column("station", Words("工位", "Station"), Code(Station.code), leads="station"),
        Column("printer", Words("打印机", "Printer"), Code(Printer.code)),
        Column("label", Words("标签", "Label"), Code(Label.serial), leads="label"),
        Column("state", Words("状态", "State"), Word(STATE, JOB_STATES)),
        Column("copy", Words("副本", "Copy"), Truth(PrintJob.copy)),
        Column("spoiled", Words("损耗", "Spoiled"), Truth(PrintJob.spoiled), beside=True),
        Column("reason", Words("原因", "Reason"), ManyWords(REASON, FAULTS)),
        Column("asked_at", Words("时间", "Asked"), Moment(Event.occurred_at)),
        Column("finished_at", Words("完成时间", "Finished"), Moment(PrintJob.finished_at)),
    ),
    order=(PrintJob.id.desc(),),
    filters=("title", "stock", "station", "printer", "label", "state", "asked_at"),
    acts=(Act("label:settle", {"job": "id"}, _doubtful), Act("label:retry", {"job": "id"}, _failed)),
)
PRINTERS = table(
    "printers",
    Words("打印机", "Printers"),
    FLOOR,
    source=_printers,
    columns=(
        Column("printer", Words("打印机", "Printer"), Code(Printer.code)),
        STATION,
        Column("language", Words("机型", "Kind"), Word(Printer.language, PRINTER_LANGUAGES)),
        Column("dpi", Words("分辨率 dpi", "Resolution dpi"), Number(Printer.dpi)),
        Column("width_mm", Words("打印宽度 mm", "Print width mm"), Number(Printer.width_mm)),
        Column("prints_colours", Words("彩色", "Colours"), Truth(Printer.prints_colours)),
        Column("stock", Words("已装标签", "Loaded"), Word(Printer.loaded_stock, LABEL_STOCKS)),
        Column("size", Words("标签 mm", "Label mm"), Code(SIZE)),
        Column("confirmed_at", Words("确认时间", "Confirmed"), Moment(Printer.stock_confirmed_at)),
        Column("doubt", Words("待确认原因", "In doubt"), ManyWords(Printer.stock_doubt, FAULTS)),
    ),
    order=(Printer.code,),
    filters=("printer", "station", "language", "stock"),
    acts=(Act("plant:load_stock", {"printer": "printer", "stock": "stock"}),),
)
LABELS = table(
    "labels",
    Words("标签", "Labels"),
    FLOOR,
    source=_labels,
    columns=(
        Column("label", Words("标签", "Label"), Code(Label.serial), leads="label"),
        Column("stock", Words("标签纸", "Paper"), Word(Label.stock, LABEL_STOCKS)),
        Column("status", Words("状态", "Status"), Mark(Label.status, STATUS_WORDS)),
        Column("lot", Words("批次", "Lot"), Code(Lot.code), leads="lot"),
        Column("container", Words("外箱/托盘", "Carton or pallet"), Code(LABELLED.serial), leads="container"),
        Column("card", Words("颜色卡", "Colour card"), Code(Label.card)),
        Column("issued_at", Words("开具", "Issued"), Moment(Event.occurred_at)),
        Column("verified_at", Words("回扫", "Scanned back"), Moment(Label.verified_at)),
        Column("voided_at", Words("作废", "Voided"), Moment(Label.voided_at)),
    ),
    order=(Label.id.desc(),),
    filters=("label", "stock", "status", "lot", "container", "card", "issued_at", "voided_at"),
    acts=(Act("label:reprint", {"label": "label"}, _in_use),),
)
