"""How far each station's clock is off, by its last heartbeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Not known before the next heartbeat."""
    comment = "how far its clock was ahead of the server's at its last heartbeat"
    skew: sa.Column[int] = sa.Column("skew_ms", sa.BigInteger(), nullable=True, comment=comment)
    op.add_column("device_state", skew)
