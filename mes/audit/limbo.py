"""Is everything still going somewhere? Goods, operations, boxes and reports that nobody could go on with, or undo."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

Faults = Iterator[tuple[str, str, str]]

AT_WORK_TOO_LATE = text("""
SELECT run_card.code AS card, run_card.state AS over, card_operation.seq, card_operation.state
FROM card_operation
JOIN run_card ON run_card.id = card_operation.card_id
WHERE card_operation.state IN ('setup', 'running') AND run_card.state IN ('complete', 'closed', 'cancelled')
ORDER BY run_card.code, card_operation.seq
""")
NOBODY_AT_WORK = text("""
SELECT run_card.code AS card, card_operation.seq
FROM card_operation
JOIN run_card ON run_card.id = card_operation.card_id
WHERE card_operation.state IN ('setup', 'running')
  AND (card_operation.started_at IS NULL OR card_operation.operator_id IS NULL)
ORDER BY run_card.code, card_operation.seq
""")
MADE_BEFORE_START = text("""
SELECT run_card.code AS card, card_operation.seq
FROM card_operation
JOIN run_card ON run_card.id = card_operation.card_id
WHERE card_operation.state = 'waiting' AND EXISTS (
  SELECT 1 FROM report WHERE report.card_operation_id = card_operation.id
  AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.report_id = report.id))
ORDER BY run_card.code, card_operation.seq
""")
SET_UP_FOR_NOTHING = text("""
SELECT run_card.code AS card, card_operation.seq, card_operation.state
FROM card_operation
JOIN run_card ON run_card.id = card_operation.card_id
WHERE (card_operation.state = 'setup') <> EXISTS (
  SELECT 1 FROM inspection WHERE inspection.card_operation_id = card_operation.id
  AND inspection.stage = 'first_article' AND inspection.state = 'open')
ORDER BY run_card.code, card_operation.seq
""")
# On a complete card quality may still have pieces in hand: what it makes good opens the card again.
LEFT_BEHIND = text("""
SELECT run_card.code AS card, run_card.state, card_operation.seq, balance.status, balance.quantity
FROM balance
JOIN card_operation ON card_operation.id = balance.holder_id
JOIN run_card ON run_card.id = card_operation.card_id
WHERE balance.quantity > 0 AND (run_card.state IN ('closed', 'cancelled')
   OR (run_card.state = 'complete' AND balance.status IN ('in_process', 'accepted')))
ORDER BY run_card.code, card_operation.seq, balance.status
""")
GOOD_OF_CANCELLED = text("""
SELECT run_card.code AS card, balance.holder_id, location.code AS place
FROM run_card
JOIN balance ON balance.lot_id = run_card.lot_id AND balance.quantity > 0 AND balance.status = 'accepted'
JOIN handling_unit ON handling_unit.id = balance.holder_id
JOIN location ON location.id = balance.location_id
WHERE run_card.state = 'cancelled'
ORDER BY run_card.code, balance.holder_id
""")
LOADED_ELSEWHERE = text("""
SELECT lot.code AS lot, line.code AS line, place.code AS place
FROM loaded
JOIN handling_unit ON handling_unit.id = loaded.unit_id
JOIN lot ON lot.id = handling_unit.lot_id
JOIN location AS line ON line.id = loaded.location_id
JOIN balance ON balance.holder_id = loaded.unit_id AND balance.quantity > 0
JOIN location AS place ON place.id = balance.location_id
WHERE loaded.unloaded_at IS NULL AND balance.location_id <> loaded.location_id
ORDER BY lot.code
""")
LOADED_WHERE_NOBODY_WORKS = text("""
SELECT lot.code AS lot, line.code AS line
FROM loaded
JOIN handling_unit ON handling_unit.id = loaded.unit_id
JOIN lot ON lot.id = handling_unit.lot_id
JOIN location AS line ON line.id = loaded.location_id
WHERE loaded.unloaded_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM station WHERE station.location_id = line.id AND NOT station.retired)
ORDER BY lot.code
""")
STOPPED_WITHOUT_A_WORD = text("""
SELECT code AS what FROM run_card WHERE (state = 'held') <> (hold_reason IS NOT NULL AND trim(hold_reason) <> '')
UNION ALL
SELECT code FROM lot WHERE trim(hold_reason) = ''
UNION ALL
SELECT lot.code FROM handling_unit JOIN lot ON lot.id = handling_unit.lot_id WHERE trim(handling_unit.lock_reason) = ''
""")
NOTHING_TO_DECIDE = text("""
SELECT nonconformance.code
FROM nonconformance
WHERE nonconformance.state = 'open' AND NOT EXISTS (
  SELECT 1 FROM balance WHERE balance.holder_id = nonconformance.holder_id AND balance.quantity > 0
  AND balance.status IN ('nonconforming', 'awaiting_decision'))
