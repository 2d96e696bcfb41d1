"""Do the masters agree with what stands on them: places with their goods, items with their lots?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from mes.stock.status import STATUS_WORDS, ZONE_STATUSES, Status

Faults = Iterator[tuple[str, str, str]]

# Goods that change status where they lie may stay under the area's sign while they are locked or on hold (F5).
LYING = text("""
SELECT lot.code AS lot, location.code AS place, location.status AS holds, balance.status
FROM balance
JOIN lot ON lot.id = balance.lot_id
JOIN location ON location.id = balance.location_id
JOIN handling_unit ON handling_unit.id = balance.holder_id
WHERE balance.quantity > 0 AND balance.status = 'accepted' AND location.zone <> 'outside'
  AND location.status NOT IN ('any', 'pass') AND handling_unit.lock_reason IS NULL AND lot.hold_reason IS NULL
ORDER BY lot.code
""")
KEPT_OTHERWISE = text("""
SELECT DISTINCT lot.code AS lot, item.code AS item, item.issue_rule AS rule, lot.expires_on
FROM lot
JOIN item ON item.id = lot.item_id
JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
JOIN location ON location.id = balance.location_id AND location.zone <> 'outside'
WHERE (item.issue_rule = 'FEFO' AND lot.expires_on IS NULL)
   OR (item.shelf_life_days IS NULL AND lot.expires_on IS NOT NULL)
ORDER BY lot.code
""")
OWNED_OTHERWISE = text("""
SELECT DISTINCT lot.code AS lot, item.code AS item
FROM lot
JOIN item ON item.id = lot.item_id
JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
JOIN location ON location.id = balance.location_id AND location.zone <> 'outside'
WHERE coalesce(lot.owner_id, 0) <> coalesce(item.owner_id, 0)
ORDER BY lot.code
""")
COUNTED_OTHERWISE = text("""
SELECT lot.code AS lot, item.code AS item, item.uom, lot.uom AS was
FROM lot
JOIN item ON item.id = lot.item_id
WHERE lot.uom <> item.uom AND lot.uom <> ''
ORDER BY lot.code
""")


def a_lot_is_counted_in_the_unit_it_began_in(session: Session) -> Faults:
    """Law 5: quantities are in the smallest unit of that unit's dimension; under another they say something else."""
    for row in session.execute(COUNTED_OTHERWISE):
        yield (
            row.lot,
            f"批次 {row.lot} 以 {row.was} 入账，而物料 {row.item} 现以 {row.uom} 计量。",
            f"Lot {row.lot} was booked in {row.was}, and item {row.item} is counted in {row.uom} now.",
        )


def accepted_goods_lie_where_accepted_goods_may(session: Session) -> Faults:
    """P12: a place that became an area of another status holds no accepted goods that are free."""
    for row in session.execute(LYING):
        word, allowed = STATUS_WORDS[row.status], ", ".join(sorted(ZONE_STATUSES[row.holds]))
        kept = "、".join(STATUS_WORDS[status].zh for status in Status if status in ZONE_STATUSES[row.holds])
        yield (
            f"{row.lot} {row.place}",
            f"批次 {row.lot}（{word.zh}）在 {row.place}，该库位只放{kept}。",
            f"Lot {row.lot} ({word.en}) lies at {row.place}, which is for {allowed} only.",
        )


def a_lot_expires_where_its_item_does(session: Session) -> Faults:
    """P21: what goes out by expiry has a last day, and what has no storage life has none."""
    for row in session.execute(KEPT_OTHERWISE):
        day = row.expires_on or "-"
        yield (
            row.lot,
            f"批次 {row.lot} 的有效期为 {day}，与物料 {row.item} 的发料规则 {row.rule} 或保质期不符。",
            f"Lot {row.lot} expires on {day}, which contradicts issue rule {row.rule} or shelf life of {row.item}.",
        )


def a_lot_belongs_to_whom_its_item_does(session: Session) -> Faults:
    """P16: stock of a customer's item is that customer's, and other stock is ours."""
    for row in session.execute(OWNED_OTHERWISE):
        yield (
            row.lot,
            f"批次 {row.lot} 的物主与物料 {row.item} 的物主不符。",
            f"Lot {row.lot} and its item {row.item} do not belong to the same owner.",
        )
