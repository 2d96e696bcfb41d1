"""Printers of stations: what paper each holds, who vouches for it, and who has mended it (law 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.codes.looks import alike
from mes.declaring import command
from mes.given import Choice, NewCode, Whole
from mes.labelling import loaded_stock
from mes.labelling.model import PrintJob
from mes.labelling.refusals import LabelTooWide
from mes.labelling.words import FAULTS, LABEL_STOCKS, PRINTER_LANGUAGES
from mes.masters.model import Printer, Station
from mes.masters.refusals import AlreadyThere, StationRetired, WorkWaits
from mes.masters.stations import Placed, jobs_waiting
from mes.refusals import Refusal, both, refuse
from mes.roles import FLOOR, Role
from mes.transaction import Transaction
from mes.words import Words

LONGEST_DOUBT = 32
Stock = Annotated[str, Choice({one: LABEL_STOCKS[one] for one in loaded_stock.STOCKS}), Words("标签", "paper")]
Width = Annotated[int | None, Whole(1, 1000), Words("标签宽（mm）", "width of a label (mm)")]
Height = Annotated[int | None, Whole(1, 1000), Words("标签高（mm）", "height of a label (mm)")]


@dataclass(frozen=True)
class StockLoaded:
    """What a printer now holds: colour, and width × height of a label in mm (empty while nobody said)."""

    code: str
    stock: str
    size: str


@command(
    "plant:printer",
    {Role.ADMIN, Role.SYSTEM},
    Words("新增打印机", "add a printer"),
    done=Words("打印机 {code} 已新增", "Printer {code} added"),
    tells=Words("新增打印机 {code}（工位 {stands_at}）", "printer {code} added at station {stands_at}"),
)
def add_printer(
    tx: Transaction,
    code: Annotated[str, NewCode()],
    stands_at: Station,
    language: Annotated[str, Choice(PRINTER_LANGUAGES), Words("打印机语言", "what it understands")],
    dpi: Annotated[int, Whole(100, 1200), Words("分辨率（dpi）", "resolution (dpi)")],
    width_mm: Annotated[int, Whole(10, 1000), Words("打印宽度（mm）", "width it prints (mm)")],
    stock: Stock,
    label_width_mm: Width = None,
    label_height_mm: Height = None,
    prints_colours: Annotated[bool, Words("彩色打印机", "prints colours")] = False,
) -> Placed:
    """Add a printer to a station; whoever adds it vouches for what is in it.

    A retired one is set up anew. Raises `AlreadyThere`, `StationRetired`, `LabelTooWide`.
    """
    known = tx.masters.find(Printer, code=code)
    other = None if known else alike(code, [one.code for one in tx.masters.all(Printer)])
    if other or (known and not known.retired):
        raise refuse(AlreadyThere(what=both("打印机", "printer"), text=other or code))
    tx.require([StationRetired(station=stands_at.code)] if stands_at.retired else [])
    printer = tx.row(known) if known else Printer(code=code)
    printer.station_id, printer.language, printer.dpi, printer.width_mm = stands_at.id, language, dpi, width_mm
    printer.loaded_stock, printer.prints_colours, printer.retired = stock, prints_colours, False
    _load(tx, printer, stock, label_width_mm, label_height_mm)
    tx.session.add(printer)
    tx.cause("printer", code, stands_at.code, stock)
    return Placed(code)


@command(
    "plant:change_printer",
    {Role.ADMIN},
    Words("修改打印机", "change a printer"),
    done=Words("打印机 {code} 已修改", "Printer {code} changed"),
    tells=Words("修改打印机 {printer}：{stands_at} {language}", "printer {printer} changed: {stands_at} {language}"),
)
def change_printer(
    tx: Transaction,
    printer: Printer,
    stands_at: Station | None = None,
    language: Annotated[str | None, Choice(PRINTER_LANGUAGES), Words("打印机语言", "what it understands")] = None,
    dpi: Annotated[int | None, Whole(100, 1200), Words("分辨率（dpi）", "resolution (dpi)")] = None,
    width_mm: Annotated[int | None, Whole(10, 1000), Words("打印宽度（mm）", "width it prints (mm)")] = None,
    prints_colours: Annotated[bool | None, Words("彩色打印机", "prints colours")] = None,
) -> Placed:
    """Change what is given, leave the rest. Raises `StationRetired`, and `WorkWaits` while it prints."""
    retired = [StationRetired(station=stands_at.code)] if stands_at and stands_at.retired else []
    tx.require(retired, _printing(tx, printer))
    row = tx.row(printer)
    changes = {"language": language, "dpi": dpi, "width_mm": width_mm, "prints_colours": prints_colours}
    for name, value in {**changes, "station_id": stands_at.id if stands_at else None}.items():
        if value is not None:
            setattr(row, name, value)
    tx.cause("printer changed", printer.code, stands_at.code if stands_at else None, language, dpi, width_mm)
    return Placed(printer.code)


@command(
    "plant:retire_printer",
    {Role.ADMIN},
    Words("停用打印机", "retire a printer"),
    done=Words("打印机 {code} 已停用", "Printer {code} has retired"),
    tells=Words("停用打印机 {printer}", "printer {printer} retired"),
    confirm=Words("打印机 {printer} 将不再打印标签。", "Printer {printer} will get no labels any more."),
)
def retire_printer(tx: Transaction, printer: Printer) -> Placed:
    """It gets no labels any more; what waits goes to another printer there. Raises `WorkWaits` while it prints."""
    tx.require(_printing(tx, printer))
    tx.row(printer).retired = True
    tx.cause("printer retired", printer.code)
    return Placed(printer.code)


@command(
    "plant:load_stock",
    FLOOR,
    Words("确认标签卷", "confirm the paper of a printer"),
    done=Words("打印机 {code} 已确认装 {stock} 标签 {size}", "Printer {code} now holds {stock} labels {size}"),
    tells=Words("打印机 {printer} 装 {stock} 标签", "printer {printer} loaded with {stock} labels"),
)
def load_stock(
    tx: Transaction, printer: Printer, stock: Stock, width_mm: Width = None, height_mm: Height = None
) -> StockLoaded:
    """Somebody vouches for the roll in a printer: its colour and the size of one label (mm) (law 9).

    Raises `LabelTooWide`.
    """
    _load(tx, tx.row(printer), stock, width_mm, height_mm)
    tx.cause("stock loaded", printer.code, stock, width_mm, height_mm)
    return StockLoaded(printer.code, stock, _size(width_mm, height_mm))


@command(
    "plant:doubt_stock",
    FLOOR | {Role.SYSTEM},
    Words("标签卷待确认", "doubt the paper of a printer"),
    done=Words("打印机 {code} 的标签卷待确认", "The paper of printer {code} must be confirmed"),
    tells=Words("打印机 {printer} 的标签卷待确认：{why}", "paper of printer {printer} in doubt: {why}"),
    system=True,
)
def doubt_stock(tx: Transaction, printer: Printer, why: Annotated[str, Choice(FAULTS), Words("原因", "why")]) -> Placed:
    """Nobody vouches any longer for what is in a printer: it was opened, or ran out; `why` is the printer's word.

    It gets no labels until somebody has scanned the roll again. A second doubt changes nothing.
    """
    if loaded_stock.can_be_doubted(printer) and printer.stock_doubt is None:
        doubt = why.strip()[:LONGEST_DOUBT] or loaded_stock.NOT_CONFIRMED
        tx.row(printer).stock_doubt = doubt
        tx.cause("stock doubted", printer.code, doubt)
    return Placed(printer.code)


@command(
    "plant:mend_printers",
    FLOOR,
    Words("打印机恢复", "printers are mended"),
    done=Words("{code} 的打印机恢复打印", "The printers of {code} are tried again"),
    tells=Words("工位 {station} 的打印机恢复打印", "printers of station {station} mended"),
)
def mend_printers(tx: Transaction, station: Station) -> Placed:
    """Somebody has mended the printers of a station: those on which a job failed are tried again.

    Their station's next heartbeat says as much, where it sends any.
    """
    here = (
        select(Printer)
        .where(Printer.station_id == station.id, Printer.retired.is_(False))
        .order_by(Printer.id)
        .with_for_update(of=Printer)
    )
    for printer in tx.session.scalars(here.execution_options(populate_existing=True)):
        printer.mended += 1
        tx.cause("printer mended", printer.code)
    return Placed(station.code)


@command(
    "plant:verify_labels",
    {Role.ADMIN, Role.QUALITY_MANAGER},
    Words("设定标签回扫", "switch label checking"),
    done=Words("工位 {code} 的标签回扫已设定", "Checking of labels at {code} is set"),
    tells=Words("设定工位 {station} 的标签回扫：{on}", "checking of labels at station {station}: {on}"),
)
def verify_labels(
    tx: Transaction, station: Station, on: Annotated[bool, Words("须回扫", "must be scanned back")]
) -> Placed:
    """Switch for a station: a status label made there counts only after it was scanned back."""
    tx.row(station).verifies_labels = on
    tx.cause("labels verified", station.code, on)
    return Placed(station.code)


def _load(tx: Transaction, printer: Printer, stock: str, width_mm: int | None, height_mm: int | None) -> None:
    if width_mm is not None and width_mm > printer.width_mm:
        raise refuse(LabelTooWide(printer=printer.code, width_mm=width_mm, takes_mm=printer.width_mm))
    printer.loaded_stock, printer.loaded_width_mm, printer.loaded_height_mm = stock, width_mm, height_mm
    printer.stock_confirmed_at, printer.stock_doubt = tx.now, None
    printer.mended = (printer.mended or 0) + 1


def _printing(tx: Transaction, printer: Printer) -> list[Refusal]:
    """Jobs that this very printer has in hand, or of which nobody knows whether they came out."""
    count = jobs_waiting(tx, (PrintJob.printer_id == printer.id) & PrintJob.state.in_(("leased", "unknown")))
    return [WorkWaits(at=printer.code, count=count)] if count else []


def _size(width_mm: int | None, height_mm: int | None) -> str:
    """The size of a label as people read it; empty while nobody said."""
    return "×".join(str(side) for side in (width_mm, height_mm) if side is not None)
