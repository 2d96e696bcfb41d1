"""A first article is asked for again in the middle of a batch, and every run card serves a line of a plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MADE_FOR = "what it is made for: its own line, or that of what needs it"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns; what stood outside a plan until now is said to."""
    longest: sa.Column[int] = sa.Column(
        "longest_stop_minutes", sa.Integer(), nullable=True, comment="after a longer one a first article again (F1)"
    )
    after = sa.Column(
        "after_report", BIG, nullable=True, comment="of a first article: its pieces are the reports after this one"
    )
    op.add_column("operation", longest)
    op.add_column("bom_line", _flag("new_lot_first_article", "another lot asks again (F1)"))
    op.add_column("run_card", _flag("outside_plan", "no plan needed it; the plan's approver let it pass"))
    held_by = sa.Column(
        "held_by",
        sa.String(length=64),
        nullable=True,
        comment="badge of who put it on hold; somebody else releases it (F8)",
    )
    op.add_column("inspection", after)
    op.add_column("lot", held_by)
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("run_card", "plan_line_id", comment=MADE_FOR)
    _count_set_up_from_the_last_rejection(op.get_bind())
    card = sa.table("run_card", sa.column("plan_line_id"), sa.column("outside_plan"))
    op.execute(sa.update(card).where(card.c.plan_line_id.is_(None)).values(outside_plan=sa.true()))


def _flag(name: str, comment: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment)


def _count_set_up_from_the_last_rejection(connection: sa.Connection) -> None:
    """The pieces of an attempt were those reported since the rejection before it; what was signed stays as it was."""
    connection.execute(
        sa.text("""
        UPDATE inspection SET after_report = coalesce((
            SELECT max(report.id) FROM report
            JOIN inspection AS earlier ON earlier.card_operation_id = report.card_operation_id
            WHERE earlier.card_operation_id = inspection.card_operation_id AND earlier.stage = 'first_article'
              AND earlier.state = 'rejected' AND earlier.attempt < inspection.attempt
              AND report.event_id <= earlier.event_id
        ), 0) WHERE stage = 'first_article' AND state = 'open'
        """)
    )
