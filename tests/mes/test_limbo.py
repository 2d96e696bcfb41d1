"""runcard check finds goods, operations, boxes and reports that nobody could go on with: each state is forged once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from mes.audit import limbo
from mes.audit.findings import CHECKS, audit
from tests.mes.kiosk import INSPECTOR, set_up
from tests.mes.test_taking_back import arc_chutes, take_back
from tests.plant import SamplePlant

LIMBO = [check for check in CHECKS if check.__module__ == limbo.__name__]
DAMAGE = {
    limbo.an_operation_at_work_is_on_an_open_card: "UPDATE run_card SET state = 'complete' WHERE state = 'running'",
    limbo.an_operation_at_work_says_who_and_since_when: (
        "UPDATE card_operation SET operator_id = NULL WHERE state = 'running'"
    ),
    limbo.an_operation_that_waits_has_made_nothing: (
        "UPDATE card_operation SET state = 'waiting' WHERE state = 'running'"
    ),
    limbo.an_operation_in_set_up_waits_for_its_first_article: (
        "DELETE FROM inspection WHERE stage = 'first_article' AND state = 'open'"
    ),
    limbo.what_lies_on_a_card_that_is_over_has_a_way_on: "UPDATE run_card SET state = 'closed'",
    limbo.a_cancelled_card_has_no_good_boxes: (
        "UPDATE run_card SET state = 'cancelled' WHERE lot_id IN (SELECT lot_id FROM handling_unit)"
    ),
    limbo.a_loaded_box_lies_where_it_is_loaded: (
        "UPDATE loaded SET location_id = (SELECT id FROM location WHERE code = 'HLD-02')"
    ),
    limbo.a_line_with_loaded_boxes_has_a_station: "UPDATE station SET retired = true WHERE code = 'ARC-1'",
    limbo.what_is_stopped_says_why: "UPDATE run_card SET state = 'held'",
    limbo.an_open_nonconformance_has_goods: (
        "UPDATE nonconformance SET holder_id = (SELECT max(id) FROM holder) WHERE state = 'open'"
    ),
    limbo.a_reversal_mirrors_what_it_reverses: (
        "INSERT INTO movement (event_id, lot_id, quantity, from_holder_id, from_location_id, from_status, "
        "to_holder_id, to_location_id, to_status, reverses_id) "
        "SELECT event_id, lot_id, quantity + 1, to_holder_id, to_location_id, to_status, "
        "from_holder_id, from_location_id, from_status, id FROM movement WHERE id = (SELECT max(id) FROM movement)"
    ),
    limbo.a_report_is_taken_back_as_a_whole: (
        "INSERT INTO taken_back (event_id, report_id, person_id, at) "
        "SELECT event_id, id, operator_id, at FROM report WHERE id = (SELECT min(id) FROM report)"
    ),
}


def at_work(plant: SamplePlant) -> None:
    """Two operations at work, one in set-up; bad pieces, a report taken back, a batch in its box."""
    line = arc_chutes(plant)
    line.report("10", "2", "LOOSE")
    line.report("3")
    take_back(line)
    done = arc_chutes(plant, "5")
    done.report("5")
    done.finish()
    plant.accept("quality:complete", operation=done.operation, **INSPECTOR)
    set_up(plant, made="0")
    line.report("1")


@contextmanager
def damaged(plant: SamplePlant, damage: str) -> Iterator[Session]:
    """The database after a change past the door, which is undone again."""
    with plant.database.engine.connect().execution_options(writes=True) as connection:
        change = connection.begin()
        connection.execute(text(damage))
        yield Session(connection, join_transaction_mode="create_savepoint")
        change.rollback()


def test_a_plant_at_work_has_nothing_in_limbo(sqlite_plant: SamplePlant) -> None:
    at_work(sqlite_plant)
    with sqlite_plant.read() as session:
        assert audit(session) == []


def test_each_state_that_must_not_be_is_found_by_its_check(plant: SamplePlant) -> None:
    assert set(DAMAGE) == set(LIMBO)
    at_work(plant)
    for check, damage in DAMAGE.items():
        with plant.read() as session:
            assert list(check(session)) == [], check.__name__
        with damaged(plant, damage) as session:
            found = list(check(session))
        assert found, check.__name__
        assert all(what and zh and en for what, zh, en in found)
