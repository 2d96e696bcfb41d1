"""F6, P24: a pallet holds closed cartons of one place and one order, and goes as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from mes import codes
from mes.audit import audit
from mes.labelling.model import Label, PrintJob
from mes.masters.model import Printer, Station
from mes.packing.refusals import (
    AlreadyShipped,
    CartonAtFault,
    CartonElsewhere,
    CartonNotOnPallet,
    CartonOnPallet,
    CartonOpened,
    NotAPallet,
    NotInCarton,
    NotPicked,
    PalletEmpty,
    PalletOnPallet,
    PalletOpen,
    WholePallet,
)
from mes.planning.model import SalesOrder
from mes.queries.stock import StockFilter, stock
from mes.refusals import NotAllowed, Refusal
from mes.shipping.packing_list import packing_list
from mes.shipping.refusals import LessThanOrdered, PalletTooMuch, WrongItemForOrder
from mes.stock.model import Container, HandlingUnit, Lot
from mes.stock.refusals import BoxLocked, NotAccepted, NotOldest, OnHold, PickedAlready, WrongPlaceForStatus
from mes.terminal.reply import Reply
from mes.trace.resolving import resolve
from mes.trace.tracing import lots_of
from mes.warehouse.refusals import NotForPuttingAway, NotForRescue
from tests.engines import Fresh
from tests.mes.test_packing import empty_the_rack, first_article_passed, pack, ready_to_pack
from tests.mes.test_stock_gs1 import PREFIX, container, message
from tests.mes.test_terminal import say, signed_on, spoken
from tests.mes.warehouse import (
    SHIPPER,
    STOREKEEPER,
    arrange,
    in_a_carton,
    order_for,
    put_away,
    shipped_to,
    split,
    where_is,
)
from tests.plant import SamplePlant, fill

ORDER = "SO-TEST-1"
INSPECTOR = {"person": "3002", "station": "QC-1"}


class Packed:
    """A plant with four cartons of 120 breakers of one lot, the oldest there are, in the finished-goods store."""

    def __init__(self, plant: SamplePlant) -> None:
        self.plant = plant
        with plant.read() as session:
            rows = session.execute(
                select(Container.serial, Label.serial, Lot.code)
                .join(HandlingUnit, HandlingUnit.container_id == Container.id)
                .join(Lot, Lot.id == HandlingUnit.lot_id)
                .join(Label, (Label.holder_id == HandlingUnit.id) & Label.voided_at.is_(None))
                .order_by(Container.id)
            ).all()
        self.cartons, self.labels = [row[0] for row in rows], [row[1] for row in rows]
        self.lot = rows[0][2]

    def put(self, carton: str, pallet: str | None = None, **who: Any) -> Any:
        """Put a carton on a pallet; it must be allowed."""
        return self.plant.accept("packing:put_on_pallet", carton=carton, pallet=pallet, **(who or SHIPPER))

    def put_is_refused(self, carton: str, pallet: str | None, *reasons: type[Refusal]) -> tuple[Refusal, ...]:
        """It must not go on the pallet, for exactly these reasons."""
        return self.plant.refuse("packing:put_on_pallet", *reasons, carton=carton, pallet=pallet, **SHIPPER)

    def pallet(self, *cartons: str) -> str:
        """A closed pallet with these cartons."""
        serial = None
        for carton in cartons:
            serial = self.put(carton, serial).pallet
        assert serial is not None
        self.close(serial)
        return serial

    def close(self, pallet: str) -> Any:
        """Close a pallet; it must be allowed."""
        return self.plant.accept("packing:close_pallet", pallet=pallet, **SHIPPER)

    def off(self, carton: str) -> Any:
        """Take a carton off its pallet; it must be allowed."""
        return self.plant.accept("packing:take_off_pallet", carton=carton, **SHIPPER)

    def pick(self, goods: str, order: str = ORDER) -> Any:
        """Pick for an order; it must be allowed."""
        return self.plant.accept("shipping:pick", order=order, unit=goods, **SHIPPER)

    def pick_is_refused(self, goods: str, *reasons: type[Refusal], order: str = ORDER) -> tuple[Refusal, ...]:
        """It must not be picked, for exactly these reasons."""
        return self.plant.refuse("shipping:pick", *reasons, order=order, unit=goods, **SHIPPER)

    def order(self, quantity: int, number: str = ORDER, item: str = "FG-1P-C16") -> str:
        """An order of customer C01."""
        return order_for(self.plant, number, "C01", item, quantity)

    def places(self) -> list[str]:
        """Where the four boxes lie."""
        return [place for place, _, _ in where_is(self.plant, self.lot)]

    def labels_on(self, pallet: str) -> list[tuple[dict[str, str], bool]]:
        """Facts and validity of every label of a pallet, oldest first."""
        with self.plant.read() as session:
            rows = session.execute(
                select(Label.facts, Label.voided_at.is_(None))
                .join(Container, Container.id == Label.container_id)
                .where(Container.serial == pallet)
                .order_by(Label.id)
            )
            return [(json.loads(facts), valid) for facts, valid in rows]

    def findings(self) -> list[str]:
        """What the audit finds."""
        with self.plant.read() as session:
            return [one.check for one in audit(session)]


@pytest.fixture
def packed(fresh: Fresh) -> Iterator[Packed]:
    """Four cartons in the store."""
    plant = SamplePlant(fresh.filled("packed", fill_and_pack))
    yield Packed(plant)
    plant.close()


def fill_and_pack(url: str) -> None:
    """The imported plant with the cartons in it."""
    fill(url)
    plant = SamplePlant(url)
    stored(plant)
    plant.close()


def stored(plant: SamplePlant) -> Packed:
    """The same, for whoever has something to arrange before."""
    line = ready_to_pack(plant, 480)
    line.start()
    first_article_passed(plant)
    cartons = [pack(line, "120").container for _ in range(4)]
    empty_the_rack(plant)
    for carton in cartons:
        put_away(plant, carton, "FGS-01")
    return Packed(plant)


# --- putting on ------------------------------------------------------------------------------------------------------


def test_the_first_carton_begins_a_pallet_and_the_next_go_on_it(packed: Packed) -> None:
    first = packed.put(packed.cartons[0])
    second = packed.put(packed.cartons[1], first.pallet)
    assert (second.pallet, second.cartons) == (first.pallet, 2)
    assert first.pallet not in packed.cartons
    assert packed.findings() == []


def test_a_carton_is_put_on_by_its_own_code_or_by_the_label_of_its_box(packed: Packed) -> None:
    first = packed.put(packed.labels[0])
    assert (first.carton, first.cartons) == (packed.cartons[0], 1)


def test_an_open_pallet_is_taken_up_again_by_any_of_its_cartons(packed: Packed) -> None:
    first = packed.put(packed.cartons[0])
    again = packed.put(packed.cartons[0])
    assert (again.pallet, again.cartons) == (first.pallet, 1)


def test_a_carton_lies_on_one_pallet_only(packed: Packed) -> None:
    one, other = packed.pallet(packed.cartons[0]), packed.pallet(packed.cartons[1])
    refused = packed.put_is_refused(packed.cartons[0], other, CartonOnPallet)
    assert refused == (CartonOnPallet(carton=packed.cartons[0], pallet=one),)
    packed.put_is_refused(packed.cartons[0], one, CartonOnPallet)
    packed.put_is_refused(packed.cartons[0], None, CartonOnPallet)


def test_a_pallet_does_not_go_on_a_pallet(packed: Packed) -> None:
    one, other = packed.pallet(packed.cartons[0]), packed.pallet(packed.cartons[1])
    assert packed.put_is_refused(one, other, PalletOnPallet) == (PalletOnPallet(pallet=one),)
    packed.put_is_refused(one, None, PalletOnPallet)


def test_only_a_pallet_takes_cartons(packed: Packed) -> None:
    packed.put_is_refused(packed.cartons[0], packed.cartons[1], NotAPallet)
    packed.plant.refuse("packing:close_pallet", NotAPallet, pallet=packed.cartons[0], **SHIPPER)


def test_a_box_without_a_carton_and_an_opened_carton_stay_off(packed: Packed) -> None:
    packed.put_is_refused("261103-PKG-01", None, NotInCarton)
    split(packed.plant, packed.cartons[0], "20")
    packed.put_is_refused(packed.cartons[0], None, CartonOpened)


def test_a_carton_in_another_place_stays_off_and_both_places_are_named(packed: Packed) -> None:
    pallet = packed.pallet(packed.cartons[0])
    put_away(packed.plant, packed.cartons[1], "FGS-02")
    refused = packed.put_is_refused(packed.cartons[1], pallet, CartonElsewhere)
    assert refused == (CartonElsewhere(carton=packed.cartons[1], at="FGS-02", pallet=pallet, place="FGS-01"),)


def test_what_may_not_be_used_does_not_go_on_a_pallet(packed: Packed) -> None:
    packed.plant.accept("stock:rescue", unit=packed.cartons[0], to="HLD-02", reason="wet", **SHIPPER)
    packed.put_is_refused(packed.cartons[0], None, NotAccepted)
    packed.plant.accept("quality:hold", lot=packed.lot, reason="complaint", **INSPECTOR)
    packed.put_is_refused(packed.cartons[1], None, OnHold, NotAccepted, BoxLocked)


def test_what_was_shipped_stays_off_and_a_shipped_pallet_takes_and_loses_nothing(packed: Packed) -> None:
    packed.order(240)
    pallet = packed.pallet(packed.cartons[0])
    packed.pick(pallet)
    packed.pick(packed.cartons[1])
    packed.plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    gone = (AlreadyShipped(what=packed.cartons[1], order=ORDER),)
    assert packed.put_is_refused(packed.cartons[1], None, AlreadyShipped) == gone
    assert packed.put_is_refused(packed.cartons[2], pallet, AlreadyShipped) == (
        AlreadyShipped(what=pallet, order=ORDER),
    )
    packed.plant.refuse("packing:take_off_pallet", AlreadyShipped, carton=packed.cartons[0], **SHIPPER)
    packed.plant.refuse("packing:close_pallet", AlreadyShipped, pallet=pallet, **SHIPPER)
    assert packed.findings() == []


def test_a_pallet_is_for_one_order_or_for_none(packed: Packed) -> None:
    packed.order(240)
    free = packed.pallet(packed.cartons[2])
    packed.pick(packed.cartons[0])
    picked = packed.pallet(packed.cartons[0])
    refused = packed.put_is_refused(packed.cartons[0], free, CartonOnPallet, CartonElsewhere, PickedAlready)
    assert PickedAlready(lot=packed.lot, order=ORDER) in refused
    packed.put_is_refused(packed.cartons[3], picked, CartonElsewhere, NotPicked)


def test_palletising_is_work_of_hands_and_not_of_the_office(packed: Packed) -> None:
    packed.plant.refuse("packing:put_on_pallet", NotAllowed, carton=packed.cartons[0], person="1002", station="OFFICE")
    packed.put(packed.cartons[0], person="2009", station="PKG-1")


# --- the label -------------------------------------------------------------------------------------------------------


def test_closing_prints_what_is_on_the_pallet_on_white_paper(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:3])
    ((facts, valid),) = packed.labels_on(pallet)
    assert valid
    assert facts["container"] == pallet
    assert facts["cartons"] == "3 箱 cartons"
    assert facts["contents"] == f"FG-1P-C16 {packed.lot} 360 pcs"
    assert (facts["item"], facts["lot"], facts["count"]) == ("FG-1P-C16", packed.lot, "360")
    assert {"order", "customer", "sscc", "gtin"} & facts.keys() == set()
    with packed.plant.read() as session:
        job = session.scalars(select(PrintJob).where(PrintJob.layout == "pallet")).one()
        assert (job.stock, job.title) == ("white", f"{pallet} 3 箱 cartons")


def test_an_open_pallet_has_no_label_and_closing_again_makes_a_new_one(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    packed.put(packed.cartons[2], pallet)
    assert [valid for _, valid in packed.labels_on(pallet)] == [False]
    closed = packed.close(pallet)
    assert (closed.cartons, closed.lots, closed.order) == (3, packed.lot, None)
    assert [(facts["cartons"][:1], valid) for facts, valid in packed.labels_on(pallet)] == [("2", False), ("3", True)]
    assert packed.findings() == []


def test_a_pallet_of_picked_cartons_names_order_and_customer(packed: Packed) -> None:
    packed.order(240)
    pallet = packed.pallet(*packed.cartons[:2])
    packed.pick(pallet)
    assert packed.close(pallet).order == ORDER
    facts, _ = packed.labels_on(pallet)[-1]
    assert facts["order"] == ORDER
    assert facts["customer"].startswith("C01 ")


def test_an_empty_pallet_is_not_closed(packed: Packed) -> None:
    pallet = packed.put(packed.cartons[0]).pallet
    packed.off(packed.cartons[0])
    packed.plant.refuse("packing:close_pallet", PalletEmpty, pallet=pallet, **SHIPPER)


def test_with_a_company_prefix_the_label_says_content_and_lot_of_one_item_and_one_lot(plant: SamplePlant) -> None:
    arrange(plant, lambda tx: tx.session.execute(text("UPDATE plant SET gs1_prefix = :p"), {"p": PREFIX}))
    packed = stored(plant)
    pallet = packed.pallet(*packed.cartons[:2])
    facts, _ = packed.labels_on(pallet)[-1]
    assert facts["sscc"].startswith(f"1{PREFIX}")
    assert (facts["gtin"], facts["count"], facts["lot"]) == ("02000026001010", "240", packed.lot)


@pytest.mark.parametrize(
    ("lot", "said"),
    [("261112-PKG-01", {"gtin", "count"}), ("261103-PKG-01", set())],
    ids=["two lots of one item", "two items"],
)
def test_a_mixed_pallet_says_in_gs1_only_what_is_true_of_all_of_it(
    plant: SamplePlant, lot: str, said: set[str]
) -> None:
    arrange(plant, lambda tx: tx.session.execute(text("UPDATE plant SET gs1_prefix = :p"), {"p": PREFIX}))
    mixed = in_a_carton(plant, lot, "C-2")
    packed = Packed.__new__(Packed)
    packed.plant = plant
    pallet = packed.pallet(in_a_carton(plant, "261028-PKG-01", "C-1"), mixed)
    facts, _ = packed.labels_on(pallet)[-1]
    assert facts.keys() & {"gtin", "count", "lot", "expires_on"} == said
    assert facts["contents"].count("PKG-01") == 2


# --- taking off and moving -------------------------------------------------------------------------------------------


def test_a_carton_taken_off_leaves_the_pallet_open(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    off = packed.off(packed.cartons[0])
    assert (off.pallet, off.cartons) == (pallet, 1)
    assert [valid for _, valid in packed.labels_on(pallet)] == [False]
    packed.plant.refuse("packing:take_off_pallet", CartonNotOnPallet, carton=packed.cartons[0], **SHIPPER)
    put_away(packed.plant, packed.cartons[0], "FGS-02")


def test_a_pallet_moves_as_a_whole(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:3])
    stored_at = put_away(packed.plant, pallet, "FGS-03")
    assert (stored_at.lot, stored_at.place, stored_at.status) == (packed.lot, "FGS-03", "accepted")
    assert packed.places() == ["FGS-03", "FGS-03", "FGS-03", "FGS-01"]


def test_a_carton_on_a_pallet_does_not_go_alone(packed: Packed) -> None:
    packed.order(480)
    carton, pallet = packed.cartons[0], packed.pallet(*packed.cartons[:2])
    alone = CartonOnPallet(carton=carton, pallet=pallet)
    how = {"unit": carton, **STOREKEEPER}
    assert packed.plant.refuse("stock:put_away", CartonOnPallet, to="FGS-02", **how) == (alone,)
    assert packed.plant.refuse("stock:split", CartonOnPallet, quantity="20", **how) == (alone,)
    assert packed.pick_is_refused(carton, CartonOnPallet) == (alone,)
    assert alone in packed.plant.do("stock:issue", to="LN-PKG", **how).reasons
    packed.pick(pallet)
    packed.plant.refuse("shipping:unpick", CartonOnPallet, order=ORDER, unit=packed.labels[0], **SHIPPER)
    assert packed.places() == ["DCK-01", "DCK-01", "FGS-01", "FGS-01"]


def test_a_carton_on_a_pallet_is_not_opened_at_the_line(packed: Packed) -> None:
    pallet = packed.pallet(packed.cartons[0])
    loaded = packed.plant.do("production:load", unit=packed.labels[0], person="2009", station="PKG-1")
    assert CartonOnPallet(carton=packed.cartons[0], pallet=pallet) in loaded.reasons


def test_rescue_takes_a_carton_off_its_pallet(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    packed.plant.accept("stock:rescue", unit=packed.labels[0], to="HLD-02", reason="wet", **SHIPPER)
    assert packed.places() == ["HLD-02", "FGS-01", "FGS-01", "FGS-01"]
    assert packed.close(pallet).cartons == 1
    assert packed.findings() == []


def test_a_missing_carton_is_taken_off_its_pallet_before_it_is_counted_elsewhere(packed: Packed) -> None:
    plant, (first, second, *_) = packed.plant, packed.cartons
    packed.put(second, packed.put(first).pallet)
    plant.accept("stock:not_found", unit_lot=packed.lot, place="FGS-01", **SHIPPER)
    count = {"unit": first, "quantity": "120", "person": "4002", "station": "FGS-1"}
    plant.refuse("stock:count", CartonOnPallet, place="FGS-02", **count)
    plant.accept("packing:take_off_pallet", carton=first, person="4002", station="FGS-1")
    plant.accept("stock:count", place="FGS-02", **count)
    plant.accept("stock:count", place="FGS-01", **{**count, "unit": second})


def test_a_whole_pallet_is_rescued_and_stays_one(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    packed.plant.accept("stock:rescue", unit=pallet, to="HLD-02", reason="wet", **SHIPPER)
    assert where_is(packed.plant, packed.lot)[:2] == [("HLD-02", "pending", 120)] * 2
    assert [valid for _, valid in packed.labels_on(pallet)] == [True]
    assert packed.findings() == []


def test_one_carton_that_may_not_lie_there_keeps_the_whole_pallet(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:3])
    packed.plant.accept("quality:nonconforming", unit=packed.labels[1], reason="scratched", **INSPECTOR)
    refused = packed.plant.refuse(
        "stock:put_away", WrongPlaceForStatus, CartonAtFault, unit=pallet, to="FGS-02", **STOREKEEPER
    )
    assert refused[-1] == CartonAtFault(pallet=pallet, carton=packed.cartons[1])
    assert packed.places() == ["FGS-01"] * 4


def test_where_one_box_is_asked_for_a_pallet_is_refused(packed: Packed) -> None:
    pallet = packed.pallet(packed.cartons[0])
    how = {"unit": pallet, **STOREKEEPER}
    assert packed.plant.refuse("stock:split", WholePallet, quantity="20", **how) == (WholePallet(pallet=pallet),)


# --- shipping --------------------------------------------------------------------------------------------------------


def test_a_pallet_scan_picks_and_ships_all_its_cartons(packed: Packed) -> None:
    packed.order(360)
    pallet = packed.pallet(*packed.cartons[:3])
    picked = packed.pick(pallet)
    assert (picked.lot, picked.quantity, picked.place, picked.left) == (packed.lot, "360 pcs", "DCK-01", "0 pcs")
    packed.plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    assert shipped_to(packed.plant, ORDER) == 360
    assert packed.places() == ["FGS-01"]
    assert packed.findings() == []


def test_a_pallet_with_too_much_is_refused_as_a_whole(packed: Packed) -> None:
    packed.order(240)
    pallet = packed.pallet(*packed.cartons[:3])
    refused = packed.pick_is_refused(pallet, PalletTooMuch)
    assert refused == (PalletTooMuch(order=ORDER, left="240 pcs", pallet=pallet, has="360 pcs"),)
    assert packed.places() == ["FGS-01"] * 4


def test_a_pallet_with_another_item_is_refused_as_a_whole(plant: SamplePlant) -> None:
    right, wrong = in_a_carton(plant, "261028-PKG-01", "C-1"), in_a_carton(plant, "261103-PKG-01", "C-2")
    packed = Packed.__new__(Packed)
    packed.plant = plant
    packed.order(360)
    pallet = packed.pallet(right, wrong)
    refused = packed.pick_is_refused(pallet, WrongItemForOrder, CartonAtFault)
    assert refused[-1] == CartonAtFault(pallet=pallet, carton=wrong)
    assert where_is(plant, "261028-PKG-01") == [("FGS-01", "accepted", 240)]


def test_a_younger_pallet_waits_and_one_that_holds_the_oldest_goes_in_its_order(plant: SamplePlant) -> None:
    packed = Packed.__new__(Packed)
    packed.plant = plant
    packed.order(600)
    young = packed.pallet(in_a_carton(plant, "261112-PKG-01", "C-2"))
    packed.pick_is_refused(young, NotOldest, CartonAtFault)
    packed.put(in_a_carton(plant, "261028-PKG-01", "C-1"), young)
    packed.close(young)
    assert packed.pick(young).left == "0 pcs"


def test_an_open_pallet_is_neither_picked_nor_shipped(packed: Packed) -> None:
    packed.order(240)
    pallet = packed.pallet(*packed.cartons[:2])
    packed.off(packed.cartons[1])
    assert packed.pick_is_refused(pallet, PalletOpen) == (PalletOpen(pallet=pallet),)
    packed.put(packed.cartons[1], pallet)
    packed.close(pallet)
    packed.pick(pallet)
    packed.off(packed.cartons[1])
    assert packed.plant.refuse("shipping:ship", PalletOpen, order=ORDER, **SHIPPER) == (PalletOpen(pallet=pallet),)
    packed.close(pallet)
    packed.plant.accept("shipping:ship", order=ORDER, **SHIPPER)


def test_a_pallet_is_taken_back_out_of_an_order_as_a_whole(packed: Packed) -> None:
    packed.order(240)
    pallet = packed.pallet(*packed.cartons[:2])
    packed.pick(pallet)
    back = packed.plant.accept("shipping:unpick", order=ORDER, unit=pallet, **SHIPPER)
    assert (back.quantity, back.left) == ("240 pcs", "240 pcs")
    assert [valid for _, valid in packed.labels_on(pallet)] == [True]
    packed.plant.refuse("shipping:unpick", NotPicked, order=ORDER, unit=pallet, **SHIPPER)
    packed.plant.refuse("shipping:ship", LessThanOrdered, order=ORDER, **SHIPPER)
    put_away(packed.plant, pallet, "FGS-02")


@pytest.mark.parametrize("how", ["unpicked", "rescued"])
def test_a_label_that_names_an_order_is_void_once_the_pallet_is_out_of_it(packed: Packed, how: str) -> None:
    packed.order(240)
    pallet = packed.pallet(*packed.cartons[:2])
    packed.pick(pallet)
    packed.close(pallet)
    if how == "unpicked":
        packed.plant.accept("shipping:unpick", order=ORDER, unit=pallet, **SHIPPER)
    else:
        packed.plant.accept("stock:rescue", unit=pallet, to="HLD-02", reason="wet", **SHIPPER)
    assert not any(valid for _, valid in packed.labels_on(pallet))
    assert packed.close(pallet).order is None
    assert packed.findings() == []


def test_a_place_that_takes_no_goods_is_named_once_and_no_carton_with_it(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    packed.plant.refuse("stock:put_away", NotForPuttingAway, unit=pallet, to="DCK-01", **STOREKEEPER)
    packed.plant.refuse("stock:rescue", NotForRescue, unit=pallet, to="FGS-02", **SHIPPER)


# --- what others see -------------------------------------------------------------------------------------------------


def test_stock_trace_and_packing_list_show_cartons_and_name_their_pallet(packed: Packed) -> None:
    packed.order(240)
    pallet = packed.pallet(packed.cartons[0])
    expected = [pallet, None, None, None]
    with packed.plant.read() as session:
        assert [row.pallet for row in stock(session, StockFilter(lot=packed.lot))] == expected
        (node,) = lots_of(session, packed.lot)
        assert sorted((here.container or "", here.pallet) for here in node.on_hand) == sorted(
            zip(packed.cartons, expected, strict=True)
        )
    packed.pick(pallet)
    packed.pick(packed.cartons[1])
    assert listed(packed) == [(packed.cartons[0], pallet), (packed.cartons[1], "")]
    packed.plant.accept("shipping:ship", order=ORDER, **SHIPPER)
    assert listed(packed) == [(packed.cartons[0], pallet), (packed.cartons[1], "")]


def listed(packed: Packed) -> list[tuple[str, str]]:
    """Carton and pallet of every row of the packing list."""
    with packed.plant.read() as session:
        order = session.scalars(select(SalesOrder).where(SalesOrder.order_no == ORDER)).one()
        return [(row["container"], row["pallet"]) for row in packing_list(session, order)["boxes"]]


def test_a_trace_starts_from_a_pallet_by_code_sscc_or_label(plant: SamplePlant) -> None:
    arrange(plant, lambda tx: tx.session.execute(text("UPDATE plant SET gs1_prefix = :p"), {"p": PREFIX}))
    packed = stored(plant)
    pallet = packed.pallet(packed.cartons[0])
    label = packed.close(pallet).label
    number = container(plant, pallet).sscc or ""
    with plant.read() as session:
        found = [resolve(session, code).lots for code in (packed.lot, pallet, carton(pallet), message(number), label)]
    assert len(set(found)) == 1


def test_what_waits_for_a_pallet_prints_where_somebody_asks_by_pallet_or_carton(packed: Packed) -> None:
    arrange(packed.plant, printer_at_the_dock)
    packed.order(240)
    pallet = packed.pallet(packed.cartons[1])
    packed.pick(pallet)
    for asked in (pallet, packed.labels[1]):
        arrange(packed.plant, lambda tx: tx.session.execute(text("UPDATE print_job SET station_id = NULL")))
        packed.plant.accept("label:print_here", unit=asked, **SHIPPER)
        with packed.plant.read() as session:
            jobs = session.scalars(select(PrintJob).where(PrintJob.station_id.is_not(None))).all()
            assert "pallet" in {job.layout for job in jobs}
            assert all(json.loads(job.facts)["container"] == pallet for job in jobs if job.layout == "pallet")


def printer_at_the_dock(tx: Any) -> None:
    """A printer stands at DOCK-1."""
    dock = tx.session.scalars(select(Station).where(Station.code == "DOCK-1")).one()
    tx.session.add(
        Printer(code="PR-DOCK", station_id=dock.id, language="zpl", width_mm=100, dpi=203, loaded_stock="white")
    )


# --- the terminals ---------------------------------------------------------------------------------------------------


def word(text: str) -> str:
    """A word of the command sheet."""
    return codes.encode(codes.CommandCode(text))


def carton(serial: str) -> str:
    """What is scanned on a carton or pallet."""
    return codes.encode(codes.ContainerCode(serial))


def scan(plant: SamplePlant, station: str, *scanned: str) -> Reply:
    """Scan these one after the other; all of them must be accepted. Returns the last reply."""
    for one in scanned:
        reply = say(plant.later(5), station, one)
        assert reply.result == "accepted", reply.headline
    return reply


def test_at_the_dock_a_pallet_is_begun_filled_closed_and_shipped_with_one_scan(packed: Packed) -> None:
    packed.order(240)
    plant = signed_on(packed.plant, "DOCK-1", "4003")
    assert "cartons onto the pallet" in scan(plant, "DOCK-1", word("PALLET")).expects.en
    scan(plant, "DOCK-1", carton(packed.cartons[0]), f"1J{packed.labels[1]}")
    closed = scan(plant, "DOCK-1", word("DONE"))
    (pallet,) = pallets_of(plant)
    assert closed.headline.en == f"Pallet {pallet} closed: 2 cartons"
    scan(plant, "DOCK-1", f"K{ORDER}", carton(pallet), word("SHIP"))
    assert shipped_to(plant, ORDER) == 240


def test_at_packing_cartons_go_on_a_pallet_and_everything_else_means_what_it_did(packed: Packed) -> None:
    plant = signed_on(packed.plant, "PKG-1", "2009")
    assert spoken(say(plant, "PKG-1", carton(packed.cartons[0]))) == ["not_expected_here"]
    scan(plant, "PKG-1", word("PALLET"), carton(packed.cartons[0]))
    assert "product" in scan(plant, "PKG-1", "]C10102000026001010").headline.en.lower()
    scan(plant, "PKG-1", carton(packed.cartons[1]))
    assert spoken(say(plant.later(5), "PKG-1", carton(packed.cartons[1]))) == ["carton_on_pallet"]
    scan(plant, "PKG-1", word("PALLET"), carton(packed.cartons[2]), word("DONE"))
    first, second = pallets_of(plant)
    assert [len(packed.labels_on(one)) for one in (first, second)] == [1, 1]


def test_offpallet_takes_cartons_off_and_done_closes_what_is_left(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    plant = signed_on(packed.plant, "DOCK-1", "4003")
    scan(plant, "DOCK-1", word("OFFPALLET"), carton(packed.cartons[0]), word("DONE"))
    assert [facts["cartons"][:1] for facts, valid in packed.labels_on(pallet) if valid] == ["1"]
    scan(plant, "DOCK-1", word("OFFPALLET"), carton(packed.cartons[1]), word("DONE"))
    assert packed.findings() == []


def test_a_pallet_is_taken_up_again_by_its_code(packed: Packed) -> None:
    pallet = packed.pallet(packed.cartons[0])
    plant = signed_on(packed.plant, "DOCK-1", "4003")
    scan(plant, "DOCK-1", word("PALLET"), carton(pallet), carton(packed.cartons[1]))
    assert spoken(say(plant, "DOCK-1", carton(pallet))) == ["pallet_on_pallet"]
    scan(plant, "DOCK-1", word("DONE"))
    assert [facts["cartons"][:1] for facts, valid in packed.labels_on(pallet) if valid] == ["2"]


def test_unpick_means_the_next_carton_even_while_a_pallet_is_in_hand(packed: Packed) -> None:
    packed.order(240)
    plant = signed_on(packed.plant, "DOCK-1", "4003")
    scan(plant, "DOCK-1", f"K{ORDER}", carton(packed.cartons[0]), word("PALLET"))
    scan(plant, "DOCK-1", word("UNPICK"), carton(packed.cartons[0]), carton(packed.cartons[0]), word("DONE"))
    assert len(pallets_of(plant)) == 1


def test_at_the_store_a_pallet_is_put_away_and_rescued_with_one_scan(packed: Packed) -> None:
    pallet = packed.pallet(*packed.cartons[:2])
    plant = signed_on(packed.plant, "FGS-1", "4001")
    scan(plant, "FGS-1", "LFGS-02", carton(pallet))
    assert packed.places() == ["FGS-02", "FGS-02", "FGS-01", "FGS-01"]
    scan(plant, "FGS-1", word("RESCUE"), "LHLD-02", carton(pallet))
    assert packed.places() == ["HLD-02", "HLD-02", "FGS-01", "FGS-01"]


def test_a_pallet_with_an_sscc_goes_on_and_off_by_it(plant: SamplePlant) -> None:
    arrange(plant, lambda tx: tx.session.execute(text("UPDATE plant SET gs1_prefix = :p"), {"p": PREFIX}))
    packed = stored(plant)
    packed.order(240)
    signed_on(plant, "DOCK-1", "4003")
    gs1 = [message(container(plant, one).sscc or "") for one in packed.cartons]
    scan(plant, "DOCK-1", word("PALLET"), *gs1[:2], word("DONE"))
    (pallet,) = pallets_of(plant)
    scan(plant, "DOCK-1", f"K{ORDER}", message(container(plant, pallet).sscc or ""), word("SHIP"))
    assert shipped_to(plant, ORDER) == 240


def pallets_of(plant: SamplePlant) -> list[str]:
    """Every pallet there ever was, oldest first."""
    with plant.read() as session:
        return list(session.scalars(select(Container.serial).where(Container.kind == "pallet").order_by(Container.id)))


# --- the audit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (
            "UPDATE container SET pallet_id = (SELECT min(id) FROM container WHERE kind = 'carton') "
            "WHERE serial = :other",
            "a_carton_lies_on_a_pallet_and_a_box_in_a_carton",
        ),
        (
            "UPDATE container SET pallet_id = (SELECT id FROM container WHERE kind = 'pallet') WHERE serial = :other",
            "a_pallet_stands_in_one_place",
        ),
        (
            "UPDATE handling_unit SET order_id = (SELECT max(id) FROM sales_order) WHERE container_id = "
            "(SELECT id FROM container WHERE serial = :first)",
            "a_pallet_leaves_as_a_whole",
        ),
        (
            "UPDATE container SET sealed_at = NULL WHERE kind = 'pallet' AND serial <> :first",
            "a_closed_pallet_has_one_label_and_an_open_one_none",
        ),
    ],
)
def test_the_audit_finds_a_pallet_that_is_not_in_order(packed: Packed, damage: str, check: str) -> None:
    packed.pallet(*packed.cartons[:2])
    put_away(packed.plant, packed.cartons[3], "FGS-02")
    assert packed.findings() == []
    facts = {
        name: value
        for name, value in (("first", packed.cartons[0]), ("other", packed.cartons[3]))
        if f":{name}" in damage
    }
    arrange(packed.plant, lambda tx: tx.session.execute(text(damage), facts))
    assert packed.findings() == [check]


@pytest.mark.parametrize("wrong", ["'pallet'", "'crate'"])
def test_the_database_itself_knows_that_only_cartons_lie_on_pallets(packed: Packed, wrong: str) -> None:
    packed.pallet(packed.cartons[0])
    stacked = text(f"UPDATE container SET kind = {wrong} WHERE pallet_id IS NOT NULL")  # noqa: S608
    with pytest.raises(IntegrityError, match=r"only_a_carton_lies_on_a_pallet|a_container_is_of_a_known_kind"):
        arrange(packed.plant, lambda tx: tx.session.execute(stacked))
