"""What was done may be undone: reports taken back, run cards held and closed short."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = {
    "run_card": "released, running, held, complete, closed, cancelled",
    "nonconformance": "open, disposed, withdrawn",
}


def upgrade() -> None:
    """Nothing was taken back, held or closed short so far."""
    _add_reversals()
    op.add_column("run_card", sa.Column("hold_reason", sa.Text(), nullable=True, comment="empty unless held"))
    missing = sa.Column(
        "missing",
        BIG,
        nullable=False,
        server_default="0",
        comment="what was never made when it was closed short; the plan has it back",
    )
    op.add_column("run_card", missing)
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        for table, states in STATES.items():
            op.alter_column(table, "state", comment=states)


def _add_reversals() -> None:
    op.create_table(
        "taken_back",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("taken_back_event_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("taken_back_person_id_exists")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("taken_back_report_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("taken_back_has_one_key")),
        sa.UniqueConstraint("report_id", name=op.f("taken_back_is_unique_by_report_id")),
        sqlite_autoincrement=True,
    )
