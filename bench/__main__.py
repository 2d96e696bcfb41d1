"""`make bench`: each benchmark in turn, or those that are named: `python -m bench day traces`.

`robustness` (decode rates of damaged labels) and `memory` (a simulated week) take minutes and run only when named.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import beeps, day, labels, memory, robustness, scans, statements, traces
from tests.postgres import cluster


def main() -> None:
    """Print the machine, then a table per benchmark."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for name in sys.argv[1:] or ALWAYS:
        with tempfile.TemporaryDirectory(prefix="runcard-bench-") as folder:
            BENCHMARKS[name](Path(folder))


@contextmanager
def both_engines(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """An empty database of this name on each engine; PostgreSQL as durable as SQLite."""
    with cluster(durable=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield {"sqlite": f"sqlite:///{folder}/{name}.db", "postgresql": server.url(name)}


def scans_on_both(folder: Path) -> None:
    """Scans through the HTTP door."""
    with both_engines(folder, "scans") as urls:
        scans.run(urls, folder)


def day_on_both(folder: Path) -> None:
    """A working day at sixteen stations."""
    with both_engines(folder, "day") as urls:
        day.run(urls, folder)


def statements_on_both(folder: Path) -> None:
    """Statements of every kind of scan."""
    with both_engines(folder, "statements") as urls:
        statements.run(urls, folder)


def traces_on_both(folder: Path) -> None:
    """Traces of a large genealogy."""
    with both_engines(folder, "traces") as urls:
        traces.run(urls)


BENCHMARKS: dict[str, Callable[[Path], None]] = {
    "beeps": beeps.run,
    "scans": scans_on_both,
    "day": day_on_both,
    "statements": statements_on_both,
    "traces": traces_on_both,
    "labels": lambda _folder: labels.run(),
    "memory": memory.run,
    "robustness": lambda _folder: robustness.run(),
}
ALWAYS = ("beeps", "scans", "day", "statements", "traces", "labels")

if __name__ == "__main__":
    main()
