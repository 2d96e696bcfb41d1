"""What a command declares of itself, once: who may, its arguments by type, and its words in both languages.

Every face follows from the declaration: the API route with its schemas, the office form, the terminal's headline, the
rights table, the journal's sentence. Nothing here runs a command (`mes.commands` does) or knows a department.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from mes.given import Beside, Choice, Day, Flag, Given, Rows, Text, Thing, Whole
from mes.roles import Role
from mes.words import COMMAND_NAMES, Words

F = TypeVar("F", bound=Callable[..., Any])
Foretold = Callable[[Any, Mapping[str, Any]], Sequence[Words]]
"""What a command would do, found out by a look through a session at what its arguments name."""
NO_DEFAULT = inspect.Parameter.empty
PLAIN: dict[type, Given] = {bool: Flag(), int: Whole(), date: Day(), datetime: Day(), Decimal: Text(32)}
AS_IT_IS = Text()
SPACES_AND_COLONS = " :：，,"

DEPARTMENT_NAMES: dict[str, Words] = {
    "planning": Words("计划", "Planning"),
    "production": Words("生产", "Production"),
    "quality": Words("质量", "Quality"),
    "stock": Words("库存", "Stock"),
    "packing": Words("包装", "Packing"),
    "shipping": Words("发货", "Shipping"),
    "label": Words("标签", "Labels"),
    "plant": Words("工厂", "Plant"),
}


@dataclass(frozen=True)
class Argument:
    """One argument of a command: its name in the record, how it is given, what people call it."""

    name: str
    given: Given
    words: Words
    default: Any = NO_DEFAULT

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is NO_DEFAULT

    def problem(self, value: Any) -> Words | None:
        """What is wrong with the form of a value; one that may be left out may also be null."""
        return None if value is None and self.default is None else self.given.problem(value)


@dataclass(frozen=True)
class Declaration:
    """A command as every face knows it."""

    name: str
    function: Callable[..., Any]
    roles: frozenset[Role]
    words: Words
    done: Words
    tells: Words
    confirm: Words | None
    foretold: Foretold | None
    rescue: bool
    signed: bool
    system: bool
    at_station: bool
    elsewhere: Words | None = None

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """Its arguments in the order of its function, by name; read from the annotations at the first question."""
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        return {one.name: self._argument(one.name, one.default) for one in parameters}

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The annotations of its function."""
        return typing.get_type_hints(self.function, include_extras=True)

    @property
    def value(self) -> Any:
        """What its function returns: a dataclass of plain facts."""
        return self.hints["return"]

    @property
    def department(self) -> str:
        """The part of its name before the colon."""
        return self.name.partition(":")[0]

    @property
    def verb(self) -> str:
        """The part of its name after the colon."""
        return self.name.partition(":")[2]

    @property
    def by_program(self) -> bool:
        """Whether a program may ask for it over the API: nothing of it has to travel beside."""
        return not any(isinstance(one.given, Beside) and one.required for one in self.arguments.values())

    @property
    def by_form(self) -> bool:
        """Whether people ask for it with the office form."""
        return self.by_program and not self.system

    @property
    def fields(self) -> list[Argument]:
        """The arguments that people fill in."""
        return [one for one in self.arguments.values() if not isinstance(one.given, Beside | Rows)]

    def problems(self, arguments: Mapping[str, Any]) -> dict[str, Words]:
        """What is wrong with the form of arguments, by name: unknown, missing, or of another kind."""
        found: dict[str, Words | None] = dict.fromkeys(
            set(arguments) - set(self.arguments), Words("没有此项", "there is no such argument")
        )
        for name, one in self.arguments.items():
            if name in arguments:
                found[name] = one.problem(arguments[name])
            elif one.required:
                found[name] = Words("必填", "is needed")
        return {name: words for name, words in found.items() if words is not None}

    def said_done(self, arguments: Mapping[str, Any], value: Any) -> Words:
        """What is said when it was done: its arguments and the fields of its value are the facts."""
        facts = self._facts(arguments)
        for name in _fields_of(value):
            facts[name] = self._given_of(name).said(getattr(value, name))
        return self.done.said(**facts)

    def told(self, arguments: Mapping[str, Any]) -> Words:
        """The journal's sentence; what an old event did not have is empty, what it had too many is left out."""
        return _tidy(self.tells.said(**self._facts(arguments)))

    def warned(self, arguments: Mapping[str, Any]) -> Words | None:
        """What will happen, where that cannot be undone."""
        return self.confirm.said(**self._facts(arguments)) if self.confirm else None

    def foretells(self, session: Any, arguments: Mapping[str, Any]) -> list[Words]:
        """What it will do, line by line, where that is known only to who looks."""
        return list(self.foretold(session, arguments)) if self.foretold else []

    def _given_of(self, name: str) -> Given:
        """How a field of the value reads: as the argument of its name where that is a word of the record."""
        given = self.arguments[name].given if name in self.arguments else AS_IT_IS
        return given if isinstance(given, Flag | Choice) else AS_IT_IS

    def _facts(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Every argument as it reads, those left out by their defaults."""
        usual = {name: None if one.required else one.default for name, one in self.arguments.items()}
        return {name: one.given.said(arguments.get(name, usual[name])) for name, one in self.arguments.items()}

    def _argument(self, name: str, default: Any) -> Argument:
        hint: Any = self.hints[name]
        extras: tuple[Any, ...] = ()
        if typing.get_origin(hint) is typing.Annotated:
            hint, *rest = typing.get_args(hint)
            extras = tuple(rest)
        kinds = _kinds(hint)
        given = next((one for one in extras if isinstance(one, Given)), None) or _given(kinds)
        words = next((one for one in extras if isinstance(one, Words)), None) or _called(given)
        if given is None or words is None:
            raise TypeError(f"{self.name}: say how {name} is given and what people call it")
        return Argument(name, given, words, default)


REGISTER: dict[str, Declaration] = {}


def command(
    name: str,
    roles: set[Role],
    words: Words,
    *,
    done: Words,
    tells: Words,
    confirm: Words | None = None,
    foretold: Foretold | None = None,
    rescue: bool = False,
    signed: bool = False,
    system: bool = False,
    at_station: bool = False,
    elsewhere: Words | None = None,
) -> Callable[[F], F]:
    """Register a function as a command behind the one door.

    `words`: what it is called. `done`: what is said when it was done, with the arguments and the value's fields as
    facts. `tells`: the journal's sentence, with the arguments as facts (an omitted one is empty). `confirm`: what will
    happen, where it is asked first, and `foretold` lists it, looked up before anybody signs. `rescue`: accepts voided
    labels (F5). `signed`: needs badge and PIN of the acting person (F8). `system`: programs ask for it, no form offers
    it. `at_station`: only somebody at a station can do it. `elsewhere`: where people give what its form does not take.
    """

    def register(function: F) -> F:
        if name in REGISTER:
            raise TypeError(f"two commands are called {name}")
        how = (confirm, foretold, rescue, signed, system, at_station, elsewhere)
        REGISTER[name] = Declaration(name, function, frozenset(roles), words, done, tells, *how)
        COMMAND_NAMES[name] = words
        return function

    return register


def _kinds(hint: Any) -> tuple[type, ...]:
    parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(part for part in parts if part is not types.NoneType)


def _given(kinds: tuple[type, ...]) -> Given | None:
    """How a value of these types is given if nothing else is said; text must say what kind of text."""
    return Thing(kinds) if all(hasattr(kind, "called") for kind in kinds) else PLAIN.get(kinds[0])


def _called(given: Given | None) -> Words | None:
    """What people call it if nothing else is said: things by their kind, a reason a reason."""
    if not isinstance(given, Thing):
        return given.called if given else None
    called: list[Words] = [kind.called for kind in given.kinds]  # type: ignore[attr-defined]
    return Words("/".join(one.zh for one in called), " or ".join(one.en for one in called))


def _fields_of(value: Any) -> list[str]:
    return [one.name for one in fields(value)] if is_dataclass(value) and not isinstance(value, type) else []


def _tidy(words: Words) -> Words:
    """Without what stood before a fact that is not there."""
    return Words(words.zh.strip(SPACES_AND_COLONS), words.en.strip(SPACES_AND_COLONS))
