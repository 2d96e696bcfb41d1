"""The first schema: every table of the spine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create all tables."""

    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("blob_has_one_key")),
    )
    op.create_table(
        "container",
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("sscc", sa.String(length=18), nullable=True, comment="only with a GS1 company prefix"),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="carton, pallet"),
        sa.Column("sealed_at", MOMENT, nullable=True, comment="empty while a pallet is open: it has no label then"),
        sa.Column("pallet_id", BIG, nullable=True, comment="lies on this one"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('carton', 'pallet')", name="a_container_is_of_a_known_kind"),
        sa.CheckConstraint("pallet_id IS NULL OR kind = 'carton'", name="only_a_carton_lies_on_a_pallet"),
        sa.ForeignKeyConstraint(["pallet_id"], ["container.id"], name=op.f("container_pallet_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("container_has_one_key")),
        sa.UniqueConstraint("serial", name=op.f("container_is_unique_by_serial")),
        sa.UniqueConstraint("sscc", name=op.f("container_is_unique_by_sscc")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("container_by_pallet_id"), "container", ["pallet_id"], unique=False)
    op.create_table(
        "customer",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("customer_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("customer_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "failed_signature",
        sa.Column("badge", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("failed_signature_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("failed_signature_by_badge"), "failed_signature", ["badge"], unique=False)
    op.create_table(
        "holder",
        sa.Column("kind", sa.String(length=32), nullable=False, comment="unit, operation, outside"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("kind IN ('unit', 'operation', 'outside')", name="a_holder_is_of_a_known_kind"),
        sa.PrimaryKeyConstraint("id", name=op.f("holder_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person",
        sa.Column("badge", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False, comment="role words separated by semicolons"),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_has_one_key")),
        sa.UniqueConstraint("badge", name=op.f("person_is_unique_by_badge")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plant",
        sa.Column("site", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False, comment="IANA time zone, such as Asia/Shanghai"),
        sa.Column(
            "day_starts",
            sa.Time(),
            nullable=False,
            comment="when the first shift of a production day starts, plant time",
        ),
        sa.Column("gs1_prefix", sa.String(length=32), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("plant_has_one_key")),
        sa.UniqueConstraint("site", name=op.f("plant_is_unique_by_site")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False, comment="Merkle root over the sealed events"),
        sa.Column(
            "previous", sa.String(length=64), nullable=False, comment="chain value of the seal before, or 64 zeros"
        ),
        sa.Column("chain", sa.String(length=64), nullable=False, comment="sha256 over previous, number and root"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("seal_has_one_key")),
        sa.UniqueConstraint("number", name="seals_are_numbered"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "serial_number",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("serial_number_has_one_key")),
    )
    op.create_table(
        "supplier",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("supplier_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("supplier_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "work_center",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("crew", sa.Integer(), nullable=False),
        sa.Column("capacity_minutes", sa.Numeric(precision=12, scale=3), nullable=False, comment="per day"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("work_center_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("work_center_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "credential",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("credential_person_id_exists")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("credential_has_one_key")),
    )
    op.create_table(
        "equipment",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("work_center_id", BIG, nullable=False),
        sa.Column("qualified_until", sa.Date(), nullable=False),
        sa.Column("maintenance_days", sa.Integer(), nullable=False),
        sa.Column("last_maintained", sa.Date(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["work_center_id"], ["work_center.id"], name=op.f("equipment_work_center_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("equipment_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("equipment_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("uom", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("tracking", sa.String(length=32), nullable=False, comment="lot or serial"),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("shelf_life_days", sa.Integer(), nullable=True),
        sa.Column("recheck_days", sa.Integer(), nullable=False),
        sa.Column("issue_rule", sa.String(length=32), nullable=False, comment="FIFO or FEFO"),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("batch_size", BIG, nullable=True),
        sa.Column("pack_size", sa.Integer(), nullable=True, comment="pieces per master carton"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["customer.id"], name=op.f("item_owner_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("item_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("item_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "location",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column(
            "zone",
            sa.String(length=32),
            nullable=False,
            comment="receiving, store, line, hold, nonconforming, scrap, finished, dock, outside",
        ),
        sa.Column("status", sa.String(length=32), nullable=False, comment="the only status that may lie here, or any"),
        sa.Column("work_center_id", BIG, nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True, comment="lots that fit; empty without limit"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["work_center_id"], ["work_center.id"], name=op.f("location_work_center_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("location_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("location_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("location_by_work_center_id"), "location", ["work_center_id"], unique=False)
    op.create_table(
        "plan_revision",
        sa.Column("month", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False, comment="draft, approved, replaced"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("approver_id", BIG, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "author_id IS NULL OR approver_id IS NULL OR author_id <> approver_id",
            name="nobody_approves_a_plan_of_his_own",
        ),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("plan_revision_approver_id_exists")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("plan_revision_author_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_revision_has_one_key")),
        sa.UniqueConstraint("month", "revision", name="a_plan_revision_number_is_used_once_per_month"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "qualification",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("operation_code", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("qualification_person_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("qualification_has_one_key")),
        sa.UniqueConstraint("certificate", name=op.f("qualification_is_unique_by_certificate")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("qualification_by_person_id"), "qualification", ["person_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False, comment="opening, received, made"),
        sa.Column("supplier_id", BIG, nullable=True),
        sa.Column("supplier_lot", sa.String(length=64), nullable=True),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("produced_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="last usable day"),
        sa.Column(
            "recheck_on", sa.Date(), nullable=False, comment="from this day on it is re-inspected before use (P18)"
        ),
        sa.Column("hold_reason", sa.Text(), nullable=True, comment="empty unless on hold"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("lot_item_id_exists")),
        sa.ForeignKeyConstraint(["owner_id"], ["customer.id"], name=op.f("lot_owner_id_exists")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("lot_supplier_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("lot_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("lot_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("lot_by_item_id"), "lot", ["item_id"], unique=False)
    op.create_index(op.f("lot_by_supplier_lot"), "lot", ["supplier_lot"], unique=False)
    op.create_table(
        "outside_place",
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("holder_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("outside_place_holder_id_exists")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("outside_place_location_id_exists")),
        sa.PrimaryKeyConstraint("location_id", name=op.f("outside_place_has_one_key")),
        sa.UniqueConstraint("holder_id", name=op.f("outside_place_is_unique_by_holder_id")),
    )
    op.create_table(
        "process_revision",
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="over its contents, so that the same import changes nothing",
        ),
        sa.Column("released_at", MOMENT, nullable=True, comment="empty while its instructions are a draft"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("process_revision_item_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("process_revision_has_one_key")),
        sa.UniqueConstraint("item_id", "revision", name="a_revision_number_is_used_once_per_item"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("process_revision_by_item_id"), "process_revision", ["item_id"], unique=False)
    op.create_table(
        "sales_order",
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("quantity > 0", name="an_order_asks_for_something"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("sales_order_customer_id_exists")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("sales_order_item_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("sales_order_has_one_key")),
        sa.UniqueConstraint("order_no", name=op.f("sales_order_is_unique_by_order_no")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "station",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column(
            "role", sa.String(length=32), nullable=False, comment="store, line, inspection, packing, dock, office"
        ),
        sa.Column("location_id", BIG, nullable=True, comment="where goods lie that it handles"),
        sa.Column("work_center_id", BIG, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True, comment="sha256 of its bearer token"),
        sa.Column("screens", sa.Integer(), nullable=False, comment="how often its screens in browsers were all ended"),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column(
            "verifies_labels",
            sa.Boolean(),
            nullable=False,
            comment="a status label counts only after it was scanned back",
        ),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("station_location_id_exists")),
        sa.ForeignKeyConstraint(["work_center_id"], ["work_center.id"], name=op.f("station_work_center_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("station_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("station_is_unique_by_code")),
        sa.UniqueConstraint("token_hash", name=op.f("station_is_unique_by_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "balance",
        sa.Column("holder_id", BIG, nullable=False),
        sa.Column("lot_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("goes_first", sa.Date(), nullable=False, comment="the lot's FIFO date, here for the queue's index"),
        sa.Column("quantity", BIG, nullable=False, comment="in the smallest unit of the item's dimension"),
        sa.Column(
            "outside", sa.Boolean(), nullable=False, comment="supplier, customer, production…: may go below zero"
        ),
        sa.CheckConstraint("outside OR quantity >= 0", name="stock_is_never_negative"),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("balance_holder_id_exists")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("balance_item_id_exists")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("balance_location_id_exists")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("balance_lot_id_exists")),
        sa.PrimaryKeyConstraint("holder_id", "lot_id", "location_id", "status", name=op.f("balance_has_one_key")),
    )
    op.create_index("balance_by_lot", "balance", ["lot_id"], unique=False)
    op.create_index("balance_by_place", "balance", ["location_id", "status"], unique=False)
    op.create_index(
        "balance_by_queue",
        "balance",
        ["item_id", "goes_first", "holder_id"],
        unique=False,
        sqlite_where=sa.text("status = 'accepted' AND quantity > 0 AND NOT outside"),
        postgresql_where=sa.text("status = 'accepted' AND quantity > 0 AND NOT outside"),
    )
    op.create_table(
        "bom_line",
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("component_id", BIG, nullable=False),
        sa.Column(
            "qty_per",
            sa.Numeric(precision=18, scale=6),
            nullable=False,
            comment="component's stock unit per parent's stock unit",
        ),
        sa.Column("scrap_percent", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["component_id"], ["item.id"], name=op.f("bom_line_component_id_exists")),
        sa.ForeignKeyConstraint(["revision_id"], ["process_revision.id"], name=op.f("bom_line_revision_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("bom_line_has_one_key")),
        sa.UniqueConstraint("revision_id", "component_id", "seq", name="a_component_stands_once_per_operation"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("bom_line_by_component_id"), "bom_line", ["component_id"], unique=False)
    op.create_index(op.f("bom_line_by_revision_id"), "bom_line", ["revision_id"], unique=False)
    op.create_table(
        "characteristic",
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "seq", sa.Integer(), nullable=True, comment="operation after which it is inspected; empty for incoming"
        ),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="measure or attribute"),
        sa.Column("nominal", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("lower", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("upper", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("gauge", sa.String(length=200), nullable=True),
        sa.Column("aql", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["process_revision.id"], name=op.f("characteristic_revision_id_exists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("characteristic_has_one_key")),
        sa.UniqueConstraint("revision_id", "number", name="a_characteristic_number_is_used_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "device_state",
        sa.Column("station_id", BIG, nullable=False),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="scanner, scans waiting, printers with their faults, as JSON"
        ),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("device_state_station_id_exists")),
        sa.PrimaryKeyConstraint("station_id", name=op.f("device_state_has_one_key")),
    )
    op.create_table(
        "dialogue",
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recent", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("dialogue_station_id_exists")),
        sa.PrimaryKeyConstraint("station_id", name=op.f("dialogue_has_one_key")),
    )
    op.create_table(
        "edge",
        sa.Column("parent_id", BIG, nullable=False),
        sa.Column("child_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.CheckConstraint("parent_id <> child_id", name="no_lot_goes_into_itself"),
        sa.CheckConstraint("quantity >= 0", name="an_edge_is_never_negative"),
        sa.ForeignKeyConstraint(["child_id"], ["lot.id"], name=op.f("edge_child_id_exists")),
        sa.ForeignKeyConstraint(["parent_id"], ["lot.id"], name=op.f("edge_parent_id_exists")),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name=op.f("edge_has_one_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("edge_by_child", "edge", ["child_id", "parent_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("station_id", BIG, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("enrolment_person_id_exists")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("enrolment_station_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("enrolment_has_one_key")),
        sa.UniqueConstraint("code_hash", name=op.f("enrolment_is_unique_by_code_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "event",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="the command, such as stock:issue"),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False, comment="canonical JSON text"),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False, comment="canonical JSON list of refusals, empty when accepted"),
        sa.Column(
            "overrides", sa.Text(), nullable=False, comment="canonical JSON list of refusals that a person overrode"
        ),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("station_id", BIG, nullable=True),
        sa.Column("scan_id", sa.String(length=36), nullable=True),
        sa.Column("occurred_at", MOMENT, nullable=False, comment="when it happened on the floor"),
        sa.Column("recorded_at", MOMENT, nullable=False, comment="when the door wrote it"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("result IN ('accepted', 'refused')", name="an_event_is_accepted_or_refused"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("event_person_id_exists")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("event_station_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("event_has_one_key")),
        sa.UniqueConstraint("uuid", name=op.f("event_is_unique_by_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_index("event_by_kind", "event", ["kind", "recorded_at"], unique=False)
    op.create_index("event_by_scan", "event", ["scan_id"], unique=False)
    op.create_table(
        "handling_unit",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("lot_id", BIG, nullable=False),
        sa.Column("container_id", BIG, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("lock_reason", sa.Text(), nullable=True, comment="missing, reserved…; empty when free"),
        sa.Column("order_id", BIG, nullable=True, comment="picked for"),
        sa.ForeignKeyConstraint(["container_id"], ["container.id"], name=op.f("handling_unit_container_id_exists")),
        sa.ForeignKeyConstraint(["id"], ["holder.id"], name=op.f("handling_unit_id_exists")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("handling_unit_lot_id_exists")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("handling_unit_order_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("handling_unit_has_one_key")),
    )
    op.create_index(op.f("handling_unit_by_container_id"), "handling_unit", ["container_id"], unique=False)
    op.create_index(op.f("handling_unit_by_lot_id"), "handling_unit", ["lot_id"], unique=False)
    op.create_index(op.f("handling_unit_by_order_id"), "handling_unit", ["order_id"], unique=False)
    op.create_table(
        "operation",
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False, comment="kind of operation; what a certificate is for"),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("work_center_id", BIG, nullable=False),
        sa.Column("minutes_per_unit", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("process_class", sa.String(length=32), nullable=False, comment="normal, key, special"),
        sa.Column("first_article", sa.Boolean(), nullable=False),
        sa.Column("patrol_minutes", sa.Integer(), nullable=True),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["process_revision.id"], name=op.f("operation_revision_id_exists")),
        sa.ForeignKeyConstraint(["work_center_id"], ["work_center.id"], name=op.f("operation_work_center_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("operation_has_one_key")),
        sa.UniqueConstraint("revision_id", "seq", name="a_step_number_is_used_once_per_routing"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_line",
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_plan_line_asks_for_something"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("plan_line_item_id_exists")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("plan_line_order_id_exists")),
        sa.ForeignKeyConstraint(["revision_id"], ["plan_revision.id"], name=op.f("plan_line_revision_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_line_has_one_key")),
        sa.UniqueConstraint("revision_id", "item_id", "due_on", "order_id", name="a_plan_line_stands_once"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("plan_line_by_revision_id"), "plan_line", ["revision_id"], unique=False)
    op.create_table(
        "printer",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False, comment="escpos, zpl, tspl, pdf"),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("prints_colours", sa.Boolean(), nullable=False, comment="a colour printer: it takes any label"),
        sa.Column("loaded_stock", sa.String(length=32), nullable=False, comment="white, blue, yellow, red, or receipt"),
        sa.Column(
            "loaded_width_mm", sa.Integer(), nullable=True, comment="of one label on the roll; empty while nobody said"
        ),
        sa.Column("loaded_height_mm", sa.Integer(), nullable=True),
        sa.Column("stock_confirmed_at", MOMENT, nullable=True, comment="when a person last scanned the roll's label"),
        sa.Column(
            "stock_doubt",
            sa.String(length=32),
            nullable=True,
            comment="why it must be confirmed again: cover_open, paper_out…",
        ),
        sa.Column("mended", sa.Integer(), nullable=False, comment="how often a person said that it prints (again)"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("dpi > 0 AND width_mm > 0", name="a_printer_has_a_size"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("printer_station_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("printer_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("printer_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("printer_by_station_id"), "printer", ["station_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False, comment="made by the station"),
        sa.Column("device", sa.String(length=64), nullable=False, comment="equipment code of the gauge or scale"),
        sa.Column("value", sa.String(length=32), nullable=False, comment="decimal text, as sent"),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("reading_station_id_exists")),
        sa.PrimaryKeyConstraint("station_id", name=op.f("reading_has_one_key")),
    )
    op.create_table(
        "scan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scanned_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False, comment="the reply as JSON, given again to the same scan"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("scan_station_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("scan_has_one_key")),
    )
    op.create_index("scan_by_station", "scan", ["station_id", "received_at"], unique=False)
    op.create_table(
        "effect",
        sa.Column("event_id", BIG, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("effect_event_id_exists")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("effect_has_one_key")),
    )
    op.create_table(
        "label",
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column(
            "stock",
            sa.String(length=32),
            nullable=False,
            comment="the colour of paper it needs: white, blue, yellow, red",
        ),
        sa.Column("holder_id", BIG, nullable=True),
        sa.Column("container_id", BIG, nullable=True),
        sa.Column("status", sa.String(length=32), nullable=True, comment="the status it tells"),
        sa.Column("facts", sa.Text(), nullable=False, comment="what stands on it, as canonical JSON"),
        sa.Column("issued_by", BIG, nullable=False, comment="event"),
        sa.Column("voided_by", BIG, nullable=True, comment="event"),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("card", sa.String(length=64), nullable=True, comment="a pre-printed colour card that stands for it"),
        sa.Column("must_verify", sa.Boolean(), nullable=False, comment="counts only after it was scanned back"),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("(holder_id IS NULL) <> (container_id IS NULL)", name="a_label_marks_one_thing"),
        sa.ForeignKeyConstraint(["container_id"], ["container.id"], name=op.f("label_container_id_exists")),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("label_holder_id_exists")),
        sa.ForeignKeyConstraint(["issued_by"], ["event.id"], name=op.f("label_issued_by_exists")),
        sa.ForeignKeyConstraint(["voided_by"], ["event.id"], name=op.f("label_voided_by_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("label_has_one_key")),
        sa.UniqueConstraint("serial", name=op.f("label_is_unique_by_serial")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "a_card_stands_for_one_label",
        "label",
        ["card"],
        unique=True,
        sqlite_where=sa.text("voided_by IS NULL"),
        postgresql_where=sa.text("voided_by IS NULL"),
    )
    op.create_index(op.f("label_by_card"), "label", ["card"], unique=False)
    op.create_index(op.f("label_by_container_id"), "label", ["container_id"], unique=False)
    op.create_index(op.f("label_by_holder_id"), "label", ["holder_id"], unique=False)
    op.create_table(
        "label_layout",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False, comment="TOML, as in labels/layouts"),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("label_layout_event_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("label_layout_has_one_key")),
        sa.UniqueConstraint("name", "revision", name="a_layout_revision_is_used_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "loaded",
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.Column("unloaded_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("loaded_item_id_exists")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("loaded_location_id_exists")),
        sa.ForeignKeyConstraint(["unit_id"], ["handling_unit.id"], name=op.f("loaded_unit_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("loaded_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("loaded_by_place", "loaded", ["location_id", "item_id"], unique=False)
    op.create_table(
        "movement",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("lot_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("from_holder_id", BIG, nullable=False),
        sa.Column("from_location_id", BIG, nullable=False),
        sa.Column("from_status", sa.String(length=32), nullable=False),
        sa.Column("to_holder_id", BIG, nullable=False),
        sa.Column("to_location_id", BIG, nullable=False),
        sa.Column("to_status", sa.String(length=32), nullable=False),
        sa.Column("order_id", BIG, nullable=True, comment="shipped for"),
        sa.Column("reverses_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_movement_moves_something"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("movement_event_id_exists")),
        sa.ForeignKeyConstraint(["from_holder_id"], ["holder.id"], name=op.f("movement_from_holder_id_exists")),
        sa.ForeignKeyConstraint(["from_location_id"], ["location.id"], name=op.f("movement_from_location_id_exists")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("movement_lot_id_exists")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("movement_order_id_exists")),
        sa.ForeignKeyConstraint(["reverses_id"], ["movement.id"], name=op.f("movement_reverses_id_exists")),
        sa.ForeignKeyConstraint(["to_holder_id"], ["holder.id"], name=op.f("movement_to_holder_id_exists")),
        sa.ForeignKeyConstraint(["to_location_id"], ["location.id"], name=op.f("movement_to_location_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("movement_has_one_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("movement_is_unique_by_reverses_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("movement_by_event_id"), "movement", ["event_id"], unique=False)
    op.create_index(op.f("movement_by_from_holder_id"), "movement", ["from_holder_id"], unique=False)
    op.create_index(op.f("movement_by_lot_id"), "movement", ["lot_id"], unique=False)
    op.create_index(op.f("movement_by_order_id"), "movement", ["order_id"], unique=False)
    op.create_index(op.f("movement_by_to_holder_id"), "movement", ["to_holder_id"], unique=False)
    op.create_table(
        "nonconformance",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("lot_id", BIG, nullable=False),
        sa.Column("holder_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_by", BIG, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False, comment="open, disposed"),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("nonconformance_event_id_exists")),
        sa.ForeignKeyConstraint(["found_by"], ["person.id"], name=op.f("nonconformance_found_by_exists")),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("nonconformance_holder_id_exists")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("nonconformance_lot_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("nonconformance_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("nonconformance_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("nonconformance_by_lot_id"), "nonconformance", ["lot_id"], unique=False)
    op.create_table(
        "run_card",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("lot_id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("revision_id", BIG, nullable=False, comment="as released (law 10)"),
        sa.Column("plan_line_id", BIG, nullable=True),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column(
            "state", sa.String(length=32), nullable=False, comment="released, running, complete, closed, cancelled"
        ),
        sa.Column("released_for", sa.Date(), nullable=False, comment="production day"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_run_card_asks_for_something"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("run_card_item_id_exists")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("run_card_lot_id_exists")),
        sa.ForeignKeyConstraint(["plan_line_id"], ["plan_line.id"], name=op.f("run_card_plan_line_id_exists")),
        sa.ForeignKeyConstraint(["revision_id"], ["process_revision.id"], name=op.f("run_card_revision_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("run_card_has_one_key")),
        sa.UniqueConstraint("code", name=op.f("run_card_is_unique_by_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("run_card_by_lot_id"), "run_card", ["lot_id"], unique=False)
    op.create_index(op.f("run_card_by_plan_line_id"), "run_card", ["plan_line_id"], unique=False)
    op.create_table(
        "sealed_event",
        sa.Column("event_id", BIG, autoincrement=False, nullable=False),
        sa.Column("seal_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("sealed_event_event_id_exists")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("sealed_event_seal_id_exists")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("sealed_event_has_one_key")),
    )
    op.create_index(op.f("sealed_event_by_seal_id"), "sealed_event", ["seal_id"], unique=False)
    op.create_table(
        "signature",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("signature_event_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("signature_person_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("signature_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("signature_by_event_id"), "signature", ["event_id"], unique=False)
    op.create_table(
        "card_operation",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("card_id", BIG, nullable=False),
        sa.Column("operation_id", BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False, comment="waiting, setup, running, finished"),
        sa.Column("operator_id", BIG, nullable=True),
        sa.Column("equipment_id", BIG, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'setup', 'running', 'finished')", name="an_operation_is_in_a_known_state"
        ),
        sa.ForeignKeyConstraint(["card_id"], ["run_card.id"], name=op.f("card_operation_card_id_exists")),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("card_operation_equipment_id_exists")),
        sa.ForeignKeyConstraint(["id"], ["holder.id"], name=op.f("card_operation_id_exists")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("card_operation_operation_id_exists")),
        sa.ForeignKeyConstraint(["operator_id"], ["person.id"], name=op.f("card_operation_operator_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("card_operation_has_one_key")),
        sa.UniqueConstraint("card_id", "seq", name="an_operation_stands_once_on_a_card"),
    )
    op.create_table(
        "disposition",
        sa.Column("nonconformance_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "kind IN ('return', 'concession', 'rework', 'repair', 'scrap')", name="a_disposition_is_of_a_known_kind"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("disposition_event_id_exists")),
        sa.ForeignKeyConstraint(
            ["nonconformance_id"], ["nonconformance.id"], name=op.f("disposition_nonconformance_id_exists")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("disposition_person_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("disposition_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("disposition_by_nonconformance_id"), "disposition", ["nonconformance_id"], unique=False)
    op.create_table(
        "print_job",
        sa.Column("label_id", BIG, nullable=True),
        sa.Column(
            "station_id", BIG, nullable=True, comment="empty: printed when somebody at the goods' place asks (F5)"
        ),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("stock", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.String(length=32), nullable=False, comment="queued, leased, done, failed, unknown, cancelled"
        ),
        sa.Column("printer_id", BIG, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("leased_by", sa.String(length=64), nullable=True, comment="the print journal that holds the lease"),
        sa.Column(
            "lease", sa.Integer(), nullable=False, comment="number of its newest lease; a result speaks of one of them"
        ),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "rendered_for",
            sa.String(length=64),
            nullable=True,
            comment="language, resolution, size and own layout of its bytes",
        ),
        sa.Column("copy", sa.Boolean(), nullable=False, comment="a possible duplicate, marked COPY"),
        sa.Column("spoiled", sa.Boolean(), nullable=False, comment="its printed piece was spoiled and replaced"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'done', 'failed', 'unknown', 'cancelled')",
            name="a_print_job_is_in_a_known_state",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("print_job_event_id_exists")),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("print_job_label_id_exists")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("print_job_printer_id_exists")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("print_job_sha256_exists")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("print_job_station_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("print_job_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("print_job_by_label_id"), "print_job", ["label_id"], unique=False)
    op.create_index("print_job_by_station", "print_job", ["station_id", "state"], unique=False)
    op.create_table(
        "consumption",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("card_operation_id", BIG, nullable=False),
        sa.Column("parent_lot_id", BIG, nullable=False),
        sa.Column("child_lot_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reverses_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(quantity > 0) = (reverses_id IS NULL) AND quantity <> 0", name="only_a_reversal_takes_consumption_back"
        ),
        sa.ForeignKeyConstraint(
            ["card_operation_id"], ["card_operation.id"], name=op.f("consumption_card_operation_id_exists")
        ),
        sa.ForeignKeyConstraint(["child_lot_id"], ["lot.id"], name=op.f("consumption_child_lot_id_exists")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("consumption_event_id_exists")),
        sa.ForeignKeyConstraint(["parent_lot_id"], ["lot.id"], name=op.f("consumption_parent_lot_id_exists")),
        sa.ForeignKeyConstraint(["reverses_id"], ["consumption.id"], name=op.f("consumption_reverses_id_exists")),
        sa.ForeignKeyConstraint(["unit_id"], ["handling_unit.id"], name=op.f("consumption_unit_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("consumption_has_one_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("consumption_is_unique_by_reverses_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("consumption_by_card_operation_id"), "consumption", ["card_operation_id"], unique=False)
    op.create_index("consumption_by_edge", "consumption", ["parent_lot_id", "child_lot_id"], unique=False)
    op.create_index(op.f("consumption_by_event_id"), "consumption", ["event_id"], unique=False)
    op.create_table(
        "inspection",
        sa.Column(
            "stage",
            sa.String(length=32),
            nullable=False,
            comment="incoming, first_article, self, patrol, final, recheck",
        ),
        sa.Column("card_operation_id", BIG, nullable=True),
        sa.Column("lot_id", BIG, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("quantity", BIG, nullable=False, comment="pieces inspected"),
        sa.Column("state", sa.String(length=32), nullable=False, comment="open, passed, rejected"),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("inspector_id", BIG, nullable=True),
        sa.Column("event_id", BIG, nullable=True, comment="of the verdict"),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("(state = 'open') = (signed_at IS NULL)", name="a_verdict_is_signed"),
        sa.CheckConstraint("state IN ('open', 'passed', 'rejected')", name="an_inspection_is_in_a_known_state"),
        sa.ForeignKeyConstraint(
            ["card_operation_id"], ["card_operation.id"], name=op.f("inspection_card_operation_id_exists")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("inspection_event_id_exists")),
        sa.ForeignKeyConstraint(["inspector_id"], ["person.id"], name=op.f("inspection_inspector_id_exists")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("inspection_lot_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("inspection_has_one_key")),
        sa.UniqueConstraint("card_operation_id", "stage", "attempt", name="attempts_are_numbered"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("inspection_by_card_operation_id"), "inspection", ["card_operation_id"], unique=False)
    op.create_index(op.f("inspection_by_lot_id"), "inspection", ["lot_id"], unique=False)
    op.create_index("inspection_by_state", "inspection", ["state", "stage"], unique=False)
    op.create_table(
        "report",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("card_operation_id", BIG, nullable=False),
        sa.Column("operator_id", BIG, nullable=False),
        sa.Column("equipment_id", BIG, nullable=True),
        sa.Column("good", BIG, nullable=False),
        sa.Column("bad", BIG, nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("good >= 0 AND bad >= 0 AND good + bad > 0", name="a_report_counts_something"),
        sa.ForeignKeyConstraint(
            ["card_operation_id"], ["card_operation.id"], name=op.f("report_card_operation_id_exists")
        ),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("report_equipment_id_exists")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("report_event_id_exists")),
        sa.ForeignKeyConstraint(["operator_id"], ["person.id"], name=op.f("report_operator_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("report_by_card_operation_id"), "report", ["card_operation_id"], unique=False)
    op.create_table(
        "measurement",
        sa.Column("inspection_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("characteristic_id", BIG, nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=6), nullable=True, comment="empty for an attribute"),
        sa.Column("conforms", sa.Boolean(), nullable=False),
        sa.Column("gauge_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["characteristic_id"], ["characteristic.id"], name=op.f("measurement_characteristic_id_exists")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("measurement_event_id_exists")),
        sa.ForeignKeyConstraint(["gauge_id"], ["equipment.id"], name=op.f("measurement_gauge_id_exists")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("measurement_inspection_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("measurement_has_one_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("measurement_by_inspection_id"), "measurement", ["inspection_id"], unique=False)
