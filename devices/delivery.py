"""Takes kept scans to the server, in order, each exactly once, and sounds its answer to the hand that scanned.

Owns the road between journal and server and the worker's knowledge of it: a scan that is kept but not confirmed gives
attention. It never decides what a scan means and never drops one that has no final answer; one that breaks a server
which is well otherwise is laid aside, so that it blocks nobody.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from devices.appendlog import NotKept
from devices.feedback import Tone
from devices.framing import Garbage, NoRead, Read, Scan
from devices.journal import Entry, ScanJournal
from devices.lines import growing
from devices.server import BROKEN, NoAnswer, Server

log = logging.getLogger(__name__)

POLL_S = 0.2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
PATIENCE = 8  # with growing pauses about eleven seconds


class Delivery:
    """From the scanner's thread: `take`. In a thread of its own: `run`. `sound` makes the scanner beep.

    `heartbeats` counts those that the server took: they tell a server that is down from one that only this scan breaks.
    """

    def __init__(
        self,
        station: str,
        journal: ScanJournal,
        server: Server,
        sound: Callable[[Tone], None],
        now: Callable[[], datetime],
        heartbeats: Callable[[], int] = lambda: 0,
    ) -> None:
        self._station = station
        self._journal = journal
        self._server = server
        self._sound = sound
        self._now = now
        self._heartbeats = heartbeats
        self._behind = False
        self._broken = 0
        self._heartbeats_before = 0

    def take(self, read: Read) -> None:
        """Keep what the scanner sent; a full disk refuses it audibly, a silent server is told by attention."""
        if isinstance(read, NoRead):
            log.info("the fixed reader saw no code")
            self._sound(Tone.BAD)
        else:
            self._keep(read)

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop`; what is left stays in the journal for the next start."""
        pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while not stop.is_set():
            entry = self._journal.oldest(POLL_S)
            if entry is None:
                continue
            try:
                self._deliver(entry)
                pauses = growing(FIRST_PAUSE_S, LONGEST_PAUSE_S)
            except NoAnswer as silence:
                if self._is_poison(silence):
                    self._lay_aside(entry, silence)
                    continue
                self._fall_behind(silence)
                stop.wait(max(next(pauses), silence.retry_after_s))

    def _keep(self, read: Scan | Garbage) -> None:
        try:
            self._journal.keep(self._station, read, self._now())
        except NotKept as refusal:
            log.error("scan %r is refused, it could not be kept: %s", read, refusal)
            self._sound(Tone.BAD)
            return
        if self._behind:
            self._sound(Tone.ATTENTION)

    def _deliver(self, entry: Entry) -> None:
        answer = self._server.post_scan(entry.body, self._now())
        self._behind, self._broken = False, 0
        self._sound(answer.tone)  # before the note: the hand waits, and a scan sent twice is known by its id
        try:
            self._journal.answered(entry, answer.status, self._now())
        except NotKept as refusal:
            log.error("the answer to %s is not noted, it will be asked again after a restart: %s", entry.id, refusal)
        log.info("scan %s %r: %d %s", entry.id, entry.body.get("code"), answer.status, answer.tone)

    def _fall_behind(self, silence: NoAnswer) -> None:
        log.info("%d scans wait: %s", self._journal.waiting(), silence)
        if not self._behind:
            self._behind = True
            self._sound(Tone.ATTENTION)

    def _is_poison(self, silence: NoAnswer) -> bool:
        """Whether the oldest scan has broken the server again and again while the server took heartbeats."""
        if silence.status != BROKEN:
            self._broken = 0
            return False
        if self._broken == 0:
            self._heartbeats_before = self._heartbeats()
        self._broken += 1
        return self._broken >= PATIENCE and self._heartbeats() > self._heartbeats_before

    def _lay_aside(self, entry: Entry, silence: NoAnswer) -> None:
        log.error("scan %s %r is laid aside, the server breaks on it: %s", entry.id, entry.body.get("code"), silence)
        self._journal.lay_aside(entry)
        self._behind, self._broken = False, 0
        self._sound(Tone.BAD)
