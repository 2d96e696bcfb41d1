"""Devices without hardware, for tests, the demo and installers: scanners on real ptys, printers on real sockets.

They speak from the makers' manuals and refuse what they do not know; they must never be used to record real work.
"""

from devices.simulated.printer import OfflinePrinter, SimulatedPrinter
from devices.simulated.scanner import SimulatedScanner

__all__ = ["OfflinePrinter", "SimulatedPrinter", "SimulatedScanner"]
