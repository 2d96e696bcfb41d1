"""Are cartons and pallets in order: each carton whole and at one place with its pallet, each closed pallet marked?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

Faults = Iterator[tuple[str, str, str]]

# That a carton lies on at most one pallet, and a pallet on none, is in the shape of the table; here: on pallets only.
ON_NO_PALLET = text("""
SELECT carton.serial AS carton, below.serial AS below
FROM container AS carton
JOIN container AS below ON below.id = carton.pallet_id
WHERE below.kind <> 'pallet'
UNION ALL
SELECT lot.code, container.serial
FROM handling_unit
JOIN container ON container.id = handling_unit.container_id AND container.kind = 'pallet'
JOIN lot ON lot.id = handling_unit.lot_id
""")
SCATTERED = text("""
SELECT pallet.serial AS pallet, count(DISTINCT balance.location_id) AS places
FROM container AS pallet
JOIN container AS carton ON carton.pallet_id = pallet.id
JOIN handling_unit ON handling_unit.container_id = carton.id
JOIN balance ON balance.holder_id = handling_unit.id AND balance.quantity > 0
GROUP BY pallet.serial
HAVING count(DISTINCT balance.location_id) > 1
""")
TORN_ORDERS = text("""
SELECT pallet.serial AS pallet, count(DISTINCT coalesce(handling_unit.order_id, 0)) AS orders,
       count(DISTINCT coalesce(movement.order_id, 0)) AS shipped
FROM container AS pallet
JOIN container AS carton ON carton.pallet_id = pallet.id
JOIN handling_unit ON handling_unit.container_id = carton.id
LEFT JOIN movement ON movement.from_holder_id = handling_unit.id AND movement.order_id IS NOT NULL
GROUP BY pallet.serial
HAVING count(DISTINCT coalesce(handling_unit.order_id, 0)) > 1 OR count(DISTINCT coalesce(movement.order_id, 0)) > 1
""")
WRONGLY_MARKED = text("""
SELECT pallet.serial AS pallet, pallet.sealed_at IS NOT NULL AS closed, count(label.id) AS labels
FROM container AS pallet
LEFT JOIN label ON label.container_id = pallet.id AND label.voided_by IS NULL
WHERE pallet.kind = 'pallet'
GROUP BY pallet.serial, pallet.sealed_at
HAVING count(label.id) <> CASE WHEN pallet.sealed_at IS NULL THEN 0 ELSE 1 END
""")


def a_carton_lies_on_a_pallet_and_a_box_in_a_carton(session: Session) -> Faults:
    """Boxes in cartons, cartons on pallets, and nothing the other way round."""
    for row in session.execute(ON_NO_PALLET):
        yield (
            row.carton,
            f"{row.carton} 记在 {row.below} 上，容器种类不对。",
            f"{row.carton} is booked on {row.below}, which is no container for it.",
        )


def a_pallet_stands_in_one_place(session: Session) -> Faults:
    """What lies on a pallet lies where the pallet stands."""
    for row in session.execute(SCATTERED):
        yield (
            row.pallet,
            f"托盘 {row.pallet} 上的货分在 {row.places} 个库位。",
            f"What is on pallet {row.pallet} lies in {row.places} places.",
        )


def a_pallet_leaves_as_a_whole(session: Session) -> Faults:
    """All of a pallet is picked, and shipped, for one order, or none of it is (P24)."""
    for row in session.execute(TORN_ORDERS):
        yield (
            row.pallet,
            f"托盘 {row.pallet} 上的货未归同一订单，或只发走一部分。",
            f"What is on pallet {row.pallet} is not all for one order, or only a part of it was shipped.",
        )


def a_closed_pallet_has_one_label_and_an_open_one_none(session: Session) -> Faults:
    """Law 9: a pallet's label says what is on it, and while that changes there is none."""
    for row in session.execute(WRONGLY_MARKED):
        zh, en = ("已封托", "closed") if row.closed else ("未封托", "open")
        yield (
            row.pallet,
            f"托盘 {row.pallet} {zh}，却有 {row.labels} 张有效标签。",
            f"Pallet {row.pallet} is {en}, but has {row.labels} valid labels.",
        )
