"""What a few letters or a scanned code may mean: lots, cards, items, orders, people, places, labels… by code or name.

One statement for all kinds of thing; those that begin with the text or are exactly it come first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from mes import codes
from mes.labelling.model import Label
from mes.masters.model import Customer, Equipment, Item, Location, Station
from mes.people.model import Person
from mes.planning.model import SalesOrder
from mes.production.model import RunCard
from mes.quality.model import Nonconformance
from mes.stock.model import Container, Lot
from mes.trace.resolving import texts
from mes.words import Words

MOST = 12
EXACT, BEGINS, HOLDS = 0, 1, 2


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can be found: its code, the columns of its name, other codes it goes by."""

    called: Words
    code: Any
    name: tuple[Any, Any] = (null(), null())
    also: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Found:
    """Something found: of which kind, its code and name, and how well it fits (`exact` is the very code)."""

    kind: str
    code: str
    zh: str
    en: str
    exact: bool


def _named(model: Any, code: Any = None) -> Kind:
    return Kind(model.called, code if code is not None else model.code, (model.name_zh, model.name_en))


KINDS: dict[str, Kind] = {
    "lot": Kind(Lot.called, Lot.code, also=(Lot.supplier_lot,)),
    "card": Kind(RunCard.called, RunCard.code),
    "item": _named(Item),
    "order": Kind(SalesOrder.called, SalesOrder.order_no),
    "label": Kind(Label.called, Label.serial, also=(Label.card,)),
    "container": Kind(Container.called, Container.serial, also=(Container.sscc,)),
    "nonconformance": Kind(Nonconformance.called, Nonconformance.code),
    "place": _named(Location),
    "person": _named(Person, Person.badge),
    "customer": _named(Customer),
    "machine": _named(Equipment),
    "station": _named(Station),
}


def find(session: Session, text: str, kinds: Collection[str]) -> list[Found]:
    """At most a dozen of each kind of thing, the best first; nothing for no text."""
    wanted = list(dict.fromkeys([*codes.spellings(text)[:2], *(one for one in texts(text) if one)]))
    if not wanted or not kinds:
        return []
    parts = [_of_kind(name, KINDS[name], wanted) for name in KINDS if name in kinds]
    rows = session.execute(union_all(*(select(one.subquery()) for one in parts))).all()
    order = {name: place for place, name in enumerate(KINDS)}
    rows = sorted(rows, key=lambda row: (row.fits, order[row.kind], row.code))
    return [Found(row.kind, row.code, row.zh or "", row.en or "", row.fits == EXACT) for row in rows]


def _of_kind(name: str, kind: Kind, wanted: list[str]) -> Select[Any]:
    columns = [kind.code, *kind.also]
    named = [one for one in kind.name if not isinstance(one, type(null()))]
    exact = or_(*(one.in_(wanted) for one in columns))
    parts = wanted[:2]  # as it was typed, and in narrow letters without blanks
    begins = or_(*(one.istartswith(part, autoescape=True) for one in columns for part in parts))
    holds: list[ColumnElement[bool]] = [
        one.icontains(part, autoescape=True) for one in (*columns, *named) for part in parts
    ]
    fits = case((exact, EXACT), (begins, BEGINS), else_=HOLDS)
    zh, en = kind.name
    return (
        select(literal(name).label("kind"), kind.code.label("code"), zh.label("zh"), en.label("en"), fits.label("fits"))
        .where(or_(exact, *holds))
        .order_by(fits, kind.code)
        .limit(MOST)
    )
