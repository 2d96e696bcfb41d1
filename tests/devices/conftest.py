"""A bench for station tests: the plant's server, a scanner on a pty, printers on sockets, all closed at the end."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.config import PrinterConfig, ScannerConfig, StationConfig
from devices.simulated import SimulatedScanner
from tests.devices.plant_server import PlantServer


@pytest.fixture
def plant() -> Iterator[PlantServer]:
    with PlantServer() as server:
        yield server


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SimulatedScanner]:
    with SimulatedScanner(tmp_path / "by-id") as simulated:
        yield simulated


@pytest.fixture
def configured(tmp_path: Path, plant: PlantServer, scanner: SimulatedScanner) -> Callable[..., StationConfig]:
    def config(*printers: PrinterConfig, feedback: str = "honeywell", **more: Any) -> StationConfig:
        settings: dict[str, Any] = {
            "server": plant.url,
            "scanner": ScannerConfig(scanner.path, feedback=feedback),
            "printers": printers,
            "poll_s": 0.05,
            **more,
        }
        return StationConfig("ST-RAW", token="secret", journal=tmp_path / "journal", **settings)

    return config


@pytest.fixture
def full_disk(tmp_path: Path) -> Callable[[], Any]:
    """A disk that takes ten more bytes of the longest file: the limit of the kernel is as real as a full disk."""

    @contextmanager
    def full() -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        longest = max(file.stat().st_size for file in tmp_path.rglob("*.log"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest + 10, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return full
