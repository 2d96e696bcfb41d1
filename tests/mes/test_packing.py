"""F6, P20: finished units go into cartons to stock, never more than fit, never under another product's code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from mes.labelling.model import Label
from mes.masters.model import Station
from mes.masters.refusals import QuantityNotWhole
from mes.packing.refusals import MoreThanCarton, ProductCodeMissing, WrongProductCode
from mes.production import work
from mes.production.model import CardOperation, RunCard
from mes.production.refusals import (
    FinalInspectionOpen,
    FirstArticleOpen,
    MaterialShort,
    MoreThanCard,
    NotStarted,
    PreviousNotReady,
    WrongWorkCenter,
)
from mes.refusals import NotAllowed, Refusal
from mes.stock import ledger
from mes.stock.model import Container
from mes.stock.refusals import LabelVoided, OnHold, OpenedBoxFirst
from mes.stock.status import Status
from mes.terminal.screen import screen_of
from mes.transaction import Transaction
from tests.engines import Fresh
from tests.mes.lineside import Line, lines_of
from tests.mes.test_terminal import say
from tests.mes.warehouse import (
    SHIPPER,
    STOREKEEPER,
    arrange,
    labels_of,
    order_for,
    plan_card,
    put_away,
    split,
    where_is,
)
from tests.plant import SamplePlant, fill

GTIN = "02000026001010"
PACKER = {"person": "2009", "station": "PKG-1"}


@pytest.fixture
def packing(fresh: Fresh) -> Iterator[Line]:
    """The packing of a card of 480 breakers, all of them accepted by final inspection; materials lie loaded."""
    plant = SamplePlant(fresh.filled("packing", fill_and_start))
    with plant.read() as session:
        code = session.scalars(select(RunCard.code)).one()
    yield lines_of(plant, code)[-1]
    plant.close()


def fill_and_start(url: str) -> None:
    """The imported plant with that packing at work."""
    fill(url)
    plant = SamplePlant(url)
    ready_to_pack(plant, 480).start()
    first_article_passed(plant)
    plant.close()


def ready_to_pack(plant: SamplePlant, accepted: int) -> Line:
    """The packing operation of a card of which final inspection has accepted so many."""
    lines = lines_of(plant, plan_card(plant, "FG-1P-C16", "480", "SO-2611-001"))
    arrange(plant, accept_all(lines[-2].operation, accepted))
    lines[-1].load_all("1000")
    return lines[-1]


def accept_all(operation: str, quantity: int) -> Callable[[Transaction], None]:
    """What a signed final inspection leaves behind at its operation."""

    def accept(tx: Transaction) -> None:
        card, _, seq = operation.partition("+")
        final = tx.session.scalars(
            select(CardOperation)
            .join(RunCard, RunCard.id == CardOperation.card_id)
            .where(RunCard.code == card, CardOperation.seq == int(seq))
        ).one()
        final.state = "finished"
        accepted = work.end_at(tx, final, Status.ACCEPTED)
        ledger.move(tx, final.card.lot, quantity, ledger.outside(tx, "PRODUCTION"), accepted)

    return accept


def first_article_passed(plant: SamplePlant) -> None:
    """Let the packing's first article be signed."""
    passed = text(
        "UPDATE inspection SET state = 'passed', signed_at = opened_at, after_report = NULL "
        "WHERE stage = 'first_article'"
    )
    running = text("UPDATE card_operation SET state = 'running' WHERE state = 'setup'")
    arrange(plant, lambda tx: (tx.session.execute(passed), tx.session.execute(running)))


def pack(line: Line, quantity: str, product: str | None = GTIN) -> Any:
    """The packer closes a carton; it must be allowed."""
    return line.plant.accept("packing:pack", operation=line.operation, quantity=quantity, product=product, **PACKER)


def pack_is_refused(
    line: Line, quantity: str, *reasons: type[Refusal], product: str | None = GTIN
) -> tuple[Refusal, ...]:
    """The packer must not close the carton, for exactly these reasons."""
    return line.plant.refuse(
        "packing:pack", *reasons, operation=line.operation, quantity=quantity, product=product, **PACKER
    )


def test_a_carton_holds_what_was_packed_and_stands_at_the_line(packing: Line) -> None:
    packed = pack(packing, "120")
    assert (packed.item, packed.quantity, packed.place) == ("FG-1P-C16", "120 pcs", "LN-PKG")
    assert where_is(packing.plant, packed.lot) == [("LN-PKG", "accepted", 120)]


