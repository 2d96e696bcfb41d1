"""Master data: the plant, its items and process documents, machines, places, stations and partners.

Rows of a process revision are never changed: a new revision gets rows of its own, and a run card keeps the revision it
was released with (law 10, P1). All of it is remembered (`mes.memory`): what reads a master never asks the database.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from mes.database import Base, Code, Digest, Moment, Name, Numbered, Prose, Quantity, Word, args
from mes.memory import masters_of, named, perhaps, remembered
from mes.words import Words


@remembered
class Plant(Numbered, Base):
    """This site: one row."""

    __tablename__ = "plant"
    site: Mapped[int] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    zone: Mapped[Word] = mapped_column(comment="IANA time zone, such as Asia/Shanghai")
    day_starts: Mapped[time] = mapped_column(comment="when the first shift of a production day starts, plant time")
    gs1_prefix: Mapped[Word | None]


@remembered
class Customer(Numbered, Base):
    """P25: who buys, and perhaps owns material (P16)."""

    __tablename__ = "customer"
    called: ClassVar[Words] = Words("客户", "customer")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    address: Mapped[Prose | None]
    contact: Mapped[Name | None]
    phone: Mapped[Name | None]


@remembered
class Supplier(Numbered, Base):
    """Who delivers."""

    __tablename__ = "supplier"
    called: ClassVar[Words] = Words("供应商", "supplier")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    contact: Mapped[Name | None]
    phone: Mapped[Name | None]


@remembered
class WorkCenter(Numbered, Base):
    """A place of work (ISA-95)."""

    __tablename__ = "work_center"
    called: ClassVar[Words] = Words("工作中心", "work centre")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    crew: Mapped[int]
    crew_mark: Mapped[Word] = mapped_column(server_default="", comment="stands for its crew in batch numbers")
    capacity_minutes: Mapped[Decimal] = mapped_column(Numeric(12, 3), comment="per day")


@remembered
class Setting(Numbered, Base):
    """One habit of this plant, as its sheet says it (`mes.intake.habits` knows which there are)."""

    __tablename__ = "setting"
    name: Mapped[Word] = mapped_column(unique=True)
    value: Mapped[Prose]


@remembered
class Reason(Numbered, Base):
    """Why something is done, in the plant's own words, for people to choose or scan."""

    __tablename__ = "reason"
    called: ClassVar[Words] = Words("原因", "reason")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    kinds_text: Mapped[Name] = mapped_column(comment="what it may be a reason for, separated by semicolons")


@remembered
class ItemKind(Numbered, Base):
    """A kind of item as this plant has them: where its items come from and whether they are sold."""

    __tablename__ = "item_kind"
    called: ClassVar[Words] = Words("物料类别", "kind of item")
    code: Mapped[Word] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    source: Mapped[Word | None] = mapped_column(comment="made or bought; empty: either")
    sold: Mapped[bool]
    has_gtin: Mapped[bool | None] = mapped_column(comment="empty: it may")
    code_pattern: Mapped[Name | None]


@remembered
class Item(Numbered, Base):
    """A part number. Quantities of it are integers in the smallest unit of its dimension (law 5)."""

    __tablename__ = "item"
    called: ClassVar[Words] = Words("物料", "item")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    uom: Mapped[Word]
    kind: Mapped[Word]
    tracking: Mapped[Word] = mapped_column(default="lot", comment="lot or serial")
    gtin: Mapped[str | None] = mapped_column(String(14))
    shelf_life_days: Mapped[int | None]
    recheck_days: Mapped[int]
    issue_rule: Mapped[Word] = mapped_column(comment="FIFO or FEFO")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    batch_size: Mapped[Quantity | None]
    pack_size: Mapped[int | None] = mapped_column(comment="pieces per master carton")
    owner = perhaps(Customer, "owner_id")


@remembered
class ProcessRevision(Numbered, Base):
    """P1: one revision of an item's process documents: routing, bill of material, characteristics."""

    __tablename__ = "process_revision"
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    revision: Mapped[int]
    digest: Mapped[Digest] = mapped_column(comment="over its contents, so that the same import changes nothing")
    released_at: Mapped[Moment | None] = mapped_column(comment="empty while its instructions are a draft")
    __table_args__ = args(UniqueConstraint("item_id", "revision", name="a_revision_number_is_used_once_per_item"))
    item = named(Item, "item_id")

    @property
    def operations(self) -> list[Operation]:
        """The steps of its routing, in their order."""
        return sorted(masters_of(self).where(Operation, revision_id=self.id), key=lambda step: step.seq)


@remembered
class Operation(Numbered, Base):
    """One step of a routing (ISA-95 operation)."""

    __tablename__ = "operation"
    revision_id: Mapped[int] = mapped_column(ForeignKey("process_revision.id"))
    seq: Mapped[int]
    code: Mapped[Code] = mapped_column(comment="kind of operation; what a certificate is for")
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    work_center_id: Mapped[int] = mapped_column(ForeignKey("work_center.id"))
    minutes_per_unit: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    process_class: Mapped[Word] = mapped_column(comment="normal, key, special")
    first_article: Mapped[bool]
    first_article_quantity: Mapped[Quantity] = mapped_column(
        server_default="5", comment="at most so many are made before it is signed (F1)"
    )
    patrol_minutes: Mapped[int | None]
    longest_stop_minutes: Mapped[int | None] = mapped_column(comment="after a longer one a first article again (F1)")
    instruction: Mapped[Prose]
    __table_args__ = args(UniqueConstraint("revision_id", "seq", name="a_step_number_is_used_once_per_routing"))
    work_center = named(WorkCenter, "work_center_id")


