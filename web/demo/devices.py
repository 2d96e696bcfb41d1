"""What the demo needs of devices, as protocols: `web.cli` hands in the simulated ones, so that no other file wires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PIL import Image


class DemoScanner(Protocol):
    """A serial scanner in a simulated hand."""

    path: str

    def scan(self, text: str) -> None: ...
    def send(self, raw: bytes) -> None: ...
    def feedback(self, timeout_s: float = ...) -> Any: ...
    def close(self) -> None: ...


class DemoPrinter(Protocol):
    """A printer that keeps a picture of every label."""

    @property
    def url(self) -> str: ...
    @property
    def labels(self) -> list[Image.Image]: ...
    @property
    def errors(self) -> list[str]: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class DeviceMaker:
    """How to make them: a scanner in a folder under a name; a printer of a language and width in dots."""

    scanner: Callable[[Path, str], DemoScanner]
    printer: Callable[[str, int], DemoPrinter]
