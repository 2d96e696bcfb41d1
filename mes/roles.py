"""Who somebody is to the plant: the roles that rights are given to."""

from __future__ import annotations

from enum import StrEnum

from mes.words import Words


class Role(StrEnum):
    """A role of the plant; `SYSTEM` is the program itself (imports, background jobs), never a person."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    QUALITY_MANAGER = "quality_manager"
    STOREKEEPER = "storekeeper"
    SHIPPER = "shipper"
    PLANNER = "planner"
    PLAN_APPROVER = "plan_approver"
    SERVICE = "service"
    ADMIN = "admin"
    SYSTEM = "system"


HANDS = {Role.OPERATOR, Role.SUPERVISOR, Role.STOREKEEPER, Role.SHIPPER}
"""Whoever works with hands on the floor, signed on by a badge that is no secret."""

FLOOR = {
    Role.OPERATOR,
    Role.SUPERVISOR,
    Role.INSPECTOR,
    Role.QUALITY_MANAGER,
    Role.STOREKEEPER,
    Role.SHIPPER,
    Role.PLANNER,
    Role.ADMIN,
}
"""Whoever may stand before a printer: its paper and its labels are everybody's who works there."""

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.OPERATOR: ("操作工", "operator"),
    Role.SUPERVISOR: ("班组长", "supervisor"),
    Role.INSPECTOR: ("检验员", "inspector"),
    Role.QUALITY_MANAGER: ("质量主管", "quality manager"),
    Role.STOREKEEPER: ("仓管员", "storekeeper"),
    Role.SHIPPER: ("发货员", "shipper"),
    Role.PLANNER: ("计划员", "planner"),
    Role.PLAN_APPROVER: ("生产主管", "production manager"),
    Role.SERVICE: ("售后员", "service desk"),
    Role.ADMIN: ("系统管理员", "administrator"),
    Role.SYSTEM: ("系统", "system"),
}
ROLE_WORDS: dict[str, Words] = {role.value: Words(*names) for role, names in ROLE_NAMES.items()}