def test_a_carton_bears_a_blue_mark_and_a_label_of_its_own(packing: Line) -> None:
    packed = pack(packing, "120")
    assert labels_of(packing.plant, packed.lot) == [(packed.label, "blue", True)]
    with packing.plant.read() as session:
        outer = session.scalars(
            select(Label)
            .join(Container, Container.id == Label.container_id)
            .where(Container.serial == packed.container)
        ).one()
        assert (outer.layout, outer.stock) == ("carton", "white")


def test_packing_draws_its_material_and_writes_genealogy(packing: Line) -> None:
    drawn = {item: quantity for item, _, quantity in pack(packing, "120").consumed}
    assert drawn["PK-BX1"] == "10 pcs"
    assert drawn["PK-CTN"] == "1 pcs"
    with packing.plant.read() as session:
        assert session.scalar(text("SELECT count(*) FROM edge")) == len(drawn)


def test_a_scanned_carton_stands_for_its_box(packing: Line) -> None:
    packed = pack(packing, "120")
    put_away(packing.plant, packed.container, "FGS-01")
    put_away(packing.plant, packed.label, "FGS-02")
    assert where_is(packing.plant, packed.lot) == [("FGS-02", "accepted", 120)]


def test_the_product_code_on_the_box_is_that_of_the_item_on_the_card(packing: Line) -> None:
    refused = pack_is_refused(packing, "120", WrongProductCode, product="02000026001027")
    assert refused == (WrongProductCode(scanned="02000026001027", expected=GTIN),)
    pack(packing, "120", product=GTIN.lstrip("0"))


def test_a_quantity_alone_packs_nothing_without_the_product_code(packing: Line) -> None:
    refused = pack_is_refused(packing, "120", ProductCodeMissing, product=None)
    assert refused == (ProductCodeMissing(item="FG-1P-C16", expected=GTIN),)


def test_a_carton_holds_no_more_than_it_was_made_for(packing: Line) -> None:
    refused = pack_is_refused(packing, "121", MoreThanCarton)
    assert refused == (MoreThanCarton(item="FG-1P-C16", pack="120 pcs", asked="121 pcs"),)


def test_a_last_carton_may_hold_less(packing: Line) -> None:
    assert pack(packing, "7").quantity == "7 pcs"


def test_no_more_is_packed_than_final_inspection_accepted(plant: SamplePlant) -> None:
    line = ready_to_pack(plant, 130)
    line.start()
    first_article_passed(plant)
    pack(line, "120")
    pack_is_refused(line, "11", PreviousNotReady)
    pack(line, "10")


def test_nothing_is_packed_without_materials(packing: Line) -> None:
    gone = text("UPDATE loaded SET unloaded_at = loaded_at WHERE item_id = (SELECT id FROM item WHERE code = 'PK-CTN')")
    arrange(packing.plant, lambda tx: tx.session.execute(gone))
    refused = pack_is_refused(packing, "120", MaterialShort)
    assert refused[0].facts["item"] == "PK-CTN"


def test_nothing_is_packed_before_the_first_article_is_signed(plant: SamplePlant) -> None:
    line = ready_to_pack(plant, 480)
    line.start()
    pack_is_refused(line, "120", FirstArticleOpen)
    pack_is_refused(line, "5", FirstArticleOpen)


def test_the_pieces_of_the_first_article_go_into_the_first_carton(plant: SamplePlant) -> None:
    line = ready_to_pack(plant, 480)
    line.start()
    line.report("5")
    first_article_passed(plant)
    pack(line, "120")
    with plant.read() as session:
        reported = session.scalars(text("SELECT good FROM report ORDER BY id")).all()
    assert list(reported) == [5, 115]


def test_a_carton_of_first_article_pieces_alone_draws_nothing_twice(plant: SamplePlant) -> None:
    line = ready_to_pack(plant, 480)
    line.start()
    line.report("5")
    first_article_passed(plant)
    assert pack(line, "4").consumed == ()
    assert [quantity for *_, quantity in where_is(plant, line.operation.partition("+")[0])] == [4]


def test_packing_is_started_like_any_other_operation(plant: SamplePlant) -> None:
    pack_is_refused(ready_to_pack(plant, 480), "120", NotStarted)


