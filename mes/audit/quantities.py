"""Do the quantities agree: balances with movements, edges with consumption, both with each other (law 4, P13)?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

Faults = Iterator[tuple[str, str, str]]

UNBALANCED = text("""
SELECT lot.code AS lot, location.code AS place, entries.status, entries.holder_id,
       CAST(sum(entries.stored) AS BIGINT) AS stored, CAST(sum(entries.moved) AS BIGINT) AS moved
FROM (SELECT holder_id, lot_id, location_id, status, quantity AS stored, 0 AS moved FROM balance
      UNION ALL
      SELECT to_holder_id, lot_id, to_location_id, to_status, 0, quantity FROM movement
      UNION ALL
      SELECT from_holder_id, lot_id, from_location_id, from_status, 0, -quantity FROM movement) AS entries
JOIN lot ON lot.id = entries.lot_id
JOIN location ON location.id = entries.location_id
GROUP BY lot.code, location.code, entries.status, entries.holder_id
HAVING sum(entries.stored) <> sum(entries.moved)
""")
MISDESCRIBED = text("""
SELECT lot.code AS lot, location.code AS place
FROM balance
JOIN lot ON lot.id = balance.lot_id
JOIN location ON location.id = balance.location_id
LEFT JOIN handling_unit ON handling_unit.id = balance.holder_id
WHERE balance.item_id <> lot.item_id OR balance.outside <> (location.zone = 'outside')
   OR handling_unit.lot_id <> balance.lot_id
""")
TORN = text("""
SELECT lot.code AS lot, balance.holder_id, count(*) AS places
FROM balance
JOIN handling_unit ON handling_unit.id = balance.holder_id
JOIN lot ON lot.id = handling_unit.lot_id
WHERE balance.quantity <> 0
GROUP BY lot.code, balance.holder_id
HAVING count(*) > 1
""")
WRONG_EDGES = text("""
SELECT parent.code AS parent, child.code AS child,
       CAST(sum(entries.edge) AS BIGINT) AS edge, CAST(sum(entries.consumed) AS BIGINT) AS consumed
FROM (SELECT parent_id, child_id, quantity AS edge, 0 AS consumed FROM edge
      UNION ALL
      SELECT parent_lot_id, child_lot_id, 0, quantity FROM consumption) AS entries
JOIN lot AS parent ON parent.id = entries.parent_id
JOIN lot AS child ON child.id = entries.child_id
GROUP BY parent.code, child.code
HAVING sum(entries.edge) <> sum(entries.consumed)
""")
UNRECORDED = text("""
SELECT lot.code AS lot, CAST(sum(entries.drawn) AS BIGINT) AS drawn, CAST(sum(entries.consumed) AS BIGINT) AS consumed
FROM (SELECT movement.lot_id, movement.quantity AS drawn, 0 AS consumed FROM movement
      JOIN location ON location.id = movement.to_location_id AND location.code = 'PRODUCTION'
      JOIN handling_unit ON handling_unit.id = movement.from_holder_id
      UNION ALL
      SELECT movement.lot_id, -movement.quantity, 0 FROM movement
      JOIN location ON location.id = movement.from_location_id AND location.code = 'PRODUCTION'
      JOIN handling_unit ON handling_unit.id = movement.to_holder_id
      WHERE movement.reverses_id IS NOT NULL
      UNION ALL
      SELECT child_lot_id, 0, quantity FROM consumption) AS entries
JOIN lot ON lot.id = entries.lot_id
GROUP BY lot.code
HAVING sum(entries.drawn) <> sum(entries.consumed)
""")


def a_balance_is_the_sum_of_its_movements(session: Session) -> Faults:
    """Law 4: the stored quantity is what the ledger's entries add up to; one that is missing counts as zero."""
    for row in session.execute(UNBALANCED):
        where = f"{row.place} {row.status}"
        yield (
            f"{row.lot} {where}",
            f"批次 {row.lot} 在 {where} 的结存为 {row.stored}，移动记录合计为 {row.moved}。",
            f"The balance of lot {row.lot} at {where} is {row.stored}, its movements add up to {row.moved}.",
        )


def a_balance_says_of_its_lot_what_is_true(session: Session) -> Faults:
    """What a balance repeats for its indexes is what lot, place and box say."""
    for row in session.execute(MISDESCRIBED):
        yield (
            f"{row.lot} {row.place}",
            f"批次 {row.lot} 在 {row.place} 的结存与批次、库位或料箱的资料不符。",
            f"The balance of lot {row.lot} at {row.place} contradicts its lot, its place or its box.",
        )


def a_box_is_in_one_place_and_status(session: Session) -> Faults:
    """A box has one lot, one place and one status."""
    for row in session.execute(TORN):
        yield (
            f"{row.lot} #{row.holder_id}",
            f"批次 {row.lot} 的料箱 #{row.holder_id} 同时在 {row.places} 个库位或状态。",
            f"Box #{row.holder_id} of lot {row.lot} is in {row.places} places or statuses at once.",
        )


def an_edge_is_the_net_consumption(session: Session) -> Faults:
    """The genealogy that traces walk is what consumption, reversals taken off, adds up to."""
    for row in session.execute(WRONG_EDGES):
        yield (
            f"{row.parent} {row.child}",
            f"谱系记 {row.parent} 用了 {row.child} {row.edge}，消耗记录合计为 {row.consumed}。",
            f"The genealogy has {row.edge} of {row.child} in {row.parent}, consumption adds up to {row.consumed}.",
        )


def what_was_drawn_stands_in_the_genealogy(session: Session) -> Faults:
    """Whatever left a box into production was recorded as consumption, in the same quantity."""
    for row in session.execute(UNRECORDED):
        yield (
            row.lot,
            f"批次 {row.lot} 投入生产 {row.drawn}，谱系记录的消耗为 {row.consumed}。",
            f"Of lot {row.lot} {row.drawn} went into production, the genealogy knows of {row.consumed}.",
        )
