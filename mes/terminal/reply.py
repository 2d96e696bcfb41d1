"""What a terminal answers to one scan: a value that travels as JSON to the station and its screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mes.declaring import REGISTER
from mes.journal import canonical
from mes.refusals import Refusal
from mes.roles import ROLE_NAMES
from mes.words import Words

NOTHING = Words("", "")


@dataclass(frozen=True)
class Choice:
    """One of the things that an unclear word may have meant; `code` is what its scan would carry."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Answer:
    """An accepted scan, or a question back (`asks`): the headline, what is expected next, what may have been meant.

    `warned`: what forbids nothing here and is worth knowing (P8).
    """

    headline: Words
    expects: Words = NOTHING
    asks: bool = False
    choices: tuple[Choice, ...] = ()
    warned: tuple[Refusal, ...] = ()


def done(command: str, value: Any, **facts: Any) -> Answer:
    """The answer to a command that was carried out: its own words, with its value's fields as facts too."""
    return Answer(REGISTER[command].said_done(facts, value))


def asking(words: Words) -> Answer:
    """A question that one more scan answers."""
    return Answer(words, asks=True)


@dataclass(frozen=True)
class Reply:
    """The whole reply; `may_wait` says whether the next scan may be made while the server cannot be reached (F7)."""

    id: str
    result: str
    headline: Words
    expects: Words
    reasons: list[dict[str, Any]] = field(default_factory=list)
    may_wait: bool = True
    tone: str = "good"
    lamp: str = "green"
    choices: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)

    @property
    def json(self) -> dict[str, Any]:
        """The reply as JSON values."""
        return {**vars(self), "headline": self.headline.json, "expects": self.expects.json}

    @property
    def stored(self) -> str:
        """The reply as it stands in the database."""
        return canonical(self.json)


def accepted(scan_id: str, answer: Answer) -> Reply:
    """The reply to a scan that was carried out, or that needs one more answer."""
    if answer.asks:
        return Reply(
            scan_id,
            "asks",
            answer.headline,
            answer.expects,
            may_wait=False,
            tone="attention",
            lamp="amber",
            choices=[asdict(one) for one in answer.choices],
        )
    warnings = [warning(one) for one in answer.warned]
    lamp = "amber" if warnings else "green"
    return Reply(scan_id, "accepted", answer.headline, answer.expects, lamp=lamp, warnings=warnings)


def refused(scan_id: str, reasons: Sequence[Refusal], expects: Words) -> Reply:
    """The reply to a refused scan: every reason, in order of precedence; the first one is the headline."""
    first = reasons[0]
    return Reply(
        scan_id,
        "refused",
        Words(first.sentence("zh"), first.sentence("en")),
        expects,
        [shown(reason) for reason in reasons],
        may_wait=False,
        tone="bad",
        lamp="red",
    )


def warning(reason: Refusal) -> dict[str, str]:
    """What was warned of, as JSON: code and both sentences."""
    return {"code": reason.code, "zh": reason.sentence("zh"), "en": reason.sentence("en")}


def shown(reason: Refusal) -> dict[str, Any]:
    """A refusal as JSON: code, both sentences, facts, the role that may override, and what an override is bound to."""
    return {
        "code": reason.code,
        "zh": reason.sentence("zh"),
        "en": reason.sentence("en"),
        "facts": reason.facts,
        "override_role": reason.override.value if reason.override else None,
        "override_names": ROLE_NAMES[reason.override] if reason.override else None,
        "fingerprint": reason.fingerprint,
    }
