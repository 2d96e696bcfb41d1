"""The journal as people read it: who did or tried what, where and when, and which rule spoke (law 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

import mes.departments  # noqa: F401  every command is declared
from mes.declaring import REGISTER
from mes.journal import RESULTS, Event
from mes.masters.model import Station
from mes.people.model import Person
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.declaring import Column, Row, table
from mes.queries.reading import Called, Code, Expression, Moment, Number, Reading
from mes.queries.sentences import Reason, reason_of, sentence_of
from mes.queries.wording import Reasons, Stored, Word
from mes.roles import Role
from mes.trace.answers import Named
from mes.words import Words

PAGE = 100
COMMANDS = {name: one.words for name, one in REGISTER.items()}


@dataclass(frozen=True)
class Sentence(Reading):
    """What somebody did, or tried and why it was refused, as one sentence."""

    kind: Expression
    arguments: Expression
    reasons: Expression
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {half: {"type": "string"} for half in ("zh", "en")},
    }

    @property
    def selected(self) -> tuple[Expression, ...]:
        return (self.kind, self.arguments, self.reasons, Event.result)

    def plain(self, values: tuple[Any, ...], zone: ZoneInfo) -> Words:
        kind, arguments, reasons, result = values
        return sentence_of(kind, json.loads(arguments), [reason_of(one) for one in json.loads(reasons)], result)

    def text(self, value: Any, language: str) -> str:
        return str(value.read(language))


@dataclass(frozen=True)
class EventFilter:
    """Which events to list; None means any. `before` is an event id, for the next page."""

    kind: str | None = None
    result: str | None = None
    person: str | None = None
    station: str | None = None
    before: int | None = None


@dataclass(frozen=True)
class EventRow:
    """One entry of the journal; `occurred_at` is the floor's time, `recorded_at` the door's."""

    id: int
    uuid: str
    kind: str
    result: str
    arguments: dict[str, Any]
    sentence: Words
    reasons: tuple[Reason, ...]
    overrides: tuple[dict[str, Any], ...]
    person: Named | None
    station: str | None
    scan_id: str | None
    occurred_at: str
    recorded_at: str


def events(session: Session, only: EventFilter | None = None, *, limit: int = PAGE) -> list[EventRow]:
    """The newest events first; the next page begins before the last id of this one."""
    wanted = _conditions(only or EventFilter())
    return [_row(row) for row in asking.rows(session, JOURNAL, Asked(limit=limit), None, *wanted)]


def _conditions(only: EventFilter) -> list[ColumnElement[bool]]:
    wanted = {Event.kind: only.kind, Event.result: only.result, Person.badge: only.person, Station.code: only.station}
    conditions: list[Any] = [column == value for column, value in wanted.items() if value is not None]
    return [*conditions, Event.id < only.before] if only.before is not None else conditions


def _row(row: Row) -> EventRow:
    return EventRow(**{**row, "overrides": tuple(row["overrides"])})


def _journal() -> Select[Any]:
    return (
        select()
        .select_from(Event)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Station, Station.id == Event.station_id)
    )


JOURNAL = table(
    "journal",
    Words("日志", "Journal"),
    {Role.QUALITY_MANAGER, Role.ADMIN},
    source=_journal,
    columns=(
        Column("id", Words("编号", "Number"), Number(Event.id), beside=True),
        Column("uuid", Words("UUID", "UUID"), Code(Event.uuid), beside=True),
        Column("occurred_at", Words("时间", "When"), Moment(Event.occurred_at)),
        Column("kind", Words("操作", "Command"), Word(Event.kind, COMMANDS), beside=True),
        Column("sentence", Words("内容", "What"), Sentence(Event.kind, Event.arguments, Event.reasons)),
        Column("result", Words("结果", "Result"), Word(Event.result, RESULTS)),
        Column("person", Words("人员", "Person"), Called(Person.badge, Person.name_zh, Person.name_en), leads="person"),
        Column("station", Words("工位", "Station"), Code(Station.code), leads="station"),
        Column("reasons", Words("拒绝原因/提醒", "Reasons"), Reasons(Event.reasons), beside=True),
        Column("arguments", Words("参数", "Arguments"), Stored(Event.arguments), beside=True),
        Column("overrides", Words("越权放行", "Overrides"), Stored(Event.overrides), beside=True),
        Column("scan_id", Words("扫描编号", "Scan"), Code(Event.scan_id), beside=True),
        Column("recorded_at", Words("记录时间", "Recorded"), Moment(Event.recorded_at), beside=True),
    ),
    order=(Event.id.desc(),),
    filters=("occurred_at", "kind", "result", "person", "station"),
)
