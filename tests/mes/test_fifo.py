"""P21, F4: first in, first out is guaranteed; items with a storage life go out by expiry."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, text, update

from mes.labelling.model import Label
from mes.masters.model import Item
from mes.stock import fifo
from mes.stock.model import HandlingUnit, Lot
from mes.stock.refusals import (
    Expired,
    ExpiresLater,
    NotInStore,
    NotOldest,
    OnHold,
    OpenedBoxFirst,
    PickedAlready,
    RecheckDue,
)
from mes.transaction import Transaction
from tests.mes.lineside import box
from tests.mes.warehouse import STOREKEEPER, arrange, issue, issue_is_refused, overriding, put_away, split, where_is
from tests.plant import SamplePlant


def queue(plant: SamplePlant, item: str) -> list[str]:
    """The lots of an item in the order in which their boxes go today."""

    def look(tx: Transaction) -> list[str]:
        found = tx.session.scalars(select(Item).where(Item.code == item)).unique().one()
        return [candidate.lot for candidate in fifo.queue(tx, found)]

    return arrange(plant, look)


def test_a_younger_lot_is_refused_while_an_older_one_is_free(plant: SamplePlant) -> None:
    refused = issue_is_refused(plant, "R261008-02", "LN-ARC", NotOldest)
    assert refused == (NotOldest(lot="R261008-02", oldest="R260817-01", place="ST-B04"),)
    issue(plant, "R260817-01", "LN-ARC")
    issue(plant, "R261008-02", "LN-ARC")


def test_a_lot_due_for_reinspection_neither_goes_nor_blocks_younger_ones(plant: SamplePlant) -> None:
    issue_is_refused(plant, "R260508-01", "LN-ARC", RecheckDue)
    assert queue(plant, "PT-SPL") == ["R260817-01", "R261008-02"]


def test_an_expired_lot_neither_goes_nor_blocks_younger_ones(plant: SamplePlant) -> None:
    issue_is_refused(plant, "R260529-01", "LN-PAD", Expired, RecheckDue)
    assert queue(plant, "RM-HRD") == ["R261014-02"]
    issue(plant, "R261014-02", "LN-PAD")


def test_an_item_with_a_storage_life_goes_out_by_expiry_and_not_by_receipt(plant: SamplePlant) -> None:
    first = issue_is_refused(plant, "R260922-02", "LN-PAD", ExpiresLater)[0]
    assert first.facts == {"lot": "R260922-02", "first": "R261111-02", "place": "ST-E01", "expires_on": "2027-03-15"}
    assert "expires first" in first.sentence("en")
    issue(plant, "R261111-02", "LN-PAD")


def test_a_lot_may_be_used_on_its_last_day_and_not_on_the_next(plant: SamplePlant) -> None:
    plant.at("2026-11-29T00:30+08:00")
    issue_is_refused(plant, "R261021-01", "LN-PAD", Expired)
    plant.at("2026-11-28T23:30+08:00")
    issue_is_refused(plant, "R261111-02", "LN-PAD", ExpiresLater)
    issue(plant, "R261021-01", "LN-PAD")


def test_a_lot_is_refused_from_the_day_on_which_its_reinspection_is_due(plant: SamplePlant) -> None:
    plant.at("2026-11-24T00:30+08:00")
    issue_is_refused(plant, "R260528-01", "LN-ASB", RecheckDue)
    plant.at("2026-11-23T23:30+08:00")
    issue(plant, "R260528-01", "LN-ASB")


def test_of_two_lots_of_the_same_day_any_may_go_since_numbers_are_no_age(plant: SamplePlant) -> None:
    nine, ten = two_of_one_day(plant)
    issue(plant, ten, "LN-ASB")
    issue(plant, nine, "LN-ASB")


def test_an_opened_box_of_a_lot_goes_first_also_where_another_lot_is_as_old(plant: SamplePlant) -> None:
    _, ten = two_of_one_day(plant)
    part = split(plant, ten, "40")
    as_if_never_opened(plant, ten)
    marked = select(Label.holder_id).where(Label.serial == part.label).scalar_subquery()
    opened = update(HandlingUnit).where(HandlingUnit.id == marked).values(opened_at=plant.now)
    arrange(plant, lambda tx: tx.session.execute(opened))
    refused = issue_is_refused(plant, part.left_label, "LN-ASB", OpenedBoxFirst)
    assert refused == (OpenedBoxFirst(lot=ten, place="ST-B12"),)
    issue(plant, part.label, "LN-ASB")


def two_of_one_day(plant: SamplePlant) -> tuple[str, str]:
    """The only two lots of an item, received on one day and numbered 9 and 10: as texts 10 comes first."""
    nine = box(plant, "PT-ITL", "100", "ST-B07", age_days=90, lot="R260902-9")
    return nine, box(plant, "PT-ITL", "100", "ST-B12", age_days=90, lot="R260902-10")


def test_of_two_lots_that_expire_together_the_one_received_earlier_goes_first(plant: SamplePlant) -> None:
    soon = plant.now.date() + timedelta(days=30)
    first, second = (box(plant, "RM-HRD", "5", "ST-E01", age_days=9, expires_on=soon) for _ in range(2))
    earlier = update(Lot).where(Lot.code == second).values(received_on=date(2026, 11, 20))
    arrange(plant, lambda tx: tx.session.execute(earlier))
    assert queue(plant, "RM-HRD")[:2] == [second, first]
    issue_is_refused(plant, first, "LN-PAD", NotOldest)
    issue(plant, second, "LN-PAD")


def test_a_lot_on_hold_neither_goes_nor_blocks_younger_ones(plant: SamplePlant) -> None:
    hold = text("UPDATE lot SET hold_reason = '锈斑' WHERE code = 'R260817-01'")
    arrange(plant, lambda tx: tx.session.execute(hold))
    issue_is_refused(plant, "R260817-01", "LN-ARC", OnHold)
    issue(plant, "R261008-02", "LN-ARC")


def test_any_box_of_the_oldest_lot_will_do(plant: SamplePlant) -> None:
    part = split(plant, "R260817-01", "1000")
    as_if_never_opened(plant, "R260817-01")
    issue(plant, part.label, "LN-ARC")
    issue(plant, part.left_label, "LN-ARC")


def test_an_opened_box_goes_before_a_full_one_of_its_lot(plant: SamplePlant) -> None:
    part = split(plant, "R260817-01", "1000")
    as_if_never_opened(plant, "R260817-01")
    issue(plant, part.label, "LN-ARC")
    plant.accept("production:load", unit=part.label, person="2009", station="ARC-1")
    put_away(plant, part.label, "ST-B07")
    refused = issue_is_refused(plant, part.left_label, "LN-ARC", OpenedBoxFirst)
    assert refused == (OpenedBoxFirst(lot="R260817-01", place="ST-B07"),)
    issue(plant, part.label, "LN-ARC")
    issue(plant, part.left_label, "LN-ARC")


def as_if_never_opened(plant: SamplePlant, lot: str) -> None:
    """Make the boxes of a lot what they were if the supplier had sent several."""
    forget = text("UPDATE handling_unit SET opened_at = NULL WHERE lot_id = (SELECT id FROM lot WHERE code = :lot)")
    arrange(plant, lambda tx: tx.session.execute(forget, {"lot": lot}))


def test_goods_that_come_back_keep_their_turn(plant: SamplePlant) -> None:
    issue(plant, "R260817-01", "LN-ARC")
    put_away(plant, "R260817-01", "ST-B07")
    issue_is_refused(plant, "R261008-02", "LN-ARC", NotOldest)


def test_a_locked_box_does_not_compete(plant: SamplePlant) -> None:
    plant.accept("stock:not_found", unit_lot="R260817-01", place="ST-B04", **STOREKEEPER)
    issue(plant, "R261008-02", "LN-ARC")


def test_a_reserved_box_does_not_compete(plant: SamplePlant) -> None:
    reserve = text(
        "UPDATE handling_unit SET order_id = (SELECT max(id) FROM sales_order) "
        "WHERE lot_id = (SELECT id FROM lot WHERE code = 'R260817-01')"
    )
    arrange(plant, lambda tx: tx.session.execute(reserve))
    issue_is_refused(plant, "R260817-01", "LN-ARC", PickedAlready)
    issue(plant, "R261008-02", "LN-ARC")


def test_goods_at_the_line_do_not_compete(plant: SamplePlant) -> None:
    assert where_is(plant, "R261026-01") == [("LN-ASA", "accepted", 1000)]
    assert queue(plant, "PT-CLP") == ["R260911-02"]
    issue_is_refused(plant, "R261026-01", "LN-ASA", NotInStore)


def test_a_supervisor_may_let_exactly_one_refusal_pass(plant: SamplePlant) -> None:
    how = {"unit": "R261008-02", "to": "LN-ARC", **STOREKEEPER}
    refused = plant.do("stock:issue", **how)
    assert not overriding(plant, refused, "4002", "stock:issue", **how).accepted
    passed = overriding(plant, refused, "1004", "stock:issue", **how)
    assert passed.accepted
    assert [one["by"] for one in passed.overridden] == ["1004"]


def test_a_decision_on_one_older_lot_does_not_cover_the_next(plant: SamplePlant) -> None:
    box(plant, "PT-SPL", "500", "ST-B07", age_days=20)
    how = {"unit": "R261008-02", "to": "LN-ARC", **STOREKEEPER}
    refused = plant.do("stock:issue", **how)
    older = box(plant, "PT-SPL", "500", "ST-B07", age_days=120)
    again = overriding(plant, refused, "1004", "stock:issue", **how)
    assert again.reasons == (NotOldest(lot="R261008-02", oldest=older, place="ST-B07"),)
