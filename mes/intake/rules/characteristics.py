"""Rules for inspection characteristics: where they belong, sampling, limits, gauges.

Owns nothing but the rules; sampling after GB/T 2828.1 (ISO 2859-1), the rest is the plant's README.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from mes.intake.gathered import Gathered, wrong
from mes.intake.problems import Problem
from mes.intake.rows import CharacteristicRow, RoutingRow

AQL_SERIES = (
    "0.010",
    "0.015",
    "0.025",
    "0.040",
    "0.065",
    "0.10",
    "0.15",
    "0.25",
    "0.40",
    "0.65",
    "1.0",
    "1.5",
    "2.5",
    "4.0",
    "6.5",
    "10",
)
AQLS = frozenset(map(Decimal, AQL_SERIES))
NUMBERS = ("nominal", "lower", "upper")


def characteristics_belong_to_an_operation_or_to_receiving(plant: Gathered) -> Iterator[Problem]:
    """Incoming: bought items and no operation; every other stage: a step of the item's routing."""
    for row in plant.plant.characteristics:
        if row.stage == "incoming":
            yield from _incoming(plant, row)
        elif not plant.has_step(row.item, row.operation_seq):
            zh, en = f"须为 {row.item} 工艺路线中的工序号。", f"must be a step of the routing of {row.item}."
            yield wrong(row, "operation_seq", zh, en)


def _incoming(plant: Gathered, row: CharacteristicRow) -> Iterator[Problem]:
    if row.operation_seq is not None:
        yield wrong(
            row, "operation_seq", "进货检验不对应工序，须为空。", "must be empty: incoming goods have no operation."
        )
    if row.item in plant.made:
        yield wrong(row, "stage", "自制物料没有进货检验。", "an item made here has no incoming inspection.")


def sampling_is_given_for_incoming_and_final_only(plant: Gathered) -> Iterator[Problem]:
    """AQL of the preferred series and a level there; neither elsewhere."""
    for row in plant.plant.characteristics:
        sampled = row.stage in ("incoming", "final")
        for column in ("aql", "level"):
            if (getattr(row, column) is not None) != sampled:
                zh = "抽样方案：进货检验和最终检验必填，其他检验不填。"
                yield wrong(row, column, zh, "incoming and final inspections have it, others have none.")
        if sampled and row.aql is not None and row.aql not in AQLS:
            zh, en = f"须为优先 AQL 值：{'、'.join(AQL_SERIES)}。", f"must be a preferred AQL: {', '.join(AQL_SERIES)}."
            yield wrong(row, "aql", zh, en)


def a_measured_value_has_a_unit_and_limits(plant: Gathered) -> Iterator[Problem]:
    """A measure has a unit and at least one limit, in order; an attribute has no numbers."""
    for row in plant.plant.characteristics:
        yield from _measure(row) if row.kind == "measure" else _attribute(row)


def _measure(row: CharacteristicRow) -> Iterator[Problem]:
    if row.unit is None:
        yield wrong(row, "unit", "计量项目须有单位。", "a measured value needs a unit.")
    if row.lower is None and row.upper is None:
        yield wrong(row, "lower", "计量项目至少要有一个限值。", "a measured value needs a lower or an upper limit.")
    given = [(column, limit) for column in ("lower", "nominal", "upper") if (limit := getattr(row, column)) is not None]
    for (low, below), (high, above) in pairwise(given):
        if below > above:
            yield wrong(row, low, f"不得大于 {high}（{above}）。", f"must not exceed {high} ({above}).")


def _attribute(row: CharacteristicRow) -> Iterator[Problem]:
    for column in (*NUMBERS, "unit"):
        if getattr(row, column) is not None:
            zh, en = "计数项目（attribute）不得有数值和单位。", "pass-or-fail (attribute) has no numbers and no unit."
            yield wrong(row, column, zh, en)


def gauges_named_by_code_exist(plant: Gathered) -> Iterator[Problem]:
    """A list of equipment names only what there is; what names none, and has not the form of it, is a type in words."""
    if "equipment" in plant.broken:
        return
    known, form = plant.keys["equipment"], plant.habits.gauge_codes
    for row in plant.plant.characteristics:
        listed = row.gauge.split(";")
        unknown = [one for one in listed if one not in known]
        if unknown and (len(unknown) < len(listed) or (form and any(form.fits(one) for one in unknown))):
            zh, en = f"equipment 表中没有：{'、'.join(unknown)}。", f"not in equipment: {', '.join(unknown)}."
            yield wrong(row, "gauge", zh, en)


def what_the_routing_asks_for_can_be_inspected(plant: Gathered) -> Iterator[Problem]:
    """P9: first article and patrol are asked for exactly where there are characteristics for them."""
    if not (plant.is_whole("characteristics") and plant.is_whole("routing")):
        return
    stages: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for row in plant.plant.characteristics:
        stages[row.item, row.operation_seq].add(row.stage)
    for step in plant.plant.routing:
        yield from _asked_for(step, stages[step.item, step.seq])


def _asked_for(step: RoutingRow, stages: set[str]) -> Iterator[Problem]:
    asked = {"first_article": step.first_article, "patrol": step.patrol_every_minutes is not None}
    for stage, column in (("first_article", "first_article"), ("patrol", "patrol_every_minutes")):
        if asked[stage] and stage not in stages:
            zh, en = (
                f"要求了检验，但 characteristics 中没有 {stage} 项目。",
                f"asked for, but characteristics has no {stage}.",
            )
            yield wrong(step, column, zh, en)
        if not asked[stage] and stage in stages:
            zh, en = (
                f"characteristics 中有 {stage} 项目，此处须要求检验。",
                f"characteristics has {stage}; ask for it here.",
            )
            yield wrong(step, column, zh, en)
