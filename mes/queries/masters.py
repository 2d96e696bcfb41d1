"""The plant's masters as lists: items, places, lots, machines, stations, people and what they are certified for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import aliased

from mes.masters.model import (
    Customer,
    Equipment,
    Item,
    ItemKind,
    Location,
    Operation,
    ProcessRevision,
    Station,
    Supplier,
    WorkCenter,
)
from mes.masters.words import LANGUAGES, ORIGINS, PLACE_HOLDS, STATION_ROLES, TRACKING, ZONES
from mes.people.model import DEPARTMENTS, Person, Qualification
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Day, Moment, Number, Told
from mes.queries.stock import HOLD, RELEASE
from mes.queries.wording import ManyWords, Truth, Word
from mes.roles import ROLE_WORDS, Role
from mes.stock.model import Balance, Lot
from mes.terminal.model import NOTICED_MS, DeviceState
from mes.words import Words

WORKSHOP = {Role.SUPERVISOR, Role.INSPECTOR, Role.QUALITY_MANAGER, Role.ADMIN}
STORES = {Role.STOREKEEPER, Role.SHIPPER}
PLANNING = {Role.PLANNER, Role.PLAN_APPROVER}


def _items() -> Select[Any]:
    return (
        select()
        .select_from(Item)
        .outerjoin(ItemKind, ItemKind.code == Item.kind)
        .outerjoin(Customer, Customer.id == Item.owner_id)
    )


def _places() -> Select[Any]:
    return select().select_from(Location).outerjoin(WorkCenter, WorkCenter.id == Location.work_center_id)


def _lots() -> Select[Any]:
    return (
        select().select_from(Lot).join(Item, Item.id == Lot.item_id).outerjoin(Supplier, Supplier.id == Lot.supplier_id)
    )


def _machines() -> Select[Any]:
    return select().select_from(Equipment).join(WorkCenter, WorkCenter.id == Equipment.work_center_id)


def _stations() -> Select[Any]:
    return (
        select()
        .select_from(Station)
        .outerjoin(Location, Location.id == Station.location_id)
        .outerjoin(WorkCenter, WorkCenter.id == Station.work_center_id)
        .outerjoin(DeviceState, DeviceState.station_id == Station.id)
    )


def _people() -> Select[Any]:
    return select().select_from(Person)


def _qualifications() -> Select[Any]:
    return select().select_from(Qualification).join(Person, Person.id == Qualification.person_id)


def _in_use(row: Row) -> bool:
    return not row["retired"]


def _active(row: Row) -> bool:
    return not row["disabled"]


STEP = aliased(Operation)
ON_HAND = (
    select(func.coalesce(func.sum(Balance.quantity), 0))
    .where(Balance.lot_id == Lot.id, Balance.outside.is_(False))
    .scalar_subquery()
)
ITEM = Column("item", Words("物料", "Item"), Called(Item.code, Item.name_zh, Item.name_en), leads="item")
UOM = Column("uom", Words("单位", "Unit"), Code(Item.uom))
PLACE = Column(
    "place", Words("库位", "Place"), Called(Location.code, Location.name_zh, Location.name_en), leads="place"
)
CENTER = Column(
    "work_center", Words("工作中心", "Work centre"), Called(WorkCenter.code, WorkCenter.name_zh, WorkCenter.name_en)
)
PERSON = Column("person", Words("人员", "Person"), Called(Person.badge, Person.name_zh, Person.name_en), leads="person")
MADE = select(ProcessRevision.id).join(STEP).where(ProcessRevision.item_id == Item.id).exists()
NAME_OF_STEP = {
    half: select(func.min(column)).where(STEP.code == Qualification.operation_code).scalar_subquery()
    for half, column in (("zh", STEP.name_zh), ("en", STEP.name_en))
}

ITEMS = table(
    "items",
    Words("物料", "Items"),
    WORKSHOP | STORES | PLANNING | {Role.SERVICE},
    source=_items,
    columns=(
        ITEM,
        Column("kind", Words("类别", "Kind"), Called(Item.kind, ItemKind.name_zh, ItemKind.name_en)),
        UOM,
        Column("tracking", Words("追溯方式", "Tracked"), Word(Item.tracking, TRACKING)),
        Column("issue_rule", Words("发料规则", "Issued by"), Code(Item.issue_rule)),
        Column("shelf_life_days", Words("保质期（天）", "Shelf life, days"), Number(Item.shelf_life_days)),
        Column("recheck_days", Words("复检周期（天）", "Re-inspected after, days"), Number(Item.recheck_days)),
        Column("pack_size", Words("每箱数量", "Per carton"), Number(Item.pack_size)),
        Column("made", Words("自制", "Made here"), Truth(MADE)),
        Column("gtin", Words("GTIN", "GTIN"), Code(Item.gtin)),
        Column("owner", Words("顾客财产", "Owned by"), Called(Customer.code, Customer.name_zh, Customer.name_en)),
    ),
    order=(Item.code,),
    filters=("item", "kind", "tracking", "gtin"),
    acts=(Act("planning:release", {"item": "item"}, lambda row: row["made"]),),
    papers={"material_card": "item"},
)
PLACES = table(
    "places",
    Words("库位", "Places"),
    WORKSHOP | STORES,
    source=_places,
    columns=(
        PLACE,
        Column("zone", Words("区域", "Zone"), Word(Location.zone, ZONES)),
        Column("holds", Words("可存放", "May hold"), Word(Location.status, PLACE_HOLDS)),
        CENTER,
        Column("capacity", Words("可存批数", "Room for lots"), Number(Location.capacity)),
    ),
    order=(Location.code,),
    filters=("place", "zone", "holds", "work_center"),
)
LOTS = table(
    "lots",
    Words("批次", "Lots"),
    WORKSHOP | STORES | PLANNING,
    source=_lots,
    columns=(
        Column("lot", Words("批次", "Lot"), Code(Lot.code), leads="lot"),
        ITEM,
        Column("origin", Words("来源", "Origin"), Word(Lot.origin, ORIGINS)),
        Column("on_hand", Words("在厂数量", "In the plant"), Amount(ON_HAND, Item.uom)),
        UOM,
        Column("supplier", Words("供方", "Supplier"), Called(Supplier.code, Supplier.name_zh, Supplier.name_en)),
        Column("supplier_lot", Words("供方批次", "Supplier's lot"), Code(Lot.supplier_lot)),
        Column("received_on", Words("收货", "Received"), Day(Lot.received_on)),
        Column("produced_on", Words("生产日", "Produced"), Day(Lot.produced_on)),
        Column("expires_on", Words("到期", "Expires"), Day(Lot.expires_on)),
        Column("recheck_on", Words("复检", "Re-inspect"), Day(Lot.recheck_on)),
        Column("hold", Words("冻结原因", "On hold"), Told(Lot.hold_reason)),
    ),
    order=(Lot.id.desc(),),
    filters=("lot", "item", "origin", "supplier", "supplier_lot", "received_on", "expires_on", "recheck_on"),
    acts=(HOLD, RELEASE),
)
MACHINES = table(
    "equipment",
    Words("设备", "Machines"),
    WORKSHOP | PLANNING,
    source=_machines,
    columns=(
        Column("machine", Words("设备", "Machine"), Called(Equipment.code, Equipment.name_zh, Equipment.name_en)),
        CENTER,
        Column("qualified_until", Words("鉴定有效至", "Qualified until"), Day(Equipment.qualified_until)),
        Column("last_maintained", Words("上次保养", "Last maintained"), Day(Equipment.last_maintained)),
        Column("maintenance_days", Words("保养周期（天）", "Every, days"), Number(Equipment.maintenance_days)),
    ),
    order=(Equipment.code,),
    filters=("machine", "work_center", "qualified_until", "last_maintained"),
)
SKEW_S = cast(func.round(DeviceState.skew_ms / 1000.0), BigInteger)
CLOCK_WRONG = func.abs(DeviceState.skew_ms) > NOTICED_MS
STATIONS = table(
    "stations",
    Words("工位", "Stations"),
    WORKSHOP | {Role.STOREKEEPER, Role.SHIPPER},
    source=_stations,
    columns=(
        Column(
            "station", Words("工位", "Station"), Called(Station.code, Station.name_zh, Station.name_en), leads="screen"
        ),
        Column("role", Words("用途", "For"), Word(Station.role, STATION_ROLES)),
        PLACE,
        CENTER,
        Column("language", Words("语言", "Language"), Word(Station.language, LANGUAGES)),
        Column("verifies_labels", Words("标签回扫", "Labels scanned back"), Truth(Station.verifies_labels)),
        Column("retired", Words("已停用", "Retired"), Truth(Station.retired)),
        Column("has_token", Words("已登记程序", "Program enrolled"), Truth(Station.token_hash.is_not(None))),
        Column("seen_at", Words("最近应答", "Last heard"), Moment(DeviceState.seen_at)),
        Column("skew_s", Words("时钟偏差（秒）", "Clock ahead by, s"), Number(SKEW_S)),
        Column("clock_wrong", Words("时钟不准", "Clock wrong"), Truth(CLOCK_WRONG)),
    ),
    order=(Station.code,),
    filters=("station", "role", "place", "work_center"),
    acts=(
        Act("plant:open_screen", {"station": "station"}, _in_use),
        Act("plant:verify_labels", {"station": "station"}, _in_use),
        Act("plant:mend_printers", {"station": "station"}, _in_use),
    ),
)
PEOPLE = table(
    "people",
    Words("人员", "People"),
    {Role.SUPERVISOR, Role.QUALITY_MANAGER, Role.PLAN_APPROVER, Role.ADMIN},
    source=_people,
    columns=(
        PERSON,
        Column("department", Words("部门", "Department"), Word(Person.department, DEPARTMENTS)),
        Column("roles", Words("角色", "Roles"), ManyWords(Person.roles_text, ROLE_WORDS)),
        Column("disabled", Words("已停用", "Disabled"), Truth(Person.disabled)),
    ),
    order=(Person.badge,),
    filters=("person", "department", "roles", "disabled"),
    acts=(
        Act("plant:invite_person", {"person": "person"}, _active),
        Act("plant:certify", {"person": "person"}, _active),
        Act("plant:disable_person", {"person": "person"}, _active),
        Act("plant:enable_person", {"person": "person"}, lambda row: not _active(row)),
    ),
)
QUALIFICATIONS = table(
    "qualifications",
    Words("上岗资格", "Qualifications"),
    WORKSHOP | {Role.PLAN_APPROVER},
    source=_qualifications,
    columns=(
        PERSON,
        Column(
            "operation",
            Words("工序", "Operation"),
            Called(Qualification.operation_code, NAME_OF_STEP["zh"], NAME_OF_STEP["en"]),
        ),
        Column("certificate", Words("证书", "Certificate"), Code(Qualification.certificate)),
        Column("valid_from", Words("自", "From"), Day(Qualification.valid_from)),
        Column("valid_until", Words("至", "Until"), Day(Qualification.valid_until)),
    ),
    order=(Qualification.valid_until, Qualification.id),
    filters=("person", "operation", "certificate", "valid_until"),
    acts=(Act("plant:prolong_certificate", {"certificate": "certificate"}),),
)
