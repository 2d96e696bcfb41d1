"""What tests of the shop floor arrange before they ask: boxes at a line, run cards, operations at work.

Everything goes through the door; only the goods that nobody had to issue come in as opening stock.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mes.intake.problems import Position
from mes.intake.reading import read_plant
from mes.intake.rows import OpeningStockRow, PlantSheets
from mes.masters.model import BomLine, Item, Operation
from mes.production.model import CardOperation, RunCard
from tests.plant import SAMPLE, SamplePlant

PLANNER = "1002"
_NUMBERS = itertools.count(1)


def box(
    plant: SamplePlant,
    item: str,
    quantity: str,
    place: str,
    *,
    status: str = "pass",
    age_days: int = 10,
    expires_on: date | None = None,
    lot: str | None = None,
    made_days_before: int = 0,
    supplier: str | None = None,
) -> str:
    """A box of an item with a lot of its own at a place; returns the lot."""
    row = replace(_row(plant, item, quantity, place, age_days), status=status, expires_on=expires_on)
    row = replace(row, lot=lot or row.lot, supplier=supplier)
    row = replace(row, produced_on=row.produced_on - timedelta(days=made_days_before))
    return _bring(plant, row)[item]


def _row(plant: SamplePlant, item: str, quantity: str, place: str, age_days: int = 10) -> OpeningStockRow:
    day = plant.now.date() - timedelta(days=age_days)
    return OpeningStockRow(
        at=Position("opening_stock", 1),
        item=item,
        lot=f"T{day:%y%m%d}-{next(_NUMBERS):04}",
        supplier=None,
        supplier_lot=None,
        qty=Decimal(quantity),
        received_on=day,
        produced_on=day,
        expires_on=None,
        location=place,
        status="pass",
    )


def _bring(plant: SamplePlant, *rows: OpeningStockRow) -> dict[str, str]:
    """Let boxes be there; returns their lots by item."""
    plant.bring(PlantSheets(opening_stock=rows))
    return {row.item: row.lot for row in rows}


@dataclass(frozen=True)
class Line:
    """One operation of a run card and the terminal where it is done."""

    plant: SamplePlant
    operation: str
    station: str
    place: str

    def load(self, item: str, quantity: str, person: str = "2009") -> str:
        """Put a box of an item at the line and load it; returns the lot."""
        lot = box(self.plant, item, quantity, self.place)
        self._loaded(lot, person)
        return lot

    def _loaded(self, lot: str, person: str = "2009") -> None:
        self.plant.accept("production:load", unit=lot, person=person, station=self.station)

    def load_all(self, quantity: str = "100000") -> dict[str, str]:
        """Load a box of everything the operation uses; returns the lots by item."""
        lots = _bring(self.plant, *(_row(self.plant, item, quantity, self.place) for item in self.components()))
        for lot in lots.values():
            self._loaded(lot)
        return lots

    def components(self) -> list[str]:
        """The items that the operation uses."""
        card, _, seq = self.operation.partition("+")
        with self.plant.read() as session:
            return list(
                session.scalars(
                    select(Item.code)
                    .join(BomLine, BomLine.component_id == Item.id)
                    .join(RunCard, RunCard.revision_id == BomLine.revision_id)
                    .where(RunCard.code == card, BomLine.seq == int(seq))
                    .order_by(Item.code)
                )
            )

    def start(self, person: str = "2009", equipment: str | None = None) -> Any:
        """Start the operation; it must be allowed."""
        return self.plant.accept(
            "production:start", operation=self.operation, equipment=equipment, person=person, station=self.station
        )

    def report(self, good: str, bad: str = "0", reason: str | None = None, person: str = "2009") -> Any:
        """Report pieces; it must be allowed."""
        return self.plant.accept(
            "production:report",
            operation=self.operation,
            good=good,
            bad=bad,
            reason=reason,
            person=person,
            station=self.station,
        )

    def finish(self, person: str = "2009", missing: str | None = None) -> Any:
        """End the operation, short by what is `missing`; it must be allowed."""
        return self.plant.accept(
            "production:finish", operation=self.operation, missing=missing, person=person, station=self.station
        )

    def next(self) -> Line:
        """The operation after this one."""
        lines = lines_of(self.plant, self.operation.partition("+")[0])
        return lines[[line.operation for line in lines].index(self.operation) + 1]


def card(plant: SamplePlant, item: str, quantity: str) -> str:
    """A run card that no plan needs; returns its code."""
    value = plant.release(item, quantity, person=PLANNER, station="OFFICE")
    return str(value.card)


def lines_of(plant: SamplePlant, code: str) -> list[Line]:
    """The operations of a run card in order, each with its terminal."""
    with plant.read() as session:
        rows = session.execute(
            select(CardOperation.seq, Operation)
            .join(Operation, Operation.id == CardOperation.operation_id)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == code)
            .order_by(CardOperation.seq)
        ).all()
        marks = [(seq, step.work_center.crew_mark) for seq, step in rows]
    return [Line(plant, f"{code}+{seq}", f"{mark}-1", f"LN-{mark}") for seq, mark in marks]


def first_of(plant: SamplePlant, item: str, quantity: str) -> Line:
    """The first operation of a new run card."""
    return lines_of(plant, card(plant, item, quantity))[0]


def changed_process(plant: SamplePlant, item: str, **change: Callable[[Any], Any]) -> None:
    """A new revision of an item's process documents: `routing`, `bom`, `characteristics` rows as changed."""
    sheets = read_plant(SAMPLE)
    rows = {
        "routing": [row for row in sheets.routing if row.item == item],
        "bom": [row for row in sheets.bom if row.parent == item],
        "characteristics": [row for row in sheets.characteristics if row.item == item],
    }
    changed = {sheet: tuple(change.get(sheet, list)(found)) for sheet, found in rows.items()}
    plant.bring(PlantSheets(**changed))
