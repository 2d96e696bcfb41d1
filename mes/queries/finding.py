"""Finding things of the plant by a few letters of their code or name, for fields that people fill in. Only looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from mes.labelling.model import Label
from mes.masters.model import Customer, Equipment, Item, Location, Operation, Printer, Station, WorkCenter
from mes.people.model import Person, Qualification
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.quality.model import Nonconformance
from mes.stock.model import Container, HandlingUnit, Lot

MOST = 8


@dataclass(frozen=True)
class Found:
    """One thing: the code that a command takes, and what it is in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Finder:
    """How things of one kind are looked for: rows of code and names, and what else may match.

    `also`: other codes that name it as well. `begins`: of a long table only beginnings match, the newest come first.
    """

    rows: Callable[[], Select[str, str, str]]
    code: Any
    matches: tuple[Any, ...]
    also: tuple[Any, ...] = ()
    begins: bool = False
    order: Any = None

    def named(self, text: str) -> Select[str, str, str]:
        """What bears this text at the beginning (long tables) or anywhere (masters) in code or name."""
        like = [self._like(column, text) for column in (self.code, *self.also, *self.matches)]
        return self.rows().where(or_(*like)).order_by(self.code if self.order is None else self.order)

    def _like(self, column: Any, text: str) -> ColumnElement[bool]:
        found: ColumnElement[bool] = (
            column.startswith(text, autoescape=True) if self.begins else column.icontains(text, autoescape=True)
        )
        return found


def find(session: Session, kinds: tuple[type, ...], text: str) -> list[Found]:
    """The first few things of these kinds whose code or name has the text; nothing for no text."""
    found: dict[str, Found] = {}
    for kind in kinds if text else ():
        for code, zh, en in session.execute(FINDERS[kind].named(text).limit(MOST)):
            found.setdefault(code, Found(code, zh or "", en or ""))
    return list(found.values())[:MOST]


def is_known(session: Session, kinds: tuple[type, ...], code: str) -> bool:
    """Whether exactly this code names something of these kinds."""
    return any(session.execute(_exactly(FINDERS[kind], code)).first() is not None for kind in kinds)


def _exactly(finder: Finder, code: str) -> Select[str, str, str]:
    return finder.rows().where(or_(*(one == code for one in (finder.code, *finder.also)))).limit(1)


def _master(kind: Any, code: str = "code") -> Finder:
    column = getattr(kind, code)
    return Finder(lambda: select(column, kind.name_zh, kind.name_en), column, (kind.name_zh, kind.name_en))


def _lots() -> Select[str, str, str]:
    return select(Lot.code, Item.name_zh, Item.name_en).join(Item, Item.id == Lot.item_id)


BOX_CODE = func.coalesce(Label.serial, Lot.code)
STEP_CODE = RunCard.code.concat("+").concat(CardOperation.seq)


def _boxes() -> Select[str, str, str]:
    """Boxes by their valid label, else by their lot."""
    return (
        select(BOX_CODE, Lot.code.concat(" ").concat(Item.name_zh), Lot.code.concat(" ").concat(Item.name_en))
        .select_from(HandlingUnit)
        .join(Lot, Lot.id == HandlingUnit.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(Label, (Label.holder_id == HandlingUnit.id) & Label.voided_by.is_(None))
    )


def _steps() -> Select[str, str, str]:
    return (
        select(STEP_CODE, Operation.name_zh, Operation.name_en)
        .select_from(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .join(Operation, Operation.id == CardOperation.operation_id)
    )


def _cards() -> Select[str, str, str]:
    return select(RunCard.code, Item.name_zh, Item.name_en).join(Item, Item.id == RunCard.item_id)


def _orders() -> Select[str, str, str]:
    return (
        select(
            SalesOrder.order_no,
            Customer.name_zh.concat(" ").concat(Item.name_zh),
            Customer.name_en.concat(" ").concat(Item.name_en),
        )
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Item, Item.id == SalesOrder.item_id)
    )


def _reports() -> Select[str, str, str]:
    return (
        select(Nonconformance.code, Item.name_zh, Item.name_en)
        .join(Lot, Lot.id == Nonconformance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(Nonconformance.state == "open")
    )


def _labels() -> Select[str, str, str]:
    return (
        select(Label.serial, Lot.code.concat(" ").concat(Item.name_zh), Lot.code.concat(" ").concat(Item.name_en))
        .outerjoin(HandlingUnit, HandlingUnit.id == Label.holder_id)
        .outerjoin(Lot, Lot.id == HandlingUnit.lot_id)
        .outerjoin(Item, Item.id == Lot.item_id)
    )


def _containers() -> Select[str, str, str]:
    is_pallet = Container.kind == "pallet"
    return select(
        Container.serial, case((is_pallet, "托盘"), else_="外箱"), case((is_pallet, "pallet"), else_="carton")
    )


FINDERS: dict[type, Finder] = {
    Item: _master(Item),
    Location: _master(Location),
    Equipment: _master(Equipment),
    Station: _master(Station),
    Customer: _master(Customer),
    Person: _master(Person, "badge"),
    WorkCenter: _master(WorkCenter),
    Qualification: Finder(
        lambda: select(Qualification.certificate, Person.name_zh, Person.name_en).join(
            Person, Person.id == Qualification.person_id
        ),
        Qualification.certificate,
        (Person.badge, Person.name_zh, Person.name_en),
    ),
    Printer: Finder(
        lambda: select(Printer.code, Station.name_zh, Station.name_en).join(Station, Station.id == Printer.station_id),
        Printer.code,
        (Station.code, Station.name_zh, Station.name_en),
    ),
    SalesOrder: Finder(_orders, SalesOrder.order_no, (Customer.name_zh, Customer.name_en, Item.code)),
    Lot: Finder(_lots, Lot.code, (Item.code, Item.name_zh), begins=True, order=Lot.id.desc()),
    HandlingUnit: Finder(
        _boxes, BOX_CODE, (Item.code, Item.name_zh), (Lot.code,), begins=True, order=HandlingUnit.id.desc()
    ),
    RunCard: Finder(_cards, RunCard.code, (Item.code, Item.name_zh), begins=True, order=RunCard.id.desc()),
    CardOperation: Finder(_steps, STEP_CODE, (Operation.name_zh,), begins=True, order=CardOperation.id.desc()),
    Container: Finder(_containers, Container.serial, (), begins=True, order=Container.id.desc()),
    Label: Finder(_labels, Label.serial, (), begins=True, order=Label.id.desc()),
    Nonconformance: Finder(_reports, Nonconformance.code, (Item.code,), begins=True, order=Nonconformance.id.desc()),
}
