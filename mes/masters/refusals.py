"""Refusals about master data and the amounts that people give."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import Kind, Refusal


class OfMasters(Refusal, of=Kind.MASTERS):
    """About master data and the amounts that people give."""


@dataclass(frozen=True)
class QuantityNotWhole(OfMasters):
    item: str
    asked: str
    code = "quantity_not_whole"
    en = "{asked} is no possible quantity of {item}: it is counted in whole units above zero."
    zh = "{item} 的数量 {asked} 不合法，必须为大于零的整数。"


@dataclass(frozen=True)
class AlreadyThere(OfMasters):
    """Something of that code exists; bad input never half-does anything."""

    what: str
    text: str
    code = "already_there"
    en = "{what} {text} exists already."
    zh = "{what} {text} 已存在。"
