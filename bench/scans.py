"""Scans per second through the HTTP door with one and with sixteen stations, beside the raw driver's limit.

A scan here is a badge at a terminal: journalled scan, dialogue, reply. The raw limit writes rows of the same size with
the same durability (one commit, one fsync each) through the bare driver, in the same run.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from itertools import cycle
from pathlib import Path

import httpx
import psycopg
from waitress.server import create_server

from bench.measuring import spread, timed
from mes.clock import wall_clock
from mes.commands import Request, perform
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.intake.reading import read_plant
from mes.people.access import new_station_token
from tests.plant import SAMPLE
from web.app import create_app

STATIONS = 16
SECONDS = 6.0
RAW = 400
BADGES = ("1H2001", "1H2002")
REPLY = json.dumps(
    {"headline": {"zh": "赵一 已登录", "en": "Zhao Yi signed on"}, "expects": {"zh": "x" * 40, "en": "x" * 40}}
)


def run(urls: dict[str, str], folder: Path) -> None:
    """Print a line per engine and number of stations."""
    print("\nScans through POST /api/v1/scans")
    for engine, url in urls.items():
        raw = _raw_sqlite(folder) if engine == "sqlite" else _raw_postgresql(url)
        print(f"{engine:11} raw driver  {len(raw) / sum(raw):7.0f}/s   {spread(raw)}")
        database = Database(url)
        tokens = _founded(database)
        for stations in (1, STATIONS):
            seconds, whole = _through_http(database, dict(list(tokens.items())[:stations]))
            print(f"{engine:11} {stations:2} stations {len(seconds) / whole:7.0f}/s   {spread(seconds)}")
        database.close()


def _founded(database: Database) -> dict[str, str]:
    found(database, PlantIdentity())
    perform(
        database, Request("plant:import", {"source": "bench", "digest": ""}, payload=read_plant(SAMPLE)), wall_clock
    )
    tokens = {}
    for number in range(STATIONS):
        code = f"BENCH-{number:02d}"
        names = {"name_zh": "测", "name_en": "bench", "role": "line", "location": "LN-ASA", "work_center": "WC-ASA"}
        perform(database, Request("plant:station", {"code": code, **names}), wall_clock)
        tokens[code] = new_station_token(database, code)
    return tokens


def _through_http(database: Database, tokens: dict[str, str]) -> tuple[list[float], float]:
    server = create_server(create_app(database, wall_clock), host="127.0.0.1", port=0, threads=STATIONS)
    serving = threading.Thread(target=server.run, daemon=True)  # it ends with the benchmark
    serving.start()
    address = f"http://127.0.0.1:{server.effective_port}"
    found_seconds: list[float] = []
    hands = [
        threading.Thread(target=_scan_on, args=(address, code, token, found_seconds)) for code, token in tokens.items()
    ]
    start = time.perf_counter()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    whole = time.perf_counter() - start
    server.close()
    return found_seconds, whole


def _scan_on(address: str, code: str, token: str, seconds: list[float]) -> None:
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        deadline = time.perf_counter() + SECONDS
        for badge in cycle(BADGES):  # the same twice in a moment would be asked about
            if time.perf_counter() >= deadline:
                break
            body = {"id": str(uuid.uuid4()), "station": code, "code": badge, "scanned_at": wall_clock().isoformat()}
            start = time.perf_counter()
            answer = client.post("/api/v1/scans", json=body)
            seconds.append(time.perf_counter() - start)
            answer.raise_for_status()


SCAN = "INSERT INTO raw_scan VALUES ({0}, {0}, {0}, {0})"
DIALOGUE = "UPDATE raw_dialogue SET state = {0}"
TABLES = (
    "CREATE TABLE raw_scan (id TEXT PRIMARY KEY, hash TEXT, code TEXT, reply TEXT)",
    "CREATE TABLE raw_dialogue (state TEXT)",
    "INSERT INTO raw_dialogue VALUES ('')",
)


def _raw_sqlite(folder: Path) -> list[float]:
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    for statement in TABLES:
        connection.execute(statement)

    def one() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(SCAN.format("?"), (str(uuid.uuid4()), "h" * 64, "1H2001", REPLY))
        connection.execute(DIALOGUE.format("?"), (REPLY * 12,))
        connection.execute("COMMIT")

    found_seconds = timed(one, RAW)
    connection.close()
    return found_seconds


def _raw_postgresql(url: str) -> list[float]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in TABLES:
            connection.execute(statement)  # type: ignore[arg-type]

        def one() -> None:
            with connection.transaction():
                connection.execute(SCAN.format("%s"), (str(uuid.uuid4()), "h" * 64, "1H2001", REPLY))  # type: ignore[arg-type]
                connection.execute(DIALOGUE.format("%s"), (REPLY * 12,))  # type: ignore[arg-type]

        found_seconds = timed(one, RAW)
        connection.execute("DROP TABLE raw_scan; DROP TABLE raw_dialogue")
        return found_seconds
