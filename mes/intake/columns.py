"""Says which columns each sheet of the master data has, what their cells mean and what they refer to.

Owns the declarative half of the rules of `sample/README.md`. Rules that look at more than one cell are elsewhere.
"""

import re

from mes.intake import habits, rows
from mes.intake.cells import (
    code,
    code_like,
    day,
    days,
    foreign_code,
    gtin,
    month,
    number,
    one_of,
    several_of,
    text,
    whole,
    words,
    yes_or_no,
)
from mes.intake.column import Column, SheetColumns, optional
from mes.masters import reasons

ROLES = (
    "planner",
    "plan_approver",
    "supervisor",
    "operator",
    "inspector",
    "quality_manager",
    "storekeeper",
    "shipper",
    "service",
    "admin",
)
LOT_STATUSES = ("pending", "pass", "nonconforming", "scrap")
ZONES = ("receiving", "store", "line", "hold", "nonconforming", "scrap", "finished", "dock")


CREW_MARK = "[A-Z0-9]{1,8}"
NAME = words(200)
NAMES = (Column("name_zh", NAME), Column("name_en", NAME))
CONTACT = (Column("contact", NAME), Column("phone", NAME))

SETTINGS = SheetColumns(
    "settings", rows.SettingRow, (Column("name", one_of(*habits.SETTINGS)), Column("value", words(2000))), ("name",)
)
REASONS = SheetColumns(
    "reasons",
    rows.ReasonRow,
    (
        Column(
            "code",
            code_like("[A-Z0-9]{1,32}", "原因代码须为大写字母和数字。", "a reason is capital letters and digits."),
        ),
        *NAMES,
        Column("kinds", several_of(*reasons.KINDS)),
    ),
    ("code",),
)
KINDS = SheetColumns(
    "kinds",
    rows.KindRow,
    (
        Column("code", words(32)),
        *NAMES,
        optional("source", one_of("made", "bought")),
        Column("sold", yes_or_no),
        optional("has_gtin", yes_or_no),
        optional("code_pattern", habits.pattern),
    ),
    ("code",),
)
CUSTOMERS = SheetColumns(
    "customers", rows.CustomerRow, (Column("code", code), *NAMES, Column("address", text), *CONTACT), ("code",)
)
SUPPLIERS = SheetColumns("suppliers", rows.SupplierRow, (Column("code", code), *NAMES, *CONTACT), ("code",))
WORK_CENTERS = SheetColumns(
    "work_centers",
    rows.WorkCenterRow,
    (
        Column("code", code),
        *NAMES,
        Column("crew", whole()),
        Column("capacity_minutes_per_day", number(above=0, decimals=3)),
        optional(
            "crew_mark",
            code_like(CREW_MARK, "班组标记须为 1～8 个大写字母或数字。", "1 to 8 capital letters and digits."),
        ),
    ),
    ("code",),
)
ITEMS = SheetColumns(
    "items",
    rows.ItemRow,
    (
        Column("code", code),
        *NAMES,
        Column("uom", words(16)),
        Column("kind", words(32)),
        optional("gtin", gtin),
        optional("shelf_life_days", days()),
        optional("recheck_days", days(), default=180),
        Column("issue_rule", one_of("FIFO", "FEFO")),
        optional("owner", code, refers_to="customers"),
        optional("batch_size", number(above=0)),
        optional("pack_qty", whole()),
        optional("tracking", one_of("lot", "serial"), default="lot"),
    ),
    ("code",),
    (("gtin",),),
)
ROUTING = SheetColumns(
    "routing",
    rows.RoutingRow,
    (
        Column("item", code, refers_to="items"),
        Column("seq", whole()),
        Column("operation_code", code),
        *NAMES,
        Column("work_center", code, refers_to="work_centers"),
        Column("minutes_per_unit", number(above=0, below=10**6)),
        Column("process_class", one_of("normal", "key", "special")),
        Column("first_article", yes_or_no),
        optional("patrol_every_minutes", whole()),
        Column("instruction", text),
        optional("first_article_qty", number(above=0), default=rows.FIRST_ARTICLE_QUANTITY),
        optional("longest_stop_minutes", whole()),
    ),
    ("item", "seq"),
)
BOM = SheetColumns(
    "bom",
    rows.BomRow,
    (
        Column("parent", code, refers_to="items"),
        Column("component", code, refers_to="items"),
        Column("qty_per", number(above=0)),
        Column("scrap_pct", number(at_least=0, below=20)),
        Column("operation_seq", whole()),
        optional("new_lot_first_article", yes_or_no, default=False),
    ),
    ("parent", "component", "operation_seq"),
)
CHARACTERISTICS = SheetColumns(
    "characteristics",
    rows.CharacteristicRow,
    (
        Column("item", code, refers_to="items"),
        optional("operation_seq", whole()),
        Column("stage", one_of("incoming", "first_article", "self", "patrol", "final")),
        Column("number", whole()),
        *NAMES,
        Column("kind", one_of("measure", "attribute")),
        optional("nominal", number()),
        optional("lower", number()),
        optional("upper", number()),
        optional("unit", words(32)),
        Column("gauge", NAME),
        optional("aql", number(above=0)),
        optional("level", one_of("I", "II", "III", "S-1", "S-2", "S-3", "S-4")),
        optional("limits", one_of(rows.INCLUSIVE, rows.EXCLUSIVE), default=rows.INCLUSIVE),
    ),
    ("item", "number"),
)
EQUIPMENT = SheetColumns(
    "equipment",
    rows.EquipmentRow,
    (
        Column("code", code),
        *NAMES,
        Column("work_center", code, refers_to="work_centers"),
        Column("qualified_until", day),
        Column("maintenance_every_days", days()),
        Column("last_maintained", day),
    ),
    ("code",),
)
EMPLOYEES = SheetColumns(
    "employees",
    rows.EmployeeRow,
    (Column("badge", code), *NAMES, Column("department", words(32)), Column("roles", several_of(*ROLES))),
    ("badge",),
)
QUALIFICATIONS = SheetColumns(
    "qualifications",
    rows.QualificationRow,
    (
        Column("badge", code, refers_to="employees"),
        Column("operation_code", code),
        Column("certificate", code),
        Column("valid_from", day),
        Column("valid_until", day),
    ),
    ("certificate",),
    (("badge", "operation_code", "valid_from"),),
)
LOCATIONS = SheetColumns(
    "locations",
    rows.LocationRow,
    (
        Column("code", code),
        *NAMES,
        Column("zone", one_of(*ZONES)),
        Column("status", one_of(*LOT_STATUSES, "any")),
        optional("work_center", code, refers_to="work_centers"),
        Column("capacity", whole()),
    ),
    ("code",),
)
OPENING_STOCK = SheetColumns(
    "opening_stock",
    rows.OpeningStockRow,
    (
        Column("item", code, refers_to="items"),
        Column("lot", code),
        optional("supplier", code, refers_to="suppliers"),
        optional("supplier_lot", foreign_code(64)),
        Column("qty", number(above=0)),
        Column("received_on", day),
        Column("produced_on", day),
        optional("expires_on", day),
        Column("location", code, refers_to="locations"),
        Column("status", one_of(*LOT_STATUSES)),
    ),
    ("lot",),
)
ORDERS = SheetColumns(
    "orders",
    rows.OrderRow,
    (
        Column("order_no", code),
        Column("customer", code, refers_to="customers"),
        Column("item", code, refers_to="items"),
        Column("qty", number(above=0)),
        Column("due_on", day),
    ),
    ("order_no",),
)
PLAN = SheetColumns(
    "plan",
    rows.PlanRow,
    (
        Column("month", month),
        Column("revision", whole()),
        Column("item", code, refers_to="items"),
        Column("qty", number(above=0)),
        Column("due_on", day),
        optional("order_no", code, refers_to="orders"),
    ),
    ("month", "revision", "item", "due_on", "order_no"),
)

SHEETS = {
    sheet.name: sheet
    for sheet in (
        SETTINGS,
        REASONS,
        KINDS,
        CUSTOMERS,
        SUPPLIERS,
        WORK_CENTERS,
        ITEMS,
        ROUTING,
        BOM,
        CHARACTERISTICS,
        EQUIPMENT,
        EMPLOYEES,
        QUALIFICATIONS,
        LOCATIONS,
        OPENING_STOCK,
        ORDERS,
        PLAN,
    )
}
"""All sheets in load order."""


def columns_of(name: str) -> SheetColumns | None:
    """The columns of a sheet by its name; a plan's revisions are sheets plan, plan_r2, plan_…; None if not ours."""
    return PLAN if re.fullmatch(r"plan_\w+", name) else SHEETS.get(name)
