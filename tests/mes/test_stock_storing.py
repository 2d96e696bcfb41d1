"""P12, P18, law 8: goods lie in areas of their status; use is blocked, rescue never is; labels tell the truth."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from mes.labelling.refusals import LabelStillPrinting
from mes.masters.refusals import QuantityNotWhole
from mes.refusals import Misread, NotAllowed, Refusal
from mes.stock.locks import MOVE_FIRST
from mes.stock.refusals import (
    BoxEmpty,
    BoxLocked,
    LabelVoided,
    LotCodeNotEnough,
    NotAccepted,
    NotEnough,
    NotInStore,
    SeveralBoxes,
    WrongPlaceForStatus,
)
from mes.warehouse.refusals import AcceptedStaysInStore, NotForPuttingAway, NotForRescue, PlaceFull
from tests.mes.kiosk import INSPECTOR, MANAGER
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


def stays(plant: SamplePlant, lot: str, to: str, *reasons: type[Refusal]) -> tuple[Refusal, ...]:
    """The storekeeper must not put the box there, for exactly these reasons."""
    return plant.refuse("stock:put_away", *reasons, unit=lot, to=to, **STOREKEEPER)


def rescue(plant: SamplePlant, unit: str, to: str, person: str = "2009") -> Any:
    """A line worker takes doubtful goods out of use; it must be allowed."""
    return plant.accept("stock:rescue", unit=unit, to=to, reason="dented", person=person, station="ARC-1")


def test_accepted_goods_are_put_away_in_a_blue_zone(plant: SamplePlant) -> None:
    issue(plant, "R260817-01", "LN-ARC")
    stored = put_away(plant, "R260817-01", "ST-B07")
    assert (stored.place, stored.status) == ("ST-B07", "accepted")
    assert where_is(plant, "R260817-01") == [("ST-B07", "accepted", 93000)]


@pytest.mark.parametrize(
    ("lot", "to"),
    [
        ("261104-PKG-01", "FGS-01"),
        ("R261104-02", "ST-B07"),
        ("R261113-04", "ST-B07"),
        ("R260626-01", "ST-B07"),
        ("R260817-01", "NCR-03"),
        ("R260817-01", "HLD-02"),
        ("R261104-02", "SCR-01"),
        ("R261104-02", "HLD-02"),
    ],
)
def test_goods_of_one_status_do_not_lie_in_the_area_of_another(plant: SamplePlant, lot: str, to: str) -> None:
    before = where_is(plant, lot)
    stays(plant, lot, to, WrongPlaceForStatus)
    assert where_is(plant, lot) == before


def test_the_refusal_names_what_the_area_holds_and_what_the_goods_are(plant: SamplePlant) -> None:
    refused = stays(plant, "261104-PKG-01", "FGS-01", WrongPlaceForStatus)[0]
    assert refused.sentence("zh") == "库位 FGS-01 只放合格品，此货状态为不合格。"
    assert refused.sentence("en") == "FGS-01 holds only accepted goods; these are nonconforming."


def test_nonconforming_goods_lie_in_the_yellow_area(plant: SamplePlant) -> None:
    put_away(plant, "R261104-02", "NCR-03")
    assert where_is(plant, "R261104-02") == [("NCR-03", "nonconforming", 6000)]


def test_a_full_place_takes_no_further_lot(plant: SamplePlant) -> None:
    refused = stays(plant, "R260817-01", "ST-D02", PlaceFull)
    assert refused == (PlaceFull(place="ST-D02", capacity=8),)


def test_a_lot_that_lies_there_already_needs_no_further_position(plant: SamplePlant) -> None:
    part = split(plant, "R261111-01", "500")
    put_away(plant, part.label, "ST-B07")
    put_away(plant, part.label, "ST-B09")


def test_a_supervisor_may_let_a_full_place_take_one_more(plant: SamplePlant) -> None:
    how = {"unit": "R260817-01", "to": "ST-D02", **STOREKEEPER}
    refused = plant.do("stock:put_away", **how)
    assert overriding(plant, refused, "1004", "stock:put_away", **how).accepted


@pytest.mark.parametrize("place", ["LN-ARC", "LN-ASA", "DCK-01", "CUSTOMER", "SCRAPPED"])
def test_putting_away_is_no_way_round_the_queue(plant: SamplePlant, place: str) -> None:
    stays(plant, "R261008-02", place, NotForPuttingAway)


def test_a_box_taken_off_the_line_is_no_longer_loaded_there(plant: SamplePlant) -> None:
    issue(plant, "R260817-01", "LN-ARC")
    plant.accept("production:load", unit="R260817-01", person="2009", station="ARC-1")
    put_away(plant, "R260817-01", "ST-B07")
    with plant.read() as session:
        assert session.scalar(text("SELECT count(*) FROM loaded WHERE unloaded_at IS NULL")) == 0


def test_an_empty_box_has_nothing_to_put_away(plant: SamplePlant) -> None:
    empty = text("UPDATE balance SET quantity = 0 WHERE lot_id = (SELECT id FROM lot WHERE code = 'R260817-01')")
    arrange(plant, lambda tx: tx.session.execute(empty))
    stays(plant, "R260817-01", "ST-B07", BoxEmpty)


def test_goods_that_were_only_to_be_moved_are_free_once_they_are(plant: SamplePlant) -> None:
    lock(plant, "R260817-01", MOVE_FIRST)
    issue_is_refused(plant, "R260817-01", "LN-ARC", BoxLocked)
    put_away(plant, "R260817-01", "ST-B07")
    issue(plant, "R260817-01", "LN-ARC")


def test_goods_locked_for_another_reason_stay_locked_when_moved(plant: SamplePlant) -> None:
    lock(plant, "R260817-01", "return to supplier")
    put_away(plant, "R260817-01", "ST-B07")
    issue_is_refused(plant, "R260817-01", "LN-ARC", BoxLocked)


def lock(plant: SamplePlant, lot: str, reason: str) -> None:
    """Lock every box of a lot."""
    said = text("UPDATE handling_unit SET lock_reason = :reason WHERE lot_id = (SELECT id FROM lot WHERE code = :lot)")
    arrange(plant, lambda tx: tx.session.execute(said, {"reason": reason, "lot": lot}))


def test_doubted_goods_become_pending_under_a_white_label(plant: SamplePlant) -> None:
    rescued = rescue(plant, "R260817-01", "HLD-02")
    assert (rescued.place, rescued.status) == ("HLD-02", "pending")
    assert where_is(plant, "R260817-01") == [("HLD-02", "pending", 93000)]
    assert [(stock, valid) for _, stock, valid in labels_of(plant, "R260817-01")] == [("white", True)]
    issue_is_refused(plant, "R260817-01", "LN-ARC", NotAccepted, NotInStore)
    issue(plant, "R261008-02", "LN-ARC")


@pytest.mark.parametrize(
    ("lot", "to", "status"),
    [
        ("R260529-01", "HLD-02", "pending"),
        ("R260508-01", "RCV-03", "pending"),
        ("R261104-02", "NCR-03", "nonconforming"),
        ("R261113-04", "RCV-03", "awaiting_decision"),
        ("261120-PKG-01", "HLD-02", "awaiting_decision"),
        ("R260626-01", "SCR-01", "scrap"),
    ],
)
def test_rescue_is_never_blocked(plant: SamplePlant, lot: str, to: str, status: str) -> None:
    assert rescue(plant, lot, to).status == status
    assert [place for place, *_ in where_is(plant, lot)] == [to]


def test_rescue_accepts_a_voided_label(plant: SamplePlant) -> None:
    old = split(plant, "R260817-01", "1000").label
    split(plant, old, "400")
    plant.refuse("stock:put_away", LabelVoided, unit=old, to="ST-B07", **STOREKEEPER)
    assert rescue(plant, old, "HLD-02").status == "pending"


def test_rescue_finds_a_locked_box_too(plant: SamplePlant) -> None:
    lock(plant, "R260817-01", "missing")
    assert rescue(plant, "R260817-01", "HLD-02").status == "pending"


@pytest.mark.parametrize("place", ["ST-B07", "LN-ARC", "DCK-01", "FGS-01", "CUSTOMER"])
def test_rescue_goes_only_where_nobody_takes_the_goods_for_good(plant: SamplePlant, place: str) -> None:
    plant.refuse("stock:rescue", NotForRescue, unit="R260817-01", to=place, reason="?", person="2009", station="ARC-1")


def test_rescue_does_not_judge_the_goods(plant: SamplePlant) -> None:
    for lot, to in (("R260817-01", "NCR-03"), ("R260817-01", "SCR-01"), ("R261104-02", "HLD-02")):
        plant.refuse("stock:rescue", WrongPlaceForStatus, unit=lot, to=to, reason="?", person="2009", station="ARC-1")


def test_accepted_goods_are_not_hidden_from_their_queue_in_an_area_for_anything(plant: SamplePlant) -> None:
    anything = text("UPDATE location SET status = 'any', capacity = NULL WHERE code IN ('HLD-01', 'RCV-01')")
    arrange(plant, lambda tx: tx.session.execute(anything))
    for place in ("HLD-01", "RCV-01"):
        stays(plant, "R260817-01", place, AcceptedStaysInStore)
    assert rescue(plant, "R260817-01", "HLD-01").status == "pending"


def test_rescue_is_for_people_of_the_floor(plant: SamplePlant) -> None:
    plant.refuse("stock:rescue", NotAllowed, unit="R260817-01", to="HLD-02", reason="?", person="5001")


def test_a_box_that_tells_the_truth_already_is_not_labelled_again(plant: SamplePlant) -> None:
    rescue(plant, "R260817-01", "HLD-02")
    rescue(plant, "R260817-01", "RCV-03")
    assert len(labels_of(plant, "R260817-01")) == 1


def test_a_split_box_and_its_part_both_get_labels_of_their_own(plant: SamplePlant) -> None:
    part = split(plant, "261112-PKG-01", "60")
    assert (part.quantity, part.left) == ("60 pcs", "300 pcs")
    assert where_is(plant, "261112-PKG-01") == [("FGS-01", "accepted", 300), ("FGS-01", "accepted", 60)]
    assert sorted(labels_of(plant, "261112-PKG-01")) == sorted(
        [(part.label, "blue", True), (part.left_label, "blue", True)]
    )


def test_the_label_that_told_the_old_quantity_is_voided(plant: SamplePlant) -> None:
    first = split(plant, "261112-PKG-01", "60")
    second = split(plant, first.left_label, "100")
    validity = {serial: valid for serial, _, valid in labels_of(plant, "261112-PKG-01")}
    assert validity == {first.label: True, first.left_label: False, second.label: True, second.left_label: True}


def test_a_lot_in_several_boxes_is_named_by_its_label(plant: SamplePlant) -> None:
    split(plant, "261112-PKG-01", "60")
    plant.refuse("stock:put_away", SeveralBoxes, unit="261112-PKG-01", to="FGS-02", **STOREKEEPER)


def test_something_stays_in_a_split_box(plant: SamplePlant) -> None:
    for quantity in ("360", "361"):
        plant.refuse("stock:split", NotEnough, unit="261112-PKG-01", quantity=quantity, **STOREKEEPER)


@pytest.mark.parametrize("quantity", ["0", "-5", "1.5"])
def test_a_quantity_is_a_whole_number_above_zero(plant: SamplePlant, quantity: str) -> None:
    plant.refuse("stock:split", QuantityNotWhole, unit="261112-PKG-01", quantity=quantity, **STOREKEEPER)


@pytest.mark.parametrize("quantity", ["a dozen", "", "NaN", "Infinity", "1e400", "1E+999999"])
def test_a_quantity_that_is_no_plain_number_is_refused_by_its_field(plant: SamplePlant, quantity: str) -> None:
    (reason,) = plant.refuse("stock:split", Misread, unit="261112-PKG-01", quantity=quantity, **STOREKEEPER)
    assert reason.sentence("en") == "quantity to take out: must be a number, such as 12 or 0.5."


def test_weighed_goods_are_split_to_the_smallest_unit(plant: SamplePlant) -> None:
    assert split(plant, "R261013-01", "0.000001").left == "309.999999 kg"
    box_of_rest = labels_of(plant, "R261013-01")[-1][0]
    plant.refuse("stock:split", QuantityNotWhole, unit=box_of_rest, quantity="0.0000001", **STOREKEEPER)


def test_a_part_of_a_locked_box_is_locked_too(plant: SamplePlant) -> None:
    lock(plant, "R260817-01", "return to supplier")
    part = split(plant, "R260817-01", "1000")
    issue_is_refused(plant, part.label, "LN-ARC", BoxLocked)


def test_a_lot_code_does_not_stand_for_a_box_whose_label_was_voided(plant: SamplePlant) -> None:
    lot = "R260817-01"
    for command, who in (("quality:hold", INSPECTOR), ("quality:release", MANAGER)):
        plant.accept(command, lot=lot, reason="复核", **who)
    (white, _, _), (blue, _, valid) = labels_of(plant, lot)
    (refused,) = issue_is_refused(plant, lot, "LN-ARC", LotCodeNotEnough)
    assert (valid, refused.facts["voided"]) == (True, white)
    plant.refuse("stock:put_away", LotCodeNotEnough, unit=lot, to="ST-B07", **STOREKEEPER)
    plant.refuse("production:load", LotCodeNotEnough, unit=lot, person="2009", station="ARC-1")
    plant.refuse("label:reprint", LabelStillPrinting, label=lot, reason="lost", **STOREKEEPER)
    issue(plant, blue, "LN-ARC")


def test_a_lot_code_does_not_stand_for_the_one_box_that_is_left_of_several_either(plant: SamplePlant) -> None:
    lot = "R260817-01"
    first = split(plant, lot, "1000")
    second = split(plant, first.left_label, "500")
    for one in (first, second):
        issue(plant, one.label, "LN-ARC")
    gone = text(
        "UPDATE balance SET quantity = 0 WHERE holder_id IN (SELECT holder_id FROM label WHERE serial IN (:a, :b))"
    )
    arrange(plant, lambda tx: tx.session.execute(gone, {"a": first.label, "b": second.label}))
    issue_is_refused(plant, lot, "LN-ARC", LotCodeNotEnough)


def test_rescue_takes_a_lot_code_for_its_box_whatever_was_voided(plant: SamplePlant) -> None:
    lot = "R260817-01"
    for command, who in (("quality:hold", INSPECTOR), ("quality:release", MANAGER)):
        plant.accept(command, lot=lot, reason="复核", **who)
    plant.accept("stock:rescue", unit=lot, to="HLD-01", reason="doubt", **STOREKEEPER)


def test_young_stock_put_away_late_still_waits_for_the_older(plant: SamplePlant) -> None:
    young = box(plant, "PT-SPL", "500", "LN-ARC", age_days=2)
    put_away(plant, young, "ST-B07")
    issue(plant, "R260817-01", "LN-ARC")
    issue(plant, "R261008-02", "LN-ARC")
    issue(plant, young, "LN-ARC")
