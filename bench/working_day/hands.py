"""Many hands that scan at once: one process and thread, a kept-alive connection per station, a scan after each reply.

Run as a program it reads a `Shift` as JSON from standard input and writes what came of it to standard output. It ends
with an error at the first reply that the script does not expect.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.working_day.answers import WrongAnswer, body_of, judge, named
from bench.working_day.scripts import Step
from bench.working_day.staging import Script

HEAD_END = b"\r\n\r\n"
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Shift:
    """Who scans where, and how long: after `warm_up_s` whatever is answered within `seconds` counts."""

    addresses: tuple[str, ...]
    warm_up_s: float
    seconds: float
    scripts: tuple[Script, ...]


@dataclass
class Outcome:
    """Seconds of the measured stretch, its scans as (station, kind, seconds), and how far each script came.

    `cpu_s` is the processor time that the hands themselves took, their start included.
    """

    whole: float = 0.0
    cpu_s: float = 0.0
    scans: list[tuple[str, str, float]] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)


def work(shift: Shift) -> Outcome:
    """Let a process of its own do it; raises RuntimeError with its last words when a reply was wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.working_day.hands"],
        input=json.dumps(asdict(shift)),
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return Outcome(**json.loads(done.stdout))


class Hand:
    """One station: its connection, where in its script it is, and since when it waits for a reply."""

    def __init__(self, script: Script, address: str) -> None:
        self.script, self.place = script, 0
        found = urlsplit(address)
        self.connection = socket.create_connection((found.hostname, found.port), timeout=PATIENCE_S)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"POST /api/v1/scans HTTP/1.1\r\nHost: {found.netloc}\r\nAuthorization: Bearer {script.token}\r\n"
        self._head += "Content-Type: application/json\r\nContent-Length: "
        self._received = b""
        self.since = 0.0

    @property
    def step(self) -> Step:
        """The scan that is under way, or comes next."""
        return self.script.steps[self.place]

    @property
    def at_end(self) -> bool:
        """Nothing is left to scan."""
        return self.place >= len(self.script.steps)

    def scan(self) -> None:
        """Send the next scan."""
        body = json.dumps(body_of(self.script.station, self.step)).encode()
        self.since = time.perf_counter()
        self.connection.sendall(f"{self._head}{len(body)}\r\n\r\n".encode() + body)

    def hear(self) -> bool:
        """Take what has come; True when the reply is whole and as expected."""
        self._received += self.connection.recv(65536)
        head, found, body = self._received.partition(HEAD_END)
        if not found or len(body) < _length(head):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise WrongAnswer(f"{self.script.station}, {self.step}: {self._received[:500]!r}")
        judge(self.script.station, self.step, json.loads(body))
        self._received = b""
        return True


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))


class Work:
    """All hands of a shift at once, until the time is over or one script has ended."""

    def __init__(self, shift: Shift) -> None:
        self.begin = time.perf_counter() + shift.warm_up_s
        self.end = self.begin + shift.seconds
        self.outcome = Outcome()
        self._hands = [
            Hand(script, shift.addresses[number % len(shift.addresses)]) for number, script in enumerate(shift.scripts)
        ]

    def run(self) -> Outcome:
        """Scan; the last replies are still awaited, so that everybody knows how far the scripts came."""
        with selectors.DefaultSelector() as waiting:
            for hand in self._hands:
                waiting.register(hand.connection, selectors.EVENT_READ, hand)
                hand.scan()
            busy = len(self._hands)
            while busy:
                busy -= sum(self._ends(key.data) for key, _ in _ready(waiting))
        self.outcome.whole = self.end - self.begin
        self.outcome.cpu_s = time.process_time()
        self.outcome.done = {hand.script.station: hand.place for hand in self._hands}
        return self.outcome

    def _ends(self, hand: Hand) -> bool:
        """Let a hand hear and scan again; True when it does not, because it is time."""
        if not hand.hear():
            return False
        now = time.perf_counter()
        if self.begin <= now < self.end:
            self.outcome.scans.append((hand.script.station, named(hand.step), now - hand.since))
        hand.place += 1
        if hand.at_end:
            self.end = min(self.end, now)
        if now < self.end:
            hand.scan()
            return False
        return True


def _ready(waiting: selectors.BaseSelector) -> Sequence[tuple[selectors.SelectorKey, int]]:
    found = waiting.select(PATIENCE_S)
    if not found:
        raise TimeoutError(f"no station got an answer for {PATIENCE_S:.0f} s")
    return found


def _shift(text: str) -> Shift:
    told = json.loads(text)
    scripts = [Script(one["station"], one["token"], [Step(**step) for step in one["steps"]]) for one in told["scripts"]]
    return Shift(tuple(told["addresses"]), told["warm_up_s"], told["seconds"], tuple(scripts))


if __name__ == "__main__":
    print(json.dumps(asdict(Work(_shift(sys.stdin.read())).run())))
