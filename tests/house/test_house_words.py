"""What things may be called, what may speak to the screen, and what lies at the top of the house."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOMS, ROOT, Module, kept_files, modules

# Names that say that something is there, but not what it does; forbidden as the last word of a name.
EMPTY_WORDS = {"manager", "service", "services", "helper", "helpers", "util", "utils", "handler", "handlers"}
EMPTY_WORDS |= {"data", "info", "misc", "common"}
# Words of the trade that end so: name -> why it is right.
WORDS_OF_THE_TRADE = {"mes.service": "the department that serves customers"}

# Files that may print.
SPEAKING = re.compile(r"web/(cli|demo\w*)\.py|web/demo/\w+\.py")

TOP = {".ci", ".gitignore", "CHANGELOG.md", "Makefile", "README.md", "bench", "docs", "pyproject.toml", "tests", *ROOMS}

# A path of one machine: the home of somebody, or the place where this checkout happened to lie.
MACHINE_PATH = re.compile(r"(?<![\w.~>}/-])/(?:work|home|root|Users)/\w|\b[A-Z]:\\\w")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def names(module: Module) -> Iterator[str]:
    """The dotted names of the module itself and of everything it defines."""
    yield module.name
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module.name}.{node.name}"


def last_word(name: str) -> str:
    """The last word of a dotted, snake_case or CamelCase name, in small letters."""
    words = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+", name.rpartition(".")[2])
    return str(words[-1]).lower() if words else ""


def texts() -> Iterator[tuple[str, str]]:
    """Place and text of every file that is text."""
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield str(path.relative_to(ROOT)), content.decode("utf-8", errors="replace")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Every place, by file and line, where the pattern stands."""
    return [
        f"{place}:{number}: {line.strip()[:120]}"
        for place, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def called(module: Module, *functions: str) -> list[str]:
    """Where a module calls one of these functions, by name as written (`print`, `time.sleep`)."""
    return [
        f"{module.place}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in functions
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_names_say_what_a_thing_does(room: str) -> None:
    found = [name for module in modules(room) for name in names(module) if last_word(name) in EMPTY_WORDS]
    assert sorted(set(found) - WORDS_OF_THE_TRADE.keys()) == []


def test_only_the_command_line_prints() -> None:
    printing = [where for module in modules(*ROOMS) for where in called(module, "print", "pprint")]
    assert [where for where in printing if not SPEAKING.match(where)] == []


def test_tests_wait_on_conditions_and_only_in_one_place() -> None:
    sleeping = [where for module in modules("tests") for where in called(module, "time.sleep", "sleep")]
    assert [where.partition(":")[0] for where in sleeping] == ["tests/waiting.py"]


def test_tests_replace_nothing_by_a_mock() -> None:
    mocking = [f"{m.place}: {name}" for m in modules("tests") for name in m.imports() if "mock" in name.split(".")]
    assert mocking == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    assert [line for line in lines_with(UNFINISHED) if not line.startswith("tests/house/")] == []


def test_the_top_of_the_house_is_what_the_design_shows() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in kept_files()} - TOP == set()


def test_every_python_file_says_what_it_owns() -> None:
    silent = [m.place for m in modules(*ROOMS) if m.text.strip() and not ast.get_docstring(m.tree)]
    assert silent == []


def test_the_last_word_is_found_in_every_way_of_writing() -> None:
    written = ("mes.a.PrintManager", "mes.scan_helper", "web.HTTPHandler", "mes.service", "mes.a._parseXML2")
    assert [last_word(name) for name in written] == ["manager", "helper", "handler", "service", "xml2"]
