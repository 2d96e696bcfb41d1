"""What a changed cell of the master data means for what stands on it: one line for every column of every sheet.

Free: nothing stands on it. From now on: what is there keeps what it was made with. Gated: refused while something
stands in the way (`mes.intake.in_the_way`). A column without a line is a fault that a test finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mes.intake import in_the_way as way
from mes.intake.change import Change
from mes.intake.rows import PlantSheets
from mes.words import Words

Gate = Callable[[Session, Change, PlantSheets], Iterable[Words]]


@dataclass(frozen=True)
class Shift:
    """What a change of one column means: the gates that it passes, and what is said of it where it may be."""

    gates: tuple[Gate, ...] = ()
    note: Words | None = None


@dataclass(frozen=True)
class Shifts:
    """What changes of one sheet mean: by column, and of rows that come to or leave a whole that exists."""

    columns: Mapping[str, Shift]
    rows: Shift = Shift()

    def of(self, change: Change) -> Shift:
        """What this change means; a row that is altogether new stands on nothing yet."""
        if change.column is not None:
            return self.columns[change.column]
        return self.rows if change.late or change.after is None else FREE

    def gates_of(self, change: Change) -> tuple[Gate, ...]:
        """The gates that this change passes."""
        return self.of(change).gates


FREE = Shift()
FROM_NOW_ON = Shift(
    note=Words("自下一批起生效，已有的保持原值", "from the next lot on; what is there keeps what it has")
)
NEW_REVISION = Shift(note=Words("成为新版本，已下达的流转单保持原版本", "a new revision; run cards keep theirs"))
NEVER_LOTS = Shift((way.a_lot_was_booked_in,))
NEVER_PLANS = Shift((way.a_plan_was_issued,))


def _while(*gates: Gate) -> Shift:
    return Shift(gates)


def _all(columns: str, shift: Shift) -> dict[str, Shift]:
    return dict.fromkeys(columns.split(), shift)


SHIFTS: Mapping[str, Shifts] = {
    "settings": Shifts(_all("name value", FREE)),
    "reasons": Shifts(_all("code name_zh name_en kinds", FREE)),
    "kinds": Shifts(
        {**_all("code name_zh name_en source has_gtin code_pattern", FREE), "sold": _while(way.goods_of_the_kind)}
    ),
    "customers": Shifts(_all("code name_zh name_en address contact phone", FREE)),
    "suppliers": Shifts(_all("code name_zh name_en contact phone", FREE)),
    "work_centers": Shifts(
        {**_all("code name_zh name_en crew capacity_minutes_per_day", FREE), "crew_mark": FROM_NOW_ON}
    ),
    "items": Shifts(
        {
            **_all("code name_zh name_en batch_size", FREE),
            "uom": _while(
                way.stock, way.booked_before, way.open_cards, way.orders, way.plan_lines, way.bills_that_stay
            ),
            "kind": _while(way.sold_otherwise),
            "gtin": _while(way.packed_goods),
            "shelf_life_days": Shift((way.shelf_life_begins_or_ends,), FROM_NOW_ON.note),
            "recheck_days": FROM_NOW_ON,
            "issue_rule": _while(way.stock, way.open_cards),
            "owner": _while(way.stock, way.open_cards, way.orders),
            "pack_qty": Shift((way.more_than_the_carton_holds,), FROM_NOW_ON.note),
            "tracking": _while(way.stock, way.open_cards),
        }
    ),
    "routing": Shifts(
        _all(
            "item seq operation_code name_zh name_en work_center minutes_per_unit process_class first_article"
            " patrol_every_minutes instruction first_article_qty longest_stop_minutes",
            NEW_REVISION,
        ),
        NEW_REVISION,
    ),
    "bom": Shifts(
        _all("parent component qty_per scrap_pct operation_seq new_lot_first_article", NEW_REVISION), NEW_REVISION
    ),
    "characteristics": Shifts(
        _all(
            "item operation_seq stage number name_zh name_en kind nominal lower upper unit gauge aql level limits",
            NEW_REVISION,
        ),
        NEW_REVISION,
    ),
    "equipment": Shifts(
        {
            **_all("code name_zh name_en qualified_until maintenance_every_days last_maintained", FREE),
            "work_center": _while(way.work_on_the_machine),
        }
    ),
    # Who may change what of people is a matter of rights (mes.people), not of what stands on it.
    "employees": Shifts(_all("badge name_zh name_en department roles", FREE)),
    "qualifications": Shifts(
        {
            **_all("certificate valid_from valid_until", FREE),
            **_all("badge operation_code", _while(way.a_certificate_is_one_persons)),
        }
    ),
    "locations": Shifts(
        {
            **_all("code name_zh name_en", FREE),
            "zone": _while(way.goods_there, way.stations_there),
            "status": _while(way.goods_there_of_another_status),
            "work_center": _while(way.goods_there, way.stations_there),
            "capacity": _while(way.more_lots_than_fit),
        }
    ),
    "opening_stock": Shifts(
        _all("item lot supplier supplier_lot qty received_on produced_on expires_on location status", NEVER_LOTS)
    ),
    "orders": Shifts(
        {
            **_all("order_no due_on", FREE),
            "qty": _while(way.less_than_was_picked),
            **_all("customer item", _while(way.picked_goods, way.plans_for_the_order)),
        }
    ),
    "plan": Shifts(_all("month revision item qty due_on order_no", NEVER_PLANS), NEVER_PLANS),
}
"""By sheet and column; the first reason of each gate is named, with where it stands."""
