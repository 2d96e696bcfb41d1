"""Answers to programs that ask with a key of their own, so that nothing happens twice (law 2)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table of answers."""
    op.create_table(
        "answered",
        sa.Column(
            "caller", sa.String(length=64), nullable=False, comment="a station or a person, as station:X or person:X"
        ),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column(
            "content_hash",
            sa.String(length=64),
            nullable=False,
            comment="over the command and all it was given, PINs left out",
        ),
        sa.Column("answer", sa.Text(), nullable=False, comment="as JSON, given again to the same question"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("answered_has_one_key")),
    )
    op.create_index(op.f("answered_by_at"), "answered", ["at"], unique=False)