ORDER BY nonconformance.code
""")
CROOKED_REVERSALS = text("""
SELECT 'movement' AS kind, undoing.id AS undoing, done.id AS done
FROM movement AS undoing
JOIN movement AS done ON done.id = undoing.reverses_id
WHERE undoing.lot_id <> done.lot_id OR undoing.quantity <> done.quantity
   OR undoing.from_holder_id <> done.to_holder_id OR undoing.to_holder_id <> done.from_holder_id
   OR undoing.from_location_id <> done.to_location_id OR undoing.to_location_id <> done.from_location_id
   OR undoing.from_status <> done.to_status OR undoing.to_status <> done.from_status
UNION ALL
SELECT 'consumption', undoing.id, done.id
FROM consumption AS undoing
JOIN consumption AS done ON done.id = undoing.reverses_id
WHERE undoing.quantity <> -done.quantity OR undoing.card_operation_id <> done.card_operation_id
   OR undoing.parent_lot_id <> done.parent_lot_id OR undoing.child_lot_id <> done.child_lot_id
   OR undoing.unit_id <> done.unit_id
""")
HALF_TAKEN_BACK = text("""
SELECT report.id AS report, 'movement' AS kind, movement.id AS row
FROM taken_back
JOIN report ON report.id = taken_back.report_id
JOIN movement ON movement.event_id = report.event_id
WHERE NOT EXISTS (SELECT 1 FROM movement AS undoing
                  WHERE undoing.reverses_id = movement.id AND undoing.event_id = taken_back.event_id)
UNION ALL
SELECT report.id, 'consumption', consumption.id
FROM taken_back
JOIN report ON report.id = taken_back.report_id
JOIN consumption ON consumption.event_id = report.event_id
WHERE NOT EXISTS (SELECT 1 FROM consumption AS undoing
                  WHERE undoing.reverses_id = consumption.id AND undoing.event_id = taken_back.event_id)