@remembered
class BomLine(Numbered, Base):
    """One component of a revision, consumed at one operation."""

    __tablename__ = "bom_line"
    revision_id: Mapped[int] = mapped_column(ForeignKey("process_revision.id"), index=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    qty_per: Mapped[Decimal] = mapped_column(Numeric(18, 6), comment="component's stock unit per parent's stock unit")
    scrap_percent: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    seq: Mapped[int]
    new_lot_first_article: Mapped[bool] = mapped_column(server_default=false(), comment="another lot asks again (F1)")
    __table_args__ = args(
        UniqueConstraint("revision_id", "component_id", "seq", name="a_component_stands_once_per_operation")
    )
    component = named(Item, "component_id")


@remembered
class Characteristic(Numbered, Base):
    """What is inspected, with limits: a value on a limit conforms, except where limits are exclusive."""

    __tablename__ = "characteristic"
    revision_id: Mapped[int] = mapped_column(ForeignKey("process_revision.id"))
    number: Mapped[int]
    seq: Mapped[int | None] = mapped_column(comment="operation after which it is inspected; empty for incoming")
    stage: Mapped[Word]
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    kind: Mapped[Word] = mapped_column(comment="measure or attribute")
    nominal: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    lower: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    upper: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    exclusive: Mapped[bool] = mapped_column(server_default=false(), comment="a value on a limit fails")
    unit: Mapped[Word | None]
    gauge: Mapped[Name | None]
    gauge_codes: Mapped[Name | None] = mapped_column(comment="the machines that may measure it, by code; empty: any")
    aql: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    level: Mapped[Word | None]
    __table_args__ = args(UniqueConstraint("revision_id", "number", name="a_characteristic_number_is_used_once"))


@remembered
class Equipment(Numbered, Base):
    """P8: a machine or gauge, its qualification and its maintenance."""

    __tablename__ = "equipment"
    called: ClassVar[Words] = Words("设备", "machine")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    work_center_id: Mapped[int] = mapped_column(ForeignKey("work_center.id"))
    qualified_until: Mapped[date]
    maintenance_days: Mapped[int]
    last_maintained: Mapped[date]
    work_center = named(WorkCenter, "work_center_id")


@remembered
class Location(Numbered, Base):
    """A place with a code; its zone says which statuses it may hold. The world outside is a place too (law 4)."""

    __tablename__ = "location"
    called: ClassVar[Words] = Words("库位", "place")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    zone: Mapped[Word] = mapped_column(
        comment="receiving, store, line, hold, nonconforming, scrap, finished, dock, outside"
    )
    status: Mapped[Word] = mapped_column(comment="the only status that may lie here, or any")
    work_center_id: Mapped[int | None] = mapped_column(ForeignKey("work_center.id"), index=True)
    capacity: Mapped[int | None] = mapped_column(comment="lots that fit; empty without limit")
    work_center = perhaps(WorkCenter, "work_center_id")

    @property
    def outside(self) -> bool:
        """Whether this is the world outside (supplier, customer, production…)."""
        return self.zone == "outside"


@remembered
class Station(Numbered, Base):
    """A named place with a role and a scanner; what a scan means depends on it."""

    __tablename__ = "station"
    called: ClassVar[Words] = Words("工位", "station")
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    role: Mapped[Word] = mapped_column(comment="store, line, inspection, packing, dock, office")
    location_id: Mapped[int | None] = mapped_column(
        ForeignKey("location.id"), comment="where goods lie that it handles"
    )
    work_center_id: Mapped[int | None] = mapped_column(ForeignKey("work_center.id"))
    token_hash: Mapped[Digest | None] = mapped_column(unique=True, comment="sha256 of its bearer token")
    screens: Mapped[int] = mapped_column(default=0, comment="how often its screens in browsers were all ended")
    language: Mapped[Word] = mapped_column(default="zh")
    verifies_labels: Mapped[bool] = mapped_column(
        default=False, comment="a status label counts only after it was scanned back"
    )
    retired: Mapped[bool] = mapped_column(default=False, server_default=false(), comment="opens nothing any more")
    location = perhaps(Location, "location_id")
    work_center = perhaps(WorkCenter, "work_center_id")


@remembered
class Printer(Numbered, Base):
    """A label or document printer at a station, and the label stock that is loaded in it."""

    __tablename__ = "printer"
    called: ClassVar[Words] = Words("打印机", "printer")
    code: Mapped[Code] = mapped_column(unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    language: Mapped[Word] = mapped_column(comment="escpos, zpl, tspl, pdf")
    dpi: Mapped[int]
    width_mm: Mapped[int]
    prints_colours: Mapped[bool] = mapped_column(default=False, comment="a colour printer: it takes any label")
    loaded_stock: Mapped[Word] = mapped_column(comment="white, blue, yellow, red, or receipt")
    loaded_width_mm: Mapped[int | None] = mapped_column(comment="of one label on the roll; empty while nobody said")
    loaded_height_mm: Mapped[int | None]
    stock_confirmed_at: Mapped[Moment | None] = mapped_column(comment="when a person last scanned the roll's label")
    stock_doubt: Mapped[Word | None] = mapped_column(comment="why it must be confirmed again: cover_open, paper_out…")
    mended: Mapped[int] = mapped_column(default=0, comment="how often a person said that it prints (again)")
    retired: Mapped[bool] = mapped_column(default=False, server_default=false(), comment="gets no labels any more")
    __table_args__ = args(CheckConstraint("dpi > 0 AND width_mm > 0", name="a_printer_has_a_size"))
    station = named(Station, "station_id")
