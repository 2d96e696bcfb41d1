"""Law 4: stock is double-entry. Every movement has two ends, balances are their sum, nothing inside is negative."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from mes.masters.model import Location
from mes.refusals import Refused
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.model import HandlingUnit, Lot, Movement, OutsidePlace
from mes.stock.refusals import NotEnough, NotOldest, TransitionNotAllowed
from mes.stock.status import TRANSITIONS, Status
from mes.tables import tables
from mes.transaction import Transaction
from tests.mes.warehouse import arrange, issue, issue_is_refused, where_is
from tests.plant import SamplePlant
from tests.statements import noted

LOT = "R260817-01"
SUM_OF_ALL = text(
    "SELECT coalesce(sum(quantity), 0) FROM balance WHERE lot_id = (SELECT id FROM lot WHERE code = :lot)"
)


def box_of(tx: Transaction, lot: str = LOT) -> tuple[Lot, HandlingUnit, End]:
    """A lot, its one box, and the end of a movement that the box is."""
    found = tx.session.scalars(select(Lot).where(Lot.code == lot)).unique().one()
    (unit,) = lots.units_of(tx, found)
    return found, unit, ledger.end_of(lots.filled(tx, unit))


def place(tx: Transaction, code: str) -> Location:
    """A place by its code."""
    return tx.session.scalars(select(Location).where(Location.code == code)).one()


def test_every_movement_has_two_ends_so_that_a_lot_adds_up_to_nothing(plant: SamplePlant) -> None:
    issue(plant, LOT, "LN-ARC")
    with plant.read() as session:
        assert session.scalar(SUM_OF_ALL, {"lot": LOT}) == 0


def test_goods_come_from_and_go_to_seven_places_outside(plant: SamplePlant) -> None:
    with plant.read() as session:
        outside = session.scalars(select(Location.code).join(OutsidePlace, OutsidePlace.location_id == Location.id))
        assert set(outside) == {"SUPPLIER", "CUSTOMER", "PRODUCTION", "OPENING", "SCRAPPED", "SAMPLES", "LOST-FOUND"}


def test_the_world_outside_may_owe_us_and_no_place_inside_may(plant: SamplePlant) -> None:
    negative = text(
        "SELECT DISTINCT location.code FROM balance JOIN location ON location.id = location_id WHERE quantity < 0"
    )
    with plant.read() as session:
        assert session.scalars(negative).all() == ["OPENING"]


def test_more_than_is_there_does_not_leave(plant: SamplePlant) -> None:
    def take(tx: Transaction) -> None:
        lot, _, here = box_of(tx)
        ledger.move(tx, lot, 93001, here, ledger.outside(tx, "SAMPLES"))

    with pytest.raises(Refused) as refused:
        arrange(plant, take)
    assert refused.value.reasons == (NotEnough(lot=LOT, place="ST-B04", asked="93001 pcs"),)
    assert where_is(plant, LOT) == [("ST-B04", "accepted", 93000)]


def test_of_several_takings_only_what_is_short_is_named(plant: SamplePlant) -> None:
    def take(tx: Transaction) -> None:
        for code, quantity in ((LOT, 50000), ("R261008-02", 10**9)):
            lot, _, here = box_of(tx, code)
            ledger.move(tx, lot, quantity, here, ledger.outside(tx, "SAMPLES"))

    with pytest.raises(Refused) as refused:
        arrange(plant, take)
    assert [(reason.code, reason.facts["lot"]) for reason in refused.value.reasons] == [("not_enough", "R261008-02")]
    assert where_is(plant, LOT) == [("ST-B04", "accepted", 93000)]


def test_all_movements_of_a_command_are_written_together_and_seen_by_whoever_looks(plant: SamplePlant) -> None:
    def take(tx: Transaction) -> list[int]:
        lot, unit, here = box_of(tx)
        ledger.move(tx, lot, 1000, here, ledger.outside(tx, "SAMPLES"))
        ledger.move(tx, lot, 2000, here, ledger.outside(tx, "SAMPLES"))
        return [found.quantity for found in ledger.where(tx, unit.id)]

    with noted(plant.database.engine) as asked:
        assert arrange(plant, take) == [90000]
    assert len([one for one in asked if one.startswith("INSERT INTO movement")]) == 1


def test_the_last_piece_may_leave(plant: SamplePlant) -> None:
    def take(tx: Transaction) -> None:
        lot, _, here = box_of(tx)
        ledger.move(tx, lot, 93000, here, ledger.outside(tx, "SAMPLES"))

    arrange(plant, take)
    assert where_is(plant, LOT) == []


def test_the_database_itself_refuses_a_negative_stock(plant: SamplePlant) -> None:
    with pytest.raises(IntegrityError, match="stock_is_never_negative"):
        arrange(plant, lambda tx: tx.session.execute(text("UPDATE balance SET quantity = -1 WHERE NOT outside")))


@pytest.mark.parametrize("quantity", [0, -5])
def test_a_movement_moves_something(plant: SamplePlant, quantity: int) -> None:
    def take(tx: Transaction) -> None:
        lot, _, here = box_of(tx)
        ledger.move(tx, lot, quantity, here, ledger.outside(tx, "SAMPLES"))

    with pytest.raises(IntegrityError, match="a_movement_moves_something"):
        arrange(plant, take)


def test_a_status_change_is_a_movement(plant: SamplePlant) -> None:
    def doubt(tx: Transaction) -> tuple[str, str, int, int]:
        lot, unit, here = box_of(tx)
        booked = ledger.move(tx, lot, 93000, here, End(unit.id, here.location, Status.PENDING))
        tx.write()
        moved = tx.session.get_one(Movement, booked.id)
        return moved.from_status, moved.to_status, moved.from_location_id - moved.to_location_id, moved.quantity

    assert arrange(plant, doubt) == ("accepted", "pending", 0, 93000)


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_only_the_changes_of_status_in_the_table_are_allowed(
    sqlite_plant: SamplePlant, before: Status, after: Status
) -> None:
    def change(tx: Transaction) -> None:
        lot, unit, here = box_of(tx)
        ledger.move(tx, lot, 93000, here, ledger.outside(tx, "SAMPLES", here.status))
        start = End(unit.id, here.location, before)
        ledger.move(tx, lot, 100, ledger.outside(tx, "SAMPLES"), start)
        ledger.move(tx, lot, 100, start, End(unit.id, here.location, after))

    if before == after or after in TRANSITIONS[before]:
        arrange(sqlite_plant, change)
        assert where_is(sqlite_plant, LOT) == [("ST-B04", after, 100)]
    else:
        with pytest.raises(Refused) as refused:
            arrange(sqlite_plant, change)
        assert refused.value.reasons == (TransitionNotAllowed(lot=LOT, before=before, after=after),)


def test_a_mistake_is_undone_by_a_movement_that_names_it(plant: SamplePlant) -> None:
    issue(plant, LOT, "LN-ARC")

    def undo(tx: Transaction) -> tuple[int, int | None]:
        wrong = tx.session.scalars(select(Movement).order_by(Movement.id.desc()).limit(1)).one()
        return wrong.id, ledger.reverse(tx, wrong).reverses_id

    wrong, reversed_by = arrange(plant, undo)
    assert wrong == reversed_by
    assert where_is(plant, LOT) == [("ST-B04", "accepted", 93000)]


def test_a_movement_is_undone_once(plant: SamplePlant) -> None:
    issue(plant, LOT, "LN-ARC")

    def undo_twice(tx: Transaction) -> None:
        wrong = tx.session.scalars(select(Movement).order_by(Movement.id.desc()).limit(1)).one()
        ledger.reverse(tx, wrong)
        ledger.move(tx, *moved_back(tx, wrong))
        ledger.reverse(tx, wrong)

    with pytest.raises(IntegrityError, match="reverses_id"):
        arrange(plant, undo_twice)


def moved_back(tx: Transaction, movement: Movement) -> tuple[Lot, int, End, End]:
    """The same movement once more, so that only its reversal stands in the way of another."""
    lot, unit, here = box_of(tx)
    target = tx.session.get_one(Location, movement.to_location_id)
    return lot, movement.quantity, here, End(unit.id, target, here.status)


def test_what_has_gone_on_cannot_be_undone(plant: SamplePlant) -> None:
    issue(plant, LOT, "LN-ARC")

    def undo_after_use(tx: Transaction) -> None:
        wrong = tx.session.scalars(select(Movement).order_by(Movement.id.desc()).limit(1)).one()
        lot, _, here = box_of(tx)
        ledger.move(tx, lot, 1, here, ledger.outside(tx, "PRODUCTION"))
        ledger.reverse(tx, wrong)

    with pytest.raises(Refused) as refused:
        arrange(plant, undo_after_use)
    assert isinstance(refused.value.reasons[0], NotEnough)


def test_a_refused_command_leaves_its_event_and_nothing_else(plant: SamplePlant) -> None:
    before = rows(plant)
    issue_is_refused(plant, "R261008-02", "LN-ARC", NotOldest)
    after = rows(plant)
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {"event": 1}


def rows(plant: SamplePlant) -> dict[str, int]:
    """How many rows every table has."""
    with plant.read() as session:
        return {
            table.name: session.scalar(text(f"SELECT count(*) FROM {table.name}")) or 0  # noqa: S608  our own names
            for table in tables()
        }


def test_an_accepted_command_carries_a_digest_of_what_it_caused(plant: SamplePlant) -> None:
    issue(plant, LOT, "LN-ARC")
    last = text("SELECT length(digest) FROM effect WHERE event_id = (SELECT max(id) FROM event)")
    with plant.read() as session:
        assert session.scalar(last) == 64
