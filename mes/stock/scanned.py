"""What a scanned code says of a box: its label, its lot's number or its carton's, each worth as much as it proves.

Looks only; whether what is found counts here is for `mes.resolve` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from mes.labelling.model import Label
from mes.stock import ledger
from mes.stock.lots import IN_CONTAINER, flags, held, keep
from mes.stock.model import Balance, Container, HandlingUnit, Holder, Lot
from mes.transaction import Transaction


@dataclass(frozen=True)
class Scanned:
    """The one box that a code stands for, the label if that was scanned, and the id of a label that was voided."""

    unit: HandlingUnit
    label: Label | None
    voided_id: int | None


def by_code(tx: Transaction, code: str) -> Scanned | None:
    """The one box that a label's serial, a lot's or a carton's number stands for; None where it is not so simple."""
    return tx.once((HandlingUnit, code), lambda: _by_code(tx, code))


def _by_code(tx: Transaction, code: str) -> Scanned | None:
    rows = tx.session.execute(BY_CODE, {"code": code}).all()
    if len(rows) != 1:
        return None
    unit, label, voided, *seen = rows[0]
    keep(tx, [(unit.id, *seen)])
    return Scanned(unit, label, voided)


def voided_mark(tx: Transaction, holder_id: int) -> int | None:
    """The newest voided label of a box, which may still hang on it."""
    return tx.session.scalar(select(VOIDED).where(Holder.id == holder_id))


MARKED = select(Label.holder_id).where(Label.serial == bindparam("code")).scalar_subquery()
OF_LOT = select(Lot.id).where(Lot.code == bindparam("code")).scalar_subquery()
CARTON = (
    select(Container.id)
    .where((Container.serial == bindparam("code")) | (Container.sscc == bindparam("code")))
    .scalar_subquery()
)
Old = aliased(Label)


def _voided(holder: Any) -> Any:
    return select(func.max(Old.id)).where(Old.holder_id == holder, Old.voided_by.is_not(None)).scalar_subquery()


VOIDED = _voided(Holder.id)
BY_CODE = (
    select(HandlingUnit, Label, _voided(HandlingUnit.id), *flags(HandlingUnit.id), *ledger.LYING)
    .outerjoin(Label, (Label.serial == bindparam("code")) & (Label.holder_id == HandlingUnit.id))
    .outerjoin(Balance, held(HandlingUnit.id))
    .where((HandlingUnit.id == MARKED) | (HandlingUnit.lot_id == OF_LOT) | (HandlingUnit.container_id == CARTON))
    .options(IN_CONTAINER)
    .limit(2)
)
