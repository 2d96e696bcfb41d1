"""Which stations a day has: their scripts, and the plant that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.working_day.at_lines import assembly, packing, parts_line
from bench.working_day.at_stores import dock, issuing, storing
from bench.working_day.scripts import CARD, Part
from bench.working_day.sheets import Sheets

SHELVED = "PT-SHELVED"  # lies in the store and is asked for by nobody
WRITERS: dict[str, Callable[[Sheets, str, int], Part]] = {
    "AS": assembly,
    "PR": parts_line,
    "PK": packing,
    "IS": issuing,
    "ST": storing,
    "DK": dock,
}
SIXTEEN = (
    "ASA",
    "ASB",
    "ASC",
    "ASD",
    "ASE",
    "PRA",
    "PRB",
    "PKA",
    "PKB",
    "ISA",
    "ISB",
    "ISC",
    "STA",
    "STB",
    "DKA",
    "DKB",
)
ONE_OF_EACH = ("ASA", "PRA", "PKA", "ISA", "STA", "DKA")


def day(sheets: Sheets, scans: int, stations: Sequence[str]) -> list[Part]:
    """These stations, each with at least so many scans, and their plant in `sheets`."""
    _common(sheets)
    parts = [WRITERS[mark[:2]](sheets, mark, scans) for mark in stations]
    used = {part.uses for part in parts}
    for part in parts:
        part.begin = [*part.ahead, *part.begin] if part.code in used else part.begin
    return parts


def _common(sheets: Sheets) -> None:
    sheets.person("1001", "plan_approver")
    sheets.person("1002", "planner")
    sheets.person("3002", "inspector", department="quality")
    sheets.person("4001", "storekeeper", department="warehouse")
    names = {"name_zh": "往来单位", "name_en": "partner", "contact": "联系人", "phone": "000"}
    sheets.add("customers", code="C01", address="示例路1号", **names)
    sheets.add("suppliers", code="S01", **names)
    sheets.place("NCR-01", "nonconforming", "nonconforming")
    sheets.place("ST-01", "store")
    sheets.place("FGS-01", "finished")
    sheets.bought(sheets.item(SHELVED, "part"), CARD, "ST-01")
