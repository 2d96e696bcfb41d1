"""How big things may grow: functions that fit a screen, files that own one thing."""

from __future__ import annotations

import pytest

from tests.house.source import ROOMS, Function, Module, is_inside, modules

LINES_OF_A_FUNCTION = 60
MEDIAN_OF_FUNCTIONS = 8
NINETIETH_PERCENTILE_OF_FUNCTIONS = 25
LINES_OF_A_FILE = 300

# Files that are one thing although they are long: place -> (lines it may reach, why it is not two).
LONG_FILES: dict[str, tuple[int, str]] = {}
# History, frozen once it is shipped and mostly written by Alembic: nobody works in it, so nobody needs it short.
NOT_COUNTED = "mes.migrations.versions"


def counted() -> list[Module]:
    """The files of all rooms to which the sizes apply."""
    return [module for module in modules(*ROOMS) if not is_inside(module.name, NOT_COUNTED)]


def length(function: Function) -> int:
    """Lines from `def` to the last one, docstring and comments included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def lengths() -> list[int]:
    """The lengths of all functions of all rooms, ascending."""
    return sorted(length(function) for module in counted() for function in module.functions())


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{module.place}:{function.lineno} {function.name} has {length(function)} lines"
        for module in counted()
        for function in module.functions()
        if length(function) > LINES_OF_A_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize(("share", "limit"), [(0.5, MEDIAN_OF_FUNCTIONS), (0.9, NINETIETH_PERCENTILE_OF_FUNCTIONS)])
def test_most_functions_are_short(share: float, limit: int) -> None:
    ascending = lengths()
    assert ascending[int(share * (len(ascending) - 1))] <= limit


def test_a_long_file_has_a_reason_and_a_limit() -> None:
    long = {
        module.place: lines
        for module in counted()
        if (lines := module.text.count("\n")) > LONG_FILES.get(module.place, (LINES_OF_A_FILE, ""))[0]
    }
    assert long == {}


def test_every_allowance_for_a_long_file_is_still_needed() -> None:
    long = {module.place for module in counted() if module.text.count("\n") > LINES_OF_A_FILE}
    assert LONG_FILES.keys() - long == set()
