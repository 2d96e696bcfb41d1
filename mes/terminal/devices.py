"""What stations say of themselves: heartbeats with scanner and printers, and the last reading of a gauge or scale.

Operational memory, overwritten at every word, exempt from the one door (law 1). What a heartbeat means for the plant (a
printer was opened: nobody vouches for its paper) goes through the door.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from mes import commands
from mes.clock import moment
from mes.commands import Request
from mes.database import Database
from mes.journal import canonical
from mes.labelling.at_hand import MENDED
from mes.labelling.loaded_stock import OPENED, can_be_doubted
from mes.masters.model import Printer, Station
from mes.terminal.model import DeviceState, Reading
from mes.terminal.moments import cut_of, milliseconds

FAILED = "failed"


@dataclass(frozen=True)
class Measured:
    """One value of a gauge or scale, as its station sent it."""

    id: str
    device: str
    value: str
    unit: str
    at: datetime


def heard(
    database: Database, station: str, said: Mapping[str, Any], now: datetime, round_trip: timedelta = timedelta()
) -> None:
    """Keep what a station says of itself; a printer that was opened since its last word is doubted (law 9).

    Of a printer that it does not mention it has said nothing: one that failed is not well yet. Its clock (`at`) is
    compared with the server's, half a round trip after it was read; when it was not heard before is kept beside it.
    """

    def keep(connection: Connection) -> None:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            row = _row(session, station, now)
            earlier = json.loads(row.state)
            before, mentioned = _faults(earlier), _faults(said)
            still = [one for one in earlier.get("printers") or () if MENDED in one and one["code"] not in mentioned]
            cut = cut_of(row, now)
            kept = {"cut": cut.stored} if cut else {}
            row.state = canonical({**said, "printers": [*(said.get("printers") or ()), *still], **kept})
            row.skew_ms = milliseconds(moment(said["at"]) + round_trip / 2 - now)
            row.seen_at = now
            session.commit()
        for printer, faults in _faults(said).items():
            doubt_if_opened(connection, station, printer, faults - before.get(printer, set()), now)

    database.write(keep)


def printer_failed(connection: Connection, station: str, printer: str, reason: str | None, now: datetime) -> None:
    """A job that did not print is news of its printer too: it gets no more until its station calls it well.

    A station that sends no heartbeats can never do so; then it waits for a person who says that it is mended.
    """
    faults = words_of(reason) or {FAILED}
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        row = _row(session, station, now)
        mended = session.scalars(select(Printer.mended).where(Printer.code == printer)).one()
        said = json.loads(row.state)
        others = [one for one in said.get("printers") or () if one["code"] != printer]
        failed = {"code": printer, "faults": sorted(faults), "answers": True, MENDED: mended}
        row.state = canonical({**said, "printers": [*others, failed]})
        session.commit()
    doubt_if_opened(connection, station, printer, faults, now)


def doubt_if_opened(connection: Connection, station: str, printer: str, faults: Iterable[str], now: datetime) -> None:
    """Whoever opened a printer may have put in another roll: nobody vouches for it now (recorded as the system)."""
    why = next((fault for fault in OPENED if fault in set(faults)), None)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        found = session.scalar(select(Printer).where(Printer.code == printer))
        ours = found is not None and found.station.code == station
        doubtful = why and found is not None and ours and can_be_doubted(found) and found.stock_doubt is None
    if doubtful:
        request = Request("plant:doubt_stock", {"printer": printer, "why": why}, station=station)
        commands.perform_in(connection, request, now)


def read_value(database: Database, station: str, measured: Measured) -> None:
    """Keep the last value of a station's gauge or scale."""

    def keep(connection: Connection) -> None:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            station_id = _id_of(session, station)
            row = session.get(Reading, station_id, with_for_update=True) or Reading(station_id=station_id)
            row.id, row.device, row.value = measured.id, measured.device, measured.value
            row.unit, row.read_at = measured.unit, measured.at
            session.add(row)
            session.commit()

    database.write(keep)


def words_of(reason: str | None) -> set[str]:
    """The fault words in a station's reason, such as `paper_out, cover_open`."""
    return {word.strip() for word in (reason or "").split(",") if word.strip()}


def _faults(said: Mapping[str, Any]) -> dict[str, set[str]]:
    return {one["code"]: set(one.get("faults", ())) for one in said.get("printers") or ()}


def _row(session: Session, station: str, now: datetime) -> DeviceState:
    station_id = _id_of(session, station)
    row = session.get(DeviceState, station_id, with_for_update=True)
    if row is None:
        row = DeviceState(station_id=station_id, state="{}", seen_at=now)
        session.add(row)
        session.flush()
    return row


def _id_of(session: Session, station: str) -> int:
    return session.scalars(select(Station.id).where(Station.code == station)).one()
