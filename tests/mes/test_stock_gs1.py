"""GS1 numbers are issued only with a company prefix; a carton that has one is found by it wherever it is scanned."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text
from stdnum import ean

from mes import codes
from mes.labelling.model import Label, PrintJob
from mes.masters.model import Item
from mes.packing.gs1 import content_facts, sscc
from mes.stock.model import Container
from tests.mes.lineside import Line
from tests.mes.test_packing import first_article_passed, pack, ready_to_pack
from tests.mes.test_terminal import say, signed_on, spoken
from tests.mes.warehouse import arrange, put_away, where_is
from tests.plant import SamplePlant

PREFIX = "9521234"


@pytest.fixture
def packing(plant: SamplePlant) -> Line:
    """A packing operation with accepted breakers in a plant that has a GS1 company prefix."""
    arrange(plant, lambda tx: tx.session.execute(text("UPDATE plant SET gs1_prefix = :p"), {"p": PREFIX}))
    line = ready_to_pack(plant, 480)
    line.start()
    first_article_passed(plant)
    return line


def container(plant: SamplePlant, serial: str) -> Container:
    with plant.read() as session:
        return session.scalars(select(Container).where(Container.serial == serial)).one()


def message(number: str) -> str:
    """What a scanner sends of the carton's GS1-128."""
    return "]C1" + codes.encode(codes.Gs1((("00", number),))).removeprefix("\x1d")


def test_a_carton_gets_an_sscc_with_the_prefix_and_a_sound_check_digit(packing: Line) -> None:
    numbers = [container(packing.plant, pack(packing, "120").container).sscc or "" for _ in range(2)]
    assert [number[:8] for number in numbers] == [f"1{PREFIX}"] * 2
    assert all(number[17] == ean.calc_check_digit(number[:17]) for number in numbers)
    assert len(set(numbers)) == 2


def test_without_a_prefix_no_sscc_is_made_up(plant: SamplePlant) -> None:
    line = ready_to_pack(plant, 480)
    line.start()
    first_article_passed(plant)
    packed = pack(line, "120")
    assert container(plant, packed.container).sscc is None
    with plant.read() as session:
        assert session.scalars(select(Label.layout).where(Label.container_id.is_not(None))).one() == "carton"


def test_the_label_says_sscc_content_count_and_lot(packing: Line) -> None:
    packed = pack(packing, "120")
    number = container(packing.plant, packed.container).sscc
    with packing.plant.read() as session:
        job = session.scalars(select(PrintJob).where(PrintJob.layout == "carton_gs1")).one()
        facts = json.loads(job.facts)
    asked = {name: facts[name] for name in ("sscc", "gtin", "count", "lot", "container")}
    assert asked == {
        "sscc": number,
        "gtin": "02000026001010",
        "count": "120",
        "lot": packed.lot,
        "container": packed.container,
    }


def test_a_carton_is_found_by_its_sscc_at_the_store(packing: Line) -> None:
    packed = pack(packing, "120")
    number = container(packing.plant, packed.container).sscc or ""
    plant = signed_on(packing.plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LFGS-01")
    reply = say(plant, "RAW-1", message(number))
    assert reply.result == "accepted", reply.reasons
    assert where_is(plant, packed.lot) == [("FGS-01", "accepted", 120)]


def test_a_carton_is_found_by_its_digital_link_and_by_the_door(packing: Line) -> None:
    packed = pack(packing, "120")
    number = container(packing.plant, packed.container).sscc or ""
    put_away(packing.plant, number, "FGS-02")
    assert where_is(packing.plant, packed.lot) == [("FGS-02", "accepted", 120)]
    plant = signed_on(packing.plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LFGS-01")
    link = codes.digital_link(codes.Gs1((("00", number), ("02", "02000026001010"), ("37", "120"), ("10", packed.lot))))
    assert say(plant, "RAW-1", link).result == "accepted"
    assert where_is(plant, packed.lot) == [("FGS-01", "accepted", 120)]


@pytest.mark.parametrize(
    ("scanned", "reason"),
    [(message("095212340000000013"), "unknown_code"), ("]C10209521234567813" + "3710", "not_expected_here")],
)
def test_a_carton_of_others_and_a_label_without_sscc_are_refused(plant: SamplePlant, scanned: str, reason: str) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LFGS-01")
    assert spoken(say(plant, "RAW-1", scanned)) == [reason]


def test_at_the_dock_a_carton_is_picked_by_its_sscc(packing: Line) -> None:
    packed = pack(packing, "120")
    plant = signed_on(packing.plant, "DOCK-1", "4003")
    say(plant, "DOCK-1", "KSO-2611-001")
    reply = say(plant, "DOCK-1", message(container(plant, packed.container).sscc or ""))
    assert "unknown_code" not in spoken(reply)
    assert "not_expected_here" not in spoken(reply)


def test_a_prefix_whose_numbers_are_used_up_gives_none_and_no_wrong_one() -> None:
    assert sscc("952123400000", 1, 9999) is not None
    assert sscc("952123400000", 1, 10_000) is None
    assert sscc("9521234", 0, 1) == "095212340000000013"


@pytest.mark.parametrize("prefix", ["", "952", "95212340000000", "95A1234", "９５２１２３４"])
def test_what_is_no_company_prefix_makes_no_number(prefix: str) -> None:
    with pytest.raises(ValueError, match="company prefix"):
        sscc(prefix, 1, 1)


def test_content_and_count_are_said_together_or_not_at_all(plant: SamplePlant) -> None:
    with plant.read() as session:
        breaker = session.scalars(select(Item).where(Item.code == "FG-1P-C16")).one()
        other = session.scalars(select(Item).where(Item.gtin.is_(None))).first()
        assert content_facts(breaker, 120) == {"gtin": "02000026001010", "count": "120"}
        assert other is not None
        assert content_facts(other, 120) == {}
