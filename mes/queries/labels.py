"""The account of labels: per batch, every piece that came out is in use, voided or spoiled (F5). Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select
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
    mine = _of_lot(lot)
    piece = and_(mine, PrintJob.state == JobState.DONE)
    good = and_(piece, PrintJob.spoiled.is_(False))
    return LabelAccount(
        lot=lot.code,
        printed=_jobs(session, piece),
        in_use=_labels(session, and_(good, Label.voided_by.is_(None))),
        voided=_labels(session, and_(good, Label.voided_by.is_not(None))),
        spoiled=_jobs(session, and_(piece, PrintJob.spoiled)),
        waiting=_jobs(session, and_(mine, PrintJob.state.in_((JobState.QUEUED, JobState.LEASED)))),
        unknown=_jobs(session, and_(mine, PrintJob.state == JobState.UNKNOWN)),
        failed=_jobs(session, and_(mine, PrintJob.state == JobState.FAILED)),
        cards=int(
            session.scalar(
                select(func.count()).select_from(Label).where(mine, Label.card.is_not(None), Label.voided_by.is_(None))
            )
            or 0
        ),
    )


def _of_lot(lot: Lot) -> ColumnElement[bool]:
    """The labels of a lot's boxes, of the cartons around them, and of its run cards' operations."""
    boxes = select(HandlingUnit.id).where(HandlingUnit.lot_id == lot.id)
    cartons = select(HandlingUnit.container_id).where(
        HandlingUnit.lot_id == lot.id, HandlingUnit.container_id.is_not(None)
    )
    steps = select(CardOperation.id).join(RunCard, RunCard.id == CardOperation.card_id).where(RunCard.lot_id == lot.id)
    return or_(Label.holder_id.in_(boxes), Label.holder_id.in_(steps), Label.container_id.in_(cartons))


def _jobs(session: Session, which: ColumnElement[bool]) -> int:
    query = select(func.count(PrintJob.id)).join(Label, Label.id == PrintJob.label_id).where(which)
    return int(session.scalar(query) or 0)


def _labels(session: Session, which: ColumnElement[bool]) -> int:
    query = select(func.count(distinct(Label.id))).join(PrintJob, PrintJob.label_id == Label.id).where(which)
    return int(session.scalar(query) or 0)
