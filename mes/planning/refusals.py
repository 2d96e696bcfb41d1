"""Refusals about plans and the release of run cards (P4, P5)."""

from __future__ import annotations

from dataclasses import dataclass

from mes.planning.model import PLAN_STATES
from mes.refusals import Kind, Refusal, by_name
from mes.roles import Role


class OfPlan(Refusal, of=Kind.PLAN):
    """About plans and the release of run cards."""


@dataclass(frozen=True)
class PlanNotApproved(OfPlan):
    """P4: the approved plan is the workshops' basis of work."""

    month: str
    revision: int
    code = "plan_not_approved"
    en = "Revision {revision} of plan {month} is not approved, so nothing is released from it."
    zh = "{month} 月计划第 {revision} 版未批准，不能据此投产。"


@dataclass(frozen=True)
class PlanNotDraft(OfPlan):
    month: str
    revision: int
    state: str
    code = "plan_not_draft"
    named = by_name(state=PLAN_STATES)
    en = "Revision {revision} of plan {month} is {state}, not a draft."
    zh = "{month} 月计划第 {revision} 版状态为 {state}，不是草稿。"


@dataclass(frozen=True)
class PlanOutdated(OfPlan):
    """P5: revisions follow each other; an older one never comes back in force."""

    month: str
    revision: int
    newer: int
    code = "plan_outdated"
    en = "Plan {month} is in force as revision {newer}; the older revision {revision} cannot replace it."
    zh = "{month} 月计划已执行第 {newer} 版，不能再批准较旧的第 {revision} 版。"


@dataclass(frozen=True)
class NoRouting(OfPlan):
    """P1: every product has its process documents before work starts."""

    item: str
    code = "no_routing"
    en = "Item {item} has no routing: it is bought, not made."
    zh = "物料 {item} 没有工艺路线，是外购件，不能开流转单。"


@dataclass(frozen=True)
class MoreThanPlanned(OfPlan):
    item: str
    planned: str
    left: str
    asked: str
    code = "more_than_planned"
    en = "{asked} of {item} asked, but of the planned {planned} only {left} are left to release."
    zh = "{item} 计划 {planned}，剩余可投 {left}，本次要求 {asked}，超出计划。"
    override = Role.PLAN_APPROVER
