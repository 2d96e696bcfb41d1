"""People of the plant: taking somebody's rights away, while the records of the person stay."""

from __future__ import annotations

from dataclasses import dataclass

from mes.plant.model import Person
from mes.refusals import OwnWork, refuse
from mes.roles import Role
from mes.transaction import Transaction, command


@dataclass(frozen=True)
class Disabled:
    """The badge that no longer opens anything."""

    badge: str


@command("plant:disable_person", roles={Role.ADMIN})
def disable_person(tx: Transaction, person: Person) -> Disabled:
    """Take a person's rights away; raises `OwnWork` for oneself, so that the last administrator stays."""
    if tx.person is person:
        raise refuse(OwnWork(person=person.badge))
    person.disabled = True
    tx.cause("person disabled", person.badge)
    return Disabled(person.badge)
