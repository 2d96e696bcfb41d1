"""People at desks while the floor scans: somebody traces one batch after the other, and somebody exports the stock.

Also fills the store with boxes that nobody scans, so that the export has its rows. They are written past the door, in
one piece: this plant's books are not audited.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import httpx
from sqlalchemy import Connection, MetaData, Table, func, insert, select

from bench.measuring import timed
from bench.working_day.stations import SHELVED
from mes.database import Database
from mes.people.access import set_password

ROWS = 20_000
READER, PASSWORD = "1002", "a password of the bench"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TRACE = "/api/v1/lots/{}/genealogy?direction=backward"
EXPORT = "/stock?format=xlsx"


def furnish(url: str) -> None:
    """Many boxes in the store, and a login for whoever exports."""
    with closing(Database(url)) as database:
        set_password(database, READER, PASSWORD)
        database.write(_fill_store)


def _fill_store(connection: Connection) -> None:
    """Copies of the box whose item nobody asks for."""
    tables = (
        Table(name, MetaData(), autoload_with=connection) for name in ("item", "holder", "handling_unit", "balance")
    )
    item, holder, unit, balance = tables
    shelved = select(item.c.id).where(item.c.code == SHELVED).scalar_subquery()
    lies = connection.execute(select(balance).where(balance.c.item_id == shelved, ~balance.c.outside)).mappings().one()
    box = connection.execute(select(unit).where(unit.c.id == lies["holder_id"])).mappings().one()
    newest = connection.scalar(select(func.max(holder.c.id)))
    connection.execute(insert(holder), [{"kind": "unit"}] * ROWS)
    ids = connection.scalars(select(holder.c.id).where(holder.c.id > newest)).all()
    connection.execute(insert(unit), [{**box, "id": one} for one in ids])
    connection.execute(insert(balance), [{**lies, "holder_id": one} for one in ids])


@dataclass
class Desk:
    """What the office got done meanwhile: seconds of traces and of the export, and its bytes."""

    traces: list[float] = field(default_factory=list)
    export: list[float] = field(default_factory=list)
    size: int = 0


def traced(address: str, lot: str, times: int) -> list[float]:
    """Seconds of each full trace of a batch through HTTP."""
    with _reader(address) as client:
        return timed(lambda: client.get(TRACE.format(lot)).raise_for_status(), times)


def nodes(address: str, lot: str) -> int:
    """How many lots a full trace of a batch names."""
    with _reader(address) as client:
        return len(client.get(TRACE.format(lot)).raise_for_status().json()["nodes"])


@contextmanager
def office(address: str, lot: str) -> Iterator[Desk]:
    """Traces without a pause, and one export, for the length of the block."""
    desk, stop = Desk(), threading.Event()
    with ThreadPoolExecutor() as people:
        busy = [people.submit(_trace_on, address, lot, desk, stop), people.submit(_export, address, desk)]
        try:
            yield desk
        finally:
            stop.set()
    for one in busy:
        one.result()


def _trace_on(address: str, lot: str, desk: Desk, stop: threading.Event) -> None:
    with _reader(address) as client:
        while not stop.is_set():
            desk.traces += timed(lambda: client.get(TRACE.format(lot)).raise_for_status(), 1)


def _export(address: str, desk: Desk) -> None:
    with _reader(address) as client:
        start = time.perf_counter()
        desk.size = len(client.get(EXPORT).raise_for_status().content)
        desk.export.append(time.perf_counter() - start)


@contextmanager
def _reader(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office, logged in: stations may look at no trace and no whole table."""
    with httpx.Client(base_url=address, timeout=300, trust_env=False) as client:
        form = TOKEN.search(client.get("/login").text)
        assert form, "no login form"
        client.post("/language/en", data={"csrf_token": form[1]})
        entered = client.post("/login", data={"badge": READER, "password": PASSWORD, "csrf_token": form[1]})
        assert entered.status_code == 302, entered.text[:500]
        yield client
