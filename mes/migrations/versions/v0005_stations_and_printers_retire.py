"""Stations and printers retire: they open and print nothing any more, and their records stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing has retired yet."""
    for table, comment in (("station", "opens nothing any more"), ("printer", "gets no labels any more")):
        retired: sa.Column[bool] = sa.Column(
            "retired", sa.Boolean(), server_default=sa.false(), nullable=False, comment=comment
        )
        op.add_column(table, retired)
