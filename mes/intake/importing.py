"""The import of a whole plant as one command: all or nothing, and the same thing twice changes nothing.

Reading and validating the files is done before (`mes.intake.reading`); here they meet the database.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import select

from mes.declaring import command
from mes.given import Beside, Text
from mes.intake import entitled
from mes.intake.comparing import compare
from mes.intake.masters import Masters, take, take_in_masters
from mes.intake.processes import take_in_processes
from mes.intake.rows import OpeningStockRow, OrderRow, PlanRow, PlantSheets
from mes.journal import digest_of
from mes.masters.model import Location
from mes.masters.units import to_smallest
from mes.planning.model import PlanLine, PlanRevision, SalesOrder
from mes.roles import Role
from mes.stock import ledger, lots
from mes.stock.model import Lot
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Imported:
    """How many rows each sheet added or changed; all zero when nothing was new."""

    changed: dict[str, int]


@command(
    "plant:import",
    {*entitled.IMPORTERS, Role.SYSTEM},
    Words("导入主数据", "import a plant"),
    done=Words("已导入", "Imported"),
    tells=Words("导入 {source}", "{source} imported"),
    system=True,
)
def import_plant(
    tx: Transaction,
    source: Annotated[str, Text(), Words("来源", "source")],
    digest: Annotated[str, Text(), Words("摘要", "digest")],
    payload: Annotated[PlantSheets, Beside(), Words("数据表", "sheets")],
) -> Imported:
    """Take in validated sheets as a whole, as their author; raises `ChangeRefused` for what must stay as it is known.

    And whatever `entitled` says of who imports: `SheetNotYours`, `OwnRoles`, `OwnWork`, `SecondSignature`…
    """
    found = compare(tx.session, payload)
    tx.require(found.reasons, entitled.reasons_against(tx, found.changes, payload))
    if tx.signer:
        tx.sign("import")
    known = take_in_masters(tx, payload)
    take_in_processes(tx, found.wanted, found.items_of_documents(), known)
    _take_in_orders(tx, payload.orders, known)
    _take_in_plans(tx, payload.plan, known)
    _take_in_stock(tx, payload.opening_stock, known)
    return Imported({sheet: count for sheet, count in known.changed.items() if count})


def _take_in_orders(tx: Transaction, rows: tuple[OrderRow, ...], known: Masters) -> None:
    wanted = {row.order_no: _order(row, known) for row in rows}
    take(tx, known, "orders", SalesOrder, "order_no", wanted, set(wanted))


def _order(row: OrderRow, known: Masters) -> dict[str, Any]:
    item = known.items[row.item]
    return {
        "customer_id": known.customers[row.customer].id,
        "item_id": item.id,
        "quantity": to_smallest(row.qty, item.uom),
        "due_on": row.due_on,
    }


def _take_in_plans(tx: Transaction, rows: tuple[PlanRow, ...], known: Masters) -> None:
    revisions: dict[tuple[str, int], list[PlanRow]] = defaultdict(list)
    for row in rows:
        revisions[row.month, row.revision].append(row)
    known.changed["plans"] = sum(_take_in_plan(tx, key, lines, known) for key, lines in revisions.items())


def _take_in_plan(tx: Transaction, key: tuple[str, int], rows: list[PlanRow], known: Masters) -> bool:
    """A revision that is there says the same: `compare` has seen to it."""
    month, number = key
    if tx.session.scalar(select(PlanRevision).where(PlanRevision.month == month, PlanRevision.revision == number)):
        return False
    digest = digest_of([[row.item, str(row.qty), str(row.due_on), row.order_no] for row in rows])
    author_id = tx.person.id if tx.person else None
    revision = PlanRevision(month=month, revision=number, state="draft", digest=digest, author_id=author_id)
    revision.lines = [_plan_line(tx, row, known) for row in rows]
    tx.session.add(revision)
    tx.cause("plan revision", month, number, digest)
    return True


def _plan_line(tx: Transaction, row: PlanRow, known: Masters) -> PlanLine:
    item = known.items[row.item]
    order = tx.session.scalar(select(SalesOrder).where(SalesOrder.order_no == row.order_no)) if row.order_no else None
    return PlanLine(
        item_id=item.id,
        quantity=to_smallest(row.qty, item.uom),
        due_on=row.due_on,
        order_id=order.id if order else None,
    )


def _take_in_stock(tx: Transaction, rows: tuple[OpeningStockRow, ...], known: Masters) -> None:
    """A lot that is there says the same: `compare` has seen to it."""
    stored = set(tx.session.scalars(select(Lot.code)))
    fresh = [row for row in rows if row.lot not in stored]
    for row in fresh:
        _open_lot(tx, row, known)
    known.changed["opening stock"] = len(fresh)


def _open_lot(tx: Transaction, row: OpeningStockRow, known: Masters) -> None:
    item, place = known.items[row.item], known.locations[row.location]
    lot = lots.new_lot(
        tx,
        row.lot,
        item,
        "opening",
        received_on=row.received_on,
        produced_on=row.produced_on,
        expires_on=row.expires_on,
        supplier=known.suppliers[row.supplier] if row.supplier else None,
        supplier_lot=row.supplier_lot,
        owner=item.owner,
    )
    status = _status(row, place)
    lots.fill(tx, lot, to_smallest(row.qty, item.uom), ledger.outside(tx, "OPENING", status), place, status)


def _status(row: OpeningStockRow, place: Location) -> Status:
    """`pass` in the files means accepted; pending goods in a hold area have been seen and await a decision."""
    if row.status == "pass":
        return Status.ACCEPTED
    if row.status == "pending" and place.zone == "hold":
        return Status.AWAITING_DECISION
    return Status(row.status)
