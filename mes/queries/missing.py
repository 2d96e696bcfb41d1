"""What somebody did not find and who counted it, box by box, and the same per person (F4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from mes.masters.model import Item, Location
from mes.people.model import Person
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Moment, Number
from mes.queries.stock import BOX_OF_UNIT
from mes.roles import Role
from mes.stock.model import HandlingUnit, Lot, MissingReport
from mes.words import Words

LOOKING = {Role.SUPERVISOR, Role.STOREKEEPER, Role.SHIPPER, Role.INSPECTOR, Role.QUALITY_MANAGER, Role.ADMIN}
Counter, There = aliased(Person), aliased(Location)


def _missing() -> Select[Any]:
    return (
        select()
        .select_from(MissingReport)
        .join(HandlingUnit, HandlingUnit.id == MissingReport.unit_id)
        .join(Lot, Lot.id == HandlingUnit.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Location, Location.id == MissingReport.location_id)
        .join(Person, Person.id == MissingReport.person_id)
        .outerjoin(Counter, Counter.id == MissingReport.counted_by)
        .outerjoin(There, There.id == MissingReport.counted_location_id)
    )


def _reporters() -> Select[Any]:
    reported = select(MissingReport.id).where(MissingReport.person_id == Person.id)
    return select().select_from(Person).where(reported.exists())


def _reports(*which: ColumnElement[bool]) -> Any:
    """How many reports of a person are so."""
    mine = MissingReport.person_id == Person.id
    return select(func.count(MissingReport.id)).where(mine, *which).correlate(Person).scalar_subquery()


def _uncounted(row: Row) -> bool:
    return row["counted_at"] is None


HERE = MissingReport.counted_location_id == MissingReport.location_id
WHO = Called(Person.badge, Person.name_zh, Person.name_en)

MISSING = table(
    "missing_boxes",
    Words("找不到的料箱", "Boxes not found"),
    LOOKING,
    source=_missing,
    columns=(
        Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item"),
        Column("lot", Words("批次", "Lot"), Code(Lot.code), leads="lot"),
        Column("box", Words("料箱扫码", "Box as scanned"), Code(BOX_OF_UNIT), beside=True),
        Column("quantity", Words("账面", "On the books"), Amount(MissingReport.quantity, Item.uom)),
        Column("place", Words("库位", "Place"), Called(Location.code, Location.name_zh, Location.name_en)),
        Column("reported_by", Words("报告人", "Reported by"), WHO, leads="person"),
        Column("reported_at", Words("报告时间", "Reported"), Moment(MissingReport.at)),
        Column("counted", Words("实点", "Counted"), Amount(MissingReport.counted, Item.uom)),
        Column("counted_place", Words("盘点库位", "Counted at"), Code(There.code)),
        Column(
            "counted_by",
            Words("盘点人", "Counted by"),
            Called(Counter.badge, Counter.name_zh, Counter.name_en),
            leads="person",
        ),
        Column("counted_at", Words("盘点时间", "Counted on"), Moment(MissingReport.counted_at)),
    ),
    order=(MissingReport.counted_at.is_not(None), MissingReport.id.desc()),
    filters=("item", "lot", "place", "reported_by", "reported_at", "counted_by"),
    acts=(Act("stock:count", {"unit": "box", "place": "place"}, _uncounted),),
)
BY_PERSON = table(
    "not_found_by_person",
    Words("找不到报告（按人）", "Not found, by person"),
    {Role.SUPERVISOR, Role.QUALITY_MANAGER, Role.ADMIN},
    source=_reporters,
    columns=(
        Column("person", Words("报告人", "Reported by"), WHO, leads="person"),
        Column("reports", Words("报告箱数", "Boxes reported"), Number(_reports())),
        Column("open", Words("未盘点", "Not counted yet"), Number(_reports(MissingReport.counted_at.is_(None)))),
        Column("was_there", Words("其实在原位", "There after all"), Number(_reports(MissingReport.counted > 0, HERE))),
        Column("elsewhere", Words("在别处找到", "Found elsewhere"), Number(_reports(MissingReport.counted > 0, ~HERE))),
        Column("lost", Words("确认丢失", "Lost indeed"), Number(_reports(MissingReport.counted == 0))),
    ),
    order=(Person.badge,),
    filters=("person",),
)
