"""Missing boxes are reported and counted per person, customers' consents are kept, own make is re-inspected by its age.

Re-inspection of what we made counted from the day it came into the books; it counts from production now, where nobody
has re-inspected since.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
REPORTED = ("event_id", "unit_id", "location_id", "quantity", "person_id", "at", "reported_on")
KINDS = "kind IN ('return', 'concession', 'rework', 'repair', 'scrap')"


def upgrade() -> None:
    """Add both tables with what the journal knows of boxes that are missing; correct the lots of our own make."""
    _add_missing_reports()
    _add_consents()
    _report_what_is_missing(op.get_bind())
    _count_from_production(op.get_bind())


def _add_missing_reports() -> None:
    op.create_table(
        "missing_report",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False, comment="that the books had in the box"),
        sa.Column("person_id", BIG, nullable=False, comment="who did not find it"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column(
            "reported_on", sa.Date(), nullable=False, comment="calendar day; until it ends younger lots may go instead"
        ),
        sa.Column("counted_by", BIG, nullable=True),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.Column("counted_location_id", BIG, nullable=True, comment="where it was counted"),
        sa.Column("counted", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("counted_by IS NULL OR counted_by <> person_id", name=op.f("another_person_counts")),
        sa.CheckConstraint("(counted_by IS NULL) = (counted_at IS NULL)", name=op.f("a_count_says_who_and_when")),
        *_keys("missing_report", event_id="event", unit_id="handling_unit", location_id="location", person_id="person"),
        *_refer("missing_report", counted_by="person", counted_location_id="location"),
        sqlite_autoincrement=True,
    )
    still = sa.text("counted_at IS NULL")
    op.create_index(
        "a_box_is_missing_once", "missing_report", ["unit_id"], unique=True, sqlite_where=still, postgresql_where=still
    )
    op.create_index(op.f("missing_report_by_person_id"), "missing_report", ["person_id"], unique=False)


def _keys(table: str, **columns: str) -> list[sa.Constraint]:
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_has_one_key")), *_refer(table, **columns)]


def _refer(table: str, **columns: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"{table}_{column}_exists"))
        for column, other in columns.items()
    ]


def _add_consents() -> None:
    op.create_table(
        "consent",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("nonconformance_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="the disposition that is consented to"),
        sa.Column("given_by", sa.Text(), nullable=False, comment="who gave it, at the customer's"),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False, comment="letter, mail or form that says so"),
        sa.Column("person_id", BIG, nullable=False, comment="who recorded it"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("a_consent_is_to_a_known_kind")),
        *_keys("consent", event_id="event", nonconformance_id="nonconformance", person_id="person"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("consent_by_nonconformance_id"), "consent", ["nonconformance_id"], unique=False)


def _report_what_is_missing(connection: sa.Connection) -> None:
    """Who did not find a box that is locked as missing stands in the journal: the last who said so of its lot."""
    locked = sa.text(
        "SELECT handling_unit.id, lot.code, balance.location_id, balance.quantity FROM handling_unit "
        "JOIN lot ON lot.id = handling_unit.lot_id "
        "JOIN balance ON balance.holder_id = handling_unit.id AND balance.quantity > 0 "
        "WHERE handling_unit.lock_reason LIKE '%missing, to be counted'"
    )
    said = sa.text(
        "SELECT id, person_id, occurred_at, arguments FROM event "
        "WHERE kind = 'stock:not_found' AND result = 'accepted' AND person_id IS NOT NULL ORDER BY id"
    ).columns(occurred_at=MOMENT)
    last = {json.loads(one.arguments)["unit_lot"]: one for one in connection.execute(said)}
    typed: dict[str, Any] = {"at": MOMENT, "reported_on": sa.Date()}  # the driver's own way to keep them ends
    reports = sa.table("missing_report", *(sa.column(name, typed.get(name)) for name in REPORTED))
    for box in connection.execute(locked).all():
        if one := last.get(box.code):
            values = (one.id, box.id, box.location_id, box.quantity, one.person_id, one.occurred_at)
            day = one.occurred_at.date()
            connection.execute(reports.insert().values(dict(zip(REPORTED, (*values, day), strict=True))))


def _count_from_production(connection: sa.Connection) -> None:
    """A lot whose date is not that of its receipt was re-inspected since and keeps it."""
    day = sa.Date()
    made = sa.text(
        "SELECT lot.id, lot.received_on, lot.produced_on, lot.recheck_on, item.recheck_days FROM lot "
        "JOIN item ON item.id = lot.item_id "
        "WHERE lot.origin = 'made' OR (lot.supplier_id IS NULL AND lot.owner_id IS NULL)"
    ).columns(received_on=day, produced_on=day, recheck_on=day)
    change = sa.text("UPDATE lot SET recheck_on = :due WHERE id = :id").bindparams(sa.bindparam("due", type_=day))
    for lot in connection.execute(made).all():
        term = timedelta(days=lot.recheck_days)
        received: date = lot.received_on
        if lot.recheck_on == received + term and lot.produced_on < received:
            connection.execute(change, {"id": lot.id, "due": lot.produced_on + term})
