"""Labels tell the truth (law 9, F5): every printed piece has a serial, marks one thing, and is voided with its status.

Puts print jobs into the outbox in the same transaction; renders and sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, insert, select, true

from mes.database import table_of
from mes.journal import canonical
from mes.labelling import print_queue
from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobEvent
from mes.masters.model import Location, Printer, Station
from mes.masters.units import from_smallest, shown
from mes.packing.gs1 import content_facts
from mes.stock.model import Balance, Container, HandlingUnit, Lot
from mes.stock.serials import next_label_serial
from mes.stock.status import LABEL_OF, Status
from mes.transaction import Transaction

Facts = Mapping[str, str]
JUDGED = ("inspector", "marked_at", "operation", "reason", "document")


def mark_status(
    tx: Transaction,
    holder_id: int,
    lot: Lot,
    status: Status,
    quantity: int,
    more: Facts | None = None,
    station: Station | None = None,
) -> Label | None:
    """Void the holder's old labels and queue the one of its new status (P15); work in process has none."""
    void_marks(tx, holder_id)
    if status not in LABEL_OF:
        return None
    layout, stock = LABEL_OF[status]
    facts = {**status_facts(tx, lot, quantity), **(more or {})}
    return issue_label(tx, layout, stock, facts, holder_id=holder_id, status=status, station=station)


def first_mark(
    tx: Transaction, unit: HandlingUnit, status: Status, quantity: int, place: Location, judged: Facts
) -> Label | None:
    """Queue the label of a new box, which has none to void and lies at this place; `judged`: see `judgement`."""
    if status not in LABEL_OF:
        return None
    layout, stock = LABEL_OF[status]
    facts = {**status_facts(tx, unit.lot, quantity), **judged}
    return issue_label(tx, layout, stock, facts, holder_id=unit.id, status=status, place=place)


def judgement(tx: Transaction, holder_id: int, status: Status) -> dict[str, str]:
    """Who gave a holder its status, when and why, as its label says: for a label that only tells another quantity.

    All of it is empty where no label says so: whoever divides or packs goods has not judged them.
    """
    valid = select(Label.facts).where(Label.holder_id == holder_id, Label.status == status, Label.voided_by.is_(None))
    said = tx.session.scalar(valid.order_by(Label.id.desc()).limit(1))
    known = json.loads(said) if said else {}
    return {name: known.get(name, "") for name in JUDGED}


def status_facts(tx: Transaction, lot: Lot, quantity: int) -> dict[str, str]:
    """What stands on every status label: item, batch, quantity, expiry, whose it is, and who judged it when."""
    return {
        "item": lot.item.code,
        "name_zh": lot.item.name_zh,
        "name_en": lot.item.name_en,
        "lot": lot.code,
        "quantity": shown(quantity, lot.item.uom),
        "marked_at": f"{tx.now.astimezone(ZoneInfo(tx.plant.zone)):%Y-%m-%d %H:%M}",
        "inspector": f"{tx.person.badge} {tx.person.name_zh}" if tx.person else "",
        "expires_on": f"{lot.expires_on:%Y-%m-%d}" if lot.expires_on else "",
        "owner": f"{lot.owner.code} {lot.owner.name_zh}" if lot.owner else "",
    }


def carton_facts(container: Container, lot: Lot, quantity: int) -> dict[str, str]:
    """What stands on a carton: 2J, P, 1T and Q; with an SSCC also (00), and (02), (37), (17) if they can be said."""
    facts = {
        "item": lot.item.code,
        "name_zh": lot.item.name_zh,
        "name_en": lot.item.name_en,
        "lot": lot.code,
        "quantity": shown(quantity, lot.item.uom),
        "container": container.serial,
        "count": f"{from_smallest(quantity, lot.item.uom):f}",
    }
    if container.sscc is None:
        return facts
    expires = {"expires_on": f"{lot.expires_on:%Y-%m-%d}"} if lot.expires_on else {}
    return {**facts, "sscc": container.sscc, **content_facts(lot.item, quantity), **expires}


