"""A scan costs what it writes: how many statements each may ask of the database, on both engines.

Counted is whatever reaches a cursor between a scan's first look and its last word, savepoints too. What begins and ends
the transaction belongs to the whole group that is committed with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from mes import codes
from mes.production.model import RunCard
from mes.terminal.reply import Reply
from mes.terminal.scanning import ScanRequest, scan
from tests.engines import Fresh
from tests.mes.lineside import Line, box, changed_process, first_of, lines_of
from tests.mes.test_packing import GTIN, fill_and_start
from tests.mes.warehouse import in_a_carton, order_for
from tests.plant import SamplePlant
from tests.statements import noted

CARTON_NO = codes.label_serial(1, 999_999)
CARTON = codes.encode(codes.ContainerCode(CARTON_NO))
PRODUCT = f"]C101{GTIN}"
FINISH = codes.encode(codes.CommandCode("FINISH"))
OF_THE_GROUP = ("BEGIN", "COMMIT")
BUDGETS = {
    "badge": 5,
    "load": 12,
    "issue": 15,
    "start": 15,
    "report": 25,
    "pack": 30,
    "pick": 15,
    "put away": 20,
    "finish": 15,
}


def say(plant: SamplePlant, station: str, code: str) -> Reply:
    request = ScanRequest(str(uuid.uuid4()), station, code, plant.now)
    return scan(plant.database, request, plant.clock)


def statements_of(plant: SamplePlant, station: str, code: str, result: str = "accepted") -> list[str]:
    """What one scan asks of the database; it must be answered so."""
    with noted(plant.database.engine) as asked:
        reply = say(plant, station, code)
    assert reply.result == result, reply.headline
    return [statement for statement in asked if not statement.startswith(OF_THE_GROUP)]


def within(kind: str, asked: list[str]) -> None:
    assert len(asked) <= BUDGETS[kind], "\n".join(f"{number} {one}" for number, one in enumerate(asked, 1))


@pytest.fixture
def warm(plant: SamplePlant) -> SamplePlant:
    """The masters were read before, and every station has its dialogue."""
    for station, badge in (("RAW-1", "4001"), ("FGS-1", "4001"), ("DOCK-1", "4003"), ("PKG-1", "2009")):
        assert say(plant, station, f"1H{badge}").result == "accepted"
    return plant


def test_a_badge(warm: SamplePlant) -> None:
    within("badge", statements_of(warm, "RAW-1", "1H4002"))


def test_a_repeated_scan_costs_one_look(warm: SamplePlant) -> None:
    request = ScanRequest(str(uuid.uuid4()), "RAW-1", "1H4002", warm.now)
    first = scan(warm.database, request, warm.clock)
    with noted(warm.database.engine) as asked:
        assert scan(warm.database, request, warm.clock) == first
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_an_issue(warm: SamplePlant) -> None:
    say(warm, "RAW-1", "LLN-ARC")
    within("issue", statements_of(warm, "RAW-1", "1TR260817-01"))


def test_a_refused_issue_writes_its_refusal_and_nothing_else(warm: SamplePlant) -> None:
    say(warm, "RAW-1", "LLN-ARC")
    asked = statements_of(warm, "RAW-1", "1TR261008-02", "refused")
    within("issue", asked)
    written = [one.split()[2] for one in asked if one.startswith(("INSERT", "DELETE"))]
    assert written == ["event", "scan"]


COMPONENTS = (
    "PT-SPL",
    "PT-FIB",
    "PT-CAR",
    "PT-BRA",
    "PT-BRB",
    "PT-LTB",
    "PT-ADJ",
    "PT-ARM",
    "PT-SCB",
    "PT-YOK",
    "PT-PLG",
    "PT-BOB",
    "PT-TRM",
)


def line_with(plant: SamplePlant, components: int) -> Line:
    """A card whose first step uses so many components, of each of which a box is loaded."""

    def bom(rows: list[Any]) -> list[Any]:
        return [replace(rows[0], component=name) for name in COMPONENTS[:components]]

    def routing(rows: list[Any]) -> list[Any]:
        return [replace(row, first_article=False) for row in rows]

    changed_process(plant, "SA-AC", bom=bom, routing=routing)
    line = first_of(plant, "SA-AC", "60")
    line.load_all()
    return line


def test_loading_a_box(plant: SamplePlant) -> None:
    line = line_with(plant, 3)
    say(plant, line.station, "1H2009")
    lot = box(plant, "PT-SPL", "100", line.place)
    within("load", statements_of(plant, line.station, f"1T{lot}"))


def test_work_at_a_line_costs_the_same_with_thirteen_components_as_with_three(plant: SamplePlant) -> None:
    few, many = line_with(plant, 3), line_with(plant, 13)
    say(plant, few.station, "1H2009")
    assert cost_of_work(few) == cost_of_work(many)


def cost_of_work(line: Line) -> tuple[int, int]:
    """Statements of a start and of a report on the way."""
    started = statements_of(line.plant, line.station, f"3W{line.operation}")
    within("start", started)
    say(line.plant, line.station, "Q2")
    reported = statements_of(line.plant, line.station, "Q5")
    within("report", reported)
    say(line.plant, line.station, "Q53")
    within("finish", statements_of(line.plant, line.station, FINISH))
    return len(started), len(reported)


@pytest.fixture
def packing(fresh: Fresh) -> Iterator[Line]:
    """A card of accepted breakers at packing, its materials loaded and its first article signed."""
    plant = SamplePlant(fresh.filled("packing", fill_and_start))
    with plant.read() as session:
        code = session.scalars(select(RunCard.code)).one()
    line = lines_of(plant, code)[-1]
    for scanned in ("1H2009", f"3W{line.operation}"):
        assert say(plant, "PKG-1", scanned).result == "accepted"
    yield line
    plant.close()


def test_a_carton(packing: Line) -> None:
    for scanned in (PRODUCT, "Q120", PRODUCT):
        say(packing.plant, "PKG-1", scanned)
    within("pack", statements_of(packing.plant.later(10), "PKG-1", "Q120"))


@pytest.mark.parametrize("scanned", ["1T261028-PKG-01", CARTON])
def test_a_pick(warm: SamplePlant, scanned: str) -> None:
    order_for(warm, "SO-TEST-1", "C01", "FG-1P-C16", 480)
    in_a_carton(warm, "261028-PKG-01", CARTON_NO)
    say(warm, "DOCK-1", "KSO-TEST-1")
    within("pick", statements_of(warm, "DOCK-1", scanned))


def test_putting_away(warm: SamplePlant) -> None:
    say(warm, "FGS-1", "LFGS-02")
    within("put away", statements_of(warm, "FGS-1", "1T261028-PKG-01"))
