"""A row that says something else than is known is a change, carried out by its own rules and shown, or it is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from mes.intake.comparing import compare, told
from mes.intake.known import known_keys, stored
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.intake.shifts import SHIFTS
from mes.masters.model import BomLine, Characteristic, Operation, ProcessRevision
from mes.masters.refusals import ChangeRefused
from mes.memory import masters
from mes.planning.model import SalesOrder
from tests.mes.plant_sheets import PlantFolder
from tests.plant import SAMPLE, SamplePlant


def bring(plant: SamplePlant, **sheets: Any) -> dict[str, int]:
    changed: dict[str, int] = plant.accept(
        "plant:import", source="test", digest="", payload=PlantSheets(**sheets)
    ).changed
    return changed


def refused(plant: SamplePlant, **sheets: Any) -> list[str]:
    found = plant.refuse("plant:import", ChangeRefused, source="test", digest="", payload=PlantSheets(**sheets))
    return [reason.sentence("en") for reason in found]


def lines(plant: SamplePlant, **sheets: Any) -> list[str]:
    """What an import would change, without doing it."""
    with plant.read() as session:
        return [told(change).en for change in compare(session, PlantSheets(**sheets)).changes]


def order(plant: SamplePlant, number: str) -> tuple[int, str, str]:
    with plant.read() as session:
        found = session.scalars(select(SalesOrder).where(SalesOrder.order_no == number)).one()
        return found.quantity, str(found.due_on), found.customer.code


def test_an_order_that_asks_for_more_or_later_is_changed_and_shown(plant: SamplePlant) -> None:
    first = read_plant(SAMPLE).orders[0]
    changed = replace(first, qty=first.qty + 240, due_on=date(2026, 12, 30))
    assert lines(plant, orders=(changed,)) == [
        f"orders.csv row 2: orders {first.order_no}: qty {first.qty} → {changed.qty}",
        f"orders.csv row 2: orders {first.order_no}: due_on {first.due_on} → 2026-12-30",
    ]
    assert bring(plant, orders=(changed,)) == {"orders": 1}
    assert order(plant, first.order_no)[:2] == (int(changed.qty), "2026-12-30")
    assert bring(plant, orders=(changed,)) == {}


def test_an_order_that_is_planned_keeps_its_customer_and_its_item(plant: SamplePlant) -> None:
    first = read_plant(SAMPLE).orders[0]
    told_why = refused(plant, orders=(replace(first, customer="C04"),))
    assert len(told_why) == 1
    assert "customer of orders" in told_why[0]
    assert "plan 2026-12" in told_why[0]
    assert order(plant, first.order_no)[2] == first.customer


def test_a_lot_that_says_otherwise_is_named_with_every_cell_that_differs(plant: SamplePlant) -> None:
    [lot] = [row for row in read_plant(SAMPLE).opening_stock if row.lot == "R260805-01"]
    other = replace(lot, qty=Decimal(7), supplier_lot="S02-OTHER", location="ST-A05")
    told_why = refused(plant, opening_stock=(other,))
    assert [sentence.partition(" of ")[0] for sentence in told_why] == [
        f"opening_stock.csv row {lot.at.row}: {column}" for column in ("supplier_lot", "qty", "location")
    ]
    assert all("count it, move it" in sentence for sentence in told_why)


def test_a_lot_that_was_moved_since_is_no_news_of_its_opening_sheet(plant: SamplePlant) -> None:
    [lot] = [row for row in read_plant(SAMPLE).opening_stock if row.lot == "R260817-01"]
    plant.accept("stock:issue", person="4001", station="RAW-1", unit=lot.lot, to="LN-ARC")
    assert bring(plant, opening_stock=(lot,)) == {}


def test_a_plan_revision_is_never_changed_and_every_line_that_differs_is_named(plant: SamplePlant) -> None:
    plan = [row for row in read_plant(SAMPLE).plan if row.revision == 2]
    more = replace(plan[0], qty=plan[0].qty + 120)
    told_why = refused(plant, plan=(more, *plan[2:]))
    assert len(told_why) == 2
    assert "qty of plan" in told_why[0]
    assert "bring the change as a new one" in told_why[0]
    assert "row of plan" in told_why[1]


def test_the_same_numbers_written_otherwise_are_the_same(plant: SamplePlant) -> None:
    sheets = read_plant(SAMPLE)
    longer = {
        "bom": tuple(replace(row, qty_per=row.qty_per * Decimal("1.000")) for row in sheets.bom),
        "plan": tuple(replace(row, qty=Decimal(f"{row.qty}.0")) for row in reversed(sheets.plan)),
        "characteristics": tuple(reversed(sheets.characteristics)),
    }
    assert lines(plant, **longer) == []
    assert bring(plant, **longer) == {}


def test_what_an_import_leaves_out_of_process_documents_stays(plant: SamplePlant) -> None:
    sheets = read_plant(SAMPLE)
    routing = tuple(row for row in sheets.routing if row.item == "SA-AC")
    slower = (replace(routing[0], minutes_per_unit=Decimal("9.5")), *routing[1:])
    assert bring(plant, routing=slower) == {"process revisions": 1}
    with plant.read() as session:
        newest = masters(session).all(ProcessRevision)[-1]
        counts = [len(masters(session).where(kind, revision_id=newest.id)) for kind in (Operation, BomLine)]
        assert counts == [len(routing), len([row for row in sheets.bom if row.parent == "SA-AC"])]
        inspected = [row for row in sheets.characteristics if row.item == "SA-AC"]
        assert len(masters(session).where(Characteristic, revision_id=newest.id)) == len(inspected) > 0


def test_a_step_that_is_gone_and_one_that_is_new_are_shown(plant: SamplePlant) -> None:
    bom = [row for row in read_plant(SAMPLE).bom if row.parent == "SA-AC"]
    other = replace(bom[0], component="PT-BAS")
    shown = lines(plant, bom=(other, *bom[1:]))
    assert [line.split(": ")[2] for line in shown] == ["new", "taken out"]
    assert all(line.endswith("(a new revision; run cards keep theirs)") for line in shown)


def test_looking_first_changes_nothing(plant: SamplePlant) -> None:
    sheets = read_plant(SAMPLE)
    with plant.read() as session:
        before = session.scalar(select(func.count()).select_from(ProcessRevision))
    assert lines(plant, items=(replace(sheets.items[0], name_en="Breaker, new name"),)) != []
    assert lines(plant, items=(sheets.items[0],)) == []
    with plant.read() as session:
        assert session.scalar(select(func.count()).select_from(ProcessRevision)) == before


def test_the_plant_as_it_is_stored_reads_as_the_sheets_that_it_was_made_of(plant: SamplePlant) -> None:
    with plant.read() as session:
        before = stored(session)
    sheets = read_plant(SAMPLE)
    assert set(before.items) == set(sheets.items)
    assert set(before.routing) == set(sheets.routing)
    assert set(before.characteristics) == set(sheets.characteristics)
    assert set(before.locations) == set(sheets.locations)
    everything = {name: getattr(sheets, name) for name in SHIFTS}
    assert lines(plant, **everything) == []
    unsaid = tuple(replace(row, crew_mark=None) for row in sheets.work_centers)
    assert lines(plant, work_centers=unsaid) == []


def test_a_column_that_is_absent_says_nothing_of_what_is_known(plant: SamplePlant, tmp_path: Any) -> None:
    folder = PlantFolder().only("items").without_column("items", "shelf_life_days").without_column("items", "owner")
    with plant.read() as session:
        before, known = stored(session), known_keys(session)
    sheets = read_plant(folder.write_csv(tmp_path / "plant"), known, stored=before)
    assert lines(plant, items=sheets.items) == []
