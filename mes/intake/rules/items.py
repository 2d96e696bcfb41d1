"""Rules for items: which cells go together, and what an item needs besides its row.

Owns nothing but the rules; an item is made in-house when it has a routing, else it is bought or a customer's.
"""

from collections.abc import Iterator

from mes.intake.cells import decimals_of
from mes.intake.gathered import Gathered, wrong
from mes.intake.problems import Problem
from mes.intake.rows import ItemRow, KindRow, OpeningStockRow, OrderRow, PlanRow
from mes.masters.units import SMALLEST_PER_UNIT, decimals, is_counted


def cells_of_an_item_agree(plant: Gathered) -> Iterator[Problem]:
    """Unit, kind, code, GTIN, shelf life and issue rule, batch size and owner, carton and kind, serials and pieces."""
    for item in plant.plant.items:
        yield from _unit(plant, item)
        yield from _kind(plant, item)
        yield from _keeping(item)
        yield from _batch(item)


def _unit(plant: Gathered, item: ItemRow) -> Iterator[Problem]:
    units = [*SMALLEST_PER_UNIT, *plant.habits.counted_units]
    if item.uom not in units:
        zh = f"须为：{'、'.join(units)} 之一；其他计数单位请写入 settings 的 counted_units。"
        en = f"must be one of: {', '.join(units)}; other units that are counted belong in counted_units of settings."
        yield wrong(item, "uom", zh, en)


def _kind(plant: Gathered, item: ItemRow) -> Iterator[Problem]:
    """What the plant says of a kind holds for its items; a plant that describes no kinds says nothing."""
    kind = plant.kinds.get(item.kind)
    if kind is not None:
        yield from _identity(item, kind)
    elif plant.kinds and "kinds" not in plant.broken:
        known = list(plant.kinds)
        yield wrong(item, "kind", f"须为：{'、'.join(known)} 之一。", f"must be one of: {', '.join(known)}.")


def _identity(item: ItemRow, kind: KindRow) -> Iterator[Problem]:
    if kind.code_pattern and not kind.code_pattern.fits(item.code):
        form = kind.code_pattern.text
        yield wrong(item, "code", f"{kind.code} 类物料的代码须符合 {form}。", f"codes of kind {kind.code} are {form}.")
    if kind.has_gtin is not None and (item.gtin is not None) != kind.has_gtin:
        zh = f"GTIN：{kind.code} 类{'必填' if kind.has_gtin else '不填'}。"
        en = f"items of kind {kind.code} have {'a' if kind.has_gtin else 'no'} GTIN."
        yield wrong(item, "gtin", zh, en)
    if (item.pack_qty is not None) != kind.sold:
        zh, en = "整箱数量：出售的物料必填，其他物料不填。", "items that are sold have it, others have none."
        yield wrong(item, "pack_qty", zh, en)


def _keeping(item: ItemRow) -> Iterator[Problem]:
    if (item.issue_rule == "FEFO") != (item.shelf_life_days is not None):
        zh = "有保质期的物料须为 FEFO，没有保质期的须为 FIFO。"
        yield wrong(item, "issue_rule", zh, "FEFO is for items with a shelf life, and for no others.")
    if item.tracking == "serial" and not is_counted(item.uom):
        zh = "按序列号追溯的物料，计量单位须为计数单位（如 pcs）。"
        yield wrong(item, "tracking", zh, "only what is counted (pcs) can be tracked by serial number.")


def _batch(item: ItemRow) -> Iterator[Problem]:
    if item.batch_size is None and item.owner is None:
        yield wrong(item, "batch_size", "不得为空（仅客户财产可空）。", "may be empty for customer-owned items only.")
    if item.batch_size is not None and decimals_of(item.batch_size) > decimals(item.uom):
        yield wrong(item, "batch_size", *_finest(item))


def _finest(item: ItemRow) -> tuple[str, str]:
    if is_counted(item.uom):
        return f"以 {item.uom} 计量的数量须为整数。", "pieces are whole."
    return (
        f"以 {item.uom} 计量，小数最多 {decimals(item.uom)} 位。",
        f"{item.uom}: at most {decimals(item.uom)} decimals.",
    )


def quantities_are_as_fine_as_we_count(plant: Gathered) -> Iterator[Problem]:
    """Pieces are whole; weights and measures have as many decimals as the smallest unit counted."""
    rows: list[OpeningStockRow | OrderRow | PlanRow] = [
        *plant.plant.opening_stock,
        *plant.plant.orders,
        *plant.plant.plan,
    ]
    for row in rows:
        item = plant.items.get(row.item)
        if item and decimals_of(row.qty) > decimals(item.uom):
            yield wrong(row, "qty", *_finest(item))


def items_come_from_where_their_kind_does(plant: Gathered) -> Iterator[Problem]:
    """What is made here has a routing, what is bought has none, as the plant says of the kind."""
    for item in plant.plant.items:
        kind, made = plant.kinds.get(item.kind), item.code in plant.made
        if kind and kind.source == "made" and not made and plant.is_whole("routing"):
            zh = f"{kind.code} 类物料为自制，须有工艺路线（routing）。"
            yield wrong(item, "code", zh, f"items of kind {kind.code} are made here and need a routing.")
        if kind and kind.source == "bought" and made:
            zh = f"{kind.code} 类物料为外购，不得有工艺路线（routing）。"
            yield wrong(item, "kind", zh, f"items of kind {kind.code} are bought: no routing is allowed.")
