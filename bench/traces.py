"""Backward and forward trace on a generated genealogy of 100 000 lots, beside the raw driver's recursive query.

Five levels; every made lot has six component lots near its own place in the level below. What is measured is the walk
(`mes.trace.walking.walk`) against the same walk as one recursive query through the bare connection.
"""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from bench.measuring import spread, timed
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.masters.model import Item
from mes.stock.model import Lot
from mes.trace.answers import Direction
from mes.trace.model import Edge
from mes.trace.walking import walk

LOTS, LEVELS, FAN = 100_000, 5, 6
TIMES = 40
RAW = {
    Direction.BACKWARD: "WITH RECURSIVE reached(id) AS (VALUES (CAST(:root AS BIGINT)) UNION "
    "SELECT child_id FROM edge JOIN reached ON parent_id = id) SELECT count(*) FROM reached",
    Direction.FORWARD: "WITH RECURSIVE reached(id) AS (VALUES (CAST(:root AS BIGINT)) UNION "
    "SELECT parent_id FROM edge JOIN reached ON child_id = id) SELECT count(*) FROM reached",
}


def run(urls: dict[str, str]) -> None:
    """Print a line per engine, direction and way."""
    print(f"\nTraces on {LOTS} lots, {LEVELS} levels, {FAN} components each")
    for engine, url in urls.items():
        database = Database(url)
        found(database, PlantIdentity())
        levels = database.write(_generated)
        _settle(database)
        for direction, roots in ((Direction.BACKWARD, levels[-1]), (Direction.FORWARD, levels[0])):
            _measure(database, engine, direction, roots)
        database.close()


def _settle(database: Database) -> None:
    """After a bulk load the planner knows nothing of the tables; in a plant autovacuum tells it."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _measure(database: Database, engine: str, direction: Direction, roots: list[int]) -> None:
    chance = random.Random(7)
    with database.read() as session:
        chosen = [chance.choice(roots) for _ in range(TIMES)]
        nodes = [int(session.scalar(text(RAW[direction]), {"root": root}) or 0) for root in chosen]
        mine, raw = iter(chosen), iter(chosen)
        walked = timed(lambda: walk(session, [next(mine)], direction), TIMES)
        bare = timed(lambda: session.scalar(text(RAW[direction]), {"root": next(raw)}), TIMES)
    reached = sorted(nodes)[len(nodes) // 2]
    print(f"{engine:11} {direction:9} {reached:6} nodes   walk {spread(walked)}   raw {spread(bare)}")


def _generated(connection: Connection) -> list[list[int]]:
    """The lots of each level, with edges to the level below."""
    chance = random.Random(1)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        item = Item(
            code="BENCH", name_zh="测", name_en="bench", uom="pcs", kind="part", recheck_days=180, issue_rule="FIFO"
        )
        session.add(item)
        session.flush()
        lots = [_lot(item.id, number) for number in range(LOTS)]
        ids = list(session.scalars(insert(Lot).returning(Lot.id, sort_by_parameter_order=True), lots))
        size = LOTS // LEVELS
        levels = [ids[level * size : (level + 1) * size] for level in range(LEVELS)]
        for below, above in pairwise(levels):
            session.execute(insert(Edge), _edges(chance, below, above))
        session.commit()
        return levels


def _lot(item_id: int, number: int) -> dict[str, object]:
    day = date(2026, 1, 1)
    return {
        "code": f"B{number:06d}",
        "item_id": item_id,
        "origin": "opening",
        "received_on": day,
        "produced_on": day,
        "recheck_on": day,
    }


def _edges(chance: random.Random, below: list[int], above: list[int]) -> list[dict[str, int]]:
    found_edges = []
    for place, parent in enumerate(above):
        near = range(max(0, place - 20), min(len(below), place + 20))
        for child in chance.sample(near, FAN):
            found_edges.append({"parent_id": parent, "child_id": below[child], "quantity": 1})
    return found_edges