def issue_label(
    tx: Transaction,
    layout: str,
    stock: str,
    facts: Facts,
    *,
    holder_id: int | None = None,
    container_id: int | None = None,
    status: Status | None = None,
    station: Station | None = None,
    place: Location | None = None,
) -> Label:
    """A new label with its own serial, and its print job: at the station that asked, else for the goods' place.

    Written with all other labels of its command. `place`: where the goods lie, if the caller knows.
    """
    serial = next_label_serial(tx)
    content = {**facts, "serial": serial}
    where = station_for(tx, station or tx.station, holder_id, container_id, place)
    label = Label(
        serial=serial,
        layout=layout,
        stock=stock,
        holder_id=holder_id,
        container_id=container_id,
        status=status,
        facts=canonical(content),
        issued_by=tx.event.id,
        must_verify=status is not None and where is not None and where.verifies_labels,
    )
    tx.later(_write_labels, (label, _job(tx, where, layout, stock, title_of(content), content)))
    tx.cause("label", serial, layout, holder_id, container_id)
    return label


def _write_labels(tx: Transaction, issued: list[tuple[Label, dict[str, Any]]]) -> None:
    written = [{name: getattr(label, name) for name in SAID} for label, _ in issued]
    ids = {row.serial: row.id for row in tx.session.connection().execute(WRITE_LABELS, written)}
    for label, _ in issued:
        label.id = ids[label.serial]
    tx.session.connection().execute(WRITE_JOBS, [{**job, "label_id": label.id} for label, job in issued])


SAID = ("serial", "layout", "stock", "holder_id", "container_id", "status", "facts", "issued_by", "must_verify")
WRITE_LABELS = insert(table_of(Label)).returning(table_of(Label).c.serial, table_of(Label).c.id)
WRITE_JOBS = insert(table_of(PrintJob))


def title_of(facts: Mapping[str, Any]) -> str:
    """What people call a print job: batch and quantity, or the number of a pallet and how many cartons it has."""
    if "cartons" in facts:
        return f"{facts['container']} {facts['cartons']}"
    return f"{facts.get('lot', '')} {facts.get('quantity', '')}".strip()


def queue_print(
    tx: Transaction,
    station: Station | None,
    layout: str,
    stock: str,
    title: str,
    facts: Mapping[str, Any],
    label: Label | None = None,
    *,
    copy: bool = False,
) -> PrintJob:
    """Put one print job into the outbox; without a station it prints when somebody at the goods' place asks (F5)."""
    asked = _job(tx, station, layout, stock, title, facts)
    job = PrintJob(label_id=label.id if label else None, copy=copy, **asked)
    tx.session.add(job)
    tx.session.flush()
    return job


def _job(
    tx: Transaction, station: Station | None, layout: str, stock: str, title: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "station_id": station.id if station else None,
        "event_id": tx.event.id,
        "layout": layout,
        "stock": stock,
        "title": title,
        "facts": canonical(dict(facts)),
    }


def station_for(
    tx: Transaction,
    station: Station | None,
    holder_id: int | None,
    container_id: int | None,
    place: Location | None = None,
) -> Station | None:
    """The station that asked, if it can put the label on the goods: it has a printer and they lie there (F5)."""
    if station is None or station.role == "office" or not has_printer(tx, station):
        return None
    if place is not None:
        return station if station.location_id in (None, place.id) else None
    return station if _lies_at(tx, holder_id, container_id, station) else None


def lies_at(tx: Transaction, label: Label, station: Station) -> bool:
    """Whether what a label marks lies where the station is; a station without a place of its own looks after all."""
    return _lies_at(tx, label.holder_id, label.container_id, station)


def _lies_at(tx: Transaction, holder_id: int | None, container_id: int | None, station: Station) -> bool:
    if station.location_id is None:
        return True
    places = places_of(tx, holder_id, container_id)
    return not places or station.location_id in places


def has_printer(tx: Transaction, station: Station) -> bool:
    """Whether any printer stands there."""
    return tx.masters.find(Printer, station_id=station.id, retired=False) is not None


