"""The rows of the plant's master data as the rest of the system reads them: typed, complete and sound.

Owns their shape, in the words and units of `sample/README.md`. Never reads a file and knows no database.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mes.intake.patterns import Pattern
from mes.intake.problems import Position

INCLUSIVE, EXCLUSIVE = "inclusive", "exclusive"
FIRST_ARTICLE_QUANTITY = Decimal(5)
"""What a first article is where the routing does not say: a few pieces (F1)."""


def stored_at(sheet: str) -> Position:
    """Where a row stands that no file brought: in the database."""
    return Position(sheet, 0)


def crew_mark(work_center: str, said: str | None) -> str:
    """What stands for a crew in batch numbers: its own mark, else what follows the last hyphen of its code."""
    return said or work_center.rpartition("-")[2]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What every row has: the place it was read from, which is no part of what it says."""

    at: Position = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class SettingRow(Row):
    """One habit of the plant; `mes.intake.habits` says what its value means."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ReasonRow(Row):
    """A reason that people may choose; `kinds` says for what."""

    code: str
    name_zh: str
    name_en: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KindRow(Row):
    """A kind of item. source: made, bought or None (either); has_gtin: None where it may have one."""

    code: str
    name_zh: str
    name_en: str
    source: str | None
    sold: bool
    has_gtin: bool | None
    code_pattern: Pattern | None


@dataclass(frozen=True, kw_only=True)
class CustomerRow(Row):
    """A customer; contact and phone are text."""

    code: str
    name_zh: str
    name_en: str
    address: str
    contact: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class SupplierRow(Row):
    """A supplier; contact and phone are text."""

    code: str
    name_zh: str
    name_en: str
    contact: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class WorkCenterRow(Row):
    """A work centre; crew in persons. Without a crew mark of its own the end of its code stands in batch numbers."""

    code: str
    name_zh: str
    name_en: str
    crew: int
    capacity_minutes_per_day: Decimal
    crew_mark: str | None

    @property
    def mark(self) -> str:
        """What stands for its crew in batch numbers."""
        return crew_mark(self.code, self.crew_mark)


@dataclass(frozen=True, kw_only=True)
class ItemRow(Row):
    """An item. uom: a unit of measure, or one that the plant counts; kind: the plant's own; tracking: lot, serial."""

    code: str
    name_zh: str
    name_en: str
    uom: str
    kind: str
    gtin: str | None
    shelf_life_days: int | None
    recheck_days: int
    issue_rule: str
    owner: str | None
    batch_size: Decimal | None
    pack_qty: int | None
    tracking: str


@dataclass(frozen=True, kw_only=True)
class RoutingRow(Row):
    """One operation of an item's routing. process_class: normal, key, special; minutes for one unit."""

    item: str
    seq: int
    operation_code: str
    name_zh: str
    name_en: str
    work_center: str
    minutes_per_unit: Decimal
    process_class: str
    first_article: bool
    patrol_every_minutes: int | None
    instruction: str
    first_article_qty: Decimal = FIRST_ARTICLE_QUANTITY
    longest_stop_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class BomRow(Row):
    """One component of a parent: qty_per in the component's uom per parent's uom, scrap_pct on top."""

    parent: str
    component: str
    qty_per: Decimal
    scrap_pct: Decimal
    operation_seq: int
    new_lot_first_article: bool = False


@dataclass(frozen=True, kw_only=True)
class CharacteristicRow(Row):
    """One thing to inspect. limits: inclusive, exclusive; `gauge` names equipment by code, or a type of gauge."""

    item: str
    operation_seq: int | None
    stage: str
    number: int
    name_zh: str
    name_en: str
    kind: str
    nominal: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    unit: str | None
    gauge: str
    aql: Decimal | None
    level: str | None
    limits: str = INCLUSIVE


@dataclass(frozen=True, kw_only=True)
class EquipmentRow(Row):
    """A machine or gauge; qualified_until is its last good day."""

    code: str
    name_zh: str
    name_en: str
    work_center: str
    qualified_until: date
    maintenance_every_days: int
    last_maintained: date


@dataclass(frozen=True, kw_only=True)
class EmployeeRow(Row):
    """A person; the badge is text."""

    badge: str
    name_zh: str
    name_en: str
    department: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class QualificationRow(Row):
    """A certificate for one key or special operation code; both days inclusive."""

    badge: str
    operation_code: str
    certificate: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class LocationRow(Row):
    """A place. status: the only lot status that may lie here, or any; capacity in lots."""

    code: str
    name_zh: str
    name_en: str
    zone: str
    status: str
    work_center: str | None
    capacity: int


@dataclass(frozen=True, kw_only=True)
class OpeningStockRow(Row):
    """A lot on hand, qty in the item's uom; expires_on is its last usable day. `pass` means accepted."""

    item: str
    lot: str
    supplier: str | None
    supplier_lot: str | None
    qty: Decimal
    received_on: date
    produced_on: date
    expires_on: date | None
    location: str
    status: str


@dataclass(frozen=True, kw_only=True)
class OrderRow(Row):
    """A sales order of one item, qty in pcs."""

    order_no: str
    customer: str
    item: str
    qty: Decimal
    due_on: date


@dataclass(frozen=True, kw_only=True)
class PlanRow(Row):
    """A line of one revision of a month's plan (month as YYYY-MM); without an order it is made to stock."""

    month: str
    revision: int
    item: str
    qty: Decimal
    due_on: date
    order_no: str | None


@dataclass(frozen=True, kw_only=True)
class PlantSheets:
    """Everything one import brings, in load order; a sheet that was absent is empty. `plan` holds all revisions."""

    settings: tuple[SettingRow, ...] = ()
    reasons: tuple[ReasonRow, ...] = ()
    kinds: tuple[KindRow, ...] = ()
    customers: tuple[CustomerRow, ...] = ()
    suppliers: tuple[SupplierRow, ...] = ()
    work_centers: tuple[WorkCenterRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    routing: tuple[RoutingRow, ...] = ()
    bom: tuple[BomRow, ...] = ()
    characteristics: tuple[CharacteristicRow, ...] = ()
    equipment: tuple[EquipmentRow, ...] = ()
    employees: tuple[EmployeeRow, ...] = ()
    qualifications: tuple[QualificationRow, ...] = ()
    locations: tuple[LocationRow, ...] = ()
    opening_stock: tuple[OpeningStockRow, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    plan: tuple[PlanRow, ...] = ()
    ignored: tuple[str, ...] = field(default=(), compare=False)
