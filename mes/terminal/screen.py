"""What a terminal's screen shows: station and devices, who is there, the work in hand, what is loaded, the replies."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.masters.model import Characteristic, Plant, Station
from mes.masters.units import shown
from mes.memory import masters
from mes.people.model import Person
from mes.production.model import CardOperation, Loaded, Report, RunCard
from mes.stock.model import Balance
from mes.terminal.devices import last_word
from mes.terminal.dialogue import Talk, revive
from mes.terminal.meanings import expected
from mes.terminal.model import Dialogue, Reading
from mes.terminal.offers import offers_of
from mes.terminal.paper import SizesOf, any_size, paper_of
from mes.terminal.register import tasks_of

SILENT_AFTER = timedelta(seconds=45)  # three heartbeats of a station program


def screen_of(session: Session, station: Station, now: datetime, sizes_of: SizesOf = any_size) -> dict[str, Any]:
    """Everything the screen of a station shows, as JSON values; `version` counts its scans."""
    row = session.get(Dialogue, station.id)
    plant = masters(session).all(Plant)[0]
    talk = revive(row.state if row else "{}", tasks_of(station.role))
    return {
        "station": {"code": station.code, "zh": station.name_zh, "en": station.name_en, "role": station.role},
        "version": row.version if row else 0,
        "person": _person(session, talk),
        "machine": talk.machine,
        "operation": operation_in_hand(session, next((one.shows for one in talk.hand if one.shows), None)),
        "loaded": _loaded(session, station),
        "expects": asdict(expected(talk)),
        **offers_of(session, station, talk),
        "recent": _recent(row, ZoneInfo(plant.zone)) if row else [],
        **_said(session, station, now),
        **paper_of(session, station, plant, now, sizes_of),
    }


def _recent(row: Dialogue, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The latest replies, each with the moment of its scan in the plant's zone: a tablet may be set to any other."""
    replies: list[dict[str, Any]] = json.loads(row.recent)
    return [{**one, "at": datetime.fromisoformat(one["at"]).astimezone(zone).isoformat()} for one in replies]


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
        "card": card.code,
        "seq": found.seq,
        "item": card.item.code,
        "item_zh": card.item.name_zh,
        "item_en": card.item.name_en,
        "zh": step.name_zh,
        "en": step.name_en,
        "state": found.state,
        "process_class": step.process_class,
        "instruction": step.instruction,
        "good": int(good),
        "bad": int(bad),
        "planned": card.quantity,
        "revision": card.revision.revision,
        "ready": _ready(session, found),
        "self_checks": _self_checks(session, found),
    }


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
    rows = masters(session).where(Characteristic, revision_id=found.card.revision_id, seq=found.seq, stage="self")
    return [{"zh": row.name_zh, "en": row.name_en} for row in rows]


def _person(session: Session, talk: Talk) -> dict[str, str] | None:
    person = masters(session).find(Person, badge=talk.badge) if talk.badge else None
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
        {
            "item": one.unit.lot.item.code,
            "zh": one.unit.lot.item.name_zh,
            "en": one.unit.lot.item.name_en,
            "lot": one.unit.lot.code,
            "left": shown(left, one.unit.lot.item.uom),
        }
        for one, left in rows
    ]


def _said(session: Session, station: Station, now: datetime) -> dict[str, Any]:
    """What the station last said of itself, and the last value of its gauge or scale."""
    said, seen_at = last_word(session, station)
    reading = session.get(Reading, station.id)
    return {
        "seen_at": seen_at.isoformat() if seen_at else None,
        "silent": bool(seen_at and now - seen_at > SILENT_AFTER),
        "waiting": int(said.get("waiting") or 0),
        "scanner": said.get("scanner"),
        "reading": {
            "id": reading.id,
            "device": reading.device,
            "value": reading.value,
            "unit": reading.unit,
            "at": reading.read_at.isoformat(),
        }
        if reading
        else None,
    }
