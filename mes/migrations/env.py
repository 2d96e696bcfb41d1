"""Alembic's entry: runs migrations on the connection that `mes.schema` hands over."""

from __future__ import annotations

from alembic import context

from mes.database import Base
from mes.tables import tables

tables()
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
