"""What an import need not bring because it is there: the plant as the database has it, as rows of its sheets again.

Only reads. Of orders, lots and plans it reads those that somebody asks for; everything else is small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.database import Base
from mes.intake.documents import OF_ITEM, touched
from mes.intake.known_goods import opening_stock, orders, plan
from mes.intake.patterns import Pattern
from mes.intake.rows import (
    EXCLUSIVE,
    INCLUSIVE,
    BomRow,
    CharacteristicRow,
    CustomerRow,
    EmployeeRow,
    EquipmentRow,
    ItemRow,
    KindRow,
    LocationRow,
    PlantSheets,
    QualificationRow,
    ReasonRow,
    RoutingRow,
    Row,
    SettingRow,
    SupplierRow,
    WorkCenterRow,
    stored_at,
)
from mes.masters.model import (
    BomLine,
    Characteristic,
    Customer,
    Equipment,
    Item,
    ItemKind,
    Location,
    Operation,
    ProcessRevision,
    Reason,
    Setting,
    Supplier,
    WorkCenter,
)
from mes.masters.units import from_smallest
from mes.memory import masters
from mes.people.model import Person, Qualification
from mes.planning.model import SalesOrder
from mes.stock.model import Lot

Rows = Iterator[Any]


def stored(session: Session) -> PlantSheets:
    """All masters and process documents: what the rules of an import look at besides its own rows."""
    return PlantSheets(**{sheet: tuple(read(session)) for sheet, read in MASTERS.items()})


def known_keys(session: Session) -> dict[str, set[str]]:
    """What a row may refer to or resemble and `stored` does not have: the codes of all orders and lots."""
    return {
        "orders": set(session.scalars(select(SalesOrder.order_no))),
        "opening_stock": set(session.scalars(select(Lot.code))),
    }


def stored_like(session: Session, brought: PlantSheets) -> PlantSheets:
    """What the database has of the sheets that are brought: of orders, lots and plans only those that they name."""
    speaks = {sheet for sheet in MASTERS if getattr(brought, sheet)} | set(OF_ITEM if touched(brought) else ())
    kept = {sheet: tuple(read(session)) for sheet, read in MASTERS.items() if sheet in speaks}
    return PlantSheets(
        **kept,
        opening_stock=tuple(opening_stock(session, {row.lot for row in brought.opening_stock})),
        orders=tuple(orders(session, {row.order_no for row in brought.orders})),
        plan=tuple(plan(session, {row.month for row in brought.plan})),
    )


def _settings(session: Session) -> Rows:
    return (SettingRow(at=stored_at("settings"), name=one.name, value=one.value) for one in _all(session, Setting))


def _reasons(session: Session) -> Rows:
    return (_row(ReasonRow, one, kinds=tuple(one.kinds_text.split(";"))) for one in _all(session, Reason))


def _kinds(session: Session) -> Rows:
    for one in _all(session, ItemKind):
        yield _row(KindRow, one, code_pattern=Pattern(one.code_pattern) if one.code_pattern else None)


def _work_centers(session: Session) -> Rows:
    for one in _all(session, WorkCenter):
        yield _row(WorkCenterRow, one, capacity_minutes_per_day=one.capacity_minutes)


def _items(session: Session) -> Rows:
    for one in _all(session, Item):
        batch = None if one.batch_size is None else from_smallest(one.batch_size, one.uom)
        owner = one.owner.code if one.owner else None
        yield _row(ItemRow, one, owner=owner, batch_size=batch, pack_qty=one.pack_size)


def _equipment(session: Session) -> Rows:
    for one in _all(session, Equipment):
        center, every = one.work_center.code, one.maintenance_days
        yield _row(EquipmentRow, one, work_center=center, maintenance_every_days=every)


def _employees(session: Session) -> Rows:
    return (_row(EmployeeRow, one, roles=tuple(one.roles_text.split(";"))) for one in _all(session, Person))


def _qualifications(session: Session) -> Rows:
    return (_row(QualificationRow, one, badge=one.person.badge) for one in _all(session, Qualification))


def _locations(session: Session) -> Rows:
    for one in _all(session, Location):
        if not one.outside:
            yield _row(LocationRow, one, work_center=one.work_center.code if one.work_center else None)


def _routing(session: Session) -> Rows:
    for revision, one in _of_newest(session, Operation):
        yield _row(
            RoutingRow,
            one,
            item=revision.item.code,
            operation_code=one.code,
            work_center=one.work_center.code,
            patrol_every_minutes=one.patrol_minutes,
            first_article_qty=from_smallest(one.first_article_quantity, revision.item.uom),
        )


def _bom(session: Session) -> Rows:
    for revision, one in _of_newest(session, BomLine):
        codes = {"parent": revision.item.code, "component": one.component.code}
        yield _row(BomRow, one, **codes, scrap_pct=one.scrap_percent, operation_seq=one.seq)


def _characteristics(session: Session) -> Rows:
    for revision, one in _of_newest(session, Characteristic):
        limits = EXCLUSIVE if one.exclusive else INCLUSIVE
        gauge = one.gauge or ""
        yield _row(CharacteristicRow, one, item=revision.item.code, operation_seq=one.seq, limits=limits, gauge=gauge)


MASTERS: dict[str, Callable[[Session], Rows]] = {
    "settings": _settings,
    "reasons": _reasons,
    "kinds": _kinds,
    "customers": lambda session: (_row(CustomerRow, one) for one in _all(session, Customer)),
    "suppliers": lambda session: (_row(SupplierRow, one) for one in _all(session, Supplier)),
    "work_centers": _work_centers,
    "items": _items,
    "routing": _routing,
    "bom": _bom,
    "characteristics": _characteristics,
    "equipment": _equipment,
    "employees": _employees,
    "qualifications": _qualifications,
    "locations": _locations,
}


def _all(session: Session, model: type[Any]) -> Iterable[Any]:
    return masters(session).all(model)


def _of_newest(session: Session, model: type[Base]) -> Iterator[tuple[ProcessRevision, Any]]:
    """The rows of every item's newest process revision."""
    newest: dict[int, ProcessRevision] = {}
    for revision in sorted(masters(session).all(ProcessRevision), key=lambda one: one.revision):
        newest[revision.item_id] = revision
    for revision in newest.values():
        yield from ((revision, one) for one in masters(session).where(model, revision_id=revision.id))


def _row(kind: type[Row], one: Any, **otherwise: Any) -> Any:
    """A row of a sheet from what a master says under the same names, else as given."""
    names = [column.name for column in fields(kind) if column.compare and column.name not in otherwise]
    at = stored_at(type(one).__tablename__)
    return kind(at=at, **{name: getattr(one, name) for name in names}, **otherwise)
