"""The operation in hand as a screen shows it, in one statement: counts, what waits for it, its set-up (F1)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, cast, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import BigInteger

from mes.masters.model import Equipment, Item, Operation, ProcessRevision
from mes.masters.units import shown
from mes.production.model import STANDS, CardOperation, Report, RunCard
from mes.quality.model import Inspection
from mes.stock.model import Balance

Before = aliased(CardOperation, name="before")
FIRST_ARTICLE = "first_article"


def operation_in_hand(session: Session, name: str | None) -> dict[str, Any] | None:
    """A card's operation (CARD+SEQ) with its counts and its set-up; None without one."""
    card, _, seq = (name or "").partition("+")
    if not seq:
        return None
    row = session.execute(_question(card, int(seq))).one_or_none()
    return _shown(row) if row else None


def _question(card: str, seq: int) -> Select[Any]:
    columns: list[Any] = [
        CardOperation.seq,
        CardOperation.state,
        RunCard.code.label("card"),
        RunCard.quantity.label("planned"),
        RunCard.revision_id,
        Item.code.label("item"),
        Item.name_zh.label("item_zh"),
        Item.name_en.label("item_en"),
        Item.uom,
        Operation.name_zh.label("zh"),
        Operation.name_en.label("en"),
        Operation.process_class,
        Operation.first_article,
        Operation.instruction,
        Equipment.code.label("machine"),
        ProcessRevision.revision,
        _sum(Report.good).label("good"),
        _sum(Report.bad).label("bad"),
        _before().label("before"),
        _lying_before().label("lying"),
        Inspection.attempt,
        Inspection.quantity.label("wanted"),
        Inspection.opened_at,
        _sum(Report.good + Report.bad, _of_attempt()).label("made"),
        _reports(func.min(Report.at), _of_attempt()).label("first_at"),
    ]
    return (
        select(*columns)
        .select_from(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .join(Item, Item.id == RunCard.item_id)
        .join(Operation, Operation.id == CardOperation.operation_id)
        .join(ProcessRevision, ProcessRevision.id == RunCard.revision_id)
        .outerjoin(Equipment, Equipment.id == CardOperation.equipment_id)
        .outerjoin(
            Inspection,
            and_(
                Inspection.card_operation_id == CardOperation.id,
                Inspection.stage == FIRST_ARTICLE,
                Inspection.state == "open",
            ),
        )
        .where(RunCard.code == card, CardOperation.seq == seq)
    )


def _reports(what: Any, *which: ColumnElement[bool]) -> Any:
    return (
        select(what)
        .where(Report.card_operation_id == CardOperation.id, STANDS, *which)
        .correlate(CardOperation, Inspection)
        .scalar_subquery()
    )


def _sum(what: Any, *which: ColumnElement[bool]) -> Any:
    return _reports(cast(func.coalesce(func.sum(what), 0), BigInteger), *which)


def _of_attempt() -> ColumnElement[bool]:
    """Reports of the first article that is open: those since it was asked for (F1)."""
    return Report.id > Inspection.after_report


def _before() -> Any:
    """The operation before on the same card."""
    earlier = select(func.max(Before.seq)).where(
        Before.card_id == CardOperation.card_id, Before.seq < CardOperation.seq
    )
    return earlier.correlate(CardOperation).scalar_subquery()


def _lying_before() -> Any:
    """Good pieces that lie at the operation before."""
    good = Balance.status.in_(("in_process", "accepted"))
    lying = select(cast(func.coalesce(func.sum(Balance.quantity), 0), BigInteger)).join(
        Before, Before.id == Balance.holder_id
    )
    return (
        lying.where(Before.card_id == CardOperation.card_id, Before.seq == _before(), good)
        .correlate(CardOperation)
        .scalar_subquery()
    )


def _shown(row: Row[Any]) -> dict[str, Any]:
    names = (
        "card",
        "seq",
        "item",
        "item_zh",
        "item_en",
        "zh",
        "en",
        "state",
        "process_class",
        "instruction",
        "revision",
        "machine",
    )
    counts = {name: int(getattr(row, name)) for name in ("good", "bad", "planned")}
    return {
        **{name: getattr(row, name) for name in names},
        **counts,
        "ready": int(row.planned if row.before is None else row.lying),
        "setup": _set_up(row),
        "revision": row.revision,
        "revision_id": row.revision_id,
    }


def _set_up(row: Row[Any]) -> dict[str, Any] | None:
    """How the first article stands: None where none is asked for; `since` the moment from which it waits."""
    if not row.first_article or row.state == "waiting":
        return None
    if row.attempt is None:
        return {"state": "released"}
    return {
        "state": "ready" if row.made >= row.wanted else "making",
        "attempt": row.attempt,
        "made": shown(int(row.made), row.uom),
        "wanted": shown(int(row.wanted), row.uom),
        "since": (row.first_at or row.opened_at).isoformat(),
    }
