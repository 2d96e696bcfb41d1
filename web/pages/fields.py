"""The fields of an office form, made from a command's declaration: how each looks, what was typed in, what is wrong.

Reads and shows; asks for nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mes.declaring import Argument, Declaration
from mes.given import SEVERAL, Amount, Choice, Code, Day, Flag, Given, Month, Several, Text, Thing, Whole
from mes.masters.model import Station
from mes.refusals import Refusal
from mes.words import Words
from web.scanned import settled

AT_STATION = Argument("at_station", Thing((Station,)), Words("所在工位", "station where you stand"))
YES_OR_NO = {"yes": Words("是", "yes"), "no": Words("否", "no")}
INPUTS: dict[type[Given], str] = {Day: "date", Month: "month", Whole: "number"}


@dataclass(frozen=True)
class Field:
    """One field as it stands in the form: what it is called, what was typed, and what is wrong with that."""

    name: str
    words: Words
    given: Given
    required: bool
    typed: str
    wrong: tuple[Words, ...] = ()

    @property
    def choices(self) -> Mapping[str, Words]:
        """What there is to choose from; empty for a field to type in."""
        if isinstance(self.given, Flag):
            return YES_OR_NO
        return self.given.names if isinstance(self.given, Choice) else {}

    @property
    def ticks(self) -> Mapping[str, Words]:
        """What there is to tick, where several may be chosen."""
        return self.given.names if isinstance(self.given, Several) else {}

    @property
    def ticked(self) -> list[str]:
        """What is ticked."""
        return self.typed.split(SEVERAL)

    @property
    def finds(self) -> str:
        """The kinds of things that it names, for search as one types."""
        kinds = self.given.kinds if isinstance(self.given, Thing) else ()
        return ",".join(kind.__tablename__ for kind in kinds)  # type: ignore[attr-defined]

    @property
    def input(self) -> str:
        """The type of its input."""
        return INPUTS.get(type(self.given), "text")

    @property
    def lines(self) -> int:
        """How many lines it shows."""
        return self.given.lines if isinstance(self.given, Text) else 1

    @property
    def longest(self) -> int:
        """How many characters may be typed."""
        return self.given.longest if isinstance(self.given, Text | Code) else 64

    @property
    def number(self) -> bool:
        """Whether a number pad serves best."""
        return isinstance(self.given, Amount | Whole)


def joined(form: MultiDict[str, str]) -> dict[str, str]:
    """What was typed, by field; of several ticks in one field one text."""
    return {name: SEVERAL.join(texts) for name, texts in form.lists()}


def arguments_in(session: Session, declared: Declaration, typed: Mapping[str, str]) -> dict[str, Any]:
    """The arguments that were typed; empty fields are left out, what was scanned is read."""
    texts = {one.name: (one.given, typed.get(one.name, "").strip()) for one in wanted(declared)}
    return {name: given.read(settled(session, given, text)) for name, (given, text) in texts.items() if text}


def wanted(declared: Declaration) -> list[Argument]:
    """Everything that people fill in, with the station where only somebody at one can do it."""
    return [*declared.fields, *([AT_STATION] if declared.at_station else [])]


def problems_in(declared: Declaration, arguments: Mapping[str, Any]) -> dict[str, Words]:
    """What is wrong with the form of what was typed, by field."""
    here = {name: value for name, value in arguments.items() if name != AT_STATION.name}
    missing = declared.at_station and AT_STATION.name not in arguments
    return {**declared.problems(here), **({AT_STATION.name: Words("必填", "is needed")} if missing else {})}


def fields_of(
    declared: Declaration, typed: Mapping[str, str], wrong: Mapping[str, Words], reasons: Sequence[Refusal] = ()
) -> list[Field]:
    """The fields with what was typed, each with what is wrong with its form and the reasons that speak of it."""
    about = [(_about(declared, typed, one), Words(one.sentence("zh"), one.sentence("en"))) for one in reasons]
    said = {one.name: [words for name, words in about if name == one.name] for one in wanted(declared)}
    form = {name: [words] for name, words in wrong.items()}
    return [_field(one, typed, (*form.get(one.name, ()), *said[one.name])) for one in wanted(declared)]


def _field(one: Argument, typed: Mapping[str, str], wrong: tuple[Words, ...]) -> Field:
    text = typed.get(one.name, "" if one.required else _usual(one))
    return Field(one.name, one.words, one.given, one.required, text, wrong)


def elsewhere(declared: Declaration, typed: Mapping[str, str], reasons: Sequence[Refusal]) -> list[Refusal]:
    """The reasons that speak of no field: they stand on top."""
    return [one for one in reasons if _about(declared, typed, one) is None]


def _about(declared: Declaration, typed: Mapping[str, str], reason: Refusal) -> str | None:
    """The field that a reason's facts name: by what was typed in it, else by its name."""
    facts = {name: str(value) for name, value in reason.facts.items()}
    names = [one.name for one in wanted(declared)]
    said = {name: typed.get(name, "").strip() for name in names}
    by_text = [name for name in names if said[name] and said[name] in facts.values()]
    return next(iter([*by_text, *(name for name in names if name in facts)]), None)


def _usual(one: Argument) -> str:
    if isinstance(one.default, bool):
        return "yes" if one.default else "no"
    return "" if one.default is None else str(one.default)
