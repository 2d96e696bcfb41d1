"""One serial scanner: its line, its framing, and the beeps of its maker.

It passes on what framing gives it and must never look inside a code.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from devices.config import ScannerConfig
from devices.feedback import COMMAND_SETS, Tone
from devices.framing import Read, ScanBuffer, Wrapping
from devices.lines import POLL_S, SerialLine

log = logging.getLogger(__name__)

SHORTEST_WAIT_S = 0.02


class Scanner:
    """Reads one port until told to stop, through any number of unplugs; `on_read` is called in the reading thread."""

    def __init__(self, config: ScannerConfig, on_read: Callable[[Read], None]) -> None:
        self.config = config
        self._commands = COMMAND_SETS[config.feedback]
        wait_s = min(POLL_S, max(SHORTEST_WAIT_S, config.idle_gap_ms / 1000))
        self._line = SerialLine("scanner", config, lambda: buffer_for(config), on_read, wait_s)

    @property
    def connected(self) -> bool:
        """Whether the port is open now."""
        return self._line.connected

    def run(self, stop: threading.Event) -> None:
        """Read until `stop`."""
        self._line.run(stop)

    def answer(self, tone: Tone) -> None:
        """Beep; without a scanner there is nobody to hear it and only the log knows."""
        if not self._line.send(self._commands.tones[tone]):
            log.warning("no scanner to sound %s on %s", tone, self.config.url)


def buffer_for(config: ScannerConfig) -> ScanBuffer:
    """The framing that this scanner's settings ask for."""
    return ScanBuffer(
        config.framing,
        idle_gap_s=config.idle_gap_ms / 1000,
        max_bytes=config.max_bytes,
        wrapping=Wrapping(config.prefix, config.suffix, config.aim_ids, config.no_read),
        echo=COMMAND_SETS[config.feedback].echo,
    )
