"""A lot keeps the stock unit that its quantities began in: `check` finds an item whose unit has shifted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Every lot there is began in the unit that its item has now."""
    comment = "the stock unit that its quantities began in"
    op.add_column("lot", sa.Column("uom", sa.String(32), server_default="", nullable=False, comment=comment))
    op.execute("UPDATE lot SET uom = (SELECT item.uom FROM item WHERE item.id = lot.item_id)")