def places_of(tx: Transaction, holder_id: int | None, container_id: int | None) -> set[int]:
    """The ids of the places where what a label marks lies; empty for what is empty or gone."""
    marked = Balance.holder_id == holder_id if holder_id else Balance.holder_id.in_(inside(container_id))
    lying = select(Balance.location_id).where(marked, Balance.quantity > 0, Balance.outside.is_(False))
    return set(tx.session.scalars(lying))


def inside(container_id: int | None) -> Select[int]:
    """The ids of the boxes in a carton, or in all cartons on a pallet."""
    around = select(Container.id).where((Container.id == container_id) | (Container.pallet_id == container_id))
    return select(HandlingUnit.id).where(HandlingUnit.container_id.in_(around))


def around(boxes: Select[int]) -> ColumnElement[bool]:
    """The labels of the cartons that boxes (by id) are in, and of the pallets below those."""
    cartons = select(HandlingUnit.container_id).where(
        HandlingUnit.id.in_(boxes), HandlingUnit.container_id.is_not(None)
    )
    below = select(Container.pallet_id).where(Container.id.in_(cartons), Container.pallet_id.is_not(None))
    return Label.container_id.in_(cartons) | Label.container_id.in_(below)


def mark_carton(tx: Transaction, container: Container, lot: Lot, quantity: int) -> Label:
    """Void the carton's old labels and queue one that says what is in it now."""
    return mark_container(tx, container, carton_facts(container, lot, quantity))


def mark_container(tx: Transaction, container: Container, facts: Facts) -> Label:
    """Void the old labels of a carton or pallet and queue one with these facts, on white paper."""
    void_container(tx, container)
    return _label_container(tx, container, facts)


def first_carton_label(tx: Transaction, container: Container, lot: Lot, quantity: int, place: Location) -> Label:
    """Queue the label of a new carton, which has none to void and stands at this place."""
    return _label_container(tx, container, carton_facts(container, lot, quantity), place)


def _label_container(tx: Transaction, container: Container, facts: Facts, place: Location | None = None) -> Label:
    layout = f"{container.kind}_gs1" if container.sscc else container.kind
    return issue_label(tx, layout, "white", facts, container_id=container.id, place=place)


def void_container(tx: Transaction, container: Container) -> None:
    """Void every valid label of a carton or pallet: it no longer says what is inside."""
    _void(tx, Label.container_id == container.id)


def void_marks(tx: Transaction, holder_id: int, status: Status | None = None) -> None:
    """Void every valid label of a holder, or those of one status; jobs of it that nobody has printed are cancelled."""
    _void(tx, and_(Label.holder_id == holder_id, true() if status is None else Label.status == status))


def _void(tx: Transaction, marks: ColumnElement[bool]) -> None:
    tx.seen.clear()
    for label in tx.session.scalars(select(Label).where(marks, Label.voided_by.is_(None))):
        label.voided_by, label.voided_at = tx.event.id, tx.now
        tx.cause("void", label.serial)
        cancel_waiting(tx, label, print_queue.VOIDED)
    tx.session.flush()


def cancel_waiting(tx: Transaction, label: Label, reason: str) -> None:
    """Cancel whatever of a label nobody has begun to print; what is out at a station ends as it ends."""
    for job in jobs_of(tx, label):
        if print_queue.may(job, JobEvent.CANCEL):
            print_queue.happen(job, JobEvent.CANCEL, tx.now, reason)


def jobs_of(tx: Transaction, label: Label) -> list[PrintJob]:
    """Every print job of a label, oldest first, locked: stations report on them while people decide."""
    query = select(PrintJob).where(PrintJob.label_id == label.id).order_by(PrintJob.id)
    return list(tx.session.scalars(query.with_for_update(of=PrintJob).execution_options(populate_existing=True)))


def facts_of(label: Label) -> dict[str, str]:
    """What stands on a label."""
    return dict(json.loads(label.facts))
