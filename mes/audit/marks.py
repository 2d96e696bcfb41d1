"""Do the labels tell the truth (law 9, F5)? Asks only what is valid now; voided labels may say what they like."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

Faults = Iterator[tuple[str, str, str]]

# An empty box, or one that was shipped, keeps its last label; so only holders that hold something here are asked.
LYING = text("""
SELECT label.serial, label.status, lot.code AS lot, min(balance.status) AS actual
FROM label
JOIN balance ON balance.holder_id = label.holder_id AND balance.quantity > 0
JOIN lot ON lot.id = balance.lot_id
WHERE label.voided_by IS NULL AND label.status IS NOT NULL
GROUP BY label.serial, label.status, lot.code
HAVING sum(CASE WHEN balance.status = label.status THEN 1 ELSE 0 END) = 0
""")
MARKED_TWICE = text("""
SELECT lot.code AS lot, label.holder_id, count(*) AS labels
FROM label
JOIN handling_unit ON handling_unit.id = label.holder_id
JOIN lot ON lot.id = handling_unit.lot_id
WHERE label.voided_by IS NULL AND label.status IS NOT NULL
GROUP BY lot.code, label.holder_id
HAVING count(*) > 1
""")


def a_label_tells_the_status(session: Session) -> Faults:
    """A valid status label marks goods that are in that status."""
    for row in session.execute(LYING):
        yield (
            row.serial,
            f"标签 {row.serial} 标示 {row.status}，而批次 {row.lot} 的状态为 {row.actual}。",
            f"Label {row.serial} says {row.status}, but the goods of lot {row.lot} are {row.actual}.",
        )


def a_box_has_one_valid_status_label(session: Session) -> Faults:
    """A new status voids the old mark, so a box never carries two that are valid."""
    for row in session.execute(MARKED_TWICE):
        yield (
            f"{row.lot} #{row.holder_id}",
            f"批次 {row.lot} 的料箱 #{row.holder_id} 有 {row.labels} 张有效状态标签。",
            f"Box #{row.holder_id} of lot {row.lot} has {row.labels} valid status labels.",
        )
