"""People of the plant: who they are, what they may act as, how they are let in; the records of a person always stay.

Nobody changes his or her own roles, and somebody must remain who can let people in. Credentials are `access`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.codes.looks import alike
from mes.declaring import command
from mes.given import NewCode, Several, Text
from mes.masters.refusals import AlreadyThere
from mes.people import access, logins
from mes.people.model import DEPARTMENTS, Person
from mes.people.refusals import EnrolledAlready, LastAdministrator, OwnRoles, PersonDisabled
from mes.refusals import OwnWork, Refusal, both, refuse
from mes.roles import ROLE_WORDS, Role
from mes.secret import Secret
from mes.transaction import Transaction
from mes.words import Words

Zh = Annotated[str, Text(), Words("中文姓名", "name in Chinese")]
En = Annotated[str, Text(), Words("英文姓名", "name in English")]
Department = Annotated[str, Text(32), Words("部门", "department")]
GIVEN_ROLES = {role.value: ROLE_WORDS[role] for role in Role if role is not Role.SYSTEM}
Roles = Annotated[list[str], Several(GIVEN_ROLES), Words("角色", "roles")]


@dataclass(frozen=True)
class Disabled:
    """The badge that no longer opens anything."""

    badge: str


@dataclass(frozen=True)
class OfStaff:
    """The badge of a person as the plant knows him or her now."""

    badge: str


@dataclass(frozen=True)
class Invited:
    """With this code, once and within ten minutes, the person sets PIN and password."""

    badge: str
    code: Secret


@command(
    "plant:add_person",
    {Role.ADMIN},
    Words("新增人员", "add a person"),
    done=Words("工牌 {badge} 已新增", "Badge {badge} added"),
    tells=Words("新增人员 {badge}，角色：{roles}", "person {badge} added, roles: {roles}"),
)
def add_person(
    tx: Transaction,
    badge: Annotated[str, NewCode(), Words("工牌号", "badge number")],
    name_zh: Zh,
    name_en: En,
    department: Department,
    roles: Roles,
) -> OfStaff:
    """Give somebody a badge; raises `AlreadyThere` for one in use, also of somebody who has left."""
    if other := alike(badge, [one.badge for one in tx.masters.all(Person)]):
        raise refuse(AlreadyThere(what=both("工牌", "badge"), text=other))
    found = ";".join(roles)
    tx.session.add(
        Person(badge=badge, name_zh=name_zh, name_en=name_en, department=_of_record(department), roles_text=found)
    )
    tx.cause("person", badge, found)
    return OfStaff(badge)


@command(
    "plant:change_person",
    {Role.ADMIN},
    Words("修改人员", "change a person"),
    done=Words("工牌 {badge} 已修改", "Badge {badge} changed"),
    tells=Words("修改人员 {person}：{department} {roles}", "person {person} changed: {department} {roles}"),
)
def change_person(
    tx: Transaction,
    person: Person,
    name_zh: Annotated[str | None, Text(), Words("中文姓名", "name in Chinese")] = None,
    name_en: Annotated[str | None, Text(), Words("英文姓名", "name in English")] = None,
    department: Annotated[str | None, Text(32), Words("部门", "department")] = None,
    roles: Annotated[list[str] | None, Several(GIVEN_ROLES), Words("角色", "roles")] = None,
) -> OfStaff:
    """Change what is given, leave the rest; raises `OwnRoles`, `LastAdministrator`."""
    wanted = person.roles if roles is None else frozenset(map(Role, roles))
    tx.require(_own_roles(tx, person, wanted), _last_administrator(tx, person, wanted))
    changes = {"name_zh": name_zh, "name_en": name_en, "department": department and _of_record(department)}
    row = tx.row(person)
    for name, value in {**changes, "roles_text": ";".join(roles) if roles else None}.items():
        if value is not None:
            setattr(row, name, value)
    tx.cause("person changed", person.badge, name_zh, name_en, department, roles)
    return OfStaff(person.badge)


@command(
    "plant:disable_person",
    {Role.ADMIN},
    Words("停用人员", "disable a person"),
    done=Words("工牌 {badge} 已停用", "Badge {badge} opens nothing any more"),
    tells=Words("停用人员 {person}", "person {person} disabled"),
    confirm=Words("工牌 {person} 将不能再登录和签字。", "Badge {person} will open nothing any more."),
)
def disable_person(tx: Transaction, person: Person) -> Disabled:
    """Take a person's rights away; raises `OwnWork` for oneself, `LastAdministrator`."""
    if tx.person and tx.person.id == person.id:
        raise refuse(OwnWork(person=person.shown))
    tx.require(_last_administrator(tx, person, frozenset()))
    tx.row(person).disabled = True
    logins.end_all(tx.session, person.id)
    tx.cause("person disabled", person.badge)
    return Disabled(person.badge)


