"""What tests of the print queue arrange: printers, labels that wait, rolls in hand, and a station's polls."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import select

from mes import codes
from mes.labelling.leasing import Leased
from mes.labelling.model import Label, PrintJob
from mes.masters.model import Printer
from mes.terminal.print_results import note_result
from mes.terminal.reply import Reply
from mes.terminal.scanning import ScanRequest, scan
from tests.plant import SamplePlant
from web.printing import lease_jobs
from web.rendering import make_ahead

ADMIN, KEEPER = "5002", "4001"
LOT = "R260911-01"
ROLLS = {
    "blue": codes.encode(codes.RollCode("BLUE", 100, 70)),
    "red": codes.encode(codes.RollCode("RED", 100, 70)),
    "other": codes.encode(codes.RollCode("BLUE", 80, 80)),
    "small": codes.encode(codes.RollCode("BLUE", 60, 40)),
}


def add_printer(plant: SamplePlant, code: str = "PR-RAW", at: str = "RAW-1", stock: str = "blue", **more: Any) -> str:
    """A label printer at a station, with status labels in it; returns its code."""
    labels = {} if stock == "receipt" else {"label_width_mm": more.get("width_mm", 100), "label_height_mm": 140}
    plant.accept(
        "plant:printer",
        person=ADMIN,
        code=code,
        stands_at=at,
        **{"language": "zpl", "dpi": 203, "width_mm": 100, "stock": stock, **labels, **more},
    )
    return code


def split(plant: SamplePlant, quantity: str = "100", lot: str = LOT, station: str | None = "RAW-1") -> str:
    """Take some out of the only box of a lot: its two parts get blue labels; returns the new box's label."""
    value = plant.accept("stock:split", person=KEEPER, station=station, unit=lot, quantity=quantity)
    return str(value.label)


def say(plant: SamplePlant, *texts: str, station: str = "RAW-1") -> Reply:
    """Scan codes one after the other; the last reply."""
    for text in texts:
        reply = scan(plant.database, ScanRequest(str(uuid4()), station, text, plant.now), plant.clock)
    return reply


def spoken(reply: Reply) -> list[str]:
    """The refusals in a reply, by code."""
    return [reason["code"] for reason in reply.reasons]


def word(text: str) -> str:
    """A word of the command sheet as it is scanned."""
    return codes.encode(codes.CommandCode(text))


def label_code(serial: str) -> str:
    """A label as it is scanned."""
    return codes.encode(codes.LabelCode(serial))


def job_of(plant: SamplePlant, serial: str) -> PrintJob:
    """The newest print job of a label."""
    with plant.read() as session:
        query = select(PrintJob).join(Label, Label.id == PrintJob.label_id).where(Label.serial == serial)
        return session.scalars(query.order_by(PrintJob.id.desc()).limit(1)).one()


def label_of(plant: SamplePlant, serial: str) -> Label:
    """A label by its serial."""
    with plant.read() as session:
        return session.scalars(select(Label).where(Label.serial == serial)).one()


def printer_of(plant: SamplePlant, code: str = "PR-RAW") -> Printer:
    """A printer by its code."""
    with plant.read() as session:
        return session.scalars(select(Printer).where(Printer.code == code)).one()


def leased(
    plant: SamplePlant, station: str = "RAW-1", journal: str = "journal-1", *, ahead: bool = True
) -> list[Leased]:
    """What a station is given to print now; the server has made the labels ahead, as it does, unless told not to."""
    if ahead:
        make_ahead(plant.database, plant.now)
    return lease_jobs(plant.database, station, journal, plant.now)


def ended(
    plant: SamplePlant,
    job: int,
    state: str = "done",
    reason: str | None = None,
    at: str = "RAW-1",
    lease: int | None = None,
) -> None:
    """The station says what became of a job, or of one of its leases."""
    assert note_result(plant.database, job, at, state, reason, plant.now, lease)


def print_all(plant: SamplePlant, station: str = "RAW-1") -> list[int]:
    """Print everything that a station is given, until it is given nothing more."""
    printed: list[int] = []
    while jobs := leased(plant, station):
        for job in jobs:
            ended(plant, job.id, at=station)
            printed.append(job.id)
    return printed
