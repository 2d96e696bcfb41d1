"""What all simulated printers share: a command queue that stops at a fault, real-time answers, and the printed labels.

It owns no socket. The languages on top are strict: whatever the manual's chosen commands do not cover is an error, and
after an error nothing more of that connection is printed, so that a wrong byte can never look like success.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

WHITE = 255  # in Pillow's mode '1' the value 1 is not white after inversion; 255 always is


class Refused(Exception):
    """The printer does not know this command, or not with these parameters."""


@dataclass(frozen=True)
class Command:
    """One complete command; `answer` runs it and gives what the printer sends back."""

    length: int
    answer: Callable[[], bytes]
    realtime: bool = False


class Interpreter(ABC):
    """Bytes in, answers and labels out.

    `labels` are pictures, '1' mode, black on white, in dots. `labels_left` counts down to paper out when set. One that
    `keeps_state` waits for the rest of a half-sent command over a lost connection, answers a question amid one that
    `answers_amid`, and skips the half when its end does not fit.
    """

    def __init__(self, width_dots: int) -> None:
        self.width_dots = width_dots
        self.keeps_state = False
        self.answers_amid = True
        self.paper_out = False
        self.cover_open = False
        self.labels_left: int | None = None
        self.labels: list[Image.Image] = []
        self.errors: list[str] = []
        self._buffer = bytearray()
        self._queue: deque[Command] = deque()
        self._lost = False
        self._kept_bytes = 0

    @property
    def faulty(self) -> bool:
        """Whether printing stands still."""
        return self.paper_out or self.cover_open

    def connected(self) -> None:
        """A new connection: half a command of the old one is forgotten or kept, complete ones stay queued."""
        if self._lost or not self.keeps_state:
            self._buffer.clear()
        self._kept_bytes = len(self._buffer)
        self._lost = False

    def power_cycled(self) -> None:
        """Everything not yet printed is gone."""
        self._buffer.clear()
        self._kept_bytes = 0
        self._lost = False
        self._queue.clear()

    def receive(self, received: bytes) -> bytes:
        """Take bytes and give what the printer answers at once."""
        if self._lost:
            return b""
        self._buffer += received
        answers = b""
        with self._strictly():
            while (answer := self._step()) is not None:
                answers += answer
        return answers + self._answer_amid()

    def _step(self) -> bytes | None:
        """Take the first command out of the buffer; None while it is incomplete.

        What an earlier connection left of a command is skipped where it makes no sense with what came now.
        """
        kept = self._kept_bytes
        try:
            command = self.next_command(bytes(self._buffer))
            if command is None:
                return None
            del self._buffer[: command.length]
            self._kept_bytes = max(0, kept - command.length)
            return self._take(command)
        except Refused:
            if not kept:
                raise
            del self._buffer[: self._kept_bytes]
            self._kept_bytes = 0
            return b""

    def _answer_amid(self) -> bytes:
        """The answer to a question that came behind half a command: it is no part of that."""
        asked = self.question(bytes(self._buffer)) if self.keeps_state and self.answers_amid else None
        if asked is None:
            return b""
        del self._buffer[-asked.length :]
        return asked.answer()

    def resume(self) -> bytes:
        """Go on with what waits, as far as there is no fault."""
        with self._strictly():
            return self._run_queue()
        return b""

    @property
    def waiting(self) -> int:
        """Commands received and not yet carried out."""
        return len(self._queue)

    @abstractmethod
    def next_command(self, buffer: bytes) -> Command | None:
        """The first command of the buffer, None while it is incomplete; raises Refused."""

    def question(self, buffer: bytes) -> Command | None:
        """The real-time question at the end of the buffer, if there is one."""
        return None

    def print_label(self, picture: Image.Image) -> None:
        """A label comes out."""
        self.labels.append(picture)
        if self.labels_left is not None:
            self.labels_left -= 1
            self.paper_out = self.labels_left <= 0

    def _take(self, command: Command) -> bytes:
        if command.realtime:
            return command.answer()
        self._queue.append(command)
        return self._run_queue()

    def _run_queue(self) -> bytes:
        answers = b""
        while self._queue and not self.faulty:
            answers += self._queue.popleft().answer()
        return answers

    @contextmanager
    def _strictly(self) -> Iterator[None]:
        """An unknown command ends the conversation: what follows could be its parameters and must not be printed."""
        try:
            yield
        except Refused as refusal:
            self._lost = True
            self._queue.clear()
            self.errors.append(str(refusal))
