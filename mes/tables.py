"""Every table of every department, imported in one place so that migrations and audits see them all."""

from sqlalchemy import Table

import mes.journal
import mes.labelling.model
import mes.masters.model
import mes.memory
import mes.people.model
import mes.planning.model
import mes.production.model
import mes.quality.model
import mes.stock.model
import mes.terminal.model
import mes.trace.model  # noqa: F401  each registers its tables
from mes.database import Base


def tables() -> list[Table]:
    """All tables of all departments, in an order that respects their references."""
    return Base.metadata.sorted_tables
