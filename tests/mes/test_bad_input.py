"""Whatever stands in an argument, the door answers: accepted or refused by name, on both engines, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, update

from mes.commands import HalfWritten, Request, perform_in
from mes.declaring import REGISTER, Argument, Declaration
from mes.given import Amount, Beside, Choice, Day, Month, Rows, Several, Thing, Whole
from mes.outside import YEARS, day_of, decimal_of, is_month, moment_of, whole_of
from mes.people.model import Person
from mes.refusals import Misread
from mes.roles import Role
from tests.plant import SamplePlant

SOMEBODY = "5002"
REAL = {
    "lot": "R261027-01",
    "item": "PT-CAR",
    "location": "ST-A01",
    "person": "5001",
    "station": "RAW-1",
    "customer": "C03",
    "sales_order": "SO-2611-001",
    "handling_unit": "R261027-01",
}
NO_TEXTS = ["a\0b", "\ud800", "9" * 5000, {}, [[]], True, 10**30, float("nan"), None]
NO_NUMBERS = ["1E+999999", "NaN", "Infinity", "²", "1_0", "12\n", "9" * 16]
BAD_ROWS = [{"number": 10**30}, {"number": "²"}, {"piece": 2**53}, {"value": "1E+999999"}, {"gauge": {}}]
POISON: dict[type, list[Any]] = {
    Amount: [*NO_NUMBERS, "999999999999999.999999999999", "-1"],
    Whole: [2**53 + 1, -(10**30), 1e300, float("inf"), "1"],
    Day: ["0001-01-01", "9999-12-31", "2026-02-30", "20261201"],
    Month: ["0000-01", "9999-12", "2026-13"],
    Thing: ["", "+", "A+²", f"A+{'9' * 60}", "1J", "%"],
    Rows: [*([one] for one in BAD_ROWS), [None]],
    Choice: ["\0", "no such", ["pass"]],
    Several: [["\0"], [["admin"]], ["admin", 7], "admin"],
}


@pytest.fixture
def somebody(plant: SamplePlant) -> SamplePlant:
    """The plant, where somebody has every role: no right stands before what is wrong."""
    roles = ";".join(sorted(one.value for one in Role if one is not Role.SYSTEM))
    with plant.database.engine.begin() as connection:
        connection.execute(update(Person).where(Person.badge == SOMEBODY).values(roles_text=roles))
    return plant


def usual(one: Argument) -> Any:
    if isinstance(one.given, Thing):
        return REAL.get(one.given.kinds[0].__tablename__, "X")  # type: ignore[attr-defined]
    return next(iter(one.given.names)) if isinstance(one.given, Choice) else one.given.example


def requests(declared: Declaration) -> Iterator[Request]:
    """One for each poison of each argument, the others as they should be."""
    arguments = [one for one in declared.arguments.values() if not isinstance(one.given, Beside)]
    for one in arguments:
        others = {other.name: usual(other) for other in arguments if other.required}
        for value in [*NO_TEXTS, *POISON.get(type(one.given), [])]:
            yield Request(
                declared.name, {**others, one.name: value}, person=SOMEBODY, station="RAW-1", signed_by=SOMEBODY
            )


def answers(connection: Connection, plant: SamplePlant, asked: Request) -> str | None:
    """The fault that a request made; None for an answer."""
    try:
        with connection.begin_nested() as savepoint:
            perform_in(connection, asked, plant.now)
            savepoint.rollback()
    except HalfWritten:
        return None
    except Exception as fault:  # whatever it is, it would be a 500
        return f"{asked.command} {dict(asked.arguments)!r:.200}: {fault!r:.200}"
    return None


def test_every_poison_in_every_argument_of_every_command_is_answered(somebody: SamplePlant) -> None:
    asked = [one for declared in REGISTER.values() if declared.by_program for one in requests(declared)]
    assert len(asked) > 1000
    faults = somebody.database.write(lambda connection: [answers(connection, somebody, one) for one in asked])
    assert [one for one in faults if one] == []


def test_what_is_no_number_is_refused_by_its_field_and_recorded(somebody: SamplePlant) -> None:
    (reason,) = somebody.refuse(
        "stock:split", Misread, unit="261112-PKG-01", quantity="1E+999999", person=SOMEBODY, station="RAW-1"
    )
    assert reason.sentence("zh") == "「取出数量」填写不对：须为数字，如 12 或 0.5。"


def test_half_a_character_is_refused_and_the_refusal_is_in_the_journal(somebody: SamplePlant) -> None:
    somebody.refuse("quality:hold", Misread, lot="R261027-01", reason="\ud800", person=SOMEBODY, signed=True)


@pytest.mark.parametrize("text", [*NO_NUMBERS, "", "+", "1.", ".5", "١٢", "0x10", "--1", "1e2"])
def test_a_number_from_outside_has_digits_and_a_point_and_nothing_else(text: str) -> None:
    for read in (decimal_of, whole_of):
        with pytest.raises(ValueError, match=r"form|is not from"):
            read(text)


def test_a_day_from_outside_is_of_a_year_that_a_plant_can_mean() -> None:
    assert day_of(f"{YEARS[0]}-01-01").year == YEARS[0]
    for text in ("0001-01-01", "9999-12-31", "2200-01-01"):
        with pytest.raises(ValueError, match="year"):
            day_of(text)
    assert not is_month("9999-12")
    for moment in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"):
        with pytest.raises(ValueError, match="year"):
            moment_of(moment)
