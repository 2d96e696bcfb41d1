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

from sqlalchemy import ColumnElement, Select, String, cast, literal, or_, select, union_all

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
WHICH_OF = Words(
    "以“{text}”开头的有下列各项，请选择或继续输入：", "These begin with {text}: choose one, or type more of it"
)
NUMBER = Words("数量", "quantity")
LEAST_PART, MOST = 3, 12


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
    if not isinstance(parsed, codes.CodeError):
        return parsed
    if several := _holding(floor, plain):
        return several
    raise parsed


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
    named = _named(text)
    for kind, name in sorted(known):
        if (kind, name) in named:
            yield Meant(THINGS[kind][2](name), THINGS[kind][0])
    if (operation := OPERATION.fullmatch(text)) and ("card", operation[1]) in known:
        yield Meant(codes.OperationCode(operation[1], whole_of(operation[2])), CardOperation.called)


def _known(floor: Floor, text: str, parsed: codes.Code | codes.CodeError) -> set[tuple[str, str]]:
    """Which things have this very text as their code, or the part of it behind its data identifier."""
    asked = _named(text)
    if operation := OPERATION.fullmatch(text):
        asked.add(("card", operation[1]))
    if type(parsed) in NAMED:
        asked.add(_name_of(parsed))
    wanted: dict[str, list[str]] = {kind: [] for kind in THINGS}
    for kind, name in asked:
        wanted[kind].append(name)
    looks = [_look(kind, THINGS[kind][1].in_(names)) for kind, names in wanted.items()]
    return {(kind, code) for kind, code in floor.session.execute(union_all(*looks))}


def _named(text: str) -> set[tuple[str, str]]:
    """What the text may name, in any of its spellings: as it stands, or behind its data identifier."""
    found = {(kind, spelled) for kind in THINGS for spelled in codes.spellings(text)}
    for spelled in codes.spellings(text):
        try:
            code = codes.parse(spelled)
        except codes.CodeError:
            continue
        found |= {_name_of(code)} if type(code) in NAMED else set()
    return found


def _holding(floor: Floor, text: str) -> Answer | None:
    """What has the text as the beginning of its code and means something here now, to choose from; None for nothing."""
    if len(text) < LEAST_PART:
        return None
    begins = {text, text.upper()}
    looks = [
        select(_look(kind, or_(*(column.startswith(one, autoescape=True) for one in begins))).limit(MOST).subquery())
        for kind, (_, column, _) in THINGS.items()
    ]
    rows = sorted((code, kind) for kind, code in floor.session.execute(union_all(*looks)))
    found = [(THINGS[kind], code) for code, kind in rows]
    here = [(called, made(code), code) for (called, _, made), code in found if is_taken(floor, made(code))][:MOST]
    choices = tuple(_choice(made, called, code) for called, made, code in here)
    return Answer(WHICH_OF.said(text=text), asks=True, choices=choices) if choices else None


def _choice(code: codes.Code, called: Words, text: str) -> Choice:
    return Choice(codes.encode(code), f"{called.zh} {text}", f"{called.en} {text}")


def _look(kind: str, condition: ColumnElement[bool]) -> Select[Any]:
    """What meets the condition; a lot counts once goods of it lie in a box, before it is a run card."""
    columns: list[Any] = [literal(kind).label("kind"), cast(THINGS[kind][1], String).label("code")]
    query = select(*columns).where(condition)
    boxed = select(HandlingUnit.id).where(HandlingUnit.lot_id == Lot.id).exists()
    return query.where(boxed) if kind == "lot" else query


def _name_of(code: Any) -> tuple[str, str]:
    """The kind of a code that names a thing, and the name in it."""
    (name,) = vars(code).values()
    return NAMED[type(code)], str(name)


def _which(text: str, meant: list[Meant]) -> Answer:
    choices = tuple(_choice(one.code, one.called, text) for one in meant if not isinstance(one.code, OwnWords))
    return Answer(WHICH.said(text=text), asks=True, choices=choices)
