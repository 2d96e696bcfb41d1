"""A serial scanner on a pseudo terminal: sends what a hand would scan and understands the beeps it is answered."""

from __future__ import annotations

import time
from pathlib import Path

from devices.feedback import COMMAND_SETS, Tone
from devices.simulated.port import SimulatedPort

TONES = {command: tone for commands in COMMAND_SETS.values() for tone, command in commands.tones.items() if command}


class SimulatedScanner(SimulatedPort):
    """A scanner at `.path`; a context manager, or call `close`.

    `directory` holds the by-id link (a temporary one if not given); `suffix` ends each code as the real one's setting.
    """

    def __init__(
        self, directory: Path | None = None, name: str = "usb-Simulated_Scanner-if00", suffix: str = "\r"
    ) -> None:
        self._suffix = suffix
        super().__init__(directory, name)

    def scan(self, text: str) -> None:
        """Send one code and its suffix, once a station listens."""
        self.wait_until_listened()
        self.send((text + self._suffix).encode())

    def feedback(self, timeout_s: float = 5.0) -> Tone:
        """The next tone the station answered; raises TimeoutError when none came."""
        deadline = time.monotonic() + timeout_s
        while (tone := self._next_tone()) is None:
            self._receive(deadline, f"no feedback from the station, only {self._heard!r}")
        return tone

    def _next_tone(self) -> Tone | None:
        for command, tone in TONES.items():
            if self._heard.startswith(command):
                self._heard = self._heard[len(command) :]
                return tone
        return None
