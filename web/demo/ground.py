"""What the demo's stage stands on: a folder of its own, a free port, programs that end undisturbed."""

from __future__ import annotations

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

MARKER = "this folder was made by runcard demo"


class StageError(Exception):
    """The stage could not be set; the text says what did not start and where its log is."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C, from somebody in a hurry, must not leave programs and wires behind."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def answers(address: str) -> bool:
    """Whether a server serves pages there."""
    try:
        return httpx.get(f"{address}/login", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clear(folder: Path) -> None:
    """An empty folder; raises StageError for one that is in use for something else."""
    marker = folder / "README.txt"
    if folder.exists() and any(folder.iterdir()):
        if not (marker.exists() and marker.read_text(encoding="utf-8").startswith(MARKER)):
            raise StageError(f"{folder} is not empty and not a demo's; choose another with --folder")
        shutil.rmtree(folder)
    (folder / "logs").mkdir(parents=True)
    (folder / "labels").mkdir()
    marker.write_text(f"{MARKER}; it is made anew at every run.\n", encoding="utf-8")
