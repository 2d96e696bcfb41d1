"""Genealogy: consumption is the truth, edges its projection in the same step; walks miss nothing (P13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mes.database import Database
from mes.journal import SCHEMA_VERSION, Event
from mes.masters.model import Item, Plant, ProcessRevision
from mes.production.model import CardOperation, RunCard
from mes.stock import ledger, lots
from mes.stock.model import HandlingUnit
from mes.trace import genealogy
from mes.trace.answers import Direction
from mes.trace.model import Consumption, Edge
from mes.trace.walking import walk
from mes.transaction import Transaction
from tests.plant import SamplePlant

DAY = date(2026, 12, 1)
LARGEST_FAMILY = 9
Edges = Sequence[tuple[int, int]]


class Family:
    """Lots that are made out of each other, each with a run card and a box, in a transaction that is thrown away."""

    def __init__(self, tx: Transaction, size: int) -> None:
        self.tx = tx
        members = [self._member(number) for number in range(size)]
        self.lots = [operation.card.lot_id for operation, _ in members]
        self.operations = [operation for operation, _ in members]
        self.boxes = [box for _, box in members]

    def _member(self, number: int) -> tuple[CardOperation, HandlingUnit]:
        tx, item = self.tx, self.tx.session.scalars(select(Item).where(Item.code == "PT-BAS")).one()
        revision = tx.session.scalars(select(ProcessRevision).where(ProcessRevision.item_id == item.id)).one()
        lot = lots.new_lot(tx, f"F-{number}", item, "made", received_on=DAY, produced_on=DAY)
        card = RunCard(code=lot.code, lot=lot, item=item, revision=revision, quantity=100, released_for=DAY)
        step = revision.operations[0]
        operation = CardOperation(id=ledger.new_holder(tx, "operation"), card=card, operation_id=step.id, seq=step.seq)
        tx.session.add_all([card, operation])
        tx.session.flush()
        return operation, lots.new_unit(tx, lot)

    def use(self, parent: int, child: int, quantity: int = 1) -> Consumption:
        """Let a quantity of one lot go into another."""
        used = genealogy.record(self.tx, self.operations[parent], self.boxes[child], quantity)
        self.tx.write()
        return used

    def edge(self, parent: int, child: int) -> int | None:
        """The net quantity that the genealogy has for a pair."""
        self.tx.session.expire_all()
        found = self.tx.session.get(Edge, (self.lots[parent], self.lots[child]))
        return found.quantity if found else None

    def reached(self, start: int, direction: Direction, depth: int = 64) -> set[int]:
        """Which lots a walk reaches, by number, the start included."""
        walked = walk(self.tx.session, [self.lots[start]], direction, depth)
        return {self.lots.index(lot) for lot in walked.lots}


@contextmanager
def family(plant: SamplePlant, size: int) -> Iterator[Family]:
    """A family of that many lots."""
    with plant.database.engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
        event = Event(
            uuid=str(uuid4()),
            kind="test:family",
            schema_version=SCHEMA_VERSION,
            arguments="{}",
            result="accepted",
            reasons="[]",
            overrides="[]",
            occurred_at=plant.now,
            recorded_at=plant.now,
        )
        session.add(event)
        session.flush()
        yield Family(Transaction(session, event, plant.now, session.scalars(select(Plant)).one()), size)
        session.rollback()


def test_what_is_used_several_times_adds_up_in_one_edge(plant: SamplePlant) -> None:
    with family(plant, 2) as kin:
        kin.use(0, 1, 30)
        kin.use(0, 1, 12)
        assert kin.edge(0, 1) == 42


def test_a_reversal_names_what_it_takes_back_and_the_edge_follows(plant: SamplePlant) -> None:
    with family(plant, 2) as kin:
        kin.use(0, 1, 30)
        wrong = kin.use(0, 1, 12)
        back = genealogy.reverse(kin.tx, wrong)
        assert (back.quantity, back.reverses_id) == (-12, wrong.id)
        assert kin.edge(0, 1) == 30


def test_what_was_taken_back_whole_is_not_walked(plant: SamplePlant) -> None:
    with family(plant, 2) as kin:
        genealogy.reverse(kin.tx, kin.use(0, 1))
        assert kin.reached(0, Direction.BACKWARD) == {0}
        assert kin.reached(1, Direction.FORWARD) == {1}


def test_a_consumption_is_reversed_once(plant: SamplePlant) -> None:
    with family(plant, 2) as kin:
        kin.use(0, 1, 30)
        wrong = kin.use(0, 1, 12)
        genealogy.reverse(kin.tx, wrong)
        with pytest.raises(IntegrityError, match="reverses_id"):
            genealogy.reverse(kin.tx, wrong)


def test_no_lot_goes_into_itself(plant: SamplePlant) -> None:
    with family(plant, 1) as kin, pytest.raises(IntegrityError, match="no_lot_goes_into_itself"):
        kin.use(0, 0)


def test_only_a_reversal_takes_back(plant: SamplePlant) -> None:
    with family(plant, 2) as kin:
        kin.use(0, 1, 30)
        with pytest.raises(IntegrityError, match="only_a_reversal_takes_consumption_back"):
            kin.use(0, 1, -5)


def test_a_walk_ends_even_where_the_genealogy_bites_its_tail(plant: SamplePlant) -> None:
    with family(plant, 3) as kin:
        for parent, child in ((0, 1), (1, 2), (2, 0)):
            kin.use(parent, child)
        assert kin.reached(0, Direction.BACKWARD) == {0, 1, 2}
        assert kin.reached(0, Direction.FORWARD) == {0, 1, 2}


@pytest.mark.parametrize(("depth", "reached"), [(0, {0}), (1, {0, 1}), (2, {0, 1, 2}), (3, {0, 1, 2, 3})])
def test_a_walk_goes_as_deep_as_asked_and_says_when_there_is_more(
    plant: SamplePlant, depth: int, reached: set[int]
) -> None:
    with family(plant, 4) as kin:
        for parent in range(3):
            kin.use(parent, parent + 1)
        assert kin.reached(0, Direction.BACKWARD, depth) == reached
        assert walk(kin.tx.session, kin.lots[:1], Direction.BACKWARD, depth).cut == (depth < 3)


@st.composite
def pedigrees(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """So many lots, and who went into whom: a younger one (smaller number) is made of older ones."""
    size = draw(st.integers(1, LARGEST_FAMILY))
    pairs = [(parent, child) for parent in range(size) for child in range(parent + 1, size)]
    return size, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []


def closure(edges: Edges, start: int) -> set[int]:
    """What is reached from `start`, as anybody would find it by hand."""
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        fresh = {to for of, to in edges if of == here} - found
        found |= fresh
        waiting += fresh
    return found


@settings(max_examples=25)
@given(pedigree=pedigrees())
def test_backward_and_forward_reach_exactly_what_a_walk_by_hand_reaches(
    plant: SamplePlant, pedigree: tuple[int, list[tuple[int, int]]]
) -> None:
    size, edges = pedigree
    with family(plant, size) as kin:
        for parent, child in edges:
            kin.use(parent, child)
        up = [(child, parent) for parent, child in edges]
        for start in range(size):
            assert kin.reached(start, Direction.BACKWARD) == closure(edges, start)
            assert kin.reached(start, Direction.FORWARD) == closure(up, start)


@settings(max_examples=25)
@given(pedigree=pedigrees())
def test_a_walk_returns_every_edge_between_the_kinit_reached(
    plant: SamplePlant, pedigree: tuple[int, list[tuple[int, int]]]
) -> None:
    size, edges = pedigree
    with family(plant, size) as kin:
        for parent, child in edges:
            kin.use(parent, child, parent + child)
        walked = walk(kin.tx.session, kin.lots[:1], Direction.BACKWARD)
        reached = closure(edges, 0)
        expected = {(kin.lots[p], kin.lots[c], p + c) for p, c in edges if p in reached}
        assert set(walked.edges) == expected
        assert len(walked.edges) == len(expected)
        assert not walked.cut


@pytest.mark.parametrize("direction", list(Direction))
def test_a_walk_looks_edges_up_by_their_key_and_never_reads_the_whole_table(
    sqlite_url: str, direction: Direction
) -> None:
    database, asked = Database(sqlite_url), []
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        for index in ("edge", "edge_by_child"):  # what SQLite knows of half a million edges
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES ('edge', ?, '480000 6 1')", (index,))
        connection.commit()
    database.engine.dispose()
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, sql, given, *_: asked.append((sql, given)))
    with database.read() as session:
        walk(session, [1], direction)
        sql, parameters = asked[-1]
        plan = [row[-1] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    database.close()
    assert sum("SEARCH edge" in line for line in plan) == 2
    assert not [line for line in plan if line.startswith(("SCAN edge", "BLOOM FILTER ON edge"))]
