"""A batch on its way: set-up until the first article is signed, held and closed cards, a card packed to its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mes.production.refusals import AlreadyFinished, CardClosed, FirstArticleOpen, MoreThanCard, PreviousNotReady
from mes.refusals import Refusal
from mes.stock.refusals import OnHold
from tests.mes.lineside import Line, card, changed_process, first_of, lines_of
from tests.mes.test_packing import GTIN
from tests.plant import SamplePlant

INSPECTOR: dict[str, Any] = {"person": "3002", "station": "QC-1", "signed": True}
GOOD_MOULDING = [
    {"number": number, "piece": piece, **reading}
    for number, reading in ((2, {"value": "78.00"}), (4, {"value": "12.20"}), (6, {"conforms": True}))
    for piece in range(1, 6)
]
FINISHED = "FG-1P-C16"


@pytest.fixture
def moulding(plant: SamplePlant) -> Line:
    """Moulding of 100 dried bases, in set-up."""
    drying = first_of(plant, "PT-BAS", "100")
    drying.load_all()
    drying.start()
    drying.report("100")
    drying.finish()
    drying.next().start()
    return drying.next()


def refused(line: Line, verb: str, *reasons: type[Refusal], **how: Any) -> None:
    """Something at the line must be refused for exactly these reasons."""
    line.plant.refuse(
        f"production:{verb}", *reasons, operation=line.operation, person="2009", station=line.station, **how
    )


def judge(line: Line, verdict: str) -> None:
    """The inspector signs a verdict on the first article."""
    line.plant.accept(
        "quality:first_article",
        operation=line.operation,
        verdict=verdict,
        measurements=GOOD_MOULDING,
        remark="色差" if verdict == "reject" else None,
        **INSPECTOR,
    )


def test_the_inspectors_signature_opens_the_batch(moulding: Line) -> None:
    moulding.report("5")
    refused(moulding, "report", FirstArticleOpen, good="1", bad="0")
    judge(moulding, "pass")
    assert moulding.report("95").good_total == 100
    assert moulding.finish().operation == moulding.operation


def test_after_a_rejection_exactly_one_more_first_article_may_be_made(moulding: Line) -> None:
    moulding.report("5")
    judge(moulding, "reject")
    refused(moulding, "report", FirstArticleOpen, good="6", bad="0")
    moulding.report("5")
    refused(moulding, "report", FirstArticleOpen, good="1", bad="0")
    judge(moulding, "pass")
    refused(moulding, "report", PreviousNotReady, MoreThanCard, good="91", bad="0")
    moulding.report("90")


def test_a_first_article_of_a_small_card_is_no_larger_than_the_card(plant: SamplePlant) -> None:
    line = first_of(plant, "SA-AC", "3")
    line.load_all()
    assert line.start().set_up == "3 pcs"


def test_a_batch_on_hold_is_neither_started_nor_reported(moulding: Line) -> None:
    lot = moulding.operation.partition("+")[0]
    drying = lines_of(moulding.plant, card(moulding.plant, "PT-BAS", "100"))[0]
    for held in (lot, drying.operation.partition("+")[0]):
        moulding.plant.accept("quality:hold", lot=held, reason="料斗混料", person="3002", station="QC-1")
    refused(moulding, "report", OnHold, good="5", bad="0")
    refused(drying, "start", OnHold)


def quick(rows: list[Any]) -> list[Any]:
    """No first articles."""
    return [replace(row, first_article=False) for row in rows]


def looked_at(rows: list[Any]) -> list[Any]:
    """Inspected by the eye only, and finally."""
    return [row for row in rows if row.stage == "final"][:1]


def inspected_finally(plant: SamplePlant) -> Line:
    """The final inspection of 120 breakers that went through all operations before it."""
    changed_process(plant, FINISHED, routing=normal, characteristics=looked_at)
    lines = lines_of(plant, card(plant, FINISHED, "120"))
    for line in lines[:6]:
        line.load_all("1000")
        line.start()
        line.report("120")
        line.finish()
    return lines[6]


def normal(rows: list[Any]) -> list[Any]:
    """No first articles and no certificates asked for."""
    return [replace(row, process_class="normal") for row in quick(rows)]


def test_a_packed_card_is_complete_when_its_last_operation_ends_and_takes_no_more_work(plant: SamplePlant) -> None:
    final = inspected_finally(plant)
    plant.accept(
        "quality:final",
        operation=final.operation,
        accepted="118",
        nonconforming="2",
        reason="划伤",
        measurements=[{"number": 32, "piece": 1, "conforms": True}],
        **INSPECTOR,
    )
    packing = final.next()
    packing.load_all("1000")
    packing.start()
    packed = {"operation": packing.operation, "quantity": "118", "product": GTIN}
    plant.accept("packing:pack", **packed, person="2009", station=packing.station)
    assert packing.finish().card_state == "complete"
    refused(packing, "report", CardClosed, AlreadyFinished, PreviousNotReady, good="1", bad="0")
    refused(packing, "start", CardClosed, AlreadyFinished, PreviousNotReady)
    refused(packing, "finish", CardClosed, AlreadyFinished)
