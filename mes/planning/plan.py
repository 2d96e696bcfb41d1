"""The monthly plan and its approval (P4, P5): one revision of a month is in force, the older ones stay readable.

Approves and answers which revision is in force; releases nothing and never changes a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Month, Whole
from mes.planning.model import PlanRevision
from mes.planning.refusals import PlanNotDraft, PlanOutdated
from mes.refusals import OwnWork, Refusal, UnknownCode, refuse
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Approved:
    """The revision now in force, and the one it replaces."""

    month: str
    revision: int
    replaced: int | None
    lines: int


@command(
    "planning:approve",
    {Role.PLAN_APPROVER},
    Words("批准计划", "approve a plan"),
    done=Words("计划 {month} 第 {revision} 版已批准", "Plan {month} revision {revision} is in force"),
    tells=Words("批准 {month} 计划第 {revision} 版", "plan {month} revision {revision} approved"),
    confirm=Words(
        "{month} 计划第 {revision} 版将生效并替代现行版本。",
        "Revision {revision} of plan {month} comes into force and replaces the one before.",
    ),
    signed=True,
)
def approve(
    tx: Transaction, month: Annotated[str, Month()], revision: Annotated[int, Whole(1, 9999), Words("版本", "revision")]
) -> Approved:
    """Put a revision of a month's plan in force by signature, replacing the one before (P4, P5, F8).

    Raises `UnknownCode`, `OwnWork`, `PlanNotDraft`, `PlanOutdated`.
    """
    plan = _wanted(tx, month, revision)
    older = in_force(tx, month)
    tx.require(_of_somebody_else(tx, plan), _a_draft(plan), _newer_than(plan, older))
    approver = tx.sign(f"approve plan {month} r{revision}")
    if older:
        older.state = "replaced"
    plan.state, plan.approver, plan.approved_at = "approved", approver, tx.now
    tx.session.flush()
    tx.cause("plan approved", month, revision, plan.digest)
    return Approved(month, revision, older.revision if older else None, len(plan.lines))


def in_force(tx: Transaction, month: str) -> PlanRevision | None:
    """The approved revision of a month."""
    return tx.session.scalar(select(PlanRevision).where(PlanRevision.month == month, PlanRevision.state == "approved"))


def from_month_on(tx: Transaction, month: str) -> list[PlanRevision]:
    """The approved revisions of a month (`2026-12`) and all later ones, in their order."""
    found = select(PlanRevision).where(PlanRevision.month >= month, PlanRevision.state == "approved")
    return list(tx.session.scalars(found.order_by(PlanRevision.month)))


def numbered(tx: Transaction, month: str, revision: int) -> PlanRevision | None:
    """One revision of a month, whatever its state."""
    return tx.session.scalar(select(PlanRevision).where(PlanRevision.month == month, PlanRevision.revision == revision))


def _wanted(tx: Transaction, month: str, revision: int) -> PlanRevision:
    """The revision, with every other one of the month locked against a second approver."""
    tx.session.scalars(
        select(PlanRevision).where(PlanRevision.month == month).order_by(PlanRevision.id).with_for_update()
    ).all()
    found = numbered(tx, month, revision)
    if found is None:
        raise refuse(UnknownCode(text=f"{month} r{revision}"))
    return found


def _of_somebody_else(tx: Transaction, plan: PlanRevision) -> list[Refusal]:
    own = plan.author_id is not None and plan.author_id == tx.actor.id
    return [OwnWork(person=tx.actor.shown)] if own else []


def _a_draft(plan: PlanRevision) -> list[Refusal]:
    if plan.state == "draft":
        return []
    return [PlanNotDraft(month=plan.month, revision=plan.revision, state=plan.state)]


def _newer_than(plan: PlanRevision, older: PlanRevision | None) -> list[Refusal]:
    if older is None or older.revision <= plan.revision:
        return []
    return [PlanOutdated(month=plan.month, revision=plan.revision, newer=older.revision)]
