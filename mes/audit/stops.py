"""What was stopped: missing boxes locked until counted, holds on record, consents there, nothing due shipped."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from mes.journal import Event
from mes.masters.model import Plant
from mes.quality.lot_standing import stopped_by_hold
from mes.stock.locks import MISSING
from mes.stock.model import Balance, Lot, Movement
from mes.stock.status import Status

Faults = Iterator[tuple[str, str, str]]

NOT_LOCKED = text("""
SELECT lot.code AS lot, person.badge AS badge
FROM missing_report
JOIN handling_unit ON handling_unit.id = missing_report.unit_id
JOIN lot ON lot.id = handling_unit.lot_id
JOIN person ON person.id = missing_report.person_id
WHERE missing_report.counted_at IS NULL AND coalesce(handling_unit.lock_reason, '') <> :missing
ORDER BY missing_report.id
""").bindparams(bindparam("missing", MISSING))
NOT_REPORTED = text("""
SELECT lot.code AS lot, handling_unit.id AS unit
FROM handling_unit
JOIN lot ON lot.id = handling_unit.lot_id
LEFT JOIN missing_report ON missing_report.unit_id = handling_unit.id AND missing_report.counted_at IS NULL
WHERE handling_unit.lock_reason = :missing AND missing_report.id IS NULL
ORDER BY handling_unit.id
""").bindparams(bindparam("missing", MISSING))
WITHOUT_CONSENT = text("""
SELECT nonconformance.code AS report, disposition.kind, lot.code AS lot, customer.code AS owner
FROM disposition
JOIN nonconformance ON nonconformance.id = disposition.nonconformance_id
JOIN lot ON lot.id = nonconformance.lot_id
JOIN customer ON customer.id = lot.owner_id
WHERE NOT EXISTS (SELECT 1 FROM consent WHERE consent.nonconformance_id = nonconformance.id
                  AND consent.kind = disposition.kind AND consent.event_id < disposition.event_id)
ORDER BY disposition.id
""")


def a_missing_box_is_locked_until_another_has_counted(session: Session) -> Faults:
    """F4: what somebody did not find is nobody's to use, and what is locked as missing was reported by somebody."""
    for row in session.execute(NOT_LOCKED):
        yield (
            row.lot,
            f"批次 {row.lot} 由 {row.badge} 报找不到，无人盘点，料箱却未锁定。",
            f"A box of lot {row.lot} was reported not found by {row.badge}, nobody counted it, but it is not locked.",
        )
    for row in session.execute(NOT_REPORTED):
        yield (
            f"{row.lot} #{row.unit}",
            f"批次 {row.lot} 的料箱 #{row.unit} 以找不到锁定，却无人报告。",
            f"Box #{row.unit} of lot {row.lot} is locked as missing, but nobody reported it.",
        )


def what_a_hold_stopped_is_on_hold(session: Session) -> Faults:
    """A box that only a hold keeps from use belongs to a lot that is on hold; else nobody could release it."""
    waiting = (
        select(Lot.id, Lot.code, Balance.holder_id)
        .join(Balance, Balance.lot_id == Lot.id)
        .where(Lot.hold_reason.is_(None), Balance.status == Status.AWAITING_DECISION, Balance.quantity > 0)
        .order_by(Balance.holder_id)
    )
    for lot, code, holder in session.execute(waiting).all():
        if holder in stopped_by_hold(session, lot):
            yield (
                f"{code} #{holder}",
                f"批次 {code} 未在隔离中，其料箱 #{holder} 却仍因隔离待判。",
                f"Lot {code} is not on hold, but its box #{holder} still awaits a decision because of one.",
            )


def a_customers_property_is_decided_on_with_his_consent(session: Session) -> Faults:
    """P16: no disposition of a customer's property without his consent, recorded before."""
    for row in session.execute(WITHOUT_CONSENT):
        yield (
            row.report,
            f"不合格品 {row.report}（批次 {row.lot}，客户 {row.owner} 财产）处置前无客户同意记录。",
            f"{row.report} (lot {row.lot} of customer {row.owner}) was decided as {row.kind} without his consent.",
        )


def nothing_was_shipped_after_its_day(session: Session) -> Faults:
    """P18, P21: no lot went to a customer on or after the day its re-inspection was due, or after it had expired."""
    zone = ZoneInfo(session.scalars(select(Plant.zone)).one())
    shipped = (
        select(Lot.code, Lot.recheck_on, Lot.expires_on, func.max(Event.occurred_at).label("at"))
        .join(Movement, Movement.lot_id == Lot.id)
        .join(Event, Event.id == Movement.event_id)
        .where(Movement.order_id.is_not(None))
        .group_by(Lot.code, Lot.recheck_on, Lot.expires_on)
        .order_by(Lot.code)
    )
    for row in session.execute(shipped):
        day = row.at.astimezone(zone).date()
        if row.recheck_on <= day or (row.expires_on and row.expires_on < day):
            yield (
                row.code,
                f"批次 {row.code} 于 {day} 发货，而复检期为 {row.recheck_on}，有效期至 {row.expires_on or '—'}。",
                f"Lot {row.code} was shipped on {day}; re-inspection was due on {row.recheck_on}, "
                f"it expires on {row.expires_on or '—'}.",
            )
