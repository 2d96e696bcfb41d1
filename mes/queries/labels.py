"""The account of labels: per batch, every piece that came out is in use, voided or spoiled (F5). Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobState
from mes.production.model import CardOperation, RunCard
from mes.refusals import UnknownCode, refuse
from mes.stock.model import HandlingUnit, Lot


@dataclass(frozen=True)
class LabelAccount:
    """The labels of one batch: `printed` counts pieces that came out, `in_use` and `voided` count labels.

    Beside the account: jobs that wait, of which nobody knows, that failed, and colour cards in use.
    """

    lot: str
    printed: int
    in_use: int
    voided: int
    spoiled: int
    waiting: int
    unknown: int
    failed: int
    cards: int

    @property
    def even(self) -> bool:
        """Whether every piece is accounted for, and no label is on the goods twice."""
        return self.printed == self.in_use + self.voided + self.spoiled


def account(session: Session, lot_code: str) -> LabelAccount:
    """The account of a batch; raises `UnknownCode`."""
    lot = session.scalar(select(Lot).where(Lot.code == lot_code))
    if lot is None:
        raise refuse(UnknownCode(text=lot_code))
    counts = session.execute(_counts(_of_lot(lot))).one()
    return LabelAccount(lot.code, *(int(count) for count in counts))


def _of_lot(lot: Lot) -> ColumnElement[bool]:
    """The labels of a lot's boxes, of the cartons around them, and of its run cards' operations."""
    boxes = select(HandlingUnit.id).where(HandlingUnit.lot_id == lot.id)
    cartons = select(HandlingUnit.container_id).where(
        HandlingUnit.lot_id == lot.id, HandlingUnit.container_id.is_not(None)
    )
    steps = select(CardOperation.id).join(RunCard, RunCard.id == CardOperation.card_id).where(RunCard.lot_id == lot.id)
    return or_(Label.holder_id.in_(boxes), Label.holder_id.in_(steps), Label.container_id.in_(cartons))


def _counts(mine: ColumnElement[bool]) -> Select[Any]:
    """Everything that is counted of some labels and their jobs, in the order of the account."""
    done, spoiled, valid = PrintJob.state == JobState.DONE, PrintJob.spoiled.is_(True), Label.voided_by.is_(None)
    waiting = PrintJob.state.in_((JobState.QUEUED, JobState.LEASED))
    return (
        select(
            _jobs(done),
            _labels(done & ~spoiled & valid),
            _labels(done & ~spoiled & ~valid),
            _jobs(done & spoiled),
            _jobs(waiting),
            _jobs(PrintJob.state == JobState.UNKNOWN),
            _jobs(PrintJob.state == JobState.FAILED),
            _labels(Label.card.is_not(None) & valid),
        )
        .select_from(Label)
        .outerjoin(PrintJob, PrintJob.label_id == Label.id)
        .where(mine)
    )


def _jobs(which: ColumnElement[bool]) -> Any:
    return func.count(case((which, PrintJob.id)))


def _labels(which: ColumnElement[bool]) -> Any:
    return func.count(distinct(case((which, Label.id))))
