"""The rules that look at more than one row of an import: keys, references, and the plant's own rules by department.

Owns the list of all rules. A rule yields problems and changes nothing; it stays silent where a cell it needs is bad.
"""

from collections.abc import Callable, Iterator

from mes.intake.columns import SHEETS
from mes.intake.gathered import KEY_SEPARATOR, Gathered, as_written
from mes.intake.problems import Position, Problem
from mes.intake.rules import (
    characteristics,
    items,
    looks,
    orders_and_plans,
    own_words,
    people_and_places,
    processes,
    stock,
)

Rule = Callable[[Gathered], Iterator[Problem]]


def no_key_stands_twice(plant: Gathered) -> Iterator[Problem]:
    """A key names one row; further columns that may not repeat are empty or unique."""
    for name, sheet in SHEETS.items():
        for group in (sheet.key, *sheet.also_unique):
            yield from _repeated(plant, name, group)


def _repeated(plant: Gathered, name: str, group: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], Position] = {}
    for at, key in plant.cells(name, *group):
        if key == (None,) or first.setdefault(key, at) is at:
            continue
        there = f"{first[key].file} 第 {first[key].row} 行", f"{first[key].file} row {first[key].row}"
        zh, en = f"重复，{there[0]}已有；须唯一。", f"stands in {there[1]} already; it must be unique."
        yield Problem(at.file, at.row, ", ".join(group), ", ".join(map(as_written, key)), zh, en)


def every_reference_exists(plant: Gathered) -> Iterator[Problem]:
    """A code of another sheet stands in that sheet or existed before."""
    for name, sheet in SHEETS.items():
        for column in sheet.columns:
            if column.refers_to and column.refers_to not in plant.broken:
                yield from _unknown(plant, name, column.name, column.refers_to)


def _unknown(plant: Gathered, name: str, column: str, target: str) -> Iterator[Problem]:
    key = KEY_SEPARATOR.join(SHEETS[target].key)
    for at, (value,) in plant.cells(name, column):
        if value is not None and value not in plant.keys[target]:
            zh, en = f"须为 {target} 表中已有的 {key}。", f"must be a {key} of {target}."
            if alike := looks.meant(plant, target, value):
                zh, en = f"{zh}是否为 {alike}？", f"{en} Perhaps {alike} is meant: mind case, width and zeros."
            yield Problem(at.file, at.row, column, value, zh, en)


RULES: tuple[Rule, ...] = (
    no_key_stands_twice,
    every_reference_exists,
    looks.no_two_codes_only_look_alike,
    own_words.settings_say_something,
    own_words.work_centers_have_codes_and_crew_marks,
    own_words.no_place_is_called_like_the_world_outside,
    items.cells_of_an_item_agree,
    items.quantities_are_as_fine_as_we_count,
    items.items_come_from_where_their_kind_does,
    processes.steps_are_numbered_as_the_plant_does,
    processes.an_operation_code_has_one_process_class,
    processes.key_and_special_processes_ask_for_a_first_article,
    processes.a_first_article_is_a_quantity_we_can_count,
    processes.bom_lines_fit_the_parents_routing,
    processes.what_is_made_is_made_of_something,
    processes.nothing_goes_into_itself,
    characteristics.characteristics_belong_to_an_operation_or_to_receiving,
    characteristics.sampling_is_given_for_incoming_and_final_only,
    characteristics.a_measured_value_has_a_unit_and_limits,
    characteristics.gauges_named_by_code_exist,
    characteristics.what_the_routing_asks_for_can_be_inspected,
    people_and_places.maintenance_lies_in_the_past,
    people_and_places.certificates_are_for_operators,
    people_and_places.certificates_are_for_key_and_special_operations,
    people_and_places.a_location_holds_what_its_zone_is_for,
    people_and_places.every_work_center_in_use_has_a_place_at_the_line,
    stock.lot_numbers_tell_day_and_origin,
    stock.a_lot_has_one_origin,
    stock.a_lots_days_follow_each_other,
    stock.a_lot_expires_when_its_shelf_life_ends,
    stock.lots_lie_where_their_status_belongs,
    stock.a_location_holds_no_more_lots_than_fit,
    stock.customer_property_lies_apart_in_the_store,
    orders_and_plans.only_what_is_sold_is_ordered_and_planned,
    orders_and_plans.customer_property_goes_to_its_owner_only,
    orders_and_plans.a_plan_sheet_is_one_revision_of_one_month,
    orders_and_plans.planned_days_are_working_days_of_the_month,
    orders_and_plans.planned_quantities_are_whole_cartons,
    orders_and_plans.a_plan_line_makes_what_its_order_asks,
)