def test_only_what_final_inspection_released_is_packed(plant: SamplePlant) -> None:
    assembly = lines_of(plant, plan_card(plant, "FG-1P-C16", "480", "SO-2611-001"))[0]
    assembly.load_all("2000")
    assembly.start()
    plant.refuse(
        "packing:pack",
        FinalInspectionOpen,
        FirstArticleOpen,
        operation=assembly.operation,
        quantity="5",
        product=GTIN,
        person="2009",
        station="ASA-1",
    )


def test_a_batch_on_hold_is_not_packed(packing: Line) -> None:
    hold = text("UPDATE lot SET hold_reason = 'doubt' WHERE origin = 'made'")
    arrange(packing.plant, lambda tx: tx.session.execute(hold))
    pack_is_refused(packing, "120", OnHold)


def test_every_reason_is_named_at_once(packing: Line) -> None:
    packing.plant.refuse(
        "packing:pack",
        WrongProductCode,
        MoreThanCarton,
        MoreThanCard,
        PreviousNotReady,
        WrongWorkCenter,
        operation=packing.operation,
        quantity="481",
        product="123",
        person="2009",
        station="ASA-1",
    )


def test_a_carton_of_nothing_is_refused(packing: Line) -> None:
    pack_is_refused(packing, "0", QuantityNotWhole)


def test_packing_is_work_of_the_workshop(packing: Line) -> None:
    packing.plant.refuse("packing:pack", NotAllowed, operation=packing.operation, quantity="120", **STOREKEEPER)


def test_an_opened_carton_is_shipped_before_a_closed_one_of_its_lot(packing: Line) -> None:
    plant, full, opened = packing.plant, pack(packing, "120"), pack(packing, "120")
    empty_the_rack(plant)
    for carton in (full, opened):
        put_away(plant, carton.container, "FGS-01")
    part = split(plant, opened.container, "20")
    order_for(plant, "SO-TEST-1", "C01", "FG-1P-C16", 240)
    refused = plant.refuse("shipping:pick", OpenedBoxFirst, order="SO-TEST-1", unit=full.container, **SHIPPER)
    assert refused[0].facts["place"] == "FGS-01"
    for unit in (part.label, opened.container, full.container):
        plant.accept("shipping:pick", order="SO-TEST-1", unit=unit, **SHIPPER)


def empty_the_rack(plant: SamplePlant) -> None:
    """Take the opening stock of the breaker out of the queue."""
    for lot, badge in (("261028-PKG-01", "4001"), ("261112-PKG-01", "4002")):
        plant.accept("stock:not_found", unit_lot=lot, place="FGS-01", person=badge, station="RAW-1")


def test_a_carton_that_was_opened_gets_a_new_label_with_what_is_left(packing: Line) -> None:
    plant, packed = packing.plant, pack(packing, "120")
    outer = carton_labels(plant)
    split(plant, packed.container, "20")
    assert [valid for _, valid in carton_labels(plant)] == [False, True]
    plant.refuse("stock:put_away", LabelVoided, unit=outer[0][0], to="FGS-01", **STOREKEEPER)


def carton_labels(plant: SamplePlant) -> list[tuple[str, bool]]:
    """Serial and validity of every label of a carton, oldest first."""
    with plant.read() as session:
        rows = session.execute(
            select(Label.serial, Label.voided_at.is_(None)).where(Label.container_id.is_not(None)).order_by(Label.id)
        )
        return [(serial, valid) for serial, valid in rows]


def test_the_last_carton_and_its_end_complete_the_card(packing: Line) -> None:
    for _ in range(4):
        pack(packing, "120")
    assert packing.finish().card_state == "complete"


def test_a_packer_who_only_touches_gives_the_product_code_from_a_list(packing: Line) -> None:
    plant = packing.plant
    for touched in ("1H2009", f"3W{packing.operation}"):
        say(plant.later(5), "PKG-1", touched)
    say(plant.later(5), "PKG-1", product_offered(plant))
    assert say(plant.later(5), "PKG-1", "Q120").result == "accepted"


def product_offered(plant: SamplePlant) -> str:
    """The code behind the packed product on the packer's screen."""
    with plant.read() as session:
        station = session.scalars(select(Station).where(Station.code == "PKG-1")).one()
        offered = {one["name"]: one["rows"] for one in screen_of(session, station, plant.now)["lists"]}
    return next(str(one["code"]) for one in offered["products"] if GTIN in one["code"])
