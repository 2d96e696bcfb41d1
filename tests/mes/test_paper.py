"""What stands on material card, packing list and certificate is what the ledger, the order and the inspections say."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from mes.masters.model import Item
from mes.planning.model import SalesOrder
from mes.quality.certificate import certificate
from mes.shipping.packing_list import packing_list
from mes.stock.model import Lot
from mes.warehouse.material_card import material_card
from tests.mes.kiosk import BREAKER, at_step
from tests.mes.test_quality_commands import final
from tests.mes.test_shipping import ORDER, order, pick
from tests.mes.warehouse import SHIPPER, put_away, split
from tests.plant import SamplePlant


@pytest.fixture
def finals(plant: SamplePlant) -> Any:
    """A breaker's final inspection with 100 pieces waiting."""
    return at_step(plant, BREAKER, 70, 100)


def card_of(plant: SamplePlant, code: str, **how: Any) -> dict[str, Any]:
    with plant.read() as session:
        item = session.scalars(select(Item).where(Item.code == code)).one()
        return material_card(session, item, plant.now, **how)


def list_of(plant: SamplePlant, number: str) -> dict[str, Any]:
    with plant.read() as session:
        return packing_list(session, session.scalars(select(SalesOrder).where(SalesOrder.order_no == number)).one())


def test_the_ledger_ends_at_the_balance_and_every_line_follows_from_the_one_before(plant: SamplePlant) -> None:
    order(plant, 600)
    pick(plant, "261028-PKG-01")
    pick(plant, "261112-PKG-01")
    before = card_of(plant, "FG-1P-C16")
    plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    card = card_of(plant, "FG-1P-C16")
    stock = 0
    for line in card["movements"]:
        stock += int(line["in"] or 0) - int(line["out"] or 0)
        assert line["balance"] == str(stock)
    assert card["balance"] == f"{stock} pcs"
    assert [line["event"] for line in card["movements"]][-2:] == ["发运 shipped"] * 2
    assert int(before["balance"].split()[0]) - stock == 600


def test_a_card_of_the_last_movements_has_the_same_balances_as_the_whole_one(plant: SamplePlant) -> None:
    put_away(plant, "261028-PKG-01", "FGS-02")
    whole, last = card_of(plant, "FG-1P-C16"), card_of(plant, "FG-1P-C16", last=2)
    assert last["movements"] == whole["movements"][-2:]


def test_what_moves_inside_the_plant_changes_no_balance(plant: SamplePlant) -> None:
    put_away(plant, "261028-PKG-01", "FGS-02")
    line = card_of(plant, "FG-1P-C16")["movements"][-1]
    assert (line["in"], line["out"]) == ("", "")
    assert line["to"] == "FGS-02 accepted"


def test_a_card_names_every_place_with_its_lots_and_statuses(plant: SamplePlant) -> None:
    card = card_of(plant, "FG-1P-C16")
    assert {row["place"] for row in card["stock"]} == set(card["places"].split())
    total = sum(int(row["quantity"].split()[0]) for row in card["stock"])
    assert card["balance"] == f"{total} pcs"


def test_a_packing_list_shows_what_is_picked_and_after_shipping_the_same_as_shipped(plant: SamplePlant) -> None:
    order(plant, 600)
    pick(plant, "261028-PKG-01")
    pick(plant, "261112-PKG-01")
    picked = list_of(plant, ORDER)
    assert (picked["total"], picked["ordered"], picked["cartons"]) == ("600 pcs", "600 pcs", "2")
    assert picked["lots"] == "261028-PKG-01 (240 pcs), 261112-PKG-01 (360 pcs)"
    plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    shipped = list_of(plant, ORDER)
    assert (picked["state"], shipped["state"]) == ("已拣 picked", "已发 shipped")
    assert {**shipped, "state": ""} == {**picked, "state": ""}


def test_an_order_of_which_nothing_is_picked_has_an_empty_list(plant: SamplePlant) -> None:
    order(plant, 600)
    listed = list_of(plant, ORDER)
    assert (listed["boxes"], listed["total"], listed["cartons"]) == ([], "0 pcs", "0")


def test_a_box_that_was_split_is_listed_with_what_is_in_it(plant: SamplePlant) -> None:
    order(plant, 100)
    taken = split(plant, "261028-PKG-01", "100")
    pick(plant, taken.label)
    assert [box["quantity"] for box in list_of(plant, ORDER)["boxes"]] == ["100 pcs"]


def test_there_is_no_certificate_before_a_final_inspection_has_passed(finals: Any) -> None:
    lot = finals.operation.partition("+")[0]
    with finals.plant.read() as session:
        assert certificate(session, session.scalars(select(Lot).where(Lot.code == lot)).one()) is None


def test_a_certificate_says_what_was_accepted_by_whom_and_within_which_limits(finals: Any) -> None:
    final(finals, "97", "3")
    lot = finals.operation.partition("+")[0]
    with finals.plant.read() as session:
        said = certificate(session, session.scalars(select(Lot).where(Lot.code == lot)).one())
    assert said is not None
    assert (said["item"], said["lot"], said["quantity"]) == ("FG-1P-C16", lot, "97 pcs")
    assert said["inspector"].startswith("3")
    assert said["inspected_on"] == "2026-12-01"
    assert said["revision"]
    assert said["characteristics"]
    assert all(row["verdict"] == "合格" and int(row["pieces"]) >= 1 for row in said["characteristics"])
