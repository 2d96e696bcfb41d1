"""Who tried a wrong PIN or password, where and when: for the administrator and quality to see that somebody guesses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from mes.people.model import FailedSignature, Person
from mes.queries.declaring import Column, table
from mes.queries.reading import Called, Code, Moment
from mes.queries.wording import Truth
from mes.roles import Role
from mes.words import Words


def _tries() -> Select[Any]:
    return select().select_from(FailedSignature).outerjoin(Person, Person.badge == FailedSignature.badge)


TRIES = table(
    "wrong_signatures",
    Words("错误的 PIN 与密码", "Wrong PINs and passwords"),
    {Role.ADMIN, Role.QUALITY_MANAGER},
    source=_tries,
    columns=(
        Column("at", Words("时间", "When"), Moment(FailedSignature.at)),
        Column("badge", Words("所用工牌", "Badge that was used"), Code(FailedSignature.badge)),
        Column(
            "person", Words("持牌人", "Whose"), Called(Person.badge, Person.name_zh, Person.name_en), leads="person"
        ),
        Column("place", Words("工位或地址", "Station or address"), Code(FailedSignature.station)),
        Column("counts", Words("仍计数", "Still counts"), Truth(FailedSignature.counts)),
    ),
    order=(FailedSignature.id.desc(),),
    filters=("badge", "person", "place", "at", "counts"),
)
