"""Masters in memory: valid by one look-up, seen by every server process, never wrong while somebody changes them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Connection, select, text

from mes.commands import Request, perform_in
from mes.database import Database, session_in
from mes.masters.model import Item, Location, Station
from mes.memory import KEPT, KNOWN, Masters, masters
from mes.people.model import Person
from mes.schema import missing_guards
from mes.stock.model import Lot
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.statements import noted


@pytest.fixture
def beside(plant: SamplePlant) -> Iterator[Database]:
    """The same database as another server process has it open."""
    with closing(Database(plant.database.url)) as other:
        yield other


def remembered(database: Database) -> Masters:
    with database.read() as session:
        return masters(session)


def name_of(database: Database, item: str) -> str:
    found = remembered(database).find(Item, code=item)
    assert found is not None
    return found.name_en


RENAME = text("UPDATE item SET name_en = :name WHERE code = 'PT-SPL'")


def rename(database: Database, name: str) -> None:
    database.write(lambda connection: connection.execute(RENAME, {"name": name}))


def test_masters_are_loaded_once_and_then_found_valid_by_one_statement(plant: SamplePlant) -> None:
    first = remembered(plant.database)
    with noted(plant.database.engine) as asked:
        assert remembered(plant.database) is first
    assert [statement for statement in asked if "BEGIN" not in statement] == [asked[-1]]


def test_a_change_by_another_process_is_seen_by_the_next_transaction(plant: SamplePlant, beside: Database) -> None:
    name_of(plant.database, "PT-SPL")
    rename(beside, "Renamed plate")
    assert name_of(plant.database, "PT-SPL") == name_of(beside, "PT-SPL") == "Renamed plate"


def test_a_command_of_another_process_is_seen_too(plant: SamplePlant, beside: Database) -> None:
    assert remembered(beside).find(Station, code="NEW-1") is None
    plant.accept("plant:station", code="NEW-1", name_zh="新", name_en="New", role="store")
    assert remembered(beside).find(Station, code="NEW-1") is not None


def test_whoever_has_changed_a_master_sees_it_while_nobody_else_does(plant: SamplePlant, beside: Database) -> None:
    before = name_of(beside, "PT-SPL")

    def work(connection: Connection) -> str:
        with session_in(connection) as session:
            session.scalars(select(Item).where(Item.code == "PT-SPL")).one().name_en = "Mine"
            session.flush()
            assert name_of(beside, "PT-SPL") == before
            found = masters(session).find(Item, code="PT-SPL")
            return found.name_en if found else ""

    assert plant.database.write(work) == "Mine"
    assert name_of(beside, "PT-SPL") == "Mine"


class TakenBackError(Exception):
    """What a piece of work raises so that nothing of it stays."""


def test_masters_that_were_rolled_back_are_remembered_by_nobody(plant: SamplePlant) -> None:
    before = name_of(plant.database, "PT-SPL")

    def work(connection: Connection) -> None:
        connection.execute(RENAME, {"name": "Never"})
        with session_in(connection) as session:
            assert [one.name_en for one in masters(session).where(Item, code="PT-SPL")] == ["Never"]
        raise TakenBackError

    with pytest.raises(TakenBackError):
        plant.database.write(work)
    assert name_of(plant.database, "PT-SPL") == before
    rename(plant.database, "After it")
    assert name_of(plant.database, "PT-SPL") == "After it"


def test_work_in_the_same_group_sees_what_earlier_work_changed(plant: SamplePlant) -> None:
    def group(connection: Connection) -> list[str]:
        with connection.begin_nested(), session_in(connection) as session:
            masters(session)
        with connection.begin_nested():
            connection.execute(RENAME, {"name": "By the first"})
        with connection.begin_nested(), session_in(connection) as session:
            return [one.name_en for one in masters(session).where(Item, code="PT-SPL")]

    assert plant.database.write(group) == ["By the first"]


def test_work_in_the_same_group_does_not_see_what_was_taken_back(plant: SamplePlant) -> None:
    before = name_of(plant.database, "PT-SPL")

    def group(connection: Connection) -> list[str]:
        with contextlib.suppress(TakenBackError), connection.begin_nested(), session_in(connection) as session:
            session.execute(RENAME, {"name": "Never"})
            masters(session)
            raise TakenBackError
        with connection.begin_nested(), session_in(connection) as session:
            return [one.name_en for one in masters(session).where(Item, code="PT-SPL")]

    assert plant.database.write(group) == [before]


def test_what_a_savepoint_takes_back_is_not_remembered_by_its_own_session(plant: SamplePlant) -> None:
    before = name_of(plant.database, "PT-SPL")

    def work(connection: Connection) -> list[str]:
        with session_in(connection) as session:
            with contextlib.suppress(TakenBackError), session.begin_nested():
                session.scalars(select(Item).where(Item.code == "PT-SPL")).one().name_en = "Never"
                session.flush()
                assert [one.name_en for one in masters(session).where(Item, code="PT-SPL")] == ["Never"]
                raise TakenBackError
            return [one.name_en for one in masters(session).where(Item, code="PT-SPL")]

    assert plant.database.write(work) == [before]


def test_the_door_sees_whom_the_same_transaction_has_just_disabled(plant: SamplePlant) -> None:
    def work(connection: Connection) -> bool:
        connection.execute(text("UPDATE person SET disabled = true WHERE badge = '4001'"))
        request = Request("stock:issue", {"unit": "R260710-02", "to": "LN-WLD"}, person="4001", station="RAW-1")
        return perform_in(connection, request, plant.now).accepted

    assert not plant.database.write(work)


def test_databases_in_one_process_do_not_mix(plant: SamplePlant, fresh: Fresh) -> None:
    other = SamplePlant.copied(fresh)
    name = name_of(other.database, "PT-SPL")
    rename(plant.database, "Only here")
    assert name_of(other.database, "PT-SPL") == name
    other.close()


def test_only_so_many_copies_are_kept(plant: SamplePlant) -> None:
    for number in range(KEPT + 3):
        rename(plant.database, f"Name {number}")
        name_of(plant.database, "PT-SPL")
    with plant.database.engine.connect() as connection:
        assert len(connection.get_execution_options()["memory"][KNOWN]._copies) == KEPT


def test_a_master_in_memory_is_never_changed(plant: SamplePlant) -> None:
    found = remembered(plant.database).find(Person, badge="2009")
    assert found is not None
    with pytest.raises(TypeError, match="never changed"):
        found.disabled = True


def test_rows_name_their_masters_also_after_their_transaction_ended(plant: SamplePlant) -> None:
    with plant.read() as session:
        lot = session.scalars(select(Lot).where(Lot.code == "R260710-02")).one()
        assert lot.item.code
    assert lot.item.name_zh


def test_what_a_row_names_costs_no_statement(plant: SamplePlant) -> None:
    with plant.read() as session:
        lots = session.scalars(select(Lot)).all()
        masters(session)
        with noted(plant.database.engine) as asked:
            assert all(lot.item.code for lot in lots)
        assert asked == []


def test_a_place_is_found_by_what_gates_ask(plant: SamplePlant) -> None:
    known = remembered(plant.database)
    assert [place.code for place in known.where(Location, zone="line") if place.code == "LN-RIV"] == ["LN-RIV"]
    assert known.find(Location, code="NOWHERE") is None


def test_a_trigger_that_no_longer_watches_is_noticed(plant: SamplePlant) -> None:
    sqlite = plant.database.engine.dialect.name == "sqlite"
    name = "item_is_watched_update" if sqlite else "item_is_watched"
    drop = f"DROP TRIGGER {name}" + ("" if sqlite else " ON item")
    plant.database.write(lambda connection: connection.execute(text(drop)))
    with plant.database.engine.connect() as connection:
        assert missing_guards(connection) == [name]
