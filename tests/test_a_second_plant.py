"""A second made-up plant of another trade: probes with Ω, ℃, mA and bar, six days a week, codes of no pattern.

Nothing in the program may know the sample plant, so this one is imported and worked through scans, from the plan to the
customer and back by trace, on both engines.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from labels import typeface
from mes import codes
from mes.audit import audit
from mes.founding import PlantIdentity, found
from mes.intake.known import stored
from mes.intake.problems import ImportRefused
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.labelling.model import PrintJob
from mes.masters import reasons
from mes.quality.refusals import GaugeOutOfCalibration, OutOfLimits
from mes.stock.model import Container, Lot
from mes.terminal.reply import Reply
from mes.terminal.scanning import ScanRequest, scan
from mes.trace.answers import Direction
from mes.trace.recall import recall
from mes.trace.tracing import trace
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.printers import leased

SHEETS = Path(__file__).parent / "second_plant"
SATURDAY = "2026-12-05T08:00+01:00"
IDENTITY = PlantIdentity(site=2, name_zh="探头厂", name_en="Probe works", zone="Europe/Berlin")
STATIONS: list[dict[str, Any]] = [
    {"code": "desk", "name_zh": "办公室", "name_en": "Desk", "role": "office"},
    {"code": "stores", "name_zh": "仓库", "name_en": "Stores", "role": "store"},
    {"code": "solder", "name_zh": "焊接", "name_en": "Soldering", "role": "line", "work_center": "solder"},
    {"code": "pot", "name_zh": "灌封", "name_en": "Potting", "role": "line", "work_center": "potting"},
    {"code": "check", "name_zh": "检验", "name_en": "Inspection", "role": "inspection"},
    {"code": "pack", "name_zh": "包装", "name_en": "Packing", "role": "packing", "work_center": "Z5"},
    {"code": "ramp", "name_zh": "发货口", "name_en": "Ramp", "role": "dock", "location": "ramp"},
]
BENCHES = {"solder": "bench-solder", "pot": "bench-potting", "pack": "bench-pack"}
PRINTERS = {"check": "yellow", "pack": "blue", "stores": "blue"}
INSPECTOR = {"person": "q1", "station": "check", "signed": True}
RESISTANCE = {"number": 1, "piece": 1, "value": "10010", "gauge": "dmm2"}
POTTING = [{"number": 2, "piece": 1, "value": "2.05"}, {"number": 3, "piece": 1, "value": "80.5"}]
FINAL = [
    {"number": 4, "piece": 1, "value": "9990", "gauge": "dmm2"},
    {"number": 5, "piece": 1, "value": "0.2", "gauge": "dmm2"},
    {"number": 6, "piece": 1, "conforms": True},
]


@pytest.fixture
def works(fresh: Fresh) -> Iterator[SamplePlant]:
    """The second plant, imported, with its stations and printers, on a Saturday morning."""
    plant = SamplePlant(fresh.filled("second", fill)).at(SATURDAY)
    yield plant
    plant.close()


def fill(url: str) -> None:
    """Found and import the second plant."""
    plant = SamplePlant(url).at("2026-11-23T08:00+01:00")
    found(plant.database, IDENTITY)
    sheets = read_plant(SHEETS)
    plant.accept("plant:import", source="masters", digest="", payload=replace(sheets, plan=()))
    plant.accept("plant:import", source="plan", digest="", payload=PlantSheets(plan=sheets.plan), person="b1")
    for station in STATIONS:
        plant.accept("plant:station", **{"location": BENCHES.get(station["code"]), **station})
    plant.at(SATURDAY)
    for at, stock in PRINTERS.items():
        labels = {"label_width_mm": 100, "label_height_mm": 70}
        paper = {"language": "zpl", "dpi": 203, "width_mm": 100, "stock": stock, **labels}
        plant.accept("plant:printer", person="a1", code=f"printer.{at}", stands_at=at, **paper)
    plant.close()


def scans(plant: SamplePlant, station: str, badge: str, *texts: str) -> Reply:
    """Somebody signs on and scans one code after the other; everything but the last must be accepted."""
    replies = [_scan(plant, station, text) for text in (f"1H{badge}", *texts)]
    assert [reply.headline.en for reply in replies[:-1] if reply.result != "accepted"] == []
    _scan(plant, station, f"1H{badge}")
    return replies[-1]


def _scan(plant: SamplePlant, station: str, text: str) -> Reply:
    request = ScanRequest(str(uuid.uuid4()), station, text, plant.later(5).now)
    return scan(plant.database, request, plant.clock)


def done(plant: SamplePlant, station: str, badge: str, *texts: str) -> Reply:
    """The same, and the last one is accepted too."""
    reply = scans(plant, station, badge, *texts)
    assert reply.result == "accepted", reply.headline.en
    return reply


def refused(plant: SamplePlant, station: str, badge: str, *texts: str) -> list[str]:
    """The same, and the last one is refused for these reasons."""
    reply = scans(plant, station, badge, *texts)
    assert reply.result == "refused"
    return [reason["code"] for reason in reply.reasons]


def word(text: str) -> str:
    """A word of the command sheet."""
    return codes.encode(codes.CommandCode(text))


def first_article(plant: SamplePlant, operation: str, *measurements: dict[str, Any]) -> None:
    """The inspector measures and signs."""
    plant.accept(
        "quality:first_article", operation=operation, verdict="pass", measurements=list(measurements), **INSPECTOR
    )


def card_over(plant: SamplePlant, quantity: str) -> str:
    """The plan is approved and a run card released from it."""
    plant.accept("planning:approve", month="2026-12", revision=1, person="b2", station="desk", signed=True)
    how = {"item": "T100", "month": "2026-12", "person": "b1", "station": "desk"}
    return str(plant.accept("planning:release", quantity=quantity, **how).card)


def issue_all(plant: SamplePlant, card: str) -> None:
    """Everything the card needs goes to its benches, the oldest or first to expire first."""
    lots = ("L261112K13", "NTC-7781", "SLD-1", "FLX-1", "SLV-1", "TUBE/44", "EPX-1", "BOX-1")
    done(plant, "stores", "k1", f"W{card}", *(f"1T{lot}" for lot in lots))


def soldered(plant: SamplePlant, card: str) -> None:
    """Three pieces of set-up, signed, then the batch, one of it bad."""
    loads = [f"1T{lot}" for lot in ("L261112K13", "NTC-7781", "SLD-1", "FLX-1", "SLV-1")]
    done(plant, "solder", "o1", "ZE.iron1", *loads, f"3W{card}+1", "Q3")
    first_article(plant, f"{card}+1", *({**RESISTANCE, "piece": piece} for piece in (1, 2, 3)))
    bad = codes.encode(codes.ReasonCode("SHORT"))
    done(plant, "solder", "o1", f"3W{card}+1", "Q38", bad, "Q1", word("FINISH"))


def potted(plant: SamplePlant, card: str) -> None:
    """One piece of set-up, signed, then the rest."""
    done(plant, "pot", "o2", "ZE.oven1", "1TTUBE/44", "1TEPX-1", f"3W{card}+2", "Q1")
    first_article(plant, f"{card}+2", *POTTING)
    done(plant, "pot", "o2", f"3W{card}+2", "Q40", word("FINISH"))


def packed(plant: SamplePlant, card: str) -> list[str]:
    """Two cartons of twenty; their labels as they are scanned."""
    done(plant, "pack", "o3", "1TBOX-1", f"3W{card}+4", "Q20", "Q20", word("FINISH"))
    with plant.read() as session:
        serials = session.scalars(select(Container.serial).order_by(Container.id)).all()
        return [codes.encode(codes.ContainerCode(serial)) for serial in serials]


def test_a_plant_of_another_trade_is_imported_with_its_own_words(works: SamplePlant) -> None:
    again = works.accept("plant:import", source="again", digest="", payload=read_plant(SHEETS))
    assert again.changed == {}
    with works.read() as session:
        assert list(reasons.of(session, "bad")) == ["SHORT", "VOID"]
        assert {row.crew_mark for row in stored(session).work_centers} == {"K1", "K2", "K3", "Z4", "Z5"}


def test_a_plant_that_works_on_saturdays_plans_for_them_but_not_for_its_holidays() -> None:
    plan = read_plant(SHEETS).plan
    assert {row.due_on for row in plan} == {date(2026, 12, 5), date(2026, 12, 12)}


def test_a_batch_goes_from_the_plan_to_the_customer_and_back_by_trace(works: SamplePlant) -> None:
    card = card_over(works, "42")
    assert card.startswith("261205-K2-01-")
    issue_all(works, card)
    soldered(works, card)
    potted(works, card)
    works.accept(
        "quality:final",
        operation=f"{card}+3",
        accepted="40",
        nonconforming="1",
        reason="VOID",
        measurements=FINAL,
        **INSPECTOR,
    )
    cartons = packed(works, card)
    assert [job.stock for job in leased(works, "pack")] == ["blue", "blue"]
    done(works, "stores", "k1", "LW9", *cartons)
    done(works, "ramp", "v1", "K2026/118", *cartons, word("SHIP"))
    with works.read() as session:
        backward = {node.lot for node in trace(session, card, Direction.BACKWARD).nodes}
        assert {"NTC-7781", "EPX-1", "L261112K13", "BOX-1"} <= backward
        reached = recall(session, "EPX-1")
        assert [one.customer.code for one in reached.customers] == ["heatpump-co"]
        assert reached.even
        assert audit(session) == []
        assert set(session.scalars(select(PrintJob.state).where(PrintJob.state == "failed"))) == set()


def test_the_first_to_expire_goes_first_and_the_older_before_the_younger(works: SamplePlant) -> None:
    card = card_over(works, "42")
    assert refused(works, "stores", "k1", f"W{card}", "1TEPX-2") == ["expires_later"]
    assert refused(works, "stores", "k1", f"W{card}", "1TNTC-7790") == ["not_oldest"]


def test_a_value_on_an_exclusive_limit_fails_and_on_an_inclusive_one_passes(works: SamplePlant) -> None:
    card = card_over(works, "42")
    issue_all(works, card)
    soldered(works, card)
    potted(works, card)
    on_the_limit = [FINAL[0] | {"value": "10050"}, FINAL[1] | {"value": "0.5"}, FINAL[2]]
    asked = {"operation": f"{card}+3", "accepted": "41", "measurements": on_the_limit}
    [reason] = works.refuse("quality:final", OutOfLimits, **asked, **INSPECTOR)
    assert reason.facts["characteristics"] == [5]


def test_gauges_are_known_by_the_plants_own_codes(works: SamplePlant) -> None:
    card = card_over(works, "42")
    issue_all(works, card)
    loads = [f"1T{lot}" for lot in ("L261112K13", "NTC-7781", "SLD-1", "FLX-1", "SLV-1")]
    done(works, "solder", "o1", "ZE.iron1", *loads, f"3W{card}+1", "Q3")
    asked = {"operation": f"{card}+1", "verdict": "pass", "measurements": [RESISTANCE | {"gauge": "dmm1"}]}
    works.refuse("quality:first_article", GaugeOutOfCalibration, **asked, **INSPECTOR)


@pytest.mark.parametrize(
    ("sheet", "was", "becomes", "column"),
    [
        ("items.csv", ",set,", ",pair,", "uom"),
        ("items.csv", "pcs,lead,", "pcs,widget,", "kind"),
        ("opening_stock.csv", "L261112K13", "L261112K93", "lot"),
        ("plan.csv", "2026-12-05", "2026-12-06", "due_on"),
        ("characteristics.csv", "dmm1;dmm2", "dmm1;dmm3", "gauge"),
    ],
)
def test_what_this_plant_says_of_itself_is_held_against_its_own_sheets(
    tmp_path: Path, sheet: str, was: str, becomes: str, column: str
) -> None:
    for path in SHEETS.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace(was, becomes) if path.name == sheet else text, encoding="utf-8")
    with pytest.raises(ImportRefused) as wrong:
        read_plant(tmp_path)
    assert {(problem.file, problem.column) for problem in wrong.value.problems} == {(sheet, column)}


def test_labels_print_the_signs_of_this_trade(works: SamplePlant) -> None:
    works.accept("stock:split", person="k1", station="stores", unit="NTC-7781", quantity="100")
    assert len(leased(works, "stores")) == 2
    with works.read() as session:
        assert all("10 kΩ" in one.facts for one in session.scalars(select(PrintJob)))
    assert {character for character in "Ω℃²µ°–" if typeface.lacking(character)} == set()


def test_a_sign_that_the_typeface_lacks_stops_no_label(works: SamplePlant) -> None:
    [row] = [row for row in read_plant(SHEETS).items if row.code == "ntc10k"]
    strange = PlantSheets(items=(replace(row, name_zh="热敏电阻 𝛀"),))
    works.accept("plant:import", source="test", digest="", payload=strange)
    works.accept("stock:split", person="k1", station="stores", unit="NTC-7781", quantity="100")
    assert len(leased(works, "stores")) == 2
    with works.read() as session:
        assert all("𝛀" in one.facts for one in session.scalars(select(PrintJob)))


def test_amounts_are_counted_in_this_plants_units(works: SamplePlant) -> None:
    with works.read() as session:
        held = {lot.item.code: lot.item.uom for lot in session.scalars(select(Lot)).unique()}
    assert {"set", "roll", "m²", "ml", "cm"} <= set(held.values())
