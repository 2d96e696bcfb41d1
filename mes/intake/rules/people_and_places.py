"""Rules for machines, certificates and locations.

Owns nothing but the rules. What is expired or overdue is no mistake: the gates refuse its use, not the import.
"""

from collections.abc import Iterator

from mes.intake.gathered import Gathered, wrong
from mes.intake.problems import Problem

ZONE_STATUS = {
    "receiving": "pending",
    "store": "pass",
    "line": "any",
    "hold": "pending",
    "nonconforming": "nonconforming",
    "scrap": "scrap",
    "finished": "pass",
    "dock": "pass",
}


def maintenance_lies_in_the_past(plant: Gathered) -> Iterator[Problem]:
    """A service that has not happened yet would hide that one is overdue."""
    for row in plant.plant.equipment:
        if plant.today and row.last_maintained > plant.today:
            zh, en = f"不得晚于今天（{plant.today}）。", f"must not be later than today ({plant.today})."
            yield wrong(row, "last_maintained", zh, en)


def certificates_are_for_operators(plant: Gathered) -> Iterator[Problem]:
    """P3: the holder is an operator, and the certificate does not end before it starts."""
    for row in plant.plant.qualifications:
        holder = plant.employees.get(row.badge)
        if holder and "operator" not in holder.roles:
            zh = "持证人须有 operator（操作工）角色。"
            yield wrong(row, "badge", zh, "the holder must have the role operator.")
        if row.valid_until < row.valid_from:
            zh, en = f"不得早于 valid_from（{row.valid_from}）。", f"must not be before valid_from ({row.valid_from})."
            yield wrong(row, "valid_until", zh, en)


def certificates_are_for_key_and_special_operations(plant: Gathered) -> Iterator[Problem]:
    """P3: other operations need none, and a mistyped code would qualify nobody."""
    classes = {code: kind for _, (code, kind) in plant.cells("routing", "operation_code", "process_class")}
    unclassed = "normal" if plant.is_whole("routing") else ""
    for row in plant.plant.qualifications:
        if classes.get(row.operation_code, unclassed) == "normal":
            zh, en = "须为关键或特殊工序的代码。", "must be the code of a key or special operation."
            yield wrong(row, "operation_code", zh, en)


def a_location_holds_what_its_zone_is_for(plant: Gathered) -> Iterator[Problem]:
    """P12, P15: each zone has one status; a work centre belongs to the locations of the line."""
    for row in plant.plant.locations:
        status = ZONE_STATUS[row.zone]
        if row.status != status:
            yield wrong(row, "status", f"{row.zone} 区的状态须为 {status}。", f"zone {row.zone} holds status {status}.")
        if (row.work_center is not None) != (row.zone == "line"):
            zh, en = "工作中心：线边库位必填，其他库位不填。", "line locations have a work centre, others have none."
            yield wrong(row, "work_center", zh, en)


def every_work_center_in_use_has_a_place_at_the_line(plant: Gathered) -> Iterator[Problem]:
    """F2: material is issued to the line side, so there must be one."""
    if not plant.is_whole("locations"):
        return
    named = {str(row.work_center) for row in plant.plant.locations}
    for step in plant.plant.routing:
        if step.work_center in plant.keys["work_centers"] - named:
            named.add(step.work_center)
            zh, en = "此工作中心在 locations 中没有线边库位。", "this work centre has no line location in locations."
            yield wrong(step, "work_center", zh, en)
