"""Refusals about who somebody is."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import OfPerson, by_name
from mes.roles import ROLE_WORDS, Role


@dataclass(frozen=True)
class SignatureWrong(OfPerson):
    badge: str
    code = "signature_wrong"
    en = "Badge {badge} and PIN do not fit together."
    zh = "工牌 {badge} 与 PIN 不符。"


@dataclass(frozen=True)
class SignatureLocked(OfPerson):
    """Delay and lock per badge and station, so that nobody can lock out the manager."""

    badge: str
    minutes: int
    code = "signature_locked"
    en = "Too many wrong PINs for badge {badge} at this station. Try again in {minutes} min or sign elsewhere."
    zh = "工牌 {badge} 在本工位 PIN 错误次数过多，请 {minutes} 分钟后再试或换工位签字。"


@dataclass(frozen=True)
class OwnRoles(OfPerson):
    """Rights come from somebody else, always."""

    person: str
    code = "own_roles"
    en = "{person} cannot change his or her own roles. Ask another administrator."
    zh = "{person} 不能修改自己的角色，请由另一位系统管理员办理。"


@dataclass(frozen=True)
class LastAdministrator(OfPerson):
    """Somebody must be able to let people in."""

    person: str
    code = "last_administrator"
    en = "{person} is the only administrator. Make another person administrator first."
    zh = "{person} 是唯一的系统管理员，请先指定另一位系统管理员。"


@dataclass(frozen=True)
class PersonDisabled(OfPerson):
    person: str
    code = "person_disabled"
    en = "{person} is disabled. Enable this badge again first."
    zh = "{person} 已停用，请先重新启用。"


@dataclass(frozen=True)
class EnrolledAlready(OfPerson):
    """A new code gives whoever holds it another's signature: two persons give it."""

    person: str
    code = "enrolled_already"
    en = "{person} has a PIN already; who holds a new code signs as {person}. A supervisor signs for it too."
    zh = "{person} 已有 PIN，持新登记码的人可以其名义签字，须由班组长签字放行。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class BadPeriod(OfPerson):
    """A certificate ends before it begins, or is prolonged to less than it had."""

    certificate: str
    valid_until: str
    code = "bad_period"
    en = "Certificate {certificate} cannot end on {valid_until}: give a later day."
    zh = "证书 {certificate} 的有效期不能到 {valid_until} 为止，请填更晚的日期。"


@dataclass(frozen=True)
class ImporterUnnamed(OfPerson):
    """Whoever imports is the author of what he brings; nameless import is for founding a plant."""

    code = "importer_unnamed"
    en = "Say who imports this: runcard import PATH --as BADGE, then the PIN."
    zh = "须说明由谁导入：runcard import 路径 --as 工牌号，再输入 PIN。"


@dataclass(frozen=True)
class SheetNotYours(OfPerson):
    """People, quality and planning keep their master data apart."""

    person: str
    sheet: str
    roles: tuple[str, ...]
    code = "sheet_not_yours"
    named = by_name(roles=ROLE_WORDS)
    en = "{person} may not change sheet {sheet}; it needs: {roles}. Leave it out, or have it imported by them."
    zh = "{person} 无权修改数据表 {sheet}，需要角色：{roles}。请去掉此表，或由其导入。"


@dataclass(frozen=True)
class SecondSignature(OfPerson):
    """P1, P8, P10: nobody releases alone what he brings: process documents, machines, goods as accepted."""

    sheets: tuple[str, ...]
    changes: int
    digest: str
    code = "second_signature"
    en = "{changes} change(s) of {sheets} (mark {digest}) are released by a quality manager beside who imports them."
    zh = "{sheets} 有 {changes} 处改动（标记 {digest}），须由导入人以外的质量主管签字发布。"
    override = Role.QUALITY_MANAGER
