"""The few events that somebody let pass are found without reading the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

OVERRIDDEN = sa.text("overrides <> '[]'")


def upgrade() -> None:
    """Add their index."""
    op.create_index("event_overridden", "event", ["id"], sqlite_where=OVERRIDDEN, postgresql_where=OVERRIDDEN)
