"""Labels tell the truth (law 9, F5): every printed piece has a serial, marks one thing, and is voided with its status.

Puts print jobs into the outbox in the same transaction; renders and sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select, true

from mes.journal import canonical
from mes.plant.model import Station
from mes.plant.units import from_smallest, shown
from mes.stock.gs1 import content_facts
from mes.stock.model import Container, Label, Lot, PrintJob
from mes.stock.serials import next_label_serial
from mes.stock.status import LABEL_OF, Status
from mes.transaction import Transaction

Facts = Mapping[str, str]


def mark_status(
    tx: Transaction, holder_id: int, lot: Lot, status: Status, quantity: int, more: Facts | None = None,
    station: Station | None = None,
) -> Label | None:  # fmt: skip
    """Void the holder's old labels and queue the one of its new status (P15); work in process has none."""
    void_marks(tx, holder_id)
    if status not in LABEL_OF:
        return None
    layout, stock = LABEL_OF[status]
    facts = {**status_facts(tx, lot, quantity), **(more or {})}
    return issue_label(tx, layout, stock, facts, holder_id=holder_id, status=status, station=station)


def status_facts(tx: Transaction, lot: Lot, quantity: int) -> dict[str, str]:
    """What stands on every status label: item, batch, quantity, day, and who."""
    return {
        "item": lot.item.code, "name_zh": lot.item.name_zh, "name_en": lot.item.name_en, "lot": lot.code,
        "quantity": shown(quantity, lot.item.uom),
        "marked_at": f"{tx.now.astimezone(ZoneInfo(tx.plant.zone)):%Y-%m-%d %H:%M}",
        "inspector": f"{tx.person.badge} {tx.person.name_zh}" if tx.person else "",
    }  # fmt: skip


def carton_facts(container: Container, lot: Lot, quantity: int) -> dict[str, str]:
    """What stands on a carton: 2J, P, 1T and Q; with an SSCC also (00), and (02), (37), (17) if they can be said."""
    facts = {
        "item": lot.item.code, "name_zh": lot.item.name_zh, "name_en": lot.item.name_en, "lot": lot.code,
        "quantity": shown(quantity, lot.item.uom), "container": container.serial,
        "count": f"{from_smallest(quantity, lot.item.uom):f}",
    }  # fmt: skip
    if container.sscc is None:
        return facts
    expires = {"expires_on": f"{lot.expires_on:%Y-%m-%d}"} if lot.expires_on else {}
    return {**facts, "sscc": container.sscc, **content_facts(lot.item, quantity), **expires}


def issue_label(
    tx: Transaction, layout: str, stock: str, facts: Facts, *, holder_id: int | None = None,
    container_id: int | None = None, status: Status | None = None, station: Station | None = None,
) -> Label:  # fmt: skip
    """A new label with its own serial, and its print job at the station where it was asked for."""
    serial = next_label_serial(tx)
    content = {**facts, "serial": serial}
    label = Label(
        serial=serial, layout=layout, stock=stock, holder_id=holder_id, container_id=container_id, status=status,
        facts=canonical(content), issued_by=tx.event.id,
    )  # fmt: skip
    tx.session.add(label)
    tx.session.flush()
    tx.cause("label", serial, layout, holder_id, container_id)
    where = station or tx.station
    if where:
        queue_print(
            tx, where, layout, stock, f"{facts.get('lot', '')} {facts.get('quantity', '')}".strip(), content, label
        )
    return label


def queue_print(
    tx: Transaction, station: Station, layout: str, stock: str, title: str, facts: Mapping[str, Any],
    label: Label | None = None,
) -> PrintJob:  # fmt: skip
    """Put one print job into the outbox; the server renders and proves it at its own pace."""
    job = PrintJob(
        label_id=label.id if label else None, station_id=station.id, event_id=tx.event.id, layout=layout, stock=stock,
        title=title, facts=canonical(dict(facts)),
    )  # fmt: skip
    tx.session.add(job)
    tx.session.flush()
    return job


def mark_carton(tx: Transaction, container: Container, lot: Lot, quantity: int) -> Label:
    """Void the carton's old labels and queue one that says what is in it now."""
    _void(tx, Label.container_id == container.id)
    layout = "carton_gs1" if container.sscc else "carton"
    return issue_label(tx, layout, "white", carton_facts(container, lot, quantity), container_id=container.id)


def void_marks(tx: Transaction, holder_id: int, status: Status | None = None) -> None:
    """Void every valid label of a holder, or those of one status; jobs of it that nobody has printed are cancelled."""
    _void(tx, and_(Label.holder_id == holder_id, true() if status is None else Label.status == status))


def _void(tx: Transaction, marks: ColumnElement[bool]) -> None:
    for label in tx.session.scalars(select(Label).where(marks, Label.voided_by.is_(None))):
        label.voided_by, label.voided_at = tx.event.id, tx.now
        tx.cause("void", label.serial)
        for job in tx.session.scalars(
            select(PrintJob).where(PrintJob.label_id == label.id, PrintJob.state == "queued")
        ):
            job.state, job.reason, job.finished_at = "cancelled", "label voided", tx.now
    tx.session.flush()


def facts_of(label: Label) -> dict[str, str]:
    """What stands on a label."""
    return dict(json.loads(label.facts))
