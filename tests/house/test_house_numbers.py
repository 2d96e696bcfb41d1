"""Text from outside becomes a number or a day in one place, `mes.outside`: length and form are judged first."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import Module, is_inside, modules

ONE_PLACE = "mes.outside"
# Who may convert by themselves, and what they convert.
OTHERWISE = {
    "mes.codes": "pure, for labels too: a form of its own stands before every number",
    "mes.intake.cells": "cells: a form of its own stands before every number",
    "mes.intake.sheets": "numbers that a workbook has as such",
    "mes.intake.in_the_way": "cells that were read before, as the sheets write them",
    "mes.planning.needs": "what the database holds",
    "mes.terminal.repeats": "what the server wrote",
    "mes.intake.rules.orders_and_plans": "digits that a form of its own has found",
    "mes.masters.units": "what the database holds",
    "mes.quality.plans": "what the database holds",
    "mes.planning.sheet": "what the database holds",
    "mes.terminal.screen": "what the server wrote",
    "mes.terminal.work": "what the database holds",
    "mes.terminal.scanning": "facts of our own errors",
    "mes.labelling.own_labels": "quantities of ours on a sheet",
    "web.incoming": "numbers of JSON itself",
    "web.demo": "its own story",
    "web.pages.flow": "what the database holds",
    "web.paper": "what the database holds",
    "web.serving": "a port of its own",
    "web.sheets": "what the database holds",
    "web.cli_label": "a choice of two",
    "web.cli_floor": "a choice of two",
}
ANYWHERE = {"Decimal", "float", "date.fromisoformat", "datetime.fromisoformat"}
# Where whole numbers come from outside; elsewhere int() is said to what the database counted.
TEXTS_ARRIVE = ("web", "mes.terminal", "mes.intake", "mes.given", "mes.resolve", "mes.quality.measuring")


def conversions(module: Module) -> Iterator[str]:
    """Where a value becomes a number or a day."""
    wanted = ANYWHERE | ({"int"} if any(is_inside(module.name, room) for room in TEXTS_ARRIVE) else set())
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            made = ast.unparse(node.func) in wanted and not all(isinstance(one, ast.Constant) for one in node.args)
            by_flask = any(one.arg == "type" and ast.unparse(one.value) in ("int", "float") for one in node.keywords)
            if made or (by_flask and ast.unparse(node.func).startswith("request.")):
                yield f"{module.place}:{node.lineno}: {ast.unparse(node)}"


def may(module: Module) -> bool:
    return any(is_inside(module.name, room) for room in (ONE_PLACE, *OTHERWISE))


def test_text_from_outside_becomes_a_number_in_one_place() -> None:
    found = [one for module in modules("mes", "web") if not may(module) for one in conversions(module)]
    assert found == []


@pytest.mark.parametrize("room", OTHERWISE)
def test_every_exception_is_needed(room: str) -> None:
    assert any(list(conversions(module)) for module in modules("mes", "web") if is_inside(module.name, room))
