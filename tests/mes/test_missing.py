"""F4: what nobody finds is missing until another person has counted, and is reported per person."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mes.audit import audit
from mes.stock.locks import MISSING
from mes.stock.model import MissingReport
from mes.stock.refusals import BoxEmpty, BoxLocked, CountDue, NotOldest, WrongPlaceForStatus
from mes.transaction import Transaction
from mes.warehouse.refusals import (
    CountDiffers,
    CountedByReporter,
    NotAtPlace,
    NotForPuttingAway,
    NotFoundBefore,
    NotMissing,
)
from tests.mes.kiosk import locks_of
from tests.mes.lineside import box
from tests.mes.warehouse import (
    STOREKEEPER,
    arrange,
    issue,
    issue_is_refused,
    labels_of,
    overriding,
    put_away,
    split,
    where_is,
)
from tests.plant import SamplePlant

OLD, YOUNG = "R260817-01", "R261008-02"
PLACE = "ST-B04"
REPORT = {"unit_lot": OLD, "place": PLACE, **STOREKEEPER}
COUNT = {"place": PLACE, "unit": OLD, "quantity": "2000", "person": "4002", "station": "RAW-1"}
SUPERVISOR = "1004"


@pytest.fixture
def missing(plant: SamplePlant) -> SamplePlant:
    """The older lot was reported not found by the storekeeper 4001; the books have its whole box."""
    plant.accept("stock:not_found", **REPORT)
    return plant


def booked(plant: SamplePlant) -> str:
    """What the books have in the older box, in its unit."""
    return str(where_is(plant, OLD)[0][2])


def counted(plant: SamplePlant, quantity: str | None = None, **how: str) -> None:
    """Somebody else counts the box; it must be allowed."""
    plant.accept("stock:count", **{**COUNT, "quantity": quantity or booked(plant), **how})


def test_what_nobody_finds_is_locked_and_work_goes_on(plant: SamplePlant) -> None:
    missing = plant.accept("stock:not_found", unit_lot="R260817-01", place="ST-B04", **STOREKEEPER)
    assert missing.boxes == 1
    issue_is_refused(plant, "R260817-01", "LN-ARC", BoxLocked)
    issue(plant, "R261008-02", "LN-ARC")


def test_nothing_is_missing_where_the_books_expect_nothing(plant: SamplePlant) -> None:
    for lot, place in (("R260817-01", "ST-B05"), ("R260817-01", "LN-ARC")):
        plant.refuse("stock:not_found", NotAtPlace, unit_lot=lot, place=place, **STOREKEEPER)


def test_a_box_is_reported_missing_once(plant: SamplePlant) -> None:
    plant.accept("stock:not_found", unit_lot="R260817-01", place="ST-B04", **STOREKEEPER)
    plant.refuse("stock:not_found", NotAtPlace, unit_lot="R260817-01", place="ST-B04", **STOREKEEPER)


def test_only_the_boxes_at_the_place_that_was_looked_at_are_missing(plant: SamplePlant) -> None:
    part = split(plant, "R260817-01", "1000")
    put_away(plant, part.label, "ST-B07")
    assert plant.accept("stock:not_found", unit_lot="R260817-01", place="ST-B04", **STOREKEEPER).boxes == 1
    issue(plant, part.label, "LN-ARC")


def test_a_missing_box_comes_back_by_another_persons_count_at_its_place(missing: SamplePlant) -> None:
    (refused,) = missing.refuse(
        "stock:count", CountedByReporter, **{**COUNT, "quantity": booked(missing), **STOREKEEPER}
    )
    assert "4001" in refused.sentence("zh")
    counted(missing)
    assert locks_of(missing, OLD) == [None]
    issue_is_refused(missing, YOUNG, "LN-ARC", NotOldest)
    missing.refuse("stock:count", NotMissing, **{**COUNT, "quantity": booked(missing)})


def test_the_database_itself_wants_two_people_for_report_and_count(missing: SamplePlant) -> None:
    def by_the_same(tx: Transaction) -> None:
        report = tx.session.scalars(select(MissingReport)).one()
        report.counted_by, report.counted_at = report.person_id, tx.now

    with pytest.raises(IntegrityError, match="another_person_counts"):
        arrange(missing, by_the_same)


def test_a_count_that_differs_needs_the_supervisors_signature_and_books_what_was_lost(missing: SamplePlant) -> None:
    before = int(booked(missing))
    how = {**COUNT, "quantity": str(before - 100)}
    refused = missing.do("stock:count", **how)
    assert [type(one) for one in refused.reasons] == [CountDiffers]
    assert overriding(missing, refused, SUPERVISOR, "stock:count", **how).accepted
    assert where_is(missing, OLD) == [(PLACE, "accepted", before - 100)]
    assert [valid for *_, valid in labels_of(missing, OLD)] == [True]
    with missing.read() as session:
        assert audit(session) == []


def test_a_count_of_nought_ends_the_search(missing: SamplePlant) -> None:
    how = {**COUNT, "quantity": "0"}
    refused = missing.do("stock:count", **how)
    assert overriding(missing, refused, SUPERVISOR, "stock:count", **how).accepted
    assert where_is(missing, OLD) == []
    missing.at("2026-12-02T08:00+08:00")
    missing.refuse("stock:count", BoxEmpty, **how)
    issue(missing, YOUNG, "LN-ARC")


def test_a_box_that_turns_up_elsewhere_is_booked_there_where_such_goods_are_kept(missing: SamplePlant) -> None:
    asked = {**COUNT, "quantity": booked(missing)}
    missing.refuse("stock:count", NotForPuttingAway, **{**asked, "place": "LN-ARC"})
    missing.refuse("stock:count", WrongPlaceForStatus, **{**asked, "place": "HLD-01"})
    counted(missing, place="ST-B07")
    assert [place for place, *_ in where_is(missing, OLD)] == ["ST-B07"]


def test_not_found_lets_the_younger_lot_go_for_the_day_and_not_for_good(missing: SamplePlant) -> None:
    part = split(missing, YOUNG, "500")
    issue(missing, part.label, "LN-ARC")
    missing.at("2026-12-02T08:00+08:00")
    refused = issue_is_refused(missing, part.left_label, "LN-ARC", CountDue)
    assert refused == (CountDue(lot=YOUNG, missing=OLD, place=PLACE),)
    how = {"unit": part.left_label, "to": "LN-ARC", **STOREKEEPER}
    assert overriding(missing, missing.do("stock:issue", **how), SUPERVISOR, "stock:issue", **how).accepted


def test_nobody_reaches_a_younger_lot_by_one_report_after_the_other(missing: SamplePlant) -> None:
    again = {"unit_lot": YOUNG, "place": where_is(missing, YOUNG)[0][0]}
    (refused,) = missing.refuse("stock:not_found", NotFoundBefore, **again, **STOREKEEPER)
    assert (refused.facts["uncounted"], refused.facts["wrong"]) == (1, 0)
    how = {**again, **STOREKEEPER}
    assert overriding(missing, missing.do("stock:not_found", **how), SUPERVISOR, "stock:not_found", **how).accepted


def test_who_reported_what_was_there_needs_a_second_signature_for_the_next_report(missing: SamplePlant) -> None:
    counted(missing)
    missing.refuse("stock:not_found", NotFoundBefore, **REPORT)
    missing.accept("stock:not_found", **{**REPORT, "person": "4002"})


def test_reports_of_other_items_do_not_stand_against_an_honest_person(missing: SamplePlant) -> None:
    counted(missing)
    other = box(missing, "PT-ITL", "100", "ST-B07")
    missing.accept("stock:not_found", unit_lot=other, place="ST-B07", **STOREKEEPER)


def test_a_missing_box_is_counted_before_it_is_split(missing: SamplePlant) -> None:
    (refused,) = missing.refuse("stock:split", BoxLocked, unit=OLD, quantity="10", **STOREKEEPER)
    assert refused == BoxLocked(box=OLD, reason=MISSING)


def test_a_locked_box_says_who_unlocks_it_and_how(missing: SamplePlant) -> None:
    (refused,) = issue_is_refused(missing, OLD, "LN-ARC", BoxLocked)
    assert "somebody other than who reported it: COUNT" in refused.sentence("en")
    assert "由报告人以外的人到库位盘点" in refused.sentence("zh")


def test_a_missing_box_that_was_put_elsewhere_meanwhile_is_still_to_be_counted(missing: SamplePlant) -> None:
    put_away(missing, OLD, "ST-B07")
    assert locks_of(missing, OLD) == [MISSING]
    counted(missing, place="ST-B07")
    assert locks_of(missing, OLD) == [None]
