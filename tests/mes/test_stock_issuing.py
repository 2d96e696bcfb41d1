"""P6, F2: the store issues whole boxes to a run card or a line that needs them, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from mes.intake.reading import read_plant
from mes.production.refusals import CardClosed, NotNeededAtStation
from mes.refusals import NotAllowed, UnknownCode
from mes.stock.refusals import LabelVoided, NotAccepted, NotInStore, NotOldest, OnHold, OthersProperty
from mes.warehouse.refusals import NotALine, NotNeeded
from tests.mes.lineside import box, card
from tests.mes.warehouse import STOREKEEPER, arrange, issue, issue_is_refused, plan_card, split, where_is
from tests.plant import SAMPLE, SamplePlant


def test_a_whole_box_goes_to_the_line_of_the_operation_that_uses_it(plant: SamplePlant) -> None:
    code = plan_card(plant, "FG-1P-C16", "1200", "SO-2611-001")
    issued = issue(plant, "R260925-01", code)
    assert (issued.item, issued.quantity, issued.place) == ("PT-RV1", "43000 pcs", "LN-RIV")
    assert where_is(plant, "R260925-01") == [("LN-RIV", "accepted", 43000)]


def test_quantities_are_shown_in_the_stock_unit_of_the_item(plant: SamplePlant) -> None:
    assert issue(plant, "R261013-01", "LN-MLD").quantity == "310 kg"


def test_an_item_that_the_run_card_does_not_use_is_refused(plant: SamplePlant) -> None:
    code = card(plant, "SA-AC", "100")
    assert issue_is_refused(plant, "R261113-03", code, NotNeeded) == (NotNeeded(item="PT-ITL", card=code),)


def test_an_item_whose_operations_are_all_finished_is_refused(plant: SamplePlant) -> None:
    code = card(plant, "SA-AC", "100")
    end = text("UPDATE card_operation SET state = 'finished'")
    arrange(plant, lambda tx: tx.session.execute(end))
    issue_is_refused(plant, "R260817-01", code, NotNeeded)


def test_nothing_is_issued_to_a_run_card_that_is_complete(plant: SamplePlant) -> None:
    code = card(plant, "SA-AC", "100")
    arrange(plant, lambda tx: tx.session.execute(text("UPDATE run_card SET state = 'complete'")))
    issue_is_refused(plant, "R260817-01", code, CardClosed)


def test_an_item_that_no_operation_at_the_line_uses_is_refused(plant: SamplePlant) -> None:
    issue_is_refused(plant, "R260817-01", "LN-PKG", NotNeededAtStation)


def test_the_newest_process_documents_say_what_a_line_uses(plant: SamplePlant) -> None:
    sheets = read_plant(SAMPLE)
    without = tuple(row for row in sheets.bom if row.component != "PT-ITL")
    plant.accept("plant:import", source="new drawing", digest="", payload=replace(sheets, bom=without, plan=()))
    issue_is_refused(plant, "R261113-03", "LN-ASB", NotNeededAtStation)
    issue(plant, "R260706-01", "LN-ASB")


def test_goods_are_issued_to_lines_only(plant: SamplePlant) -> None:
    for place in ("ST-B01", "DCK-01", "HLD-01", "CUSTOMER"):
        issue_is_refused(plant, "R260817-01", place, NotALine)


def test_goods_that_left_the_store_are_not_issued_again(plant: SamplePlant) -> None:
    issue(plant, "R260817-01", "LN-ARC")
    issue_is_refused(plant, "R260817-01", "LN-ARC", NotInStore)


def test_goods_that_were_not_accepted_stay_where_they_are(plant: SamplePlant) -> None:
    for lot, line in (("R261117-02", "LN-BRZ"), ("R261113-04", "LN-WLD"), ("R261023-06", "LN-MEC")):
        issue_is_refused(plant, lot, line, NotAccepted, NotInStore)


def test_a_lot_on_hold_is_not_issued_and_does_not_block_the_next(plant: SamplePlant) -> None:
    hold = text("UPDATE lot SET hold_reason = 'supplier called' WHERE code = 'R260817-01'")
    arrange(plant, lambda tx: tx.session.execute(hold))
    issue_is_refused(plant, "R260817-01", "LN-ARC", OnHold)
    issue(plant, "R261008-02", "LN-ARC")


def test_every_reason_is_named_at_once(plant: SamplePlant) -> None:
    hold = text("UPDATE lot SET hold_reason = 'doubt' WHERE code = 'R261008-02'")
    arrange(plant, lambda tx: tx.session.execute(hold))
    issue_is_refused(plant, "R261008-02", "LN-PKG", OnHold, NotOldest, NotNeededAtStation)


def test_customer_property_goes_into_that_customers_orders(plant: SamplePlant) -> None:
    own_brand = plan_card(plant, "FG-1P-C16-K3", "720", "SO-2611-003")
    issue_is_refused(plant, "R261105-02", own_brand, NotOldest)
    assert issue(plant, "R260916-01", own_brand).place == "LN-ASA"


def test_customer_property_goes_to_no_line_and_to_no_other_order(plant: SamplePlant) -> None:
    issue_is_refused(plant, "R260916-01", "LN-ASA", OthersProperty)
    other = plan_card(plant, "FG-1P-C16", "1200", "SO-2611-001")
    issue_is_refused(plant, "R260916-01", other, OthersProperty, NotNeeded)


def test_customer_property_does_not_stand_in_the_way_of_our_own_stock(plant: SamplePlant) -> None:
    given = text("UPDATE lot SET owner_id = (SELECT id FROM customer WHERE code = 'C01') WHERE code = 'R260817-01'")
    arrange(plant, lambda tx: tx.session.execute(given))
    issue(plant, "R261008-02", "LN-ARC")


def test_the_property_of_another_customer_stands_in_nobodys_way(plant: SamplePlant) -> None:
    own_brand = plan_card(plant, "FG-1P-C16-K3", "720", "SO-2611-003")
    given = text("UPDATE lot SET owner_id = (SELECT id FROM customer WHERE code = 'C01') WHERE code = 'R260916-01'")
    arrange(plant, lambda tx: tx.session.execute(given))
    issue_is_refused(plant, "R260916-01", own_brand, OthersProperty)
    issue(plant, "R261105-02", own_brand)


def test_a_voided_label_is_refused_for_use(plant: SamplePlant) -> None:
    part = split(plant, "R260817-01", "1000")
    again = split(plant, part.label, "400")
    refused = issue_is_refused(plant, part.label, "LN-ARC", LabelVoided)
    assert refused[0].facts["label"] == part.label
    issue(plant, again.label, "LN-ARC")


def test_an_unknown_box_is_refused(plant: SamplePlant) -> None:
    issue_is_refused(plant, "R990101-01", "LN-ARC", UnknownCode)


def test_a_line_worker_takes_nothing_from_the_store(plant: SamplePlant) -> None:
    plant.refuse("stock:issue", NotAllowed, unit="R260817-01", to="LN-ARC", person="2009", station="ARC-1")


def test_the_supervisor_may_issue_when_no_storekeeper_is_there(plant: SamplePlant) -> None:
    plant.accept("stock:issue", unit="R260817-01", to="LN-ARC", person="1004", station="RAW-1")


def test_a_pending_lot_of_our_own_at_the_line_is_not_taken_for_stock(plant: SamplePlant) -> None:
    issue_is_refused(plant, "261120-MEC-01", "LN-ASA", NotAccepted, NotInStore)


def test_a_refused_issue_moves_nothing(plant: SamplePlant) -> None:
    lot = box(plant, "PT-SPL", "500", "ST-B07", age_days=1)
    issue_is_refused(plant, lot, "LN-ARC", NotOldest)
    assert where_is(plant, lot) == [("ST-B07", "accepted", 500)]


def test_the_door_keeps_who_issued_what_from_where(plant: SamplePlant) -> None:
    plant.accept("stock:issue", unit="R260817-01", to="LN-ARC", **STOREKEEPER)
    with plant.read() as session:
        line = session.execute(
            text(
                "SELECT badge, station.code, place.code, target.code FROM movement "
                "JOIN event ON event.id = event_id JOIN person ON person.id = person_id "
                "JOIN station ON station.id = station_id "
                "JOIN location AS place ON place.id = from_location_id "
                "JOIN location AS target ON target.id = to_location_id WHERE event.kind = 'stock:issue'"
            )
        ).one()
    assert tuple(line) == ("4001", "RAW-1", "ST-B04", "LN-ARC")
