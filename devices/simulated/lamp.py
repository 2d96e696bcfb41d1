"""A lamp tower on a pseudo terminal: understands USB relays (LCUS), Modbus RTU coils, and free bytes, strictly.

A frame with a wrong sum or CRC switches nothing and is noted as an error, as the real ones ignore it.
"""

from __future__ import annotations

import time
from pathlib import Path

from devices.simulated.port import SimulatedPort

LCUS_LENGTH, MODBUS_LENGTH = 4, 8


class SimulatedLamp(SimulatedPort):
    """A lamp at `.path`, "lcus" or "modbus"; `lit` holds the channels that are on, `history` every (channel, on).

    `heard_bytes` waits for free byte strings instead.
    """

    def __init__(
        self, directory: Path | None = None, name: str = "usb-Simulated_Lamp-if00", protocol: str = "lcus"
    ) -> None:
        self.protocol = protocol
        self.lit: set[int] = set()
        self.history: list[tuple[int, bool]] = []
        self.errors: list[bytes] = []
        super().__init__(directory, name)

    def plug(self) -> None:
        """Connect it; a relay starts with all channels off."""
        self.lit = set()
        super().plug()

    def wait_for(self, *channels: int, timeout_s: float = 5.0) -> None:
        """Returns once exactly these channels are lit; raises TimeoutError naming what was switched."""
        deadline = time.monotonic() + timeout_s
        while not self._switched() or self.lit != set(channels):
            self._receive(deadline, f"lit {self.lit}, switched {self.history}, not understood {self.errors}")

    def heard_bytes(self, wanted: bytes, timeout_s: float = 5.0) -> None:
        """Returns once these bytes came; raises TimeoutError."""
        self.wait_until_asked(wanted, timeout_s)

    def _switched(self) -> bool:
        """Carry out the complete frames received so far; always true, so that it can stand in a condition."""
        length = LCUS_LENGTH if self.protocol == "lcus" else MODBUS_LENGTH
        while len(self._heard) >= length:
            frame, self._heard = self._heard[:length], self._heard[length:]
            switched = _lcus(frame) if self.protocol == "lcus" else _modbus(frame)
            if switched is None:
                self.errors.append(frame)
                continue
            self.history.append(switched)
            (self.lit.add if switched[1] else self.lit.discard)(switched[0])
        return True


def _lcus(frame: bytes) -> tuple[int, bool] | None:
    if frame[0] != 0xA0 or frame[2] not in (0, 1) or sum(frame[:3]) & 0xFF != frame[3]:
        return None
    return frame[1], bool(frame[2])


def _modbus(frame: bytes) -> tuple[int, bool] | None:
    if frame[1] != 0x05 or frame[4:6] not in (b"\xff\x00", b"\0\0") or _crc(frame[:6]) != frame[6:]:
        return None
    return int.from_bytes(frame[2:4], "big"), frame[4] == 0xFF


def _crc(frame: bytes) -> bytes:
    """Bit by bit as the specification's text says it, and not by the code under test."""
    register = 0xFFFF
    for bit in (byte >> position & 1 for byte in frame for position in range(8)):
        carry = register & 1 ^ bit
        register >>= 1
        if carry:
            register ^= 0xA001
    return bytes([register & 0xFF, register >> 8])
