"""Goods change their status where they lie: the movement, the new label, and the lock until somebody moves them (F5).

Follows the table of allowed changes; who may ask for one, and why, is decided by the callers.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from mes.labelling import marking
from mes.masters.model import Item
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.locks import MOVE_FIRST
from mes.stock.model import HandlingUnit, Lot
from mes.stock.status import Status
from mes.transaction import Transaction

# Changes that take two steps: doubted goods are pending before they are rejected, undecided ones rejected before reuse.
BY_WAY_OF = {
    (Status.ACCEPTED, Status.NONCONFORMING): Status.PENDING,
    (Status.AWAITING_DECISION, Status.PENDING): Status.NONCONFORMING,
    (Status.AWAITING_DECISION, Status.SCRAP): Status.NONCONFORMING,
}


def regrade(tx: Transaction, lot: Lot, quantity: int, source: End, to: Status) -> End:
    """Move a quantity (smallest unit) of any holder into a status where it lies; raises `TransitionNotAllowed`."""
    step = BY_WAY_OF.get((source.status, to))
    if step:
        source = regrade(tx, lot, quantity, source, step)
    target = End(source.holder_id, source.location, to)
    if target != source:
        ledger.move(tx, lot, quantity, source, target)
    return target


def regrade_box(tx: Transaction, unit: HandlingUnit, to: Status, more: Mapping[str, str]) -> str | None:
    """Give a whole box another status, locked until moved; returns the new label's serial, None if nothing changed."""
    found = lots.content(tx, unit)
    if found is None or found.status == to:
        return None
    quantity = found.quantity
    regrade(tx, unit.lot, quantity, ledger.end_of(found), to)
    label = marking.mark_status(tx, unit.id, unit.lot, to, quantity, more)
    lock(unit, MOVE_FIRST)
    return label.serial if label else None


def lock(unit: HandlingUnit, reason: str) -> None:
    """Lock a box; one that is locked for another reason (missing…) stays so."""
    if unit.lock_reason in (None, MOVE_FIRST):
        unit.lock_reason = reason


def unlock_at_home(tx: Transaction, unit: HandlingUnit) -> None:
    """Free a box that need not be moved after all: it lies where goods of its status belong."""
    found = lots.content(tx, unit)
    if found and unit.lock_reason == MOVE_FIRST and not lots.may_lie(found.location, Status(found.status)):
        unit.lock_reason = None


def lock_lot(tx: Transaction, lot: Lot) -> None:
    """Let nobody take of this item or decide on this lot before this transaction ends, then see it as it is now."""
    tx.session.execute(select(Item.id).where(Item.id == lot.item_id).with_for_update(key_share=True))
    tx.session.refresh(lot, with_for_update={"of": Lot})
