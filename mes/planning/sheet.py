"""What stands on a run card when it is printed (QR-7502, P11): one plain value that any layout can set.

Reads the card as released; decides and prints nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from mes.codes import ItemCode, LotCode, OperationCode, RunCardCode, encode
from mes.masters.model import BomLine
from mes.masters.units import needed, shown
from mes.memory import masters
from mes.production.model import CardOperation, RunCard


def sheet(session: Session, card: RunCard) -> dict[str, Any]:
    """Heading, operations in order with a scannable code each, and the material to draw at them."""
    line = card.plan_line
    return {
        "card": card.code,
        "lot": card.lot.code,
        "item": card.item.code,
        "name_zh": card.item.name_zh,
        "name_en": card.item.name_en,
        "quantity": shown(card.quantity, card.item.uom),
        "date": f"{card.released_for:%Y-%m-%d}",
        "revision": str(card.revision.revision),
        "due_on": f"{line.due_on:%Y-%m-%d}" if line else "",
        "order": line.order.order_no if line and line.order else "",
        "plan": f"{line.revision.month} r{line.revision.revision}" if line else "",
        "code_card": encode(RunCardCode(card.code)),
        "code_lot": encode(LotCode(card.lot.code)),
        "code_item": encode(ItemCode(card.item.code)),
        "operations": [_row(card, operation) for operation in card.operations],
        "materials": _materials(session, card),
    }


def _row(card: RunCard, operation: CardOperation) -> dict[str, str]:
    step = operation.operation
    return {
        "seq": str(operation.seq),
        "operation": step.code,
        "name_zh": step.name_zh,
        "name_en": step.name_en,
        "work_center": step.work_center.code,
        "process_class": step.process_class,
        "first_article": "yes" if step.first_article else "no",
        "instruction": step.instruction,
        "code_operation": encode(OperationCode(card.code, operation.seq)),
    }


def _materials(session: Session, card: RunCard) -> list[dict[str, str]]:
    lines = sorted(masters(session).where(BomLine, revision_id=card.revision_id), key=lambda line: line.seq)
    return [
        {
            "seq": str(line.seq),
            "item": line.component.code,
            "name_zh": line.component.name_zh,
            "name_en": line.component.name_en,
            "quantity": _need(card, line),
        }
        for line in lines
    ]


def _need(card: RunCard, line: BomLine) -> str:
    uom = line.component.uom
    return shown(needed(card.quantity, Decimal(line.qty_per), card.item.uom, uom), uom)
