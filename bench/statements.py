"""What every kind of scan asks of the database: SQL statements and processor time, over a short day in this process.

Counts whatever reaches a cursor, savepoints among them; `executemany` counts once. Goes through the
HTTP application (token, reading and answering JSON included), one scan at a time, so nothing waits for anything.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from flask.testing import FlaskClient

from bench.working_day.answers import body_of, judge, named
from bench.working_day.scripts import Step
from bench.working_day.staging import Script, stage
from bench.working_day.stations import ONE_OF_EACH
from mes.clock import wall_clock
from mes.database import Database
from tests.statements import noted
from web.app import create_app

SCANS = 50
WARM_UP = 1  # scans of every kind that are not counted: caches of SQLAlchemy and of the interpreter fill
CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass
class Cost:
    """Statements (`control`: those of them that only begin, save or roll back) and CPU time of every scan of a kind."""

    statements: list[int] = field(default_factory=list)
    control: list[int] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


def run(urls: dict[str, str], folder: Path) -> None:
    """Print a table per engine."""
    for engine, url in urls.items():
        costs = counted(url, folder / engine)
        print(f"\nWhat a scan asks of the database, {engine}")
        print("| kind of scan | scans | statements, median | most | of them BEGIN and savepoints | CPU ms, median |")
        print("|---|---|---|---|---|---|")
        for kind in sorted(costs, key=lambda kind: statistics.median(costs[kind].statements)):
            print(_row(kind, costs[kind]), flush=True)
        print(_row("all", _together(costs)))


def counted(url: str, folder: Path, scans: int = SCANS) -> dict[str, Cost]:
    """The cost of every kind of scan (refused ones apart), over so many scans at one station of each role."""
    scripts = stage(url, folder, scans, ONE_OF_EACH)
    costs: dict[str, Cost] = defaultdict(Cost)
    with closing(Database(url)) as database:
        client = create_app(database, wall_clock).test_client()
        with noted(database.engine) as asked:
            for script in scripts:
                for step in script.steps:
                    _count(client, script, step, asked, costs[named(step)])
    return {kind: _warm(cost) for kind, cost in costs.items()}


def _count(client: FlaskClient, script: Script, step: Step, asked: list[str], cost: Cost) -> None:
    asked.clear()
    body, token = body_of(script.station, step), {"Authorization": f"Bearer {script.token}"}
    start = time.process_time()
    answer = client.post("/api/v1/scans", json=body, headers=token)
    cost.cpu_ms.append((time.process_time() - start) * 1000)
    cost.statements.append(len(asked))
    cost.control.append(sum(statement.startswith(CONTROL) for statement in asked))
    judge(script.station, step, answer.get_json())


def _warm(cost: Cost) -> Cost:
    """Without the first ones, where there are others."""
    first = WARM_UP if len(cost.cpu_ms) > WARM_UP else 0
    return Cost(cost.statements[first:], cost.control[first:], cost.cpu_ms[first:])


def _together(costs: dict[str, Cost]) -> Cost:
    whole = Cost()
    for one in costs.values():
        whole.statements += one.statements
        whole.control += one.control
        whole.cpu_ms += one.cpu_ms
    return whole


def _row(kind: str, cost: Cost) -> str:
    statements, control = statistics.median(cost.statements), statistics.median(cost.control)
    cells = len(cost.statements), f"{statements:.0f}", max(cost.statements), f"{control:.0f}"
    return " | ".join(("| " + kind, *map(str, cells), f"{statistics.median(cost.cpu_ms):.1f} |"))
