"""Runs a station for the length of a block, in its own thread, stopped and joined afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from devices.config import StationConfig
from devices.station import run


@contextmanager
def working(config: StationConfig, **more: Any) -> Iterator[None]:
    """A station at work; an error of its own is raised at the end of the block."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        station = pool.submit(run, config, stop, **more)
        try:
            yield
        finally:
            stop.set()
    station.result()
