"""`make bench`: scans through the HTTP door and traces of a large genealogy on both engines, scanner to beep by step.

`python -m bench beeps` measures only the last.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import beeps, scans, traces
from tests.postgres import cluster


def main() -> None:
    """Print the machine, then a table per benchmark."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with ExitStack() as owned:
        folder = Path(owned.enter_context(tempfile.TemporaryDirectory(prefix="runcard-bench-")))
        beeps.run(folder)
        if sys.argv[1:] == ["beeps"]:
            return
        server = owned.enter_context(cluster(durable=True))
        urls = {"sqlite": f"sqlite:///{folder}/scans.db", "postgresql": server.url("scans")}
        server.execute("CREATE DATABASE scans")
        server.execute("CREATE DATABASE traces")
        scans.run(urls, folder)
        traces.run({"sqlite": f"sqlite:///{folder}/traces.db", "postgresql": server.url("traces")})


if __name__ == "__main__":
    main()
