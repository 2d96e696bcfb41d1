"""One scan at one station: who is there, what is in hand, and the door; and what codes mean at every station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from mes import codes, commands
from mes.commands import Request
from mes.plant.model import Person, Printer, Station
from mes.refusals import NoSuchStock, Refusal, Refused, UnknownCode, refuse
from mes.resolve import unknown
from mes.terminal.dialogue import Talk
from mes.terminal.reply import Answer
from mes.terminal.words import done, said


class Scanned(Protocol):
    """What a meaning needs to know of the scan itself."""

    @property
    def id(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def scanned_at(self) -> datetime: ...


@dataclass
class Floor:
    """One scan at one station: who is there, and the door."""

    connection: Connection
    session: Session
    station: Station
    talk: Talk
    scanned: Scanned
    now: datetime
    recorded: bool = False

    @property
    def text(self) -> str:
        """The scanned text, as it may be shown."""
        return self.scanned.code[:60]

    def ask(self, command: str, **arguments: Any) -> Any:
        """Ask the door; returns the command's value, raises the refusal that the door recorded."""
        outcome = commands.perform_in(self.connection, self._request(command, arguments), self.now)
        if not outcome.accepted:
            self.recorded = True
            raise Refused(outcome.reasons)
        self.session.expire_all()
        return outcome.value

    def record(self, reasons: Sequence[Refusal]) -> None:
        """Write down a refusal that no command spoke."""
        request = self._request("terminal:scan", {"code": self.scanned.code})
        commands.record_refusal(self.connection, request, reasons, self.now)

    def find(self, column: Any, code: str) -> Any:
        """A row by its code; raises `UnknownCode` or `MistypedCode`."""
        found = self.session.scalar(select(column.class_).where(column == code))
        if found is None:
            raise refuse(unknown(code))
        return found

    def _request(self, command: str, arguments: dict[str, Any]) -> Request:
        return Request(
            command, arguments, person=self.talk.badge, station=self.station.code, scan_id=self.scanned.id,
            occurred_at=self.scanned.scanned_at,
        )  # fmt: skip


Meaning = Callable[[Floor, Any], tuple[Answer, Talk]]


def unit_of(code: codes.LabelCode | codes.LotCode | codes.ContainerCode) -> str:
    """What the door calls a scanned box: its lot, or the serial on its label."""
    return code.lot if isinstance(code, codes.LotCode) else code.serial


def sign_on(floor: Floor, code: codes.BadgeCode) -> tuple[Answer, Talk]:
    """A badge: this person now works here; scanning it again logs off."""
    person = floor.find(Person.badge, code.badge)
    if person.disabled:
        raise refuse(UnknownCode(text=floor.text))
    if floor.talk.badge == person.badge:
        return said("signed_off", zh=person.name_zh, en=person.name_en), Talk()
    return said("signed_on", zh=person.name_zh, en=person.name_en), floor.talk.but(badge=person.badge, reason=None)


def load_roll(floor: Floor, code: codes.RollCode) -> tuple[Answer, Talk]:
    """A label roll: it is now in this station's printer (law 9)."""
    printers = floor.session.scalars(select(Printer).where(Printer.station_id == floor.station.id)).all()
    if not printers:
        raise refuse(NoSuchStock(printer=floor.station.code, colour=code.colour.lower()))
    printer = next((one for one in printers if one.loaded_stock == code.colour.lower()), printers[0])
    value = floor.ask("plant:load_stock", printer=printer.code, stock=code.colour.lower())
    return done("plant:load_stock", value, colour=code.colour.lower()), floor.talk


EVERYWHERE: dict[type, Meaning] = {codes.BadgeCode: sign_on, codes.RollCode: load_roll}
