"""P14, P16: imported boxes, white, yellow or on hold, are inspected, judged and disposed of like any other."""

from __future__ import annotations

from typing import Any

import pytest

from mes.audit import audit
from mes.quality.lot_standing import standing_of, unreported
from mes.quality.refusals import (
    ConsentIncomplete,
    ConsentMissing,
    ConsentNotYetGiven,
    NotCustomersProperty,
    NothingToDispose,
)
from mes.refusals import NotAllowed, SignatureMissing
from mes.stock.locks import TO_RETURN
from mes.stock.refusals import BoxLocked
from tests.mes.kiosk import INSPECTOR, MANAGER, dispose, locks_of
from tests.mes.warehouse import labels_of, put_away, split, where_is
from tests.plant import SamplePlant

WHITE, HELD, YELLOW, CUSTOMERS = "R261118-01", "R261113-04", "R261009-01", "R261105-03"
CONSENT = {
    "kind": "scrap",
    "given_by": "Ms Chen, quality",
    "given_on": "2026-11-30",
    "letter": "mail of 30 November",
    **MANAGER,
}


def judge(plant: SamplePlant, lot: str, verdict: str = "pass", stage: str = "incoming") -> Any:
    """The inspector's verdict on what waits of a lot; it must be allowed."""
    return plant.accept("quality:judge", lot=lot, stage=stage, verdict=verdict, reason="外观", **INSPECTOR)


def reported(plant: SamplePlant, lot: str) -> str:
    """The inspector reports the one box of a lot; returns the number of the report."""
    value = plant.accept("quality:nonconforming", unit=lot, reason="来料毛刺", **INSPECTOR)
    return str(value.nonconformance)


def status_of(plant: SamplePlant, lot: str) -> list[str]:
    return [status for _, status, _ in where_is(plant, lot)]


@pytest.mark.parametrize("lot", [WHITE, HELD])
def test_an_imported_white_box_is_judged_marked_blue_and_put_away(plant: SamplePlant, lot: str) -> None:
    assert judge(plant, lot).boxes == 1
    (blue,) = labels_of(plant, lot)
    put_away(plant, lot, "ST-B07")
    assert (blue[1:], where_is(plant, lot)[0][:2]) == (("blue", True), ("ST-B07", "accepted"))


@pytest.mark.parametrize("lot", [WHITE, HELD])
def test_an_imported_white_box_that_is_rejected_is_disposed_of(plant: SamplePlant, lot: str) -> None:
    (report,) = judge(plant, lot, "reject").nonconformances
    dispose(plant, report, "scrap")
    assert status_of(plant, lot) == ["scrap"]


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [("return", "nonconforming"), ("concession", "accepted"), ("rework", "pending"), ("scrap", "scrap")],
)
def test_an_imported_yellow_box_is_reported_and_disposed_of(plant: SamplePlant, kind: str, becomes: str) -> None:
    with plant.read() as session:
        assert YELLOW in unreported(session)
    dispose(plant, reported(plant, YELLOW), kind)
    assert status_of(plant, YELLOW) == [becomes]
    with plant.read() as session:
        assert YELLOW not in unreported(session)


def test_an_imported_yellow_box_that_was_reworked_is_inspected_again(plant: SamplePlant) -> None:
    dispose(plant, reported(plant, YELLOW), "rework")
    judge(plant, YELLOW)
    assert status_of(plant, YELLOW) == ["accepted"]


def test_a_box_to_be_returned_is_decided_on_anew_after_another_report(plant: SamplePlant) -> None:
    dispose(plant, reported(plant, YELLOW), "return")
    assert locks_of(plant, YELLOW) == [TO_RETURN]
    dispose(plant, reported(plant, YELLOW), "concession")
    assert locks_of(plant, YELLOW) != [TO_RETURN]
    (locked,) = [one for one in _refused(plant, YELLOW) if isinstance(one, BoxLocked)]
    assert "putting it away" in locked.sentence("en")


