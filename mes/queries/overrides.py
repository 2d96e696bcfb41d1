"""What somebody entitled let pass although a rule refused it: each case, and how often per person (law 6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, literal, literal_column, select
from sqlalchemy.orm import aliased

from mes.journal import Event
from mes.masters.model import Station
from mes.people.model import Person
from mes.queries.declaring import Column, table
from mes.queries.events import COMMANDS, Sentence
from mes.queries.reading import Called, Code, Moment, Number
from mes.queries.wording import LetPass, Word
from mes.roles import Role
from mes.words import Words

LOOKING = {Role.SUPERVISOR, Role.QUALITY_MANAGER, Role.PLAN_APPROVER, Role.ADMIN}
# Said as it stands in the index of the few events that are so.
IS_OVERRIDDEN = Event.overrides != literal_column("'[]'")
Asking = aliased(Person)


def _overridden() -> Select[Any]:
    return (
        select()
        .select_from(Event)
        .outerjoin(Asking, Asking.id == Event.person_id)
        .outerjoin(Station, Station.id == Event.station_id)
        .where(IS_OVERRIDDEN, Event.result == "accepted")
    )


def _let_pass() -> Any:
    """The accepted events under which this person's decision stands."""
    signed = Event.overrides.contains(literal('"by":"') + Person.badge + literal('"'))
    return select(Event.id).where(IS_OVERRIDDEN, Event.result == "accepted", signed).correlate(Person)


def _deciding() -> Select[Any]:
    return select().select_from(Person).where(_let_pass().exists())


OVERRIDES = table(
    "overrides",
    Words("越权放行", "Overrides"),
    LOOKING,
    source=_overridden,
    columns=(
        Column("at", Words("时间", "When"), Moment(Event.recorded_at)),
        Column("kind", Words("操作", "Command"), Word(Event.kind, COMMANDS)),
        Column("sentence", Words("内容", "What"), Sentence(Event.kind, Event.arguments, Event.reasons)),
        Column(
            "person", Words("申请人", "Asked by"), Called(Asking.badge, Asking.name_zh, Asking.name_en), leads="person"
        ),
        Column("station", Words("工位", "Station"), Code(Station.code), leads="station"),
        Column("let_pass", Words("放行人与理由", "Let pass by, and why"), LetPass(Event.overrides)),
    ),
    order=(Event.id.desc(),),
    filters=("at", "kind", "person", "station"),
)
BY_PERSON = table(
    "overrides_by_person",
    Words("越权放行（按人）", "Overrides, by person"),
    LOOKING,
    source=_deciding,
    columns=(
        Column(
            "person",
            Words("放行人", "Let pass by"),
            Called(Person.badge, Person.name_zh, Person.name_en),
            leads="person",
        ),
        Column(
            "overrides",
            Words("次数", "How often"),
            Number(_let_pass().with_only_columns(func.count(Event.id)).scalar_subquery()),
        ),
    ),
    order=(Person.badge,),
    filters=("person",),
)
