"""A plant with a history to trace: a supplier's lot received twice, welded, assembled, packed and shipped.

Two batches of bimetal assemblies are welded from the two receipts, one batch of trip units is assembled from both
(its first article fails once), one batch of breakers is made from them, packed in cartons, and two cartons are shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from mes import codes
from mes.masters.model import Location
from mes.stock import lots
from mes.stock.model import HandlingUnit, Lot
from mes.transaction import Transaction
from tests.mes.kiosk import INSPECTOR, MANAGER, judge_first, readings
from tests.mes.lineside import Line, card, changed_process, lines_of
from tests.mes.warehouse import SHIPPER, arrange, order_for, put_away
from tests.plant import SamplePlant, fill

SUPPLIER_LOT = "S04-261012-A"
RECEIPTS = ("R261027-01", "R261110-02")
WELDED, ASSEMBLED, BREAKER = "SA-BW-32", "SA-TU-C32", "FG-1P-C32"
PRODUCT = "02000026001034"
ORDER = "SO-TRACE-1"


NOW = "2026-12-04T16:00+08:00"
WELDED_LOTS = tuple(codes.batch_number(date(2026, 12, 1), "WLD", number) for number in (1, 2))
ASSEMBLED_LOT = codes.batch_number(date(2026, 12, 2), "MAG", 1)
BREAKER_LOT = codes.batch_number(date(2026, 12, 3), "ASA", 1)


def fill_with_history(url: str) -> None:
    """The imported plant with the history in it."""
    fill(url)
    plant = SamplePlant(url)
    make_history(plant)
    plant.close()


def make_history(plant: SamplePlant) -> None:
    """Live through the whole history; everything goes through the door but the fetching of boxes to the line."""
    for item in (WELDED, BREAKER):
        changed_process(plant, item, routing=_plain)
    first = weld(plant, "800", RECEIPTS[:1])
    second = weld(plant.at("2026-12-01T14:00+08:00"), "800", RECEIPTS)
    assembled = assemble(plant.at("2026-12-02T08:00+08:00"), "1000", (first, second))
    breakers, cartons = pack(plant.at("2026-12-03T08:00+08:00"), "360", assembled)
    ship(plant.at("2026-12-04T15:00+08:00"), cartons[:2])
    assert ((first, second), assembled, breakers) == (WELDED_LOTS, ASSEMBLED_LOT, BREAKER_LOT)


def _plain(rows: list[Any]) -> list[Any]:
    """No first articles and no certificates asked for."""
    return [replace(row, first_article=False, process_class="normal") for row in rows]


def weld(plant: SamplePlant, quantity: str, receipts: tuple[str, ...]) -> str:
    """A batch of welded bimetal assemblies out of these receipts; returns its lot."""
    lines = lines_of(plant, card(plant, WELDED, quantity))
    for line in lines:
        work_off(line, quantity, {"PT-BM-32": receipts})
    return finished(lines[-1])


def assemble(plant: SamplePlant, quantity: str, welded: tuple[str, ...]) -> str:
    """A batch of trip units out of these assemblies, three of them bad; its first article fails once."""
    lines = lines_of(plant, card(plant, ASSEMBLED, quantity))
    load(lines[0], {WELDED: welded})
    lines[0].start()
    lines[0].report("5")
    judge_first(lines[0], "reject", remark="支架未扣合")
    lines[0].report("5")
    judge_first(lines[0], "pass")
    lines[0].report("987", "3", "DENT")
    lines[0].finish()
    work_off(lines[1], "992", {})
    return finished(lines[-1])


def pack(plant: SamplePlant, quantity: str, assembled: str) -> tuple[str, list[str]]:
    """A batch of breakers out of these trip units, packed in cartons; returns its lot and the cartons."""
    lines = lines_of(plant, card(plant, BREAKER, quantity))
    for line in lines[:-2]:
        work_off(line, quantity, {ASSEMBLED: (assembled,)})
    plant.accept(
        "quality:final",
        operation=lines[-2].operation,
        accepted=quantity,
        measurements=readings(lines[-2], "final"),
        **INSPECTOR,
    )
    load(lines[-1], {})
    lines[-1].start()
    packed = {"operation": lines[-1].operation, "quantity": "120", "product": PRODUCT}
    cartons = [plant.accept("packing:pack", **packed, person="2009", station="PKG-1") for _ in range(3)]
    for carton in cartons:
        put_away(plant, carton.label, "FGS-03")
    lines[-1].finish()
    return str(cartons[0].lot), [carton.label for carton in cartons]


def ship(plant: SamplePlant, cartons: list[str]) -> None:
    """Ship two cartons to customer C02, once what is older has left the queue."""
    order_for(plant, ORDER, "C02", BREAKER, 240)
    for older in _older_breakers(plant):
        plant.accept("quality:hold", lot=older, reason="盘点复核 stock review", **_unsigned(MANAGER))
    for label in cartons:
        plant.accept("shipping:pick", order=ORDER, unit=label, **SHIPPER)
    plant.accept("shipping:ship", order=ORDER, **SHIPPER)


def _older_breakers(plant: SamplePlant) -> list[str]:
    with plant.read() as session:
        return [
            lot.code for lot in session.scalars(select(Lot)) if lot.item.code == BREAKER and lot.origin == "opening"
        ]


def _unsigned(who: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in who.items() if name != "signed"}


def work_off(line: Line, quantity: str, own: Mapping[str, tuple[str, ...]]) -> None:
    """Load, start, report and finish one operation; what `own` does not name is loaded fresh."""
    load(line, own)
    line.start()
    line.report(quantity)
    line.finish()


def load(line: Line, own: Mapping[str, tuple[str, ...]]) -> None:
    """Load a box of everything the operation uses, of these lots where they are named."""
    for item in line.components():
        if item not in own:
            line.load(item, "5000")
        for lot in own.get(item, ()):
            bring(line, lot)


def bring(line: Line, lot: str) -> None:
    """Have the box of a lot at the line, and loaded."""

    def move(tx: Transaction) -> None:
        unit = tx.session.scalars(select(HandlingUnit).join(Lot).where(Lot.code == lot)).one()
        lots.move_unit(tx, unit, tx.session.scalars(select(Location).where(Location.code == line.place)).one())

    arrange(line.plant, move)
    line.plant.do("production:load", unit=lot, person="2009", station=line.station)


def finished(line: Line) -> str:
    """The inspector's completion scan; returns the lot."""
    line.plant.accept("quality:complete", operation=line.operation, **INSPECTOR)
    return line.operation.partition("+")[0]
