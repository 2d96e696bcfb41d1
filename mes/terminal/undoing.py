"""What a terminal shows before something is undone or ended short: the report that goes back, the pieces that lack.

Asks the database only; whether it may be, the door decides.
"""

from __future__ import annotations

from sqlalchemy import func, select

from mes.masters.units import from_smallest, shown
from mes.production import again, starting, taking_back, work
from mes.production.model import CardOperation, Report
from mes.terminal.floor import Floor
from mes.trace.model import Consumption


def missing_at(floor: Floor, name: str) -> str | None:
    """How many pieces (stock unit) an operation at work would end short by; None where none are missing."""
    operation = floor.operation(name)
    if not starting.is_first(operation) or not _may_end(floor, operation):
        return None
    missing = starting.missing_at(work.made_at(floor.session, operation), operation)
    return f"{from_smallest(missing, operation.card.item.uom):f}" if missing else None


def _may_end(floor: Floor, operation: CardOperation) -> bool:
    """While a first article waits for its verdict the door says so at once."""
    if operation.state != "setup":
        return operation.state == "running"
    waiting = floor.session.scalars(work.FIRST_ARTICLE, {"operation": operation.id}).first()
    return waiting is not None and again.judges_nothing(floor.session, operation, waiting)


def last_report(floor: Floor, name: str) -> dict[str, str | int] | None:
    """What somebody's last report that stands says: good, bad, and of how many lots it drew; None without one."""
    operation, badge = floor.operation(name), floor.talk.badge
    if badge is None:
        return None
    report: Report | None = floor.session.scalar(taking_back.last_report(operation.id, badge))
    if report is None:
        return None
    drew = select(func.count(Consumption.child_lot_id.distinct())).where(Consumption.event_id == report.event_id)
    uom = operation.card.item.uom
    return {"good": shown(report.good, uom), "bad": shown(report.bad, uom), "lots": floor.session.scalar(drew) or 0}
