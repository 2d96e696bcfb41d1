"""A digital gauge and a scale on pseudo terminals: they send when a hand presses their key, and when they are asked.

Written from the same manuals as `devices.gauge_protocols` and `devices.scale_protocols`, in the other direction; they
must never be used to record real work.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from devices.simulated.port import SimulatedPort


def _signed(value: Decimal, width: int = 0) -> str:
    sign = "-" if value < 0 else "+"
    return f"{sign}{abs(value):0{width}f}" if width else f"{sign}{abs(value):f}"


GAUGE_LINES: dict[str, Callable[[Decimal], str]] = {
    "mitutoyo": lambda value: f"01A{_signed(value, 8)}\r",
    "sylvac": lambda value: f"{_signed(value, 7)}\r",
    "mahr": lambda value: f"{'-' if value < 0 else '+'}{abs(value):>8f} mm\r\n",
}
GAUGE_ERRORS = {"mitutoyo": "911\r", "sylvac": "ERR0\r", "mahr": "ERR6\r\n"}
SCALE_LINES: dict[str, Callable[[Decimal, bool, str], str]] = {
    "sics": lambda value, stable, unit: f"S {'S' if stable else 'D'} {value:>10f} {unit}\r\n",
    "and": lambda value, stable, unit: f"{'ST' if stable else 'US'},{_signed(value, 9)} {unit:>2}\r\n",
    "continuous": lambda value, stable, unit: (
        f"{'ST' if stable else 'US'},GS,{'-' if value < 0 else '+'}{abs(value):>7f}{unit}\r\n"
    ),
}
SCALE_ERRORS = {"sics": "S +\r\n", "and": "OL,+9999999\r\n", "continuous": "OL,GS,+       kg\r\n"}
REQUESTS = {"sylvac": b"?\r", "mahr": b"?\r", "sics": b"S\r\n", "and": b"Q\r\n"}


class SimulatedGauge(SimulatedPort):
    """A caliper or dial gauge at `.path`, speaking one maker's protocol; a context manager, or call `close`."""

    def __init__(
        self, directory: Path | None = None, name: str = "usb-Simulated_Gauge-if00", protocol: str = "mitutoyo"
    ) -> None:
        self.protocol = protocol
        super().__init__(directory, name)

    def press(self, value: str | Decimal) -> None:
        """Send this measurement, once a station listens."""
        self.wait_until_listened()
        self.send(GAUGE_LINES[self.protocol](Decimal(value)).encode())

    def fail(self) -> None:
        """Send what the maker's tool sends when it cannot measure."""
        self.wait_until_listened()
        self.send(GAUGE_ERRORS[self.protocol].encode())

    def answer(self, value: str | Decimal, timeout_s: float = 5.0) -> None:
        """Wait to be asked, then send; raises TimeoutError when nobody asked."""
        self.wait_until_asked(REQUESTS[self.protocol], timeout_s)
        self.press(value)


class SimulatedScale(SimulatedPort):
    """A scale at `.path`, speaking one protocol; a context manager, or call `close`."""

    def __init__(
        self,
        directory: Path | None = None,
        name: str = "usb-Simulated_Scale-if00",
        protocol: str = "sics",
        unit: str = "kg",
    ) -> None:
        self.protocol = protocol
        self.unit = unit
        super().__init__(directory, name)

    def weigh(self, value: str | Decimal, *, stable: bool = True) -> None:
        """Send one weight, as the key or the stream of a continuous scale does, once a station listens."""
        self.wait_until_listened()
        self.send(SCALE_LINES[self.protocol](Decimal(value), stable, self.unit).encode())

    def fail(self) -> None:
        """Send what the scale sends when it is overloaded."""
        self.wait_until_listened()
        self.send(SCALE_ERRORS[self.protocol].encode())

    def answer(self, value: str | Decimal, *, stable: bool = True, timeout_s: float = 5.0) -> None:
        """Wait to be asked, then send; raises TimeoutError when nobody asked."""
        self.wait_until_asked(REQUESTS[self.protocol], timeout_s)
        self.weigh(value, stable=stable)
