"""Mutation testing itself: which mistakes it makes, and that the code under test really has them."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from tests.mutation.child import Mistaken
from tests.mutation.mutants import mutants, mutated
from tests.mutation.targets import TARGETS

ROOT = Path(__file__).parents[2]
RULE = '''
"""A docstring is left alone."""

TABLE: dict[str, int] = {"one": 1}

@command("left alone", roles={"these too"})
def rule(asked: int, free: int = 2) -> bool:
    if asked > free and asked:
        raise NotEnough
    return not asked
'''


def mistakes(source: str) -> set[tuple[str, str]]:
    """Before and after of every mutant."""
    return {(mutant.before, mutant.after) for mutant in mutants(ast.parse(source))}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a in (b,)", {"a not in (b,)", "a in ()"}),
        ("a + b", {"a - b"}),
        ("not a", {"a"}),
        ("a and b", {"a", "b"}),
        ("{a: 1}", {"{}", "{a: 2}"}),
        ("[a for a in b if a]", {"[a for a in b]"}),
        ("a if b else c", {"a if not b else c"}),
        ("select(a).where(b, c)", {"select(a).where(b)", "select(a).where(c)"}),
        ("text('a AND b')", {"text('a')", "text('b')", "text('')"}),
        ("f'{a}: text'", set()),
    ],
)
def test_each_way_to_be_mistaken_is_tried(right: str, wrong: set[str]) -> None:
    source = f"x = {right}"
    made = {ast.unparse(mutated(source, number)) for number in range(len(mistakes(source)))}
    assert {one.removeprefix("x = ") for one in made} == wrong


def test_tables_and_commands_are_mistaken_too_but_not_what_types_and_other_tables_guard() -> None:
    assert mistakes(RULE) == {
        ("{'one': 1}", "{}"),
        ("'one'", "''"),
        ("1", "2"),
        ("2", "3"),
        ("asked > free and asked", "asked"),
        ("asked > free and asked", "asked > free"),
        ("asked > free", "asked >= free"),
        ("asked > free", "asked <= free"),
        ("raise NotEnough", "pass"),
        ("return not asked", "pass"),
        ("not asked", "asked"),
    }


def test_a_mistake_knows_the_function_it_is_in_as_its_code_object_does() -> None:
    scopes = {mutant.before: mutant.scope for mutant in mutants(ast.parse(RULE))}
    assert (scopes["{'one': 1}"], scopes["not asked"]) == (
        0,
        RULE.splitlines().index('@command("left alone", roles={"these too"})') + 1,
    )


def test_the_module_that_is_imported_has_the_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "def may(quantity):\n    return quantity >= 0\n"
    path = tmp_path / "rule_with_a_mistake.py"
    path.write_text(source)
    number = [mutant.after for mutant in mutants(ast.parse(source))].index("quantity > 0")
    monkeypatch.setattr(sys, "meta_path", [Mistaken(path.stem, path, mutated(source, number)), *sys.meta_path])
    module = importlib.import_module(path.stem)
    monkeypatch.delitem(sys.modules, path.stem)
    assert (module.may(1), module.may(0)) == (True, False)


def test_every_target_and_every_test_file_that_guards_it_exists() -> None:
    missing = [name for files in TARGETS.values() for name in files if not (ROOT / name).is_file()]
    unknown = [name for name in TARGETS if importlib.util.find_spec(name) is None]
    assert (missing, unknown) == ([], [])
