"""Rules for items: which cells go together, and what an item needs besides its row.

Owns nothing but the rules; an item is made in-house when it has a routing, else it is bought or a customer's.
"""

from collections.abc import Iterator

from mes.intake.cells import decimals_of
from mes.intake.gathered import Gathered, wrong
from mes.intake.problems import Problem
from mes.intake.rows import ItemRow, OpeningStockRow, OrderRow, PlanRow

PREFIX = {"finished": "FG-", "subassembly": "SA-", "part": "PT-", "raw": "RM-", "packaging": "PK-"}
DECIMALS = {"pcs": 0, "kg": 6, "g": 3, "m": 3}
"""Down to the smallest unit we count in: piece, milligram, millimetre (law 5)."""


def cells_of_an_item_agree(plant: Gathered) -> Iterator[Problem]:
    """Code and kind, GTIN, shelf life and issue rule, batch size and owner, carton and kind, serials and pieces."""
    for item in plant.plant.items:
        yield from _identity(item)
        yield from _keeping(item)
        yield from _sizes(item)


def _identity(item: ItemRow) -> Iterator[Problem]:
    prefix = PREFIX[item.kind]
    if not item.code.startswith(prefix):
        yield wrong(
            item, "code", f"{item.kind} 类物料的代码须以 {prefix} 开头。", f"{item.kind} items start with {prefix}."
        )
    if (item.gtin is not None) != (item.kind in ("finished", "packaging")):
        zh, en = "GTIN：成品和包装物必填，其他物料不填。", "finished and packaging items have a GTIN, others have none."
        yield wrong(item, "gtin", zh, en)


def _keeping(item: ItemRow) -> Iterator[Problem]:
    if (item.issue_rule == "FEFO") != (item.shelf_life_days is not None):
        zh = "有保质期的物料须为 FEFO，没有保质期的须为 FIFO。"
        yield wrong(item, "issue_rule", zh, "FEFO is for items with a shelf life, and for no others.")
    if item.tracking == "serial" and item.uom != "pcs":
        zh = "按序列号追溯的物料，计量单位须为 pcs。"
        yield wrong(item, "tracking", zh, "only pieces (pcs) can be tracked by serial number.")


def _sizes(item: ItemRow) -> Iterator[Problem]:
    if item.batch_size is None and item.owner is None:
        yield wrong(item, "batch_size", "不得为空（仅客户财产可空）。", "may be empty for customer-owned items only.")
    if item.batch_size is not None and decimals_of(item.batch_size) > DECIMALS[item.uom]:
        yield wrong(item, "batch_size", *_finest(item))
    if (item.pack_qty is not None) != (item.kind == "finished"):
        yield wrong(item, "pack_qty", "整箱数量：成品必填，其他物料不填。", "finished items have it, others have none.")


def _finest(item: ItemRow) -> tuple[str, str]:
    if item.uom == "pcs":
        return "以 pcs 计量的数量须为整数。", "pieces are whole."
    return (
        f"以 {item.uom} 计量，小数最多 {DECIMALS[item.uom]} 位。",
        f"{item.uom}: at most {DECIMALS[item.uom]} decimals.",
    )


def quantities_are_as_fine_as_we_count(plant: Gathered) -> Iterator[Problem]:
    """Pieces are whole; kg, g and m have as many decimals as the smallest unit counted."""
    rows: list[OpeningStockRow | OrderRow | PlanRow] = [
        *plant.plant.opening_stock,
        *plant.plant.orders,
        *plant.plant.plan,
    ]
    for row in rows:
        item = plant.items.get(row.item)
        if item and decimals_of(row.qty) > DECIMALS[item.uom]:
            yield wrong(row, "qty", *_finest(item))


def own_make_has_a_routing_and_bought_kinds_have_none(plant: Gathered) -> Iterator[Problem]:
    """Finished items and subassemblies are made here; raw material and packaging never are."""
    for item in plant.plant.items:
        made = item.code in plant.made
        if item.kind in ("finished", "subassembly") and not made and plant.is_whole("routing"):
            zh = "成品和半成品须有工艺路线（routing）。"
            yield wrong(item, "code", zh, "finished items and subassemblies need a routing.")
        if item.kind in ("raw", "packaging") and made:
            zh = "原材料和包装物为外购，不得有工艺路线（routing）。"
            yield wrong(item, "kind", zh, "raw material and packaging are bought: no routing is allowed.")
