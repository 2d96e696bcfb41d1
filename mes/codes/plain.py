"""Reads a code that stands alone behind one data identifier (ANSI MH10.8.2): which identifier, and is the rest sound?

A reader answers with the code or with what is wrong. Mistyped is said only of what resembles a code of ours: a
supplier's bar code that happens to begin with W is unknown, not mistyped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from mes.codes import check
from mes.codes.kinds import (
    BadgeCode,
    CardCode,
    CommandCode,
    ContainerCode,
    EquipmentCode,
    ForeignPlant,
    ItemCode,
    LabelCode,
    LocationCode,
    LotCode,
    Mistyped,
    OperationCode,
    OrderCode,
    Plain,
    PrinterCode,
    QuantityCode,
    ReasonCode,
    RollCode,
    RunCardCode,
    Unknown,
)

_OPERATION = re.compile(r"(.+)\+([1-9][0-9]{0,3})")
_QUANTITY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_WORD = re.compile(r"([A-Z0-9]+)-[A-Z0-9]")
_ROLL = re.compile(r"([A-Z]+)\.([1-9][0-9]{0,3})X([1-9][0-9]{0,3})-[A-Z0-9]")
_CARD = re.compile(r"([A-Z]+)\.([1-9][0-9]{0,8})-[A-Z0-9]")

Wrong = type[Unknown] | type[Mistyped]
Reader = Callable[[str], Plain | Wrong]


def read_plain(text: str, site: int | None) -> Plain:
    """The code in a text without control characters; `site` None takes labels of every plant.

    Raises Unknown, Mistyped, ForeignPlant.
    """
    for identifier, reader in _READERS.items():
        if text.startswith(identifier) and text.isprintable():
            answer = reader(text.removeprefix(identifier))
            break
    else:
        raise Unknown(text)
    if isinstance(answer, type):
        raise answer(text)
    if isinstance(answer, LabelCode | ContainerCode) and site not in (None, check.site_of(answer.serial)):
        raise ForeignPlant(text, check.site_of(answer.serial))
    return answer


def _run_card(body: str) -> RunCardCode | Wrong:
    return RunCardCode(body) if check.is_batch_number(body) else _wrong_card(body)


def _operation(body: str) -> OperationCode | Wrong:
    found = _OPERATION.fullmatch(body)
    if found and check.is_batch_number(found[1]):
        return OperationCode(found[1], int(found[2]))
    return _wrong_card(body)


def _wrong_card(body: str) -> Wrong:
    # one slip leaves at least six of the digits and two of the hyphens
    return Mistyped if sum(map(str.isdigit, body)) >= 6 and body.count("-") >= 2 else Unknown


def _serial(kind: type[LabelCode] | type[ContainerCode]) -> Reader:
    def read(body: str) -> Plain | Wrong:
        if check.is_serial(body):
            return kind(body)
        # one slip leaves nine of the digits; suppliers' licence plates are longer or begin with letters (their agency)
        ours = 10 <= len(body) <= 12 and sum(map(str.isdigit, body)) >= 9 and not body[:2].isalpha()
        return Mistyped if ours else Unknown

    return read


def _quantity(body: str) -> QuantityCode | Wrong:
    return QuantityCode(Decimal(body)) if _QUANTITY.fullmatch(body) else Unknown


def _word(identifier: str, kind: type[CommandCode] | type[ReasonCode]) -> Reader:
    def read(body: str) -> Plain | Wrong:
        found = _WORD.fullmatch(body)
        return kind(found[1]) if found and check.is_valid(identifier + body) else Mistyped

    return read


def _roll(body: str) -> RollCode | Wrong:
    found = _ROLL.fullmatch(body)
    if found and check.is_valid(f"ZR.{body}"):
        return RollCode(found[1], int(found[2]), int(found[3]))
    return Mistyped


def _card(body: str) -> CardCode | Wrong:
    found = _CARD.fullmatch(body)
    return CardCode(found[1], int(found[2])) if found and check.is_valid(f"ZK.{body}") else Mistyped


def _literal(kind: Callable[[str], Plain]) -> Reader:
    def read(body: str) -> Plain | Wrong:
        return kind(body) if body and body == body.strip() else Unknown

    return read


_READERS: dict[str, Reader] = {
    "ZC.": _word("ZC.", CommandCode),
    "ZX.": _word("ZX.", ReasonCode),
    "ZR.": _roll,
    "ZK.": _card,
    "ZE.": _literal(EquipmentCode),
    "ZP.": _literal(PrinterCode),
    "3W": _operation,
    "1T": _literal(LotCode),
    "1J": _serial(LabelCode),
    "2J": _serial(ContainerCode),
    "1H": _literal(BadgeCode),
    "W": _run_card,
    "P": _literal(ItemCode),
    "Q": _quantity,
    "L": _literal(LocationCode),
    "K": _literal(OrderCode),
}
