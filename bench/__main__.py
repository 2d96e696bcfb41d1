"""`make bench`: scans through the HTTP door and traces of a large genealogy, on both engines.

`python -m bench labels` and `python -m bench robustness` measure paper alone and need no database.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import labels, robustness, scans, traces
from tests.postgres import cluster


def main() -> None:
    """Print the machine, then a table per benchmark: those named, else the ones that `make bench` runs."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for name in sys.argv[1:]:
        ALONE[name]()
    if not sys.argv[1:]:
        on_both_engines()


def on_both_engines() -> None:
    """Scans and traces on SQLite and on a PostgreSQL of its own."""
    with ExitStack() as owned:
        folder = Path(owned.enter_context(tempfile.TemporaryDirectory(prefix="runcard-bench-")))
        server = owned.enter_context(cluster(durable=True))
        urls = {"sqlite": f"sqlite:///{folder}/scans.db", "postgresql": server.url("scans")}
        server.execute("CREATE DATABASE scans")
        server.execute("CREATE DATABASE traces")
        scans.run(urls, folder)
        traces.run({"sqlite": f"sqlite:///{folder}/traces.db", "postgresql": server.url("traces")})


ALONE = {"labels": labels.run, "robustness": robustness.run}

if __name__ == "__main__":
    main()
