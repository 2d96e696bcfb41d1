"""A plant's own words: settings, reasons, kinds of item; crew marks, first articles, limits and gauges as data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables and columns, and write down what the program assumed of every plant until now."""
    _add_tables()
    _add_columns()
    _say_what_was_assumed(op.get_bind())


def _add_tables() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        *_keys("setting", "name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reason",
        sa.Column("code", sa.String(length=64), nullable=False),
        *_names(),
        sa.Column(
            "kinds_text",
            sa.String(length=200),
            nullable=False,
            comment="what it may be a reason for, separated by semicolons",
        ),
        *_keys("reason", "code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item_kind",
        sa.Column("code", sa.String(length=32), nullable=False),
        *_names(),
        sa.Column("source", sa.String(length=32), nullable=True, comment="made or bought; empty: either"),
        sa.Column("sold", sa.Boolean(), nullable=False),
        sa.Column("has_gtin", sa.Boolean(), nullable=True, comment="empty: it may"),
        sa.Column("code_pattern", sa.String(length=200), nullable=True),
        *_keys("item_kind", "code"),
        sqlite_autoincrement=True,
    )


def _names() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length=200), nullable=False) for name in ("name_zh", "name_en")]


def _keys(table: str, code: str) -> list[sa.Column[int] | sa.Constraint]:
    return [
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_has_one_key")),
        sa.UniqueConstraint(code, name=op.f(f"{table}_is_unique_by_{code}")),
    ]


def _add_columns() -> None:
    # A plain ADD COLUMN with a default: SQLite would have to build anew, and lose the seed of, any other.
    mark = sa.Column(
        "crew_mark",
        sa.String(length=32),
        nullable=False,
        server_default="",
        comment="stands for its crew in batch numbers",
    )
    quantity = sa.Column(
        "first_article_quantity",
        BIG,
        nullable=False,
        server_default="5",
        comment="at most so many are made before it is signed (F1)",
    )
    exclusive: sa.Column[bool] = sa.Column(
        "exclusive", sa.Boolean(), nullable=False, server_default=sa.false(), comment="a value on a limit fails"
    )
    codes = sa.Column(
        "gauge_codes",
        sa.String(length=200),
        nullable=True,
        comment="the machines that may measure it, by code; empty: any",
    )
    op.add_column("work_center", mark)
    op.add_column("operation", quantity)
    op.add_column("characteristic", exclusive)
    op.add_column("characteristic", codes)


def _say_what_was_assumed(connection: sa.Connection) -> None:
    center = sa.table("work_center", sa.column("code"), sa.column("crew_mark"))
    for code in connection.scalars(sa.select(center.c.code)).all():
        mark = code.rpartition("-")[2]
        connection.execute(sa.update(center).where(center.c.code == code).values(crew_mark=mark))
    asked = sa.table("characteristic", *map(sa.column, ("unit", "exclusive", "gauge", "gauge_codes")))
    connection.execute(sa.update(asked).where(asked.c.unit == "s").values(exclusive=sa.true()))
    connection.execute(sa.update(asked).where(asked.c.gauge.like("EQ-%")).values(gauge_codes=asked.c.gauge))
