"""What a refusal is: the system says no with a name, typed facts and a sentence in both languages.

Each department keeps its refusals beside its rules; here stand what all share, and their order of precedence, by kind.
A refusal is a value: it acts on nothing. Whoever may override it is declared with it and nowhere else (law 6); most may
be overridden by nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any, ClassVar

from mes.roles import ROLE_WORDS, Role
from mes.words import BETWEEN, COMMAND_NAMES, Words


class Kind(IntEnum):
    """What a refusal speaks of; on the screen the kinds come in this order, each in the order of its classes."""

    SCAN = 1
    PERSON = 2
    PLAN = 3
    GOODS = 4
    STORE = 5
    WORK = 6
    QUALITY = 7
    SHIPPING = 8
    PACKING = 9
    LABELS = 10
    MASTERS = 11
    UNDOING = 12


CATALOGUE: dict[str, type[Refusal]] = {}


def both(zh: str, en: str) -> str:
    """A fact with a name in each language, as one text; a sentence shows its reader's half."""
    return f"{zh}{BETWEEN}{en}"


def in_language(text: str, language: str) -> str:
    """The reader's half of a text made by `both`; any other text as it is."""
    return Words.halves(text).read(language)


def by_name(**facts: Mapping[str, Words]) -> Mapping[str, Mapping[str, Words]]:
    """For `named = by_name(state=CARD_STATES)`."""
    return facts


@dataclass(frozen=True)
class Refusal:
    """One reason to say no. Subclasses carry facts as fields, `code`, `en`, `zh`, and perhaps `override`.

    `named` has the plant's words for facts that are words of the record (a state, a role): the record keeps those, the
    sentence shows the plant's.
    """

    about: ClassVar[Kind]
    code: ClassVar[str]
    en: ClassVar[str]
    zh: ClassVar[str]
    override: ClassVar[Role | None] = None
    named: ClassVar[Mapping[str, Mapping[str, Words]]] = by_name()

    def __init_subclass__(cls, *, of: Kind | None = None) -> None:
        """Enter the catalogue; with `of`, be the mother of a department's refusals instead."""
        if of is not None:
            cls.about = of
            return
        if cls.code in CATALOGUE:
            raise TypeError(f"two refusals share the code {cls.code}")
        CATALOGUE[cls.code] = cls

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as JSON values: quantities and dates become text."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def sentence(self, language: str) -> str:
        """The sentence in `en` or `zh`."""
        template = self.zh if language == "zh" else self.en
        return template.format(**{name: self._shown(name, value, language) for name, value in asdict(self).items()})

    def _shown(self, name: str, value: Any, language: str) -> Any:
        if isinstance(value, tuple | list):
            return ("、" if language == "zh" else ", ").join(self._shown(name, str(one), language) for one in value)
        if not isinstance(value, str):
            return value
        return (
            self.named[name][value].read(language)
            if value in self.named.get(name, ())
            else in_language(value, language)
        )

    @property
    def fingerprint(self) -> str:
        """What an override is bound to: exactly this refusal with exactly these facts (law 6)."""
        return hashlib.sha256(json.dumps([self.code, self.facts], sort_keys=True).encode()).hexdigest()


class Refused(Exception):
    """Raised by a rule; the door records the reasons and undoes everything else."""

    def __init__(self, reasons: Sequence[Refusal]) -> None:
        super().__init__("; ".join(reason.sentence("en") for reason in reasons))
        self.reasons = tuple(in_order(reasons))


def in_order(reasons: Iterable[Refusal]) -> list[Refusal]:
    """Reasons in their order of precedence, by kind and within it as the department lists them, each once."""
    rank = {name: (refusal.about, place) for place, (name, refusal) in enumerate(CATALOGUE.items())}
    return sorted(dict.fromkeys(reasons), key=lambda reason: rank[reason.code])


def refuse(*reasons: Refusal) -> Refused:
    """For `raise refuse(...)`."""
    return Refused(reasons)


def revive(code: str, facts: dict[str, Any]) -> Refusal:
    """A refusal from its journalled code and facts, for showing it again in the reader's language."""
    return CATALOGUE[code](**facts)


def _plain(value: Any) -> Any:
    if isinstance(value, date | Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


class OfScan(Refusal, of=Kind.SCAN):
    """What is wrong with a scan."""


class OfPerson(Refusal, of=Kind.PERSON):
    """Who may, and who has signed."""


@dataclass(frozen=True)
class CodeTooLong(OfScan):
    length: int
    code = "code_too_long"
    en = "A code of {length} characters is none of ours. Scan one label at a time."
    zh = "条码过长（{length} 个字符），不是本厂条码，请一次只扫一个标签。"


@dataclass(frozen=True)
class MistypedCode(OfScan):
    """The check character (ISO 7064 MOD 37,36) does not fit."""

    text: str
    code = "mistyped_code"
    en = "The code {text} has a wrong check character. Scan it instead of typing it."
    zh = "条码 {text} 校验位不对，请扫描，不要手输。"


@dataclass(frozen=True)
class UnknownCode(OfScan):
    text: str
    code = "unknown_code"
    en = "Nothing here has the code {text}."
    zh = "系统中没有条码 {text}。"


@dataclass(frozen=True)
class NotExpectedHere(OfScan):
    """The code is good but has no meaning in this dialogue."""

    text: str
    station: str
    code = "not_expected_here"
    en = "{text} means nothing at station {station} now."
    zh = "{text} 在工位 {station} 此时无法处理。"


@dataclass(frozen=True)
class Misread(OfScan):
    """The form of an argument: no number, no day, text that no engine keeps. `wrong` says what is expected."""

    field: str
    wrong: str
    code = "misread"
    en = "{field}: {wrong}."
    zh = "「{field}」填写不对：{wrong}。"


@dataclass(frozen=True)
class KeyReused(OfScan):
    """Law 2: a program's key names one question; another one under it is recorded, not carried out."""

    key: str
    code = "key_reused"
    en = "The key {key} was used for something else before. Use a key of its own for each question."
    zh = "请求编号 {key} 已用于另一请求，请为每次请求使用新的编号。"


@dataclass(frozen=True)
class NotAllowed(OfPerson):
    """The door's rights table: command x role."""

    command: str
    person: str
    roles: tuple[str, ...]
    code = "not_allowed"
    named = by_name(command=COMMAND_NAMES, roles=ROLE_WORDS)
    en = "{person} may not do this ({command}); it needs: {roles}."
    zh = "{person} 无权执行此操作（{command}），需要角色：{roles}。"


@dataclass(frozen=True)
class SignatureMissing(OfPerson):
    """F8: badge and PIN."""

    command: str
    code = "signature_missing"
    en = "This needs a signature: badge and PIN."
    zh = "此操作须签字：请刷工牌并输入 PIN。"


@dataclass(frozen=True)
class OwnWork(OfPerson):
    """F8: never for one's own work."""

    person: str
    code = "own_work"
    en = "{person} cannot sign for his or her own work. Ask a colleague."
    zh = "{person} 不能为自己的工作签字，请由他人签字。"


@dataclass(frozen=True)
class ReasonMissing(OfPerson):
    code = "reason_missing"
    en = "Bad pieces need a reason. Scan the reason on the command sheet."
    zh = "不良品必须有原因，请扫描命令表上的不良原因码。"


@dataclass(frozen=True)
class GroundsMissing(OfPerson):
    """A rejection, disposition, hold or release is recorded with its reason."""

    code = "grounds_missing"
    en = "Say why: this decision is recorded together with its reason."
    zh = "请填写原因，此决定须连同原因一并记录。"
