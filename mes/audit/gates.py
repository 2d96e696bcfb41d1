"""Did everything pass its gates: approved plans, whole first articles, decisions by somebody else (P4, F1, F8)?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

Faults = Iterator[tuple[str, str, str]]

OUTSIDE = text("""
SELECT run_card.code, item.code AS item
FROM run_card
JOIN item ON item.id = run_card.item_id
LEFT JOIN plan_line ON plan_line.id = run_card.plan_line_id
LEFT JOIN plan_revision ON plan_revision.id = plan_line.revision_id
WHERE NOT run_card.outside_plan AND (plan_revision.id IS NULL OR plan_revision.state = 'draft')
ORDER BY run_card.code
""")
# Only what was asked for since every piece is measured: then an attempt knows after which report it began.
UNMEASURED = text("""
SELECT run_card.code AS card, card_operation.seq, inspection.attempt, characteristic.number,
       count(DISTINCT measurement.piece) AS measured, inspection.quantity AS pieces
FROM inspection
JOIN card_operation ON card_operation.id = inspection.card_operation_id
JOIN run_card ON run_card.id = card_operation.card_id
JOIN item ON item.id = run_card.item_id
JOIN characteristic ON characteristic.revision_id = run_card.revision_id AND characteristic.seq = card_operation.seq
     AND characteristic.stage = 'first_article'
LEFT JOIN measurement ON measurement.inspection_id = inspection.id AND measurement.characteristic_id = characteristic.id
     AND measurement.conforms
WHERE inspection.stage = 'first_article' AND inspection.state = 'passed' AND item.uom = 'pcs'
      AND inspection.after_report IS NOT NULL
GROUP BY run_card.code, card_operation.seq, inspection.attempt, characteristic.number, inspection.quantity
HAVING count(DISTINCT measurement.piece) < inspection.quantity
ORDER BY run_card.code, card_operation.seq, inspection.attempt, characteristic.number
""")
# Only what was signed since the signature names whose report it decides on.
OWN = text("""
SELECT nonconformance.code, person.badge
FROM disposition
JOIN nonconformance ON nonconformance.id = disposition.nonconformance_id
JOIN person ON person.id = disposition.person_id
JOIN signature ON signature.event_id = disposition.event_id AND signature.meaning LIKE 'dispose:% of %'
WHERE nonconformance.found_by = disposition.person_id
ORDER BY nonconformance.code
""")


def a_run_card_stands_for_a_line_of_an_approved_plan(session: Session) -> Faults:
    """P4: what is made is planned and approved, or the plan's approver let it pass."""
    for row in session.execute(OUTSIDE):
        yield (
            row.code,
            f"流转单 {row.code}（{row.item}）不在任何已批准的计划内。",
            f"Run card {row.code} ({row.item}) stands for no line of an approved plan.",
        )


def a_passed_first_article_is_measured_piece_by_piece(session: Session) -> Faults:
    """F1: every piece of a first article that passed was measured, and within limits."""
    for row in session.execute(UNMEASURED):
        operation = f"{row.card}+{row.seq}"
        yield (
            operation,
            f"{operation} 第 {row.attempt} 次首检已放行，但项目 {row.number} 合格仅 {row.measured} / {row.pieces} 件。",
            f"First article {row.attempt} of {operation} has passed, but characteristic {row.number} "
            f"conforms on {row.measured} of {row.pieces} pieces only.",
        )


def nobody_decided_on_what_he_found_nonconforming(session: Session) -> Faults:
    """F8: a disposition is signed by somebody else than who raised or rejected."""
    for row in session.execute(OWN):
        yield (
            row.code,
            f"不合格品 {row.code} 由发现人 {row.badge} 自己处置。",
            f"Nonconformance {row.code} was decided by {row.badge}, who had raised it.",
        )
