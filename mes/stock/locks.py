"""Why a box is locked, and who unlocks it and how. A reason is stored as it reads; whoever is refused reads more.

Knows words only; what locks and unlocks are the departments' commands.
"""

from __future__ import annotations

from mes.refusals import both
from mes.words import Words

MOVE_FIRST = both("状态已变更，请先移走", "its status changed here, move it first")
"""Goods that changed status where they lie are free again once somebody has moved them (F5)."""
MISSING = both("账实不符，待盘点", "missing, to be counted")
TO_RETURN = both("待退货", "to be returned")

WAYS_OUT: dict[str, Words] = {
    MOVE_FIRST: Words(
        "状态已变更，请先移走（谁都可以：入库上架到该状态的区域即解锁）",
        "its status changed here, move it first (anybody: putting it away in an area of its status unlocks it)",
    ),
    MISSING: Words(
        "账实不符，待盘点（由报告人以外的人到库位盘点即解锁：扫「盘点」、库位、料箱、数量）",
        "missing, to be counted (unlocked by the count of somebody other than who reported it: "
        "COUNT, the place, the box, the quantity)",
    ),
    TO_RETURN: Words(
        "待退货（只有质量主管可改：重新报不合格并重新处置即解锁）",
        "to be returned (only the quality manager changes that: report it as nonconforming again, then decide anew)",
    ),
}
