"""What a command declares of itself, once: who may, its arguments by type, and its words in both languages.

Every face follows from the declaration: the API route with its schemas, the office form, the terminal's headline, the
rights table, the journal's sentence. Nothing here runs a command (`mes.commands` does) or knows a department.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from mes.roles import Role
from mes.words import Words

F = TypeVar("F", bound=Callable[..., Any])
NO_DEFAULT = inspect.Parameter.empty


class Given:
    """How an argument is given; each kind becomes a field of a form and a schema of the API."""


@dataclass(frozen=True)
class Text(Given):
    """Words of a person, up to so many characters."""

    longest: int = 200
    lines: int = 1


@dataclass(frozen=True)
class Code(Given):
    """A code that names nothing yet, or nothing the door looks up: a new station's, a colour card's."""

    longest: int = 64


@dataclass(frozen=True)
class Amount(Given):
    """A quantity in the stock unit of the item that the argument `of` stands for, as decimal text (law 5)."""

    of: str


@dataclass(frozen=True)
class Choice(Given):
    """One of a few words of the record, each with its name in both languages."""

    names: Mapping[str, Words] = field(hash=False)


@dataclass(frozen=True)
class Whole(Given):
    """A whole number within limits, both inclusive."""

    least: int = 0
    most: int = 2**53


@dataclass(frozen=True)
class Flag(Given):
    """Yes or no."""


@dataclass(frozen=True)
class Day(Given):
    """A calendar day in the plant's zone, as YYYY-MM-DD."""


@dataclass(frozen=True)
class Reason(Given):
    """Why: a reason of the plant's catalogue of this kind (`mes.masters.reasons`), or one's own words."""

    longest: int = 64
    kind: str = ""


@dataclass(frozen=True)
class Thing(Given):
    """Something of the plant that has a code; of several kinds the first that knows the code is meant."""

    kinds: tuple[type, ...]


@dataclass(frozen=True)
class Beside(Given):
    """What travels beside the journal or has a form of its own (sheets of an import, measurements): no plain field."""


PLAIN: dict[type, Given] = {bool: Flag(), int: Whole(), date: Day(), datetime: Day(), Decimal: Text(32), str: Text()}


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
    rescue: bool
    signed: bool
    system: bool

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """Its arguments in the order of its function, by name; read from the annotations at the first question."""
        hints = typing.get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        return {one.name: _argument(one.name, hints[one.name], one.default) for one in parameters}

    @property
    def department(self) -> str:
        """The part of its name before the colon."""
        return self.name.partition(":")[0]

    @property
    def verb(self) -> str:
        """The part of its name after the colon."""
        return self.name.partition(":")[2]


REGISTER: dict[str, Declaration] = {}


def command(
    name: str,
    roles: set[Role],
    words: Words,
    *,
    done: Words,
    tells: Words,
    confirm: Words | None = None,
    rescue: bool = False,
    signed: bool = False,
    system: bool = False,
) -> Callable[[F], F]:
    """Register a function as a command behind the one door.

    `words`: what it is called. `done`: what is said when it was done, with the arguments and the value's fields as
    facts. `tells`: the journal's sentence, with the arguments as facts (an omitted one is empty). `confirm`: what will
    happen, where it cannot be undone. `rescue`: accepts voided labels (F5). `signed`: needs badge and PIN of the acting
    person (F8). `system`: programs ask for it, no form offers it.
    """

    def register(function: F) -> F:
        if name in REGISTER:
            raise TypeError(f"two commands are called {name}")
        REGISTER[name] = Declaration(
            name, function, frozenset(roles), words, done, tells, confirm, rescue, signed, system
        )
        return function

    return register


def _argument(name: str, hint: Any, default: Any) -> Argument:
    extras: tuple[Any, ...] = ()
    if typing.get_origin(hint) is typing.Annotated:
        hint, *rest = typing.get_args(hint)
        extras = tuple(rest)
    kinds = _kinds(hint)
    given = next((one for one in extras if isinstance(one, Given)), None) or _given(kinds)
    words = next((one for one in extras if isinstance(one, Words)), None) or _called(name, kinds)
    return Argument(name, given, words, default)


def _kinds(hint: Any) -> tuple[type, ...]:
    parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(part for part in parts if part is not types.NoneType)


def _given(kinds: tuple[type, ...]) -> Given:
    if kinds[0] in PLAIN:
        return PLAIN[kinds[0]]
    return Thing(kinds) if all(hasattr(kind, "called") for kind in kinds) else Beside()


def _called(name: str, kinds: tuple[type, ...]) -> Words:
    """What things of this kind are called; other arguments have words of their own, or their name stands (a test)."""
    called: list[Words] = [kind.called for kind in kinds if hasattr(kind, "called")]
    if not called:
        return Words(name, name)
    return Words("/".join(one.zh for one in called), " or ".join(one.en for one in called))
