"""A working day at sixteen stations: real scans of every kind, with refusals, through `runcard serve`.

The hands are a process of their own. SQLite has one server process, PostgreSQL two on the same database. Beside it, in
the same run: badge scans alone, the raw drivers' limit for the same rows, and the same day beside the office's work.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from bench.measuring import spread
from bench.serving import serving
from bench.working_day.hands import Outcome, Shift, work
from bench.working_day.office import Desk, furnish, nodes, office, traced
from bench.working_day.raw import Written, raw, tally, written
from bench.working_day.scripts import Step
from bench.working_day.staging import INSPECTOR, PLANNER, Script, stage
from bench.working_day.stations import SIXTEEN

SCANS = 700  # a station's script: two stretches of 20 s at the rates we hope for
WARM_UP_S, STRETCH_S, BADGES_S = 3.0, 20.0, 6.0
TRACES = 100
GOAL = "goal 250/s, p99 100 ms"
SERVERS = {"postgresql": 2, "sqlite": 1}
BADGES = [Step("badge", f"1H{badge}") for badge in (PLANNER, INSPECTOR)] * 5000


def run(urls: dict[str, str], folder: Path) -> None:
    """Print the day of each engine; PostgreSQL comes first, because it counts what a scan writes."""
    rows: list[Written] = []
    for engine in ("postgresql", "sqlite"):
        place = folder / engine
        scripts = stage(urls[engine], place / "plant", SCANS, SIXTEEN)
        furnish(urls[engine])
        print(f"\nA working day, {engine}, {len(scripts)} stations, server processes: {SERVERS[engine]}", flush=True)
        _badges(engine, urls[engine], place, scripts)
        before = tally(urls[engine]) if engine == "postgresql" else {}
        scans = _day(engine, urls[engine], place, scripts)
        rows = rows or written(urls[engine], before, scans[0])
        _beside_raw(raw(engine, urls[engine], place, rows), scans[1], rows)


@contextmanager
def _servers(engine: str, url: str, folder: Path) -> Iterator[tuple[str, ...]]:
    with ExitStack() as owned:
        yield tuple(owned.enter_context(serving(url, folder)) for _ in range(SERVERS[engine]))


def _badges(engine: str, url: str, folder: Path, scripts: list[Script]) -> None:
    """Badge scans alone; whoever signs on last is none of the crews, so the day begins as it is written."""
    alone = tuple(replace(script, steps=BADGES) for script in scripts)
    with _servers(engine, url, folder) as addresses:
        outcome = work(Shift(addresses, WARM_UP_S, BADGES_S, alone))
    print(f"badges alone          {_rate(outcome):6.0f}/s   {spread(_seconds(outcome))}   goal 500/s", flush=True)


def _day(engine: str, url: str, folder: Path, scripts: list[Script]) -> tuple[int, float]:
    """The day twice, alone and beside the office; how many scans there were in all, and how many a second alone."""
    lot = _packed_first(scripts)
    with _servers(engine, url, folder) as addresses:
        alone = work(Shift(addresses, WARM_UP_S, STRETCH_S, tuple(scripts)))
        _report(alone)
        left = tuple(replace(one, steps=one.steps[alone.done[one.station] :]) for one in scripts)
        quiet = traced(addresses[0], lot, TRACES)
        print(f"full trace, {nodes(addresses[0], lot)} lots, nothing else: {spread(quiet)}   goal 15 ms")
        with office(addresses[-1], lot) as desk:
            beside = work(Shift(addresses, WARM_UP_S, STRETCH_S, left))
        _report_beside(alone, beside, desk)
    return sum(alone.done.values()) + sum(beside.done.values()), _rate(alone)


def _packed_first(scripts: list[Script]) -> str:
    """The batch that is packed first: assembled from a batch that was assembled from thirteen components."""
    started = next(step for one in scripts if one.station == "PKA" for step in one.steps if step.kind == "start")
    return started.text.removeprefix("3W").partition("+")[0]


def _report(outcome: Outcome) -> None:
    """The whole, the mix, and the spread of each kind."""
    kinds = defaultdict(list)
    for _, kind, seconds in outcome.scans:
        kinds[kind].append(seconds)
    total = len(outcome.scans)
    refused = sum(len(found) for kind, found in kinds.items() if kind.endswith("refused"))
    print(f"the day, {outcome.whole:4.1f} s       {_rate(outcome):6.0f}/s   {spread(_seconds(outcome))}   {GOAL}")
    print(f"slowest station against fastest: {_fairness(outcome):.2f}; refused: {refused / total:.1%}; ", end="")
    print(f"the hands took {outcome.cpu_s:.1f} s of processor time; load of the machine {os.getloadavg()[0]:.1f}")
    for kind in sorted(kinds, key=lambda kind: -len(kinds[kind])):
        print(f"  {kind:32} {len(kinds[kind]) / total:6.1%}   {spread(kinds[kind])}")
    print(flush=True, end="")


def _report_beside(alone: Outcome, beside: Outcome, desk: Desk) -> None:
    cost = 1 - _rate(beside) / _rate(alone)
    print(
        f"beside traces and an export {_rate(beside):6.0f}/s   {spread(_seconds(beside))}   costs {cost:.0%}, goal 33 %"
    )
    exported = ", ".join(f"{seconds:.1f} s" for seconds in desk.export)
    print(f"  meanwhile {len(desk.traces)} traces {spread(desk.traces)}; stock as XLSX, {desk.size} bytes: {exported}")


def _beside_raw(seconds: list[float], rate: float, rows: list[Written]) -> None:
    bare = len(seconds) / sum(seconds)
    added, changed = sum(one.added for one in rows), sum(one.changed for one in rows)
    print(f"raw driver, {added:.1f} rows added and {changed:.1f} changed per scan: {bare:.0f}/s   {spread(seconds)}")
    print(f"the day reaches {rate / bare:.0%} of it", flush=True)


def _rate(outcome: Outcome) -> float:
    return len(outcome.scans) / outcome.whole


def _seconds(outcome: Outcome) -> list[float]:
    return [seconds for _, _, seconds in outcome.scans]


def _fairness(outcome: Outcome) -> float:
    counts = Counter(station for station, _, _ in outcome.scans)
    return min(counts.values()) / max(counts.values())
