"""F4 when several people take at once: whoever holds the item's queue is served first, the other sees what is left."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import Engine, text

from mes.commands import Outcome, Request, perform_in
from mes.refusals import Refusal
from mes.stock.refusals import NotInStore, NotOldest, PickedAlready
from tests import waiting
from tests.mes.lineside import first_of
from tests.mes.warehouse import SHIPPER, STOREKEEPER, order_for, where_is
from tests.plant import SamplePlant

T = TypeVar("T")
OLDER, YOUNGER = "R260817-01", "R261008-02"
ISSUE_OLDER = Request("stock:issue", {"unit": OLDER, "to": "LN-ARC"}, **STOREKEEPER)
WAITING_FOR_A_LOCK = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


def at_once(*asks: Callable[[], T]) -> list[T]:
    """Everybody scans in the same instant."""
    start = Barrier(len(asks))

    def ask(scan: Callable[[], T]) -> T:
        start.wait()
        return scan()

    with ThreadPoolExecutor(len(asks)) as people:
        return list(people.map(ask, asks))


def scan(plant: SamplePlant, lot: str, to: str = "LN-ARC") -> Callable[[], Outcome]:
    """A storekeeper's scan of a lot, to be done later."""
    return lambda: plant.do("stock:issue", unit=lot, to=to, **STOREKEEPER)


def test_of_two_who_take_the_same_box_one_gets_it(plant: SamplePlant) -> None:
    outcomes = at_once(scan(plant, OLDER), scan(plant, OLDER))
    assert sorted(outcome.accepted for outcome in outcomes) == [False, True]
    refused = next(outcome for outcome in outcomes if not outcome.accepted)
    assert refused.reasons == (NotInStore(lot=OLDER, place="LN-ARC"),)
    assert where_is(plant, OLDER) == [("LN-ARC", "accepted", 93000)]


def test_a_younger_lot_leaves_at_the_earliest_after_the_older_one(plant: SamplePlant) -> None:
    older, younger = at_once(scan(plant, OLDER), scan(plant, YOUNGER))
    assert older.accepted
    assert younger.accepted or younger.reasons == (NotOldest(lot=YOUNGER, oldest=OLDER, place="ST-B04"),)
    with plant.read() as session:
        left = text("SELECT lot.code FROM movement JOIN lot ON lot.id = lot_id WHERE event_id IN (:a, :b) ORDER BY 1")
        events = {"a": older.event_id, "b": younger.event_id}
        assert OLDER in session.scalars(left, events).all()


@pytest.mark.parametrize(
    ("kept", "second", "reasons"),
    [
        (True, YOUNGER, ()),
        (True, OLDER, (NotInStore(lot=OLDER, place="LN-ARC"),)),
        (False, YOUNGER, (NotOldest(lot=YOUNGER, oldest=OLDER, place="ST-B04"),)),
        (False, OLDER, ()),
    ],
)
def test_the_second_waits_until_the_first_is_through_and_then_sees_what_is_left(
    postgres_plant: SamplePlant, kept: bool, second: str, reasons: tuple[Refusal, ...]
) -> None:
    outcome = after(postgres_plant, ISSUE_OLDER, kept, scan(postgres_plant, second))
    assert outcome.reasons == reasons
    assert outcome.accepted == (not reasons)


def test_a_box_that_is_just_being_picked_is_not_picked_for_another_order(postgres_plant: SamplePlant) -> None:
    plant = postgres_plant
    for number in ("SO-TEST-1", "SO-TEST-2"):
        order_for(plant, number, "C01", "FG-1P-C16", 240)
    first = Request("shipping:pick", {"order": "SO-TEST-1", "unit": "261028-PKG-01"}, **SHIPPER)
    second = partial(plant.do, "shipping:pick", order="SO-TEST-2", unit="261028-PKG-01", **SHIPPER)
    assert after(plant, first, True, second).reasons == (PickedAlready(lot="261028-PKG-01", order="SO-TEST-1"),)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("stock:put_away", {"unit": "261028-PKG-01", "to": "FGS-02"}),
        ("shipping:unpick", {"unit": "261028-PKG-01", "order": "SO-TEST-2"}),
    ],
)
def test_whoever_moves_a_box_sees_who_has_just_picked_it(
    postgres_plant: SamplePlant, command: str, arguments: dict[str, str]
) -> None:
    plant = postgres_plant
    for number in ("SO-TEST-1", "SO-TEST-2"):
        order_for(plant, number, "C01", "FG-1P-C16", 240)
    first = Request("shipping:pick", {"order": "SO-TEST-1", "unit": "261028-PKG-01"}, **SHIPPER)
    outcome = after(plant, first, True, partial(plant.do, command, **arguments, **SHIPPER))
    assert not outcome.accepted
    assert where_is(plant, "261028-PKG-01") == [("DCK-01", "accepted", 240)]


def after(plant: SamplePlant, first: Request, kept: bool, second: Callable[[], Outcome]) -> Outcome:
    """What the second hears who asked while the first was at it; the first's work is kept or taken back."""
    engine = plant.database.engine
    with ThreadPoolExecutor(1) as people, engine.connect() as connection, connection.begin() as transaction:
        assert perform_in(connection, first, plant.now).accepted
        asked = people.submit(second)
        waiting.until(lambda: somebody_waits(engine), "the second waits for the queue of the item")
        assert not asked.done()
        transaction.commit() if kept else transaction.rollback()
        return asked.result(timeout=20)


def somebody_waits(engine: Engine) -> bool:
    """Whether a transaction waits for another one's lock."""
    with engine.connect() as connection:
        return bool(connection.execute(WAITING_FOR_A_LOCK).scalar())


def test_people_who_take_different_items_do_not_wait_for_each_other(postgres_plant: SamplePlant) -> None:
    assert beside(postgres_plant, ISSUE_OLDER, scan(postgres_plant, "R261106-01")).accepted


def test_the_line_goes_on_using_an_item_while_the_store_takes_of_it(postgres_plant: SamplePlant) -> None:
    plant = postgres_plant
    line = first_of(plant, "SA-AC", "100")
    line.load_all()
    line.start()
    report = partial(
        plant.do, "production:report", operation=line.operation, good="5", person="2009", station=line.station
    )
    assert beside(plant, ISSUE_OLDER, report).accepted


def beside(plant: SamplePlant, first: Request, second: Callable[[], Outcome]) -> Outcome:
    """What the second hears while the first is still at it; raises TimeoutError if he has to wait for the first."""
    with ThreadPoolExecutor(1) as people, plant.database.engine.connect() as connection, connection.begin():
        assert perform_in(connection, first, plant.now).accepted
        return people.submit(second).result(timeout=10)
