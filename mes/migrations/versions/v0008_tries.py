"""Logins have a row each and can be ended; a wrong PIN is kept to be seen after it has stopped counting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table of logins (whoever is logged in logs in again); what was tried wrongly still counts."""
    op.create_table(
        "login",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="by the wall clock"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("login_person_id_exists")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("login_has_one_key")),
    )
    op.create_index(op.f("login_by_person_id"), "login", ["person_id"], unique=False)
    counts: sa.Column[bool] = sa.Column(
        "counts", sa.Boolean(), server_default=sa.true(), nullable=False, comment="until the right one is given there"
    )
    op.add_column("failed_signature", counts)
