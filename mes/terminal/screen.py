"""What a terminal's screen shows: the station, who is there, the work in hand, what is loaded, the latest replies."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.plant.model import Characteristic, Person, Printer, Station
from mes.plant.units import shown
from mes.production.model import CardOperation, Loaded, Report, RunCard
from mes.stock.model import Balance, PrintJob
from mes.terminal.dialogue import Talk
from mes.terminal.meanings import expected
from mes.terminal.model import Dialogue


def screen_of(session: Session, station: Station) -> dict[str, Any]:
    """Everything the screen of a station shows, as JSON values; `version` changes whenever it may have changed."""
    row = session.get(Dialogue, station.id)
    talk = Talk(**json.loads(row.state)) if row else Talk()
    return {
        "station": {"code": station.code, "zh": station.name_zh, "en": station.name_en, "role": station.role},
        "version": row.version if row else 0,
        "person": _person(session, talk),
        "machine": talk.machine,
        "operation": operation_in_hand(session, talk.operation),
        "destination": talk.destination,
        "order": talk.order,
        "mode": talk.mode,
        "loaded": _loaded(session, station),
        "expects": asdict(expected(station, talk)),
        "recent": json.loads(row.recent) if row else [],
        "printers": _printers(session, station),
    }


def operation_in_hand(session: Session, name: str | None) -> dict[str, Any] | None:
    """A card's operation with its counts, as the terminal shows it."""
    card, _, seq = (name or "").partition("+")
    if not seq:
        return None
    found = session.scalar(
        select(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .where(RunCard.code == card, CardOperation.seq == int(seq))
    )
    return _operation(session, found) if found else None


def _operation(session: Session, found: CardOperation) -> dict[str, Any]:
    good, bad = session.execute(
        select(func.coalesce(func.sum(Report.good), 0), func.coalesce(func.sum(Report.bad), 0)).where(
            Report.card_operation_id == found.id
        )
    ).one()
    step, card = found.operation, found.card
    return {
        "card": card.code, "seq": found.seq, "item": card.item.code, "item_zh": card.item.name_zh,
        "item_en": card.item.name_en, "zh": step.name_zh, "en": step.name_en, "state": found.state,
        "process_class": step.process_class, "instruction": step.instruction, "good": int(good), "bad": int(bad),
        "planned": card.quantity, "revision": card.revision.revision, "ready": _ready(session, found),
        "self_checks": _self_checks(session, found),
    }  # fmt: skip


def _ready(session: Session, found: CardOperation) -> int:
    """Good pieces of the operation before that wait for this one; the card's quantity at the first."""
    before = [one for one in found.card.operations if one.seq < found.seq]
    if not before:
        return found.card.quantity
    query = select(func.coalesce(func.sum(Balance.quantity), 0)).where(
        Balance.holder_id == before[-1].id, Balance.status.in_(("in_process", "accepted"))
    )
    return int(session.scalar(query) or 0)


def _self_checks(session: Session, found: CardOperation) -> list[dict[str, str]]:
    rows = session.scalars(
        select(Characteristic).where(
            Characteristic.revision_id == found.card.revision_id, Characteristic.seq == found.seq,
            Characteristic.stage == "self",
        )
    )  # fmt: skip
    return [{"zh": row.name_zh, "en": row.name_en} for row in rows]


def _person(session: Session, talk: Talk) -> dict[str, str] | None:
    person = session.scalar(select(Person).where(Person.badge == talk.badge)) if talk.badge else None
    return {"badge": person.badge, "zh": person.name_zh, "en": person.name_en} if person else None


def _loaded(session: Session, station: Station) -> list[dict[str, str]]:
    if station.location_id is None:
        return []
    rows = session.execute(
        select(Loaded, Balance.quantity)
        .join(Balance, (Balance.holder_id == Loaded.unit_id) & (Balance.quantity > 0))
        .where(Loaded.location_id == station.location_id, Loaded.unloaded_at.is_(None))
        .order_by(Loaded.id)
    )
    return [
        {"item": one.unit.lot.item.code, "zh": one.unit.lot.item.name_zh, "en": one.unit.lot.item.name_en,
         "lot": one.unit.lot.code, "left": shown(left, one.unit.lot.item.uom)}
        for one, left in rows
    ]  # fmt: skip


def _printers(session: Session, station: Station) -> list[dict[str, Any]]:
    """Each printer with its paper, and how many jobs wait for paper that no printer here holds."""
    printers = session.scalars(select(Printer).where(Printer.station_id == station.id)).all()
    waiting = session.execute(
        select(PrintJob.stock, func.count())
        .where(PrintJob.station_id == station.id, PrintJob.state == "queued")
        .group_by(PrintJob.stock)
    )
    counts = {row.stock: row[1] for row in waiting}
    shown_printers: list[dict[str, Any]] = [
        {"code": one.code, "stock": one.loaded_stock, "waiting": counts.pop(one.loaded_stock, 0)} for one in printers
    ]
    return [*shown_printers, *({"code": None, "stock": stock, "waiting": count} for stock, count in counts.items())]
