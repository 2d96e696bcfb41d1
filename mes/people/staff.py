"""People of the plant: taking somebody's rights away, while the records of the person stay."""

from __future__ import annotations

from dataclasses import dataclass

from mes.declaring import command
from mes.people.model import Person
from mes.refusals import OwnWork, refuse
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Disabled:
    """The badge that no longer opens anything."""

    badge: str


@command(
    "plant:disable_person",
    {Role.ADMIN},
    Words("停用人员", "disable a person"),
    done=Words("工牌 {badge} 已停用", "Badge {badge} opens nothing any more"),
    tells=Words("停用人员 {person}", "person {person} disabled"),
    confirm=Words("工牌 {person} 将不能再登录和签字。", "Badge {person} will open nothing any more."),
)
def disable_person(tx: Transaction, person: Person) -> Disabled:
    """Take a person's rights away; raises `OwnWork` for oneself, so that the last administrator stays."""
    if tx.person and tx.person.id == person.id:
        raise refuse(OwnWork(person=person.shown))
    tx.row(person).disabled = True
    tx.cause("person disabled", person.badge)
    return Disabled(person.badge)
