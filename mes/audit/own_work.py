"""Did everybody leave his own work, rights and certificates to others (F8)? Asked of the journal and the plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mes.journal import Event
from mes.memory import masters
from mes.people.model import Person, Qualification
from mes.planning.model import PlanRevision
from mes.roles import Role

Faults = Iterator[tuple[str, str, str]]
ROLES_GIVEN = ("plant:add_person", "plant:change_person", "plant:import")


class Done(NamedTuple):
    """An accepted event: its number, who did what."""

    number: int
    kind: str
    by: str
    asked: dict[str, Any]
    overrides: str

    @property
    def of(self) -> str:
        """The badge that it was about."""
        return str(self.asked.get("person") or self.asked.get("badge") or "").removeprefix("1H")


def nobody_approved_a_plan_of_his_own(session: Session) -> Faults:
    """P4: a plan that is or was in force was signed by somebody who did not bring it."""
    plans = session.scalars(select(PlanRevision).order_by(PlanRevision.id)).unique()
    authors = {(one.month, one.revision): one.author for one in plans if one.state != "draft"}
    approved = {(one.asked["month"], one.asked["revision"]): one.by for one in _done(session, ("planning:approve",))}
    for (month, revision), author in authors.items():
        by = approved.get((month, revision))
        if by is None or (author and author.badge == by):
            yield (
                f"{month} r{revision}",
                f"{month} 月计划第 {revision} 版的批准人（{by or '无'}）不是编制人以外的人。",
                f"Revision {revision} of plan {month} was approved by {by or 'nobody'}: nobody beside its author.",
            )


def nobody_changed_his_own_roles(session: Session) -> Faults:
    """Rights come from somebody else; what an import gave in between is not in the journal's words."""
    known: dict[str, set[str]] = {}
    for one in _done(session, ROLES_GIVEN):
        if one.kind == "plant:import":
            known.clear()
        elif one.asked.get("roles") is not None:
            roles = set(one.asked["roles"])
            if one.of == one.by and known.get(one.of, roles) != roles:
                yield f"#{one.number}", f"{one.by} 给自己改了角色。", f"{one.by} changed his or her own roles."
            known[one.of] = roles


def nobody_certified_himself(session: Session) -> Faults:
    """P3: a certificate is given and prolonged by somebody else than its holder."""
    known = masters(session)
    for one in _done(session, ("plant:certify", "plant:prolong_certificate")):
        found = known.find(Qualification, certificate=one.asked["certificate"])
        if one.by in (one.of, found.person.badge if found else None):
            yield (
                f"#{one.number} {one.asked['certificate']}",
                f"{one.by} 给自己发放或延长了上岗证 {one.asked['certificate']}。",
                f"{one.by} gave himself or herself certificate {one.asked['certificate']}.",
            )


def nobody_let_his_own_refusal_pass(session: Session) -> Faults:
    """Law 6: an override is the decision of somebody else."""
    for one in _done(session):
        if one.by in [override["by"] for override in json.loads(one.overrides)]:
            yield (
                f"#{one.number} {one.kind}",
                f"{one.by} 放行了自己的操作（{one.kind}）。",
                f"{one.by} let his or her own refusal pass ({one.kind}).",
            )


def somebody_can_let_people_in(session: Session) -> Faults:
    """Where there are people there is an administrator."""
    people = masters(session).all(Person)
    if people and not any(Role.ADMIN in one.roles and not one.disabled for one in people):
        yield "admin", "没有可用的系统管理员。", "There is no administrator who could let anybody in."


def _done(session: Session, kinds: tuple[str, ...] = ()) -> Iterator[Done]:
    """Accepted events of these kinds, or those with overrides, in their order; without whatever the program did."""
    columns = Event.id, Event.kind, Person.badge, Event.arguments, Event.overrides
    which = Event.kind.in_(kinds) if kinds else Event.overrides != "[]"
    named = or_(Person.badge.is_not(None), Event.kind == "plant:import")
    found = select(*columns).outerjoin(Person, Person.id == Event.person_id).where(which, named)
    for number, kind, by, asked, overrides in session.execute(
        found.where(Event.result == "accepted").order_by(Event.id)
    ):
        yield Done(number, kind, by or "", json.loads(asked), overrides)
