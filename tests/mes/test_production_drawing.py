"""However output is split into reports and boxes, a card consumes ceil(cumulative need) and not a piece more (F2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from mes.masters.units import needed
from mes.production.model import RunCard
from mes.stock.model import Lot
from mes.trace.model import Consumption
from tests.mes.lineside import Line, changed_process, first_of
from tests.plant import SamplePlant

QTY_PER = {"PT-SPL": Decimal("0.083333"), "PT-FIB": Decimal("1.7")}
CARD = 60


def splits(total: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Reports of good and bad pieces that don't exceed a total."""
    report = st.tuples(st.integers(0, 20), st.integers(0, 3)).filter(any)
    return st.lists(report, min_size=1, max_size=8).filter(lambda found: sum(map(sum, found)) <= total)


def test_drawing_consumes_exactly_the_rounded_cumulative_need_whatever_the_split(plant: SamplePlant) -> None:
    changed_process(plant, "SA-AC", routing=without_first_article, bom=with_fractions)

    @given(splits(CARD), st.lists(st.integers(1, 40), max_size=4))
    @settings(max_examples=12, suppress_health_check=list(HealthCheck), database=None)
    def any_split(reports: Sequence[tuple[int, int]], boxes: Sequence[int]) -> None:
        line = loaded_line(plant, boxes)
        made = 0
        for good, bad in reports:
            line.report(str(good), str(bad), "LOOSE" if bad else None)
            made += good + bad
            assert consumed(plant, line) == {item: ceil(made * per) for item, per in QTY_PER.items()}

    any_split()


def without_first_article(rows: list[Any]) -> list[Any]:
    """Batch production from the first piece."""
    return [replace(row, first_article=False) for row in rows]


def with_fractions(rows: list[Any]) -> list[Any]:
    """Components of which a piece needs a fraction."""
    return [replace(row, qty_per=QTY_PER[row.component]) for row in rows]


def loaded_line(plant: SamplePlant, boxes: Sequence[int]) -> Line:
    """A started card whose plates come in boxes of these sizes, and a last one that is large enough."""
    line = first_of(plant, "SA-AC", str(CARD))
    for quantity in boxes:
        line.load("PT-FIB", str(quantity))
    line.load_all("200")
    line.start()
    return line


def consumed(plant: SamplePlant, line: Line) -> dict[str, int]:
    """What the card has consumed, by item."""
    with plant.read() as session:
        card = session.scalars(select(RunCard).where(RunCard.code == line.operation.partition("+")[0])).one()
        rows = session.execute(
            select(Lot, func.sum(Consumption.quantity))
            .join(Lot, Lot.id == Consumption.child_lot_id)
            .where(Consumption.parent_lot_id == card.lot_id)
            .group_by(Lot.id)
        ).all()
        totals = dict.fromkeys(QTY_PER, 0)
        for lot, quantity in rows:
            totals[lot.item.code] += int(quantity)
        return totals


def ceil(quantity: Decimal) -> int:
    """The next whole number."""
    return int(quantity.to_integral_value(ROUND_CEILING))


@given(st.integers(0, 10**6), st.decimals("0.000001", "50", places=6))
def test_the_need_is_never_less_than_exact_and_less_than_one_above(made: int, per: Decimal) -> None:
    exact = made * per
    assert exact <= needed(made, per, "pcs", "pcs") < exact + 1
