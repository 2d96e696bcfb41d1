"""The version of the masters in memory; its triggers are laid down after every migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the row whose token is another one after every change of the masters."""
    op.create_table(
        "masters_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("masters_version_has_one_key")),
    )
