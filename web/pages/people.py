"""The administrator's pages of people: who has a badge, and one person with certificates and what can be done.

Only looks; every act is the office form of its command, filled in with what is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.masters.model import Operation
from mes.memory import masters
from mes.people.model import DEPARTMENTS, Credential, Person, Qualification
from mes.roles import ROLE_WORDS
from mes.words import Words
from web.house import look
from web.language import t
from web.pages.doing import Deed, deeds_of
from web.pages.words import word
from web.rights import looks


@dataclass(frozen=True)
class Certificate:
    """One certificate as it is shown, and the way to prolong it."""

    code: str
    operation: str
    name: str
    valid_from: str
    valid_until: str
    deeds: list[Deed]


def add_to(pages: Blueprint) -> None:
    """Add the list and the page of one person."""
    pages.add_url_rule("/admin/people", "people", looks("people")(people))
    pages.add_url_rule("/admin/people/<path:badge>", "one_person", looks("people")(one_person))


def people() -> str:
    """Who has a badge; `?q=` finds by a part of badge or name."""
    wanted = request.args.get("q", "").strip().casefold()
    with look() as session:
        found = [one for one in masters(session).all(Person) if wanted in _text(one)]
    found.sort(key=lambda one: (one.disabled, one.badge))
    return render_template("people.html", people=found, roles_of=roles_of, department_of=department_of, add=_add())


def one_person(badge: str) -> str:
    """A person with what he or she may do, certificates, and what can be done about it."""
    with look() as session:
        person = masters(session).find(Person, badge=badge)
        if person is None:
            abort(404, t(f"没有工牌 {badge}。", f"There is no badge {badge}."))
        certificates = _certificates(session, person)
        credential = session.scalar(select(Credential).where(Credential.person_id == person.id))
    return render_template(
        "person.html",
        person=person,
        roles=roles_of(person),
        department=department_of(person),
        enrolled=bool(credential and credential.password_hash),
        certificates=certificates,
        possible=_deeds(person),
    )


def roles_of(person: Person) -> str:
    """The roles of a person as people call them."""
    return t("、", ", ").join(word(ROLE_WORDS, one) for one in person.roles_text.split(";") if one)


def department_of(person: Person) -> str:
    """The department as people call it."""
    return word(DEPARTMENTS, person.department)


def _text(person: Person) -> str:
    return f"{person.badge} {person.name_zh} {person.name_en}".casefold()


def _add() -> list[Deed]:
    return deeds_of(("plant:add_person", {}))


def _deeds(person: Person) -> list[Deed]:
    """What can be done about a person, with what is known filled in."""
    badge = {"person": person.badge}
    names = {"name_zh": person.name_zh, "name_en": person.name_en, "department": department_of(person)}
    if person.disabled:
        return deeds_of(("plant:enable_person", badge))
    return deeds_of(
        ("plant:invite_person", badge),
        ("plant:change_person", {**badge, **names, "roles": person.roles_text}),
        ("plant:certify", badge),
        ("plant:disable_person", badge),
    )


def _certificates(session: Session, person: Person) -> list[Certificate]:
    known = masters(session)
    rows = sorted(known.where(Qualification, person_id=person.id), key=lambda one: one.valid_until)
    return [_certificate(one, known.find(Operation, code=one.operation_code)) for one in rows]


def _certificate(one: Qualification, step: Operation | None) -> Certificate:
    called = Words(step.name_zh, step.name_en) if step else Words("", "")
    prolong = deeds_of(("plant:prolong_certificate", {"certificate": one.certificate}))
    until = one.valid_until.isoformat()
    return Certificate(one.certificate, one.operation_code, t(*called), one.valid_from.isoformat(), until, prolong)