""")


def an_operation_at_work_is_on_an_open_card(session: Session) -> Faults:
    """Nothing is at work on a card that is over."""
    for row in session.execute(AT_WORK_TOO_LATE):
        yield (
            f"{row.card}+{row.seq}",
            f"流转单 {row.card} 已是 {row.over}，工序 {row.seq} 却仍为 {row.state}。",
            f"Run card {row.card} is {row.over}, but its operation {row.seq} is still {row.state}.",
        )


def an_operation_at_work_says_who_and_since_when(session: Session) -> Faults:
    """Whoever is at work was named when it began."""
    for row in session.execute(NOBODY_AT_WORK):
        yield (
            f"{row.card}+{row.seq}",
            f"流转单 {row.card} 工序 {row.seq} 在做，却无操作者或开工时间。",
            f"Operation {row.seq} of {row.card} is at work, but nobody knows by whom or since when.",
        )


def an_operation_that_waits_has_made_nothing(session: Session) -> Faults:
    """A start is given back only when no report of it stands."""
    for row in session.execute(MADE_BEFORE_START):
        yield (
            f"{row.card}+{row.seq}",
            f"流转单 {row.card} 工序 {row.seq} 未开工，却有有效的报工。",
            f"Operation {row.seq} of {row.card} waits to be started, but has reports that stand.",
        )


def an_operation_in_set_up_waits_for_its_first_article(session: Session) -> Faults:
    """F1: set-up lasts exactly as long as a first article is open."""
    for row in session.execute(SET_UP_FOR_NOTHING):
        yield (
            f"{row.card}+{row.seq}",
            f"流转单 {row.card} 工序 {row.seq} 状态 {row.state} 与首检任务不符。",
            f"Operation {row.seq} of {row.card} is {row.state}, which does not fit its first article.",
        )


def what_lies_on_a_card_that_is_over_has_a_way_on(session: Session) -> Faults:
    """P10: when a card is over its goods are in boxes, or in the hands of quality."""
    for row in session.execute(LEFT_BEHIND):
        yield (
            f"{row.card}+{row.seq} {row.status}",
            f"流转单 {row.card} 已是 {row.state}，工序 {row.seq} 仍有 {row.status} 数量 {row.quantity}，无路可走。",
            f"Run card {row.card} is {row.state}, but {row.quantity} {row.status} still lie at operation {row.seq}.",
        )


def a_cancelled_card_has_no_good_boxes(session: Session) -> Faults:
    """A card of which something went into store is closed short, not cancelled."""
    for row in session.execute(GOOD_OF_CANCELLED):
        yield (
            f"{row.card} #{row.holder_id}",
            f"流转单 {row.card} 已取消，{row.place} 却有其合格料箱 #{row.holder_id}。",
            f"Run card {row.card} is cancelled, but box #{row.holder_id} of it at {row.place} is accepted.",
        )


def a_loaded_box_lies_where_it_is_loaded(session: Session) -> Faults:
    """F2: what is drawn from a line's box is drawn at that line."""
    for row in session.execute(LOADED_ELSEWHERE):
        yield (
            f"{row.lot} {row.line}",
            f"批次 {row.lot} 的料箱在 {row.line} 上料，账面却在 {row.place}。",
            f"A box of lot {row.lot} is loaded at {row.line}, but lies at {row.place}.",
        )


def a_line_with_loaded_boxes_has_a_station(session: Session) -> Faults:
    """Where no station is in service nobody can unload a box."""
    for row in session.execute(LOADED_WHERE_NOBODY_WORKS):
        yield (
            f"{row.lot} {row.line}",
            f"{row.line} 已无在用工位，批次 {row.lot} 的料箱却仍在那里上料。",
            f"No station is in service at {row.line}, but a box of lot {row.lot} is still loaded there.",
        )


def what_is_stopped_says_why(session: Session) -> Faults:
    """Law 12: a card on hold, a held lot and a locked box carry their reason."""
    for row in session.execute(STOPPED_WITHOUT_A_WORD):
        yield (
            row.what,
            f"{row.what} 的挂起或锁定与其原因不符。",
            f"{row.what} is stopped without a reason, or has the reason of a stop that is over.",
        )


def an_open_nonconformance_has_goods(session: Session) -> Faults:
    """P14: a report waits for a decision only while its goods do."""
    for row in session.execute(NOTHING_TO_DECIDE):
        yield (
            row.code,
            f"不合格品 {row.code} 待处置，其实物却已不在。",
            f"Nonconformance {row.code} waits for a decision, but its goods are gone.",
        )


def a_reversal_mirrors_what_it_reverses(session: Session) -> Faults:
    """Law 3: a mistake is undone by its exact opposite."""
    for row in session.execute(CROOKED_REVERSALS):
        yield (
            f"{row.kind} {row.undoing}",
            f"{row.kind} {row.undoing} 冲回 {row.done}，但内容不相反。",
            f"Row {row.undoing} of {row.kind} reverses {row.done}, but is not its opposite.",
        )


def a_report_is_taken_back_as_a_whole(session: Session) -> Faults:
    """Pieces, material and genealogy go back together, under one event."""
    for row in session.execute(HALF_TAKEN_BACK):
        yield (
            f"report {row.report} {row.kind} {row.row}",
            f"报工 {row.report} 已撤回，其 {row.kind} {row.row} 却未冲回。",
            f"Report {row.report} was taken back, but row {row.row} of {row.kind} was not reversed with it.",
        )
