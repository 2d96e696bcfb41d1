"""One scan at one station: who is there, what is in hand, and the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes import codes, commands
from mes.commands import HalfWritten, Request
from mes.journal import canonical
from mes.masters.model import Station
from mes.memory import REMEMBERED, masters
from mes.production import work
from mes.production.model import CardOperation, RunCard
from mes.refusals import NotExpectedHere, Refusal, Refused, refuse
from mes.resolve import unknown
from mes.terminal.dialogue import Talk
from mes.terminal.refusals import RefusalGone
from mes.terminal.task import Task, Twice
from mes.transaction import Override
from mes.words import Words

T = TypeVar("T", bound=Task)
SHOWN_CODE = 60
NO_COMMAND = "terminal:scan"
"""What the journal calls a scan that was refused before any command was reached."""


class Asked(Exception):
    """A question instead of the act: nothing was done, and the same scan once more confirms it."""

    def __init__(self, question: Words) -> None:
        super().__init__(question.en)
        self.question = question


class Scanned(Protocol):
    """What a meaning needs to know of the scan itself."""

    @property
    def id(self) -> str: ...
    @property
    def code(self) -> str: ...


@dataclass
class Floor:
    """One scan at one station: who is there, what is in hand, and the door."""

    session: Session
    station: Station
    talk: Talk
    scanned: Scanned
    now: datetime
    happened_at: datetime
    recorded: bool = False
    warned: list[Refusal] = field(default_factory=list)
    """What the door warned of while it did what was asked (P8)."""
    overrides: tuple[Override, ...] = ()
    only: tuple[str, str] | None = None
    """The one request that an override is for: its command and its arguments as the journal has them."""
    confirmed: str | None = None
    """The question, in English, that this scan confirms."""
    twice: Twice = Twice.ASKS
    """What this scan does when it is repeated within a moment, known once something has taken it."""

    @property
    def text(self) -> str:
        """The scanned text, as it may be shown."""
        return self.scanned.code[:SHOWN_CODE]

    def in_hand(self, kind: type[T]) -> T | None:
        """The task of this kind that is in hand."""
        return next((task for task in reversed(self.talk.hand) if isinstance(task, kind)), None)

    def ask(self, command: str, **arguments: Any) -> Any:
        """Ask the door; returns the command's value, raises the refusal that the door recorded."""
        if self.only and self.only != (command, canonical(arguments)):
            raise refuse(RefusalGone(station=self.station.code))
        outcome = commands.carry_out(self.session, self._request(command, arguments), self.now)
        if not outcome.accepted:
            self.recorded = True
            raise Refused(outcome.reasons)
        self.warned += outcome.warned
        return outcome.value

    def make_sure(self, question: Words) -> None:
        """Ask before an act, and go on when this very question was confirmed by the same scan (raises `Asked`).

        To be called before anything is asked of the door. An override was thought over already.
        """
        if self.only is None and self.confirmed != question.en:
            raise Asked(question)

    def refused_late(self, half: HalfWritten) -> Refused:
        """Write down what an earlier try of this scan was refused for after it had begun to write."""
        commands.record(self.session, half.request, half.reasons, self.now)
        self.recorded = True
        return Refused(half.reasons)

    def record(self, reasons: Sequence[Refusal]) -> None:
        """Write down a refusal that no command spoke."""
        request = self._request(NO_COMMAND, {"code": self.scanned.code})
        commands.record(self.session, request, reasons, self.now)

    def find(self, column: Any, code: str) -> Any:
        """A row by its code; raises `UnknownCode` or `MistypedCode`."""
        kind = column.class_
        if kind in REMEMBERED:
            found = masters(self.session).find(kind, **{column.key: code})
        elif kind is RunCard:
            found = work.card_of(self.session, code)
        else:
            found = self.session.scalar(select(kind).where(column == code))
        if found is None:
            raise refuse(unknown(code))
        return found

    def operation(self, name: str) -> CardOperation:
        """The operation of CARD+SEQ; raises `UnknownCode` or `MistypedCode`."""
        card, _, seq = name.partition("+")
        found: RunCard = self.find(RunCard.code, card)
        operation = next((one for one in found.operations if str(one.seq) == seq), None)
        if operation is None:
            raise refuse(unknown(name))
        return operation

    def not_expected(self) -> Refused:
        """For `raise floor.not_expected()`: the code is good but means nothing here now."""
        return refuse(NotExpectedHere(text=self.text, station=self.station.code))

    def _request(self, command: str, arguments: dict[str, Any]) -> Request:
        return Request(
            command,
            arguments,
            person=self.talk.badge,
            station=self.station.code,
            scan_id=self.scanned.id,
            occurred_at=self.happened_at,
            overrides=self.overrides,
        )


Box = codes.LabelCode | codes.LotCode | codes.ContainerCode | codes.CardCode
BOXES: tuple[type, ...] = (codes.LabelCode, codes.LotCode, codes.ContainerCode, codes.CardCode)


def unit_of(code: Box) -> str:
    """What the door calls a scanned box: its lot, the serial on its label, or the colour card that hangs on it."""
    if isinstance(code, codes.CardCode):
        return codes.encode(code)
    return code.lot if isinstance(code, codes.LotCode) else code.serial
