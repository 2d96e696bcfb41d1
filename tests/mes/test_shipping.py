"""P24: delivery follows the order, first in first out; never too much, never too little, never the wrong thing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from mes.packing.refusals import NotPicked
from mes.refusals import NotAllowed, Refusal
from mes.shipping.refusals import LessThanOrdered, MoreThanOrdered, OrderShipped, WrongItemForOrder, YoungerPicked
from mes.stock.refusals import BoxEmpty, NotAccepted, NotInStore, NotOldest, OnHold, PickedAlready, RecheckDue
from tests.mes.lineside import box
from tests.mes.warehouse import (
    PICKER,
    SHIPPER,
    arrange,
    issue,
    labels_of,
    order_for,
    put_away,
    shipped_to,
    split,
    where_is,
)
from tests.plant import SamplePlant

ORDER = "SO-TEST-1"


def order(plant: SamplePlant, quantity: int, item: str = "FG-1P-C16", number: str = ORDER) -> str:
    """An order of customer C01."""
    return order_for(plant, number, "C01", item, quantity)


def pick(plant: SamplePlant, unit: str, number: str = ORDER) -> Any:
    """The shipper picks a box; it must be allowed."""
    return plant.accept("shipping:pick", order=number, unit=unit, **SHIPPER)


def pick_is_refused(plant: SamplePlant, unit: str, *reasons: type[Refusal], number: str = ORDER) -> tuple[Refusal, ...]:
    """The shipper must not take the box for the order, for exactly these reasons."""
    return plant.refuse("shipping:pick", *reasons, order=number, unit=unit, **SHIPPER)


def test_a_picked_box_stands_at_the_dock_and_the_order_says_what_it_still_needs(plant: SamplePlant) -> None:
    order(plant, 600)
    picked = pick(plant, "261028-PKG-01")
    assert (picked.lot, picked.quantity, picked.place, picked.left) == ("261028-PKG-01", "240 pcs", "DCK-01", "360 pcs")
    assert where_is(plant, "261028-PKG-01") == [("DCK-01", "accepted", 240)]


def test_an_order_is_shipped_with_exactly_its_quantity(plant: SamplePlant) -> None:
    order(plant, 600)
    pick(plant, "261028-PKG-01")
    pick(plant, "261112-PKG-01")
    shipped = plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    assert (shipped.customer, shipped.quantity) == ("C01", "600 pcs")
    assert shipped.lots == (("261028-PKG-01", "240 pcs"), ("261112-PKG-01", "360 pcs"))
    assert shipped_to(plant, ORDER) == 600
    assert where_is(plant, "261028-PKG-01") == where_is(plant, "261112-PKG-01") == []


def test_the_younger_box_waits_for_the_older(plant: SamplePlant) -> None:
    order(plant, 600)
    refused = pick_is_refused(plant, "261112-PKG-01", NotOldest)
    assert refused == (NotOldest(lot="261112-PKG-01", oldest="261028-PKG-01", place="FGS-01"),)


def test_never_the_wrong_thing(plant: SamplePlant) -> None:
    order(plant, 600)
    refused = pick_is_refused(plant, "261103-PKG-01", WrongItemForOrder)
    assert refused == (WrongItemForOrder(order=ORDER, item="FG-1P-C20", expected="FG-1P-C16"),)


def test_never_too_much_but_a_part_of_the_box_will_do(plant: SamplePlant) -> None:
    order(plant, 300)
    pick(plant, "261028-PKG-01")
    refused = pick_is_refused(plant, "261112-PKG-01", MoreThanOrdered)
    assert refused == (MoreThanOrdered(order=ORDER, left="60 pcs", asked="360 pcs"),)
    pick(plant, split(plant, "261112-PKG-01", "60").label)
    assert plant.accept("shipping:ship", order=ORDER, **SHIPPER).quantity == "300 pcs"


def test_never_too_little(plant: SamplePlant) -> None:
    order(plant, 600)
    pick(plant, "261028-PKG-01")
    refused = plant.refuse("shipping:ship", LessThanOrdered, order=ORDER, **SHIPPER)
    assert refused == (LessThanOrdered(order=ORDER, picked="240 pcs", ordered="600 pcs"),)
    assert shipped_to(plant, ORDER) == 0


def test_nothing_picked_is_too_little_as_well(plant: SamplePlant) -> None:
    order(plant, 600)
    plant.refuse("shipping:ship", LessThanOrdered, order=ORDER, **SHIPPER)


def test_an_order_is_shipped_once(plant: SamplePlant) -> None:
    order(plant, 240)
    pick(plant, "261028-PKG-01")
    plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    plant.refuse("shipping:ship", OrderShipped, order=ORDER, **SHIPPER)
    pick_is_refused(plant, "261112-PKG-01", OrderShipped)
    plant.refuse("shipping:unpick", OrderShipped, order=ORDER, unit="261028-PKG-01", **SHIPPER)


def test_a_box_that_left_is_empty_on_the_books(plant: SamplePlant) -> None:
    order(plant, 240)
    pick(plant, "261028-PKG-01")
    plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    order(plant, 240, number="SO-TEST-2")
    pick_is_refused(plant, "261028-PKG-01", BoxEmpty, PickedAlready, number="SO-TEST-2")


def test_a_picked_box_is_nobody_elses(plant: SamplePlant) -> None:
    order(plant, 240)
    order(plant, 240, number="SO-TEST-2")
    pick(plant, "261028-PKG-01")
    refused = pick_is_refused(plant, "261028-PKG-01", PickedAlready, number="SO-TEST-2")
    assert refused == (PickedAlready(lot="261028-PKG-01", order=ORDER),)
    plant.refuse("stock:put_away", PickedAlready, unit="261028-PKG-01", to="FGS-02", **SHIPPER)


def test_a_picked_box_no_longer_stands_before_the_next(plant: SamplePlant) -> None:
    order(plant, 240)
    order(plant, 360, number="SO-TEST-2")
    pick(plant, "261028-PKG-01")
    pick(plant, "261112-PKG-01", number="SO-TEST-2")


def test_a_box_taken_back_out_may_go_back_to_its_place_or_into_another_order(plant: SamplePlant) -> None:
    order(plant, 240)
    pick(plant, "261028-PKG-01")
    back = plant.accept("shipping:unpick", order=ORDER, unit="261028-PKG-01", **SHIPPER)
    assert (back.place, back.left) == ("DCK-01", "240 pcs")
    order(plant, 240, number="SO-TEST-2")
    pick(plant, "261028-PKG-01", number="SO-TEST-2")
    plant.accept("shipping:unpick", order="SO-TEST-2", unit="261028-PKG-01", **SHIPPER)
    put_away(plant, "261028-PKG-01", "FGS-01")
    pick_is_refused(plant, "261112-PKG-01", NotOldest, MoreThanOrdered)


OLDER, YOUNGER, SECOND = "261028-PKG-01", "261112-PKG-01", "SO-TEST-2"


def two_orders(plant: SamplePlant) -> None:
    """One order of the size of the older lot, one of the size of the younger."""
    order(plant, 240)
    order(plant, 360, number=SECOND)


def test_an_older_box_that_stands_free_at_the_dock_goes_before_a_younger_one(plant: SamplePlant) -> None:
    two_orders(plant)
    pick(plant, OLDER)
    plant.accept("shipping:unpick", order=ORDER, unit=OLDER, **SHIPPER)
    refused = pick_is_refused(plant, YOUNGER, NotOldest, number=SECOND)
    assert refused == (NotOldest(lot=YOUNGER, oldest=OLDER, place="DCK-01"),)


def test_an_older_box_is_not_taken_back_while_another_order_keeps_a_younger_one(plant: SamplePlant) -> None:
    two_orders(plant)
    pick(plant, OLDER)
    pick(plant, YOUNGER, number=SECOND)
    refused = plant.refuse("shipping:unpick", YoungerPicked, order=ORDER, unit=OLDER, **SHIPPER)
    assert refused == (YoungerPicked(lot=OLDER, younger=YOUNGER, order=SECOND),)
    plant.accept("shipping:unpick", order=SECOND, unit=YOUNGER, **SHIPPER)
    plant.accept("shipping:unpick", order=ORDER, unit=OLDER, **SHIPPER)


def test_an_older_box_that_nobody_may_use_any_more_is_taken_back_freely(plant: SamplePlant) -> None:
    two_orders(plant)
    pick(plant, OLDER)
    pick(plant, YOUNGER, number=SECOND)
    plant.accept("quality:hold", lot=OLDER, reason="complaint", person="3002", station="QC-1")
    marked = labels_of(plant, OLDER)[-1][0]
    plant.accept("shipping:unpick", order=ORDER, unit=marked, **SHIPPER)


def test_only_what_was_picked_for_an_order_is_taken_out_of_it(plant: SamplePlant) -> None:
    order(plant, 240)
    plant.refuse("shipping:unpick", NotPicked, order=ORDER, unit="261028-PKG-01", **SHIPPER)


def test_goods_due_for_reinspection_are_not_shipped_and_block_nobody(plant: SamplePlant) -> None:
    order(plant, 280, item="FG-3P-D40")
    pick_is_refused(plant, "260428-PKG-01", RecheckDue)
    pick(plant, "261106-PKG-02")


def test_what_we_made_is_due_for_reinspection_counted_from_its_production(plant: SamplePlant) -> None:
    made = box(plant, "FG-3P-D40", "280", "FGS-03", age_days=179, made_days_before=1)
    bought = box(plant, "PT-ITL", "100", "ST-B07", age_days=179, made_days_before=1, supplier="S05")
    order(plant, 280, item="FG-3P-D40")
    (refused,) = pick_is_refused(plant, made, RecheckDue)
    assert refused.facts["due_on"] == "2026-12-01"
    issue(plant, bought, "LN-ASB")


def test_goods_that_were_not_accepted_are_not_shipped(plant: SamplePlant) -> None:
    order(plant, 36, item="FG-1P-C32")
    pick_is_refused(plant, "261104-PKG-01", NotAccepted, NotInStore)


def test_a_hold_stops_goods_that_already_stand_at_the_dock(plant: SamplePlant) -> None:
    order(plant, 240)
    pick(plant, "261028-PKG-01")
    hold = text("UPDATE lot SET hold_reason = 'complaint' WHERE code = '261028-PKG-01'")
    arrange(plant, lambda tx: tx.session.execute(hold))
    plant.refuse("shipping:ship", OnHold, order=ORDER, **SHIPPER)


def test_doubted_goods_leave_their_order_with_the_rescue(plant: SamplePlant) -> None:
    order(plant, 240)
    pick(plant, "261028-PKG-01")
    plant.accept("stock:rescue", unit="261028-PKG-01", to="HLD-02", reason="wet carton", **SHIPPER)
    plant.refuse("shipping:ship", LessThanOrdered, order=ORDER, **SHIPPER)


def test_a_picker_of_the_store_picks_but_only_the_shipper_ships(plant: SamplePlant) -> None:
    order(plant, 240)
    plant.accept("shipping:pick", order=ORDER, unit="261028-PKG-01", person="4001", station="DOCK-1")
    plant.refuse("shipping:ship", NotAllowed, order=ORDER, person="4001", station="DOCK-1")
    plant.accept("shipping:ship", order=ORDER, **PICKER)


def test_without_a_dock_of_its_own_a_station_sends_to_the_first_one(plant: SamplePlant) -> None:
    order(plant, 240)
    picked = plant.accept("shipping:pick", order=ORDER, unit="261028-PKG-01", person="4002", station="FGS-1")
    assert picked.place == "DCK-01"
