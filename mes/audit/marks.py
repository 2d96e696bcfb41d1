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
UNACCOUNTED = text("""
SELECT label.serial, count(*) AS pieces
FROM label
JOIN print_job ON print_job.label_id = label.id
WHERE print_job.state = 'done' AND NOT print_job.spoiled
GROUP BY label.serial
HAVING count(*) > 1
""")
SPOILED_UNPRINTED = text("""
SELECT label.serial, print_job.id AS job, print_job.state
FROM print_job
JOIN label ON label.id = print_job.label_id
WHERE print_job.spoiled AND print_job.state <> 'done'
""")
NOT_A_COPY = text("""
SELECT label.serial, later.id AS job
FROM print_job AS later
JOIN print_job AS earlier ON earlier.label_id = later.label_id AND earlier.id < later.id AND earlier.state = 'done'
JOIN label ON label.id = later.label_id
WHERE NOT later.copy AND later.state IN ('queued', 'leased', 'done', 'unknown')
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


def every_printed_label_is_accounted_for(session: Session) -> Faults:
    """F5: printed = in use + voided + spoiled. So of each label one piece counts at most, and only pieces spoil."""
    for row in session.execute(UNACCOUNTED):
        yield (
            row.serial,
            f"标签 {row.serial} 有 {row.pieces} 张未作废坏的印件，账不平。",
            f"Label {row.serial} has {row.pieces} pieces that are not spoiled: the account is not even.",
        )
    for row in session.execute(SPOILED_UNPRINTED):
        yield (
            row.serial,
            f"标签 {row.serial} 的打印任务 {row.job} 记为损坏，但状态为 {row.state}，并未打出。",
            f"Print job {row.job} of label {row.serial} counts as spoiled, but it is {row.state}: nothing came out.",
        )


def a_second_piece_is_marked_as_a_copy(session: Session) -> Faults:
    """Whoever holds two pieces of one label can tell which is the copy."""
    for row in session.execute(NOT_A_COPY):
        yield (
            row.serial,
            f"标签 {row.serial} 已打印过，打印任务 {row.job} 却未标副本。",
            f"Label {row.serial} was printed before, but print job {row.job} is not marked as a copy.",
        )
