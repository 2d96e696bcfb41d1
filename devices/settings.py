"""Builds a dataclass from a TOML table and names every unknown, missing or wrongly typed setting at once.

Knows how settings are checked, not which there are; those are in `devices.config`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Settings = TypeVar("Settings", bound=DataclassInstance)

PLAIN_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}
WORDS = "tuple[str, ...]"


class ConfigError(Exception):
    """The configuration cannot be used; the text says which setting and why."""


def built(kind: type[Settings], where: str, settings: dict[str, Any]) -> Settings:
    """The dataclass from its settings. Raises ConfigError with every fault in it."""
    known = {field.name: field for field in fields(kind)}
    faults = [f"{where}{name} is not a setting" for name in settings if name not in known]
    faults += [fault for field in known.values() for fault in _faults(field, where, settings)]
    if faults:
        raise ConfigError("; ".join(faults))
    listed = {name: tuple(value) for name, value in settings.items() if known[name].type == WORDS}
    return kind(**{**settings, **listed})


def one_of(setting: str, value: object, allowed: Sequence[object]) -> None:
    """Raises ConfigError naming what would be allowed."""
    if value not in allowed:
        raise ConfigError(f"{setting} is {value!r}; it can be {', '.join(str(one) for one in allowed)}")


def bytes_of(setting: str, written: object) -> bytes:
    """Bytes from hexadecimal text as `A0 01 01 A2`. Raises ConfigError."""
    try:
        return bytes.fromhex(str(written))
    except ValueError as error:
        raise ConfigError(f"{setting} is {written!r}; expected bytes as hexadecimal digits, such as 'A0 01'") from error


def pattern_of(setting: str, written: object) -> re.Pattern[str]:
    """A regular expression with a group `value`. Raises ConfigError."""
    try:
        pattern = re.compile(str(written))
    except re.error as error:
        raise ConfigError(f"{setting} is {written!r}: {error}") from error
    if "value" not in pattern.groupindex:
        raise ConfigError(f"{setting} is {written!r}; it must name the number: (?P<value>…)")
    return pattern


def _faults(field: Field[Any], where: str, settings: dict[str, Any]) -> list[str]:
    if field.name not in settings:
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        return [] if has_default else [f"{where}{field.name} is missing"]
    value = settings[field.name]
    return [] if _fits(field.type, value) else [f"{where}{field.name} is {value!r}; expected {field.type}"]


def _fits(declared: object, value: object) -> bool:
    """Whether TOML gave the declared plain type; settings with a type of their own were built, and checked, before."""
    if declared == WORDS:
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    plain = PLAIN_TYPES.get(str(declared))
    return plain is None or (isinstance(value, plain) and (bool in plain or not isinstance(value, bool)))
