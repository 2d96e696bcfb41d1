"""Rules for routings and bills of material: steps, classes of process, and what goes into what.

Owns nothing but the rules; sources are the plant's README and P2, P7, P9.
"""

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from mes.intake.cells import decimals_of
from mes.intake.gathered import Gathered, wrong
from mes.intake.problems import Position, Problem
from mes.masters.units import decimals


def steps_are_numbered_as_the_plant_does(plant: Gathered) -> Iterator[Problem]:
    """10, 20, 30 … where its interval is ten, without a gap, whatever the order of the rows."""
    by = plant.habits.step_interval
    steps: dict[str, dict[int, Position]] = defaultdict(dict)
    for at, (item, seq) in plant.cells("routing", "item", "seq") if by else ():
        steps[item].setdefault(seq, at)
    for item, found in steps.items():
        if by and item not in plant.unclear_routings:
            yield from _off_step(item, found, by)


def _off_step(item: str, found: dict[int, Position], by: int) -> Iterator[Problem]:
    """The first step that is not where it is due."""
    for wanted, seq in zip(range(by, by * len(found) + by, by), sorted(found), strict=True):
        if seq != wanted:
            at, run = found[seq], f"{by}、{2 * by}、{3 * by}…"
            zh = f"{item} 的工序号须为 {run}，此处应为 {wanted}。"
            en = f"steps of {item} run {run.replace('、', ', ')}; {wanted} is due."
            yield Problem(at.file, at.row, "seq", str(seq), zh, en)
            return


def an_operation_code_has_one_process_class(plant: Gathered) -> Iterator[Problem]:
    """What a certificate is for must mean the same everywhere (P3)."""
    first: dict[str, tuple[str, Position]] = {}
    for at, (code, process_class) in plant.cells("routing", "operation_code", "process_class"):
        known, there = first.setdefault(code, (process_class, at))
        if known != process_class:
            zh = f"工序代码 {code} 在第 {there.row} 行为 {known}，同一代码只能有一种过程类别。"
            en = f"{code} is {known} in row {there.row}; one operation code has one process class."
            yield Problem(at.file, at.row, "process_class", process_class, zh, en)


def key_and_special_processes_ask_for_a_first_article(plant: Gathered) -> Iterator[Problem]:
    """P9: their batch runs only after an inspector's first article."""
    for step in plant.plant.routing:
        if step.process_class != "normal" and not step.first_article:
            zh = "关键过程和特殊过程须做首件检验，应为 yes。"
            yield wrong(step, "first_article", zh, "must be yes: a key or special process has a first article.")


def a_first_article_is_a_quantity_we_can_count(plant: Gathered) -> Iterator[Problem]:
    """F1: pieces are whole."""
    for step in plant.plant.routing:
        item = plant.items.get(step.item)
        if item and decimals_of(step.first_article_qty) > decimals(item.uom):
            zh, en = f"{item.uom} 没有这么小的数量。", f"{item.uom} is not counted as finely as that."
            yield wrong(step, "first_article_qty", zh, en)


def bom_lines_fit_the_parents_routing(plant: Gathered) -> Iterator[Problem]:
    """The parent is made here, and the component is consumed at one of its operations."""
    if "routing" in plant.broken:
        return
    for at, (parent, seq) in plant.cells("bom", "parent", "operation_seq"):
        if parent in plant.keys["items"] and parent not in plant.made:
            zh, en = "父项没有工艺路线，须为自制物料。", "this parent has no routing; only items made here have a BOM."
            yield Problem(at.file, at.row, "parent", parent, zh, en)
        elif not plant.has_step(parent, seq):
            zh, en = f"须为 {parent} 工艺路线中的工序号。", f"must be a step of the routing of {parent}."
            yield Problem(at.file, at.row, "operation_seq", str(seq), zh, en)


def what_is_made_is_made_of_something(plant: Gathered) -> Iterator[Problem]:
    """A routing without components would break the trace at that item (P13)."""
    if not plant.is_whole("bom"):
        return
    parents = {parent for _, (parent,) in plant.cells("bom", "parent")}
    named: set[str] = set()
    for at, (item,) in plant.cells("routing", "item"):
        if item not in parents | named:
            named.add(item)
            zh, en = "有工艺路线的物料须在 bom 中有组成。", "an item with a routing needs components in bom."
            yield Problem(at.file, at.row, "item", item, zh, en)


def nothing_goes_into_itself(plant: Gathered) -> Iterator[Problem]:
    """No loops, at whatever depth; each loop is named once, with the way round."""
    lines: dict[str, dict[str, Position]] = defaultdict(dict)
    for at, (parent, component) in plant.cells("bom", "parent", "component"):
        lines[parent].setdefault(component, at)
    while loop := _loop(lines):
        at = lines[loop[0]].pop(loop[1])
        way = " → ".join(loop)
        yield Problem(
            at.file, at.row, "component", loop[1], f"物料清单成环：{way}。", f"the BOM goes in a loop: {way}."
        )


def _loop(lines: dict[str, dict[str, Position]]) -> list[str]:
    """Parent, component, … back to the parent; empty if there is none."""
    try:
        TopologicalSorter(lines).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
