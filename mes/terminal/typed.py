"""What typed text means: a word in either language, a bare number, badge, card, lot or place, or a code as printed.

Only for text that a person typed: from a scanner a bare number may be garbage. Several meanings are asked about, with
choices; nothing is guessed. A mistyped check character stays refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, literal, select, union_all

from mes import codes
from mes.labelling.model import Label
from mes.masters.model import Equipment, Location, Printer
from mes.outside import decimal_of, whole_of
from mes.people.model import Person
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.stock.model import Container, HandlingUnit, Lot
from mes.terminal.floor import Floor
from mes.terminal.meanings import Taken, heard, is_taken
from mes.terminal.reply import Answer, Choice
from mes.terminal.task import OwnWords
from mes.words import Words

QUANTITY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
WHICH = Words("{text} 是指哪一个？", "{text}: which one is meant?")
NUMBER = Words("数量", "quantity")


# The kinds of things that a bare code may name: what they are called, where they are looked up, the code they have.
THINGS: dict[str, tuple[Words, Any, Callable[[str], codes.Code]]] = {
    "person": (Person.called, Person.badge, codes.BadgeCode),
    "card": (RunCard.called, RunCard.code, codes.RunCardCode),
    "lot": (Lot.called, Lot.code, codes.LotCode),
    "label": (Label.called, Label.serial, codes.LabelCode),
    "container": (Container.called, Container.serial, codes.ContainerCode),
    "place": (Location.called, Location.code, codes.LocationCode),
    "order": (SalesOrder.called, SalesOrder.order_no, codes.OrderCode),
    "machine": (Equipment.called, Equipment.code, codes.EquipmentCode),
    "printer": (Printer.called, Printer.code, codes.PrinterCode),
}
NAMED: dict[type, str] = {makes: name for name, (_, _, makes) in THINGS.items()}  # type: ignore[misc]
OPERATION = re.compile(r"(.+)\+([1-9][0-9]{0,3})")


@dataclass(frozen=True)
class Meant:
    """One thing that the text may mean, and what to call it when people are asked."""

    code: Taken
    called: Words


def meant(floor: Floor, text: str, parsed: codes.Code | codes.CodeError) -> Taken | Answer:
    """The code that the text means here now, or the question which of several; raises the CodeError of none of them."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = list(dict.fromkeys(_candidates(floor, plain, parsed)))
    here = [one for one in found if is_taken(floor, one.code)] or found
    if len(here) > 1:
        return _which(plain, here)
    if here:
        return here[0].code
    if is_taken(floor, OwnWords(plain)) and not isinstance(parsed, codes.Mistyped):
        return OwnWords(plain)
    if isinstance(parsed, codes.CodeError):
        raise parsed
    return parsed


def _candidates(floor: Floor, text: str, parsed: codes.Code | codes.CodeError) -> Iterator[Meant]:
    """Everything that the text may be: what is spoken, what it is as printed, a number, what has it as its code."""
    for one in heard(floor.talk, floor.station.role):
        names = {name.casefold() for words in (one.words, one.also) if words for name in (words.zh, words.en)}
        if text.casefold() in names | {one.word.casefold()}:
            yield Meant(codes.CommandCode(one.word), one.words)
    known = _known(floor, text, parsed)
    if not isinstance(parsed, codes.CodeError) and (type(parsed) not in NAMED or _name_of(parsed) in known):
        yield Meant(parsed, THINGS[NAMED[type(parsed)]][0] if type(parsed) in NAMED else NUMBER)
    if QUANTITY.fullmatch(text):
        yield Meant(codes.QuantityCode(decimal_of(text)), NUMBER)
    for kind, name in sorted(known):
        if name == text:
            yield Meant(THINGS[kind][2](name), THINGS[kind][0])
    if (operation := OPERATION.fullmatch(text)) and ("card", operation[1]) in known:
        yield Meant(codes.OperationCode(operation[1], whole_of(operation[2])), CardOperation.called)


def _known(floor: Floor, text: str, parsed: codes.Code | codes.CodeError) -> set[tuple[str, str]]:
    """Which things have this very text as their code, or the part of it behind its data identifier."""
    asked = {(kind, text) for kind in THINGS}
    if operation := OPERATION.fullmatch(text):
        asked.add(("card", operation[1]))
    if type(parsed) in NAMED:
        asked.add(_name_of(parsed))
    looks = [_look(kind, THINGS[kind][1], name) for kind, name in asked]
    return {(kind, code) for kind, code in floor.session.execute(union_all(*looks))}


def _look(kind: str, column: Any, name: str) -> Select[Any]:
    """One row if something has this code; a lot counts once goods of it lie in a box, before it is a run card."""
    columns: list[Any] = [literal(kind).label("kind"), cast(column, String).label("code")]
    query = select(*columns).where(column == name)
    boxed = select(HandlingUnit.id).where(HandlingUnit.lot_id == Lot.id).exists()
    return query.where(boxed) if kind == "lot" else query


def _name_of(code: Any) -> tuple[str, str]:
    """The kind of a code that names a thing, and the name in it."""
    (name,) = vars(code).values()
    return NAMED[type(code)], str(name)


def _which(text: str, meant: list[Meant]) -> Answer:
    choices = tuple(
        Choice(codes.encode(one.code), f"{one.called.zh} {text}", f"{one.called.en} {text}")
        for one in meant
        if not isinstance(one.code, OwnWords)
    )
    return Answer(WHICH.said(text=text), asks=True, choices=choices)
