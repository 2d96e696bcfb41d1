"""P13: from a finished batch down to its suppliers' lots with every record on the way, and from a suspect lot up."""

from __future__ import annotations

import pytest

from mes.refusals import Refused, UnknownCode
from mes.trace.answers import Direction, Trace
from mes.trace.recall import recall
from mes.trace.tracing import lots_of, trace
from tests.mes.ancestry import ASSEMBLED_LOT, BREAKER_LOT, ORDER, RECEIPTS, SUPPLIER_LOT, WELDED_LOTS
from tests.plant import SamplePlant
from tests.statements import noted

TRACE_BUDGET = 16
MADE = {BREAKER_LOT, ASSEMBLED_LOT, *WELDED_LOTS}
LINKS = {
    (BREAKER_LOT, ASSEMBLED_LOT): "360",
    (ASSEMBLED_LOT, WELDED_LOTS[0]): "800",
    (ASSEMBLED_LOT, WELDED_LOTS[1]): "200",
    (WELDED_LOTS[0], RECEIPTS[0]): "800",
    (WELDED_LOTS[1], RECEIPTS[0]): "400",
    (WELDED_LOTS[1], RECEIPTS[1]): "400",
}


def asked(plant: SamplePlant, code: str, direction: Direction = Direction.BACKWARD, depth: int = 64) -> Trace:
    with plant.read() as session:
        return trace(session, code, direction, depth)


def links(found: Trace) -> dict[tuple[str, str], str]:
    """What of the batches that the history is about went into what."""
    return {
        (one.parent, one.child): one.quantity for one in found.links if {one.parent, one.child} <= MADE | {*RECEIPTS}
    }


def test_a_batch_is_traced_down_to_the_suppliers_lots_with_what_went_into_what(history: SamplePlant) -> None:
    found = asked(history, BREAKER_LOT)
    assert (found.roots, found.cut, links(found)) == ((BREAKER_LOT,), False, LINKS)
    assert {found.node(lot).supplier_lot for lot in RECEIPTS} == {SUPPLIER_LOT}


def test_a_suspect_lot_of_a_supplier_is_traced_up_to_every_batch_and_customer(history: SamplePlant) -> None:
    found = asked(history, SUPPLIER_LOT, Direction.FORWARD)
    assert "supplier_lot" in found.found_as
    assert found.roots == RECEIPTS
    assert {node.lot for node in found.nodes} == MADE | {*RECEIPTS}
    assert links(found) == LINKS
    assert [(one.order, one.customer.code, one.quantity) for one in found.node(BREAKER_LOT).deliveries] == [
        (ORDER, "C02", "240")
    ]


def test_every_operation_of_a_batch_has_its_people_pieces_and_inspections(history: SamplePlant) -> None:
    node = asked(history, ASSEMBLED_LOT, depth=1).node(ASSEMBLED_LOT)
    first, *_ = node.steps
    assert (first.good, first.bad, first.state) == ("997", "3", "finished")  # as they were reported
    assert {person.code for person in first.operators} == {"2009"}
    assert [(one.stage, one.attempt, one.verdict) for one in first.inspections] == [
        ("first_article", 1, "rejected"),
        ("first_article", 2, "passed"),
    ]
    assert [(fault.quantity, fault.state) for fault in node.faults] == [("5", "open"), ("3", "open")]


def test_a_trace_that_is_cut_short_says_so(history: SamplePlant) -> None:
    found = asked(history, BREAKER_LOT, depth=1)
    reached = {node.lot for node in found.nodes}
    assert (found.cut, ASSEMBLED_LOT in reached, WELDED_LOTS[0] in reached) == (True, True, False)


def test_a_recall_names_the_customers_and_accounts_for_every_piece(history: SamplePlant) -> None:
    with history.read() as session:
        found = recall(session, SUPPLIER_LOT)
    (reached,) = found.customers
    assert (reached.customer.code, reached.orders, reached.lots) == ("C02", (ORDER,), ((BREAKER_LOT, "240 pcs"),))
    balance = {one.lot: one.balance for one in found.lots}[BREAKER_LOT]
    assert (balance.came_in, balance.on_hand, balance.shipped, balance.difference) == ("360", "120", "240", "0")
    assert found.even


def test_a_code_means_every_lot_that_came_under_it(history: SamplePlant) -> None:
    with history.read() as session:
        assert tuple(node.lot for node in lots_of(session, SUPPLIER_LOT)) == RECEIPTS


def test_a_code_that_nobody_knows_is_refused(history: SamplePlant) -> None:
    with pytest.raises(Refused) as refused:
        asked(history, "S99-NOBODY")
    assert [type(reason) for reason in refused.value.reasons] == [UnknownCode]


def test_a_trace_costs_the_same_few_statements_however_deep_and_wide_it_is(history: SamplePlant) -> None:
    asked(history, BREAKER_LOT)  # the masters are in memory from here on
    costs = {}
    for name, how in (("one lot", {"depth": 0}), ("one level", {"depth": 1}), ("all", {})):
        with noted(history.database.engine) as statements:
            found = asked(history, BREAKER_LOT, **how)
        costs[name] = (len(statements), len(found.nodes))
    counts = {count for count, _ in costs.values()}
    assert max(counts) <= TRACE_BUDGET, costs
    assert len(counts) == 1, costs
    assert costs["one lot"][1] < costs["one level"][1] < costs["all"][1]