def _refused(plant: SamplePlant, lot: str) -> tuple[Any, ...]:
    label = labels_of(plant, lot)[-1][0]
    return plant.do("stock:issue", unit=label, to="LN-ASB", person="4001", station="RAW-1").reasons


def test_a_part_of_a_held_box_is_freed_with_it(plant: SamplePlant) -> None:
    lot = "R260817-01"
    plant.accept("quality:hold", lot=lot, reason="锈斑", **INSPECTOR)
    split(plant, split(plant, lot, "1000").label, "400")
    with plant.read() as session:
        found = standing_of(session, lot)
    assert found is not None
    assert [one.stopped_by_hold for one in found.parts] == [True, True, True]
    plant.accept("quality:release", lot=lot, reason="复检合格", **MANAGER)
    assert status_of(plant, lot) == ["accepted"] * 3


def test_what_came_in_undecided_is_judged_and_not_freed_by_a_release(plant: SamplePlant) -> None:
    plant.accept("quality:hold", lot=HELD, reason="锈斑", **INSPECTOR)
    with plant.read() as session:
        found = standing_of(session, HELD)
    assert found is not None
    assert [words.en for words in found.on_release] == ["HLD-01: 6000 pcs stays awaiting decision"]
    plant.accept("quality:release", lot=HELD, reason="复检合格", **MANAGER)
    assert status_of(plant, HELD) == ["awaiting_decision"]


# --- what a customer owns --------------------------------------------------------------------------------------------


def test_a_customers_property_is_scrapped_once_his_consent_is_on_record(plant: SamplePlant) -> None:
    report = reported(plant, CUSTOMERS)
    scrapping = {"nonconformance": report, "kind": "scrap", "reason": "毛刺", **MANAGER}
    (refused,) = plant.refuse("quality:dispose", ConsentMissing, **scrapping)
    assert "Record a customer's consent" in refused.sentence("en")
    consented = plant.accept("quality:record_consent", nonconformance=report, **CONSENT)
    assert consented.owner == "C03"
    plant.refuse("quality:dispose", ConsentMissing, **{**scrapping, "kind": "concession"})
    plant.accept("quality:dispose", **scrapping)
    assert status_of(plant, CUSTOMERS) == ["scrap"]
    with plant.read() as session:
        assert audit(session) == []


def test_a_consent_says_who_when_and_by_what_letter_and_is_signed(plant: SamplePlant) -> None:
    asked = {"nonconformance": reported(plant, CUSTOMERS), **CONSENT}
    plant.refuse("quality:record_consent", ConsentIncomplete, **{**asked, "letter": " "})
    plant.refuse("quality:record_consent", ConsentNotYetGiven, **{**asked, "given_on": "2026-12-02"})
    plant.refuse("quality:record_consent", SignatureMissing, **{**asked, "signed": False})
    plant.refuse("quality:record_consent", NotAllowed, **{**asked, **INSPECTOR})


def test_only_what_a_customer_owns_and_nobody_decided_yet_needs_his_consent(plant: SamplePlant) -> None:
    report = reported(plant, YELLOW)
    plant.refuse("quality:record_consent", NotCustomersProperty, nonconformance=report, **CONSENT)
    dispose(plant, report, "rework")
    plant.refuse("quality:record_consent", NotCustomersProperty, NothingToDispose, nonconformance=report, **CONSENT)


def test_a_locked_or_held_box_says_who_frees_it_wherever_it_is_refused(plant: SamplePlant) -> None:
    plant.accept("quality:hold", lot="R260817-01", reason="锈斑", **INSPECTOR)
    held = issue_is_refused_for_hold(plant)
    assert "An inspector or the quality manager, other than who put it on hold, releases it" in held


def issue_is_refused_for_hold(plant: SamplePlant) -> str:
    reasons = plant.do("stock:issue", unit="R260817-01", to="LN-ARC", person="4001", station="RAW-1").reasons
    return " ".join(one.sentence("en") for one in reasons)
