"""Rules for the opening stock: numbers and dates of lots, whose they are, and where they may lie.

Owns nothing but the rules. A lot that is expired or due for re-inspection is no mistake: it is refused when used.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from mes.intake.gathered import Gathered, wrong
from mes.intake.problems import Problem
from mes.intake.rows import ItemRow, OpeningStockRow


def _of_known_items(plant: Gathered) -> Iterator[OpeningStockRow]:
    """A lot of an unknown item is named as that; whether it is own make is anybody's guess."""
    return (row for row in plant.plant.opening_stock if row.item in plant.keys["items"])


def lot_numbers_tell_day_and_origin(plant: Gathered) -> Iterator[Problem]:
    """The plant's patterns: own make tells its production day and crew, all else its day of receipt (P11)."""
    if "routing" in plant.broken or "work_centers" in plant.broken:
        return
    own, other = plant.habits.own_lots, plant.habits.other_lots
    for row in _of_known_items(plant):
        if row.item in plant.made and own and not own.fits(row.lot, row.produced_on, plant.crews):
            form = own.of_day(row.produced_on)
            yield wrong(row, "lot", f"自制批号须为 {form}（生产日）。", f"own lots are {form}: production day.")
        if row.item not in plant.made and other and not other.fits(row.lot, row.received_on, plant.crews):
            form = other.of_day(row.received_on)
            yield wrong(
                row, "lot", f"来料批号须为 {form}（收货日）。", f"lots not made here are {form}: day of receipt."
            )


def a_lot_has_one_origin(plant: Gathered) -> Iterator[Problem]:
    """Bought: supplier and his lot; customer-owned: the customer's lot; own make: neither (P13, P16)."""
    if "routing" in plant.broken:
        return
    for row in _of_known_items(plant):
        item = plant.items.get(row.item)
        made, owned = row.item in plant.made, bool(item and item.owner)
        if item and (row.supplier is not None) == (made or owned):
            zh = "供应商：外购批必填，自制和客户财产不填。"
            yield wrong(row, "supplier", zh, "bought lots have a supplier; own make and customer property have none.")
        if (row.supplier_lot is not None) == made:
            zh = "来料批号：外购和客户财产必填，自制不填。"
            yield wrong(row, "supplier_lot", zh, "lots from outside have the sender's lot number; own make has none.")


def a_lots_days_follow_each_other(plant: Gathered) -> Iterator[Problem]:
    """Produced, then received, then today."""
    for row in plant.plant.opening_stock:
        if row.produced_on > row.received_on:
            zh, en = (
                f"不得晚于 received_on（{row.received_on}）。",
                f"must not be later than received_on ({row.received_on}).",
            )
            yield wrong(row, "produced_on", zh, en)
        if plant.today and row.received_on > plant.today:
            zh, en = f"不得晚于今天（{plant.today}）。", f"must not be later than today ({plant.today})."
            yield wrong(row, "received_on", zh, en)


def a_lot_expires_when_its_shelf_life_ends(plant: Gathered) -> Iterator[Problem]:
    """P21: production day plus shelf life, exactly for items that have one."""
    for row in plant.plant.opening_stock:
        item = plant.items.get(row.item)
        if item is None:
            continue
        life = item.shelf_life_days
        expected = None if life is None else row.produced_on + timedelta(days=life)
        if row.expires_on != expected:
            zh = f"应为 {expected}（生产日加保质期 {life} 天）。" if expected else "此物料没有保质期，须为空。"
            en = f"must be {expected}: produced_on + {life} days." if expected else "must be empty: no shelf life."
            yield wrong(row, "expires_on", zh, en)


def lots_lie_where_their_status_belongs(plant: Gathered) -> Iterator[Problem]:
    """P12, P15: the place holds this status, and finished goods' places hold finished goods."""
    for row in plant.plant.opening_stock:
        place, item = plant.locations.get(row.location), plant.items.get(row.item)
        if place and place.status not in ("any", row.status):
            zh = f"与库位不符：{row.location} 只放 {place.status} 状态的批。"
            yield wrong(row, "status", zh, f"does not fit the place: {row.location} holds {place.status} lots only.")
        if place and item and place.zone == "finished" and not plant.is_sold(item):
            zh = f"{row.location} 为成品库位，只放成品。"
            yield wrong(row, "location", zh, f"{row.location} is for finished goods only.")


def a_location_holds_no_more_lots_than_fit(plant: Gathered) -> Iterator[Problem]:
    """Each lot takes one position; the first lot too many is named."""
    lots: Counter[str] = Counter()
    for row in plant.plant.opening_stock:
        place = plant.locations.get(row.location)
        lots[row.location] += 1
        if place and lots[row.location] == place.capacity + 1:
            zh = f"库位已满：{row.location} 只能放 {place.capacity} 批。"
            yield wrong(row, "location", zh, f"no room: {row.location} has positions for {place.capacity} lots.")


def customer_property_lies_apart_in_the_store(plant: Gathered) -> Iterator[Problem]:
    """P16: a store location with one owner's lots holds nobody else's."""
    lots: dict[str, list[tuple[OpeningStockRow, ItemRow]]] = defaultdict(list)
    for row in plant.plant.opening_stock:
        place, item = plant.locations.get(row.location), plant.items.get(row.item)
        if place and item and place.zone == "store":
            lots[row.location].append((row, item))
    for location, lying in lots.items():
        owner = next((item.owner for _, item in lying if item.owner), None)
        for row, item in lying:
            if item.owner != owner:
                zh = f"{location} 存放客户 {owner} 的财产，不得混放。"
                yield wrong(row, "location", zh, f"{location} holds property of customer {owner}, and nothing else.")
