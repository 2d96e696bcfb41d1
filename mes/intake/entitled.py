"""Whose an import is, sheet by sheet: who may change which master data, and what nobody changes for himself.

Owns the table sheet x role, and where a second person signs too. Looks at what would change, not at what is brought:
whoever imports the same again needs no right. Knows no file and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mes.intake.change import Change
from mes.intake.rows import PlantSheets
from mes.journal import digest_of
from mes.people import staff
from mes.people.access import somebody_signs
from mes.people.model import Person, Qualification
from mes.people.refusals import ImporterUnnamed, OwnRoles, SecondSignature, SheetNotYours
from mes.refusals import OwnWork, Refusal, SignatureMissing
from mes.roles import Role
from mes.transaction import Transaction

ROW = ""
"""Stands for a row that is new or gone, among the columns that a second person signs for."""


@dataclass(frozen=True)
class Right:
    """Who changes a sheet; a change of these columns (None: of any) is released by somebody of quality beside."""

    roles: frozenset[Role]
    released: frozenset[str] | None = frozenset()


def _of(*roles: Role, released: frozenset[str] | None = frozenset()) -> Right:
    return Right(frozenset(roles), released)


ADMIN, PLANNER, QUALITY, SERVICE = Role.ADMIN, Role.PLANNER, Role.QUALITY_MANAGER, Role.SERVICE
RIGHTS: Mapping[str, Right] = {
    "employees": _of(ADMIN),
    "settings": _of(ADMIN),
    "locations": _of(ADMIN, PLANNER),
    "reasons": _of(QUALITY),
    "qualifications": _of(QUALITY),
    "equipment": _of(
        PLANNER, QUALITY, released=frozenset({ROW, "qualified_until", "maintenance_every_days", "last_maintained"})
    ),
    "routing": _of(PLANNER, QUALITY, released=None),
    "bom": _of(PLANNER, QUALITY, released=None),
    "characteristics": _of(PLANNER, QUALITY, released=None),
    "kinds": _of(PLANNER),
    "work_centers": _of(PLANNER),
    "items": _of(PLANNER, released=frozenset({"shelf_life_days", "recheck_days", "issue_rule"})),
    "suppliers": _of(PLANNER, QUALITY),
    "customers": _of(PLANNER, SERVICE),
    "orders": _of(PLANNER, SERVICE),
    "plan": _of(PLANNER),
    "opening_stock": _of(PLANNER, released=None),
}
IMPORTERS = frozenset().union(*(right.roles for right in RIGHTS.values()))


def reasons_against(tx: Transaction, changes: Sequence[Change], brought: PlantSheets) -> list[Refusal]:
    """Everything that forbids these changes to whoever imports, proved by badge and PIN.

    Unsigned only a plant that is being founded takes anything in, where nobody has a PIN yet.
    """
    if not changes:
        return []
    given = _roles_given(changes)
    last = staff.no_administrator_left(tx, given) if given else []
    if tx.person is None or tx.signer is not tx.person:
        return [*last, *_unsigned(tx)]
    return [*last, *_not_yours(tx.person, changes), *_own(tx, tx.person, changes, brought), *_alone(changes)]


def _unsigned(tx: Transaction) -> list[Refusal]:
    if not somebody_signs(tx.session):
        return []
    return [SignatureMissing(command=tx.event.kind) if tx.person else ImporterUnnamed()]


def _roles_given(changes: Sequence[Change]) -> dict[str, frozenset[Role]]:
    given = {one.key: one.after or "" for one in changes if one.sheet == "employees" and one.column == "roles"}
    return {badge: frozenset(Role(word) for word in roles.split(";") if word) for badge, roles in given.items()}


def _not_yours(person: Person, changes: Sequence[Change]) -> list[Refusal]:
    sheets = dict.fromkeys(one.sheet for one in changes)
    return [
        SheetNotYours(person=person.shown, sheet=sheet, roles=tuple(sorted(RIGHTS[sheet].roles)))
        for sheet in sheets
        if not person.roles & RIGHTS[sheet].roles
    ]


def _own(tx: Transaction, person: Person, changes: Sequence[Change], brought: PlantSheets) -> list[Refusal]:
    """Roles and certificates come from somebody else, whichever sheet brings them."""
    roles = any(one.sheet == "employees" and one.key == person.badge and one.column == "roles" for one in changes)
    holders = {row.certificate: {row.badge} for row in brought.qualifications}
    for one in changes:
        known = tx.masters.find(Qualification, certificate=one.key) if one.sheet == "qualifications" else None
        if known:
            holders.setdefault(one.key, set()).add(known.person.badge)
    own = any(person.badge in holders.get(one.key, ()) for one in changes if one.sheet == "qualifications")
    return [*([OwnRoles(person=person.shown)] if roles else []), *([OwnWork(person=person.shown)] if own else [])]


def _alone(changes: Sequence[Change]) -> list[Refusal]:
    """What is released, by exactly these changes: nobody releases what he brings."""
    released = [one for one in changes if _is_released(one)]
    if not released:
        return []
    said = digest_of([[one.sheet, one.key, one.column, one.before, one.after] for one in released])
    sheets = tuple(dict.fromkeys(one.sheet for one in released))
    return [SecondSignature(sheets=sheets, changes=len(released), digest=said[:12])]


def _is_released(change: Change) -> bool:
    columns = RIGHTS[change.sheet].released
    return columns is None or (change.column or ROW) in columns
