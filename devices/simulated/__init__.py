"""Devices without hardware, for tests, the demo and installers: serial ones on real ptys, printers on real sockets.

They speak from the makers' manuals and refuse what they do not know; they must never be used to record real work.
"""

from devices.simulated.lamp import SimulatedLamp
from devices.simulated.printer import OfflinePrinter, SimulatedPrinter
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.tools import SimulatedGauge, SimulatedScale

__all__ = [
    "OfflinePrinter",
    "SimulatedGauge",
    "SimulatedLamp",
    "SimulatedPrinter",
    "SimulatedScale",
    "SimulatedScanner",
]
