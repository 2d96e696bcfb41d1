"""Stations and printers: where people scan, and what paper each printer holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from mes.plant.model import Location, Printer, Station, WorkCenter
from mes.refusals import AlreadyThere, NoSuchStock, both, refuse
from mes.roles import Role
from mes.transaction import Transaction, command

STATION_ROLES = ("store", "line", "inspection", "packing", "dock", "office")
STOCKS = ("white", "blue", "yellow", "red", "receipt")


@dataclass(frozen=True)
class Placed:
    """The code of a station or printer."""

    code: str


@command("plant:station", roles={Role.ADMIN, Role.SYSTEM})
def add_station(
    tx: Transaction, code: str, name_zh: str, name_en: str, role: str, location: Location | None = None,
    work_center: str | None = None, language: str = "zh",
) -> Placed:  # fmt: skip
    """Add a station; raises `AlreadyThere` for a code in use."""
    if tx.session.scalar(select(Station).where(Station.code == code)):
        raise refuse(AlreadyThere(what=both("工位", "station"), text=code))
    center = tx.session.scalar(select(WorkCenter).where(WorkCenter.code == work_center)) if work_center else None
    tx.session.add(
        Station(
            code=code, name_zh=name_zh, name_en=name_en, role=role, location=location, work_center=center,
            language=language,
        )
    )  # fmt: skip
    tx.cause("station", code, role)
    return Placed(code)


@command("plant:printer", roles={Role.ADMIN, Role.SYSTEM})
def add_printer(
    tx: Transaction, code: str, stands_at: Station, language: str, dpi: int, width_mm: int, stock: str
) -> Placed:
    """Add a printer to a station, with the paper that is in it; raises `AlreadyThere`, `NoSuchStock`."""
    if tx.session.scalar(select(Printer).where(Printer.code == code)):
        raise refuse(AlreadyThere(what=both("打印机", "printer"), text=code))
    _check_stock(code, stock)
    tx.session.add(
        Printer(
            code=code, station_id=stands_at.id, language=language, dpi=dpi, width_mm=width_mm, loaded_stock=stock
        )
    )  # fmt: skip
    tx.cause("printer", code, stands_at.code, stock)
    return Placed(code)


@command(
    "plant:load_stock",
    roles={Role.OPERATOR, Role.SUPERVISOR, Role.INSPECTOR, Role.STOREKEEPER, Role.SHIPPER, Role.ADMIN},
)
def load_stock(tx: Transaction, printer: Printer, stock: str) -> Placed:
    """Somebody has put a roll into a printer and scanned the roll's label (law 9); raises `NoSuchStock`."""
    _check_stock(printer.code, stock)
    printer.loaded_stock = stock
    tx.cause("stock loaded", printer.code, stock)
    return Placed(printer.code)


def _check_stock(printer: str, stock: str) -> None:
    if stock not in STOCKS:
        raise refuse(NoSuchStock(printer=printer, colour=stock))
