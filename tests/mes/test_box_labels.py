"""New labels for boxes: imported ones that never had any, a whole lot or place; each with a serial of its own (F5)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from mes.commands import Outcome, Request, perform
from mes.labelling.marking import facts_of
from mes.labelling.model import Label, PrintJob
from mes.labelling.refusals import NoPrinterHere
from mes.refusals import UnknownCode
from tests.plant import SamplePlant
from tests.printers import KEEPER, LOT, add_printer, label_of, split


def asked(plant: SamplePlant, which: str) -> Outcome:
    """The storekeeper wants labels at the raw-material store."""
    request = Request("label:print_boxes", {"which": which, "at": "RAW-1"}, person=KEEPER)
    return perform(plant.database, request, plant.clock)


def labelled(plant: SamplePlant, which: str) -> int:
    """How many labels; it must be allowed."""
    outcome = asked(plant, which)
    assert outcome.accepted, outcome.reasons
    return int(outcome.value.labels)


@pytest.fixture
def printing(plant: SamplePlant) -> SamplePlant:
    """A plant with a printer for blue labels at the raw-material store."""
    add_printer(plant)
    return plant


def of_lot(plant: SamplePlant) -> list[Label]:
    with plant.read() as session:
        found = session.scalars(select(Label).where(Label.voided_by.is_(None)).order_by(Label.id))
        return [label for label in found if facts_of(label).get("lot") == LOT]


@pytest.mark.parametrize("named", [LOT, f"1T{LOT}"])
def test_an_imported_box_gets_its_first_label_by_its_lot(printing: SamplePlant, named: str) -> None:
    assert labelled(printing, named) == 1
    (label,) = of_lot(printing)
    assert (label.status, facts_of(label)["inspector"]) == ("accepted", "")
    with printing.read() as session:
        (job,) = session.scalars(select(PrintJob).where(PrintJob.label_id == label.id))
        assert job.state == "queued"


def test_a_box_labelled_anew_has_a_new_serial_and_its_old_label_is_void(printing: SamplePlant) -> None:
    old = split(printing)
    assert labelled(printing, old) == 1
    assert label_of(printing, old).voided_by is not None
    assert old not in [label.serial for label in of_lot(printing)]
    assert len(of_lot(printing)) == 2


def test_all_boxes_of_a_place_are_labelled_at_once(printing: SamplePlant) -> None:
    place = "ST-A01"
    lots = labelled(printing, f"L{place} {place}")
    with printing.read() as session:
        assert lots == len(session.scalars(select(Label)).all()) >= 1


def test_what_names_no_box_is_named_and_nothing_is_labelled(printing: SamplePlant) -> None:
    assert asked(printing, f"{LOT} NOWHERE").reasons == (UnknownCode(text="NOWHERE"),)
    assert of_lot(printing) == []


def test_boxes_are_labelled_only_where_a_printer_stands(plant: SamplePlant) -> None:
    assert asked(plant, LOT).reasons == (NoPrinterHere(station="RAW-1"),)
