"""`runcard serve` as processes of their own, ended by their ids."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_LIMIT_S = 60


@contextmanager
def serving(url: str, folder: Path) -> Iterator[str]:
    """One server; gives its address. Its log and its key lie in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / f"serve-{port}.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve", "--port", str(port)],
            env={**os.environ, "RUNCARD_DATABASE_URL": url, "PYTHONPATH": str(Path.cwd())},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/login", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError("runcard serve did not start")