@command(
    "plant:enable_person",
    {Role.ADMIN},
    Words("重新启用人员", "enable a person again"),
    done=Words("工牌 {badge} 已重新启用", "Badge {badge} is enabled again"),
    tells=Words("重新启用人员 {person}", "person {person} enabled again"),
)
def enable_person(tx: Transaction, person: Person) -> OfStaff:
    """Give a person's rights back, with the PIN and password of before."""
    tx.row(person).disabled = False
    tx.cause("person enabled", person.badge)
    return OfStaff(person.badge)


@command(
    "plant:invite_person",
    {Role.ADMIN, Role.SYSTEM},
    Words("发登记码", "invite to enrol"),
    done=Words("工牌 {badge} 的登记码已生成", "Badge {badge} is invited to enrol"),
    tells=Words("为 {person} 发登记码", "{person} invited to enrol"),
)
def invite_person(tx: Transaction, person: Person) -> Invited:
    """A single-use code, good for ten minutes, to set PIN and password; raises `PersonDisabled`, `EnrolledAlready`."""
    tx.require([PersonDisabled(person=person.shown)] if person.disabled else [], _enrolled(tx, person))
    code = access.invitation(tx.session, tx.now, person=person.id)
    tx.cause("person invited", person.badge)
    return Invited(person.badge, code)


def _enrolled(tx: Transaction, person: Person) -> list[Refusal]:
    """Whoever holds the code signs as this person; at the command line the only administrator gets in again."""
    if tx.person is None or not access.has_pin(tx.session, person):
        return []
    return [EnrolledAlready(person=person.shown)]


def _own_roles(tx: Transaction, person: Person, wanted: frozenset[Role]) -> list[Refusal]:
    own = tx.person is not None and tx.person.id == person.id and wanted != person.roles
    return [OwnRoles(person=person.shown)] if own else []


def _last_administrator(tx: Transaction, person: Person, wanted: frozenset[Role]) -> list[Refusal]:
    if person.disabled or Role.ADMIN not in person.roles or Role.ADMIN in wanted:
        return []
    return no_administrator_left(tx, {person.badge: wanted})


def no_administrator_left(tx: Transaction, given: Mapping[str, frozenset[Role]]) -> list[Refusal]:
    """Why these roles may not be given, by badge: with them nobody could let people in any more.

    Asked of the rows, locked: two administrators who take each other's rights at once must not both succeed.
    """
    able = select(Person).where(Person.disabled.is_(False), Person.roles_text.contains(Role.ADMIN.value))
    rows = tx.session.scalars(able.order_by(Person.id).with_for_update().execution_options(populate_existing=True))
    administrators = [one for one in rows if Role.ADMIN in one.roles]
    left = [one for one in administrators if Role.ADMIN in given.get(one.badge, one.roles)]
    able_now = [tx.masters.find(Person, badge=badge) for badge, roles in given.items() if Role.ADMIN in roles]
    gained = any(one and not one.disabled for one in able_now)
    return [] if left or gained or not administrators else [LastAdministrator(person=administrators[-1].shown)]


def _of_record(department: str) -> str:
    """A department as the record has it, whichever of its names was typed; one of the plant's own as it is."""
    names = {name: word for word, both_names in DEPARTMENTS.items() for name in both_names}
    return names.get(department, department)
