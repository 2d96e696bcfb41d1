"""What a child process does with the tests: runs them over one module, as it is or with a mistake in it.

Never returns to the runner's code: the exit status says whether every test passed.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Generator
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

Function = tuple[str, int]
"""By its file and first line."""
QUIET = [
    "-q",
    "-x",
    "--no-header",
    "--tb=line",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]


class Mistaken(MetaPathFinder):
    """Gives one module a tree of our own instead of its file's."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Only that module."""
        if fullname != self.name:
            return None
        folder = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        loader = _OfTree(self.name, str(self.path), self.tree)
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=loader, submodule_search_locations=folder
        )


class _OfTree(SourceFileLoader):
    def __init__(self, fullname: str, path: str, tree: ast.Module) -> None:
        super().__init__(fullname, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class Chosen:
    """Runs only the tests named, in the order named; without names every test that needs neither server nor browser."""

    def __init__(self, names: list[str]) -> None:
        self.order = {name: number for number, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Choose and sort."""
        chosen = [item for item in items if item.nodeid in self.order or (not self.order and _is_plain(item))]
        items[:] = sorted(chosen, key=lambda item: self.order.get(item.nodeid, 0))


def _is_plain(item: pytest.Item) -> bool:
    others = {"postgresql_databases", "postgres_plant"} & set(getattr(item, "fixturenames", ()))
    return "postgresql" not in item.nodeid and not others and not item.get_closest_marker("browser")


class Calls:
    """Notes which test calls which function of which file, and how long each test takes.

    A database that is filled once and copied for many tests counts as filled by each of them.
    """

    def __init__(self, files: list[Path], notes: Path) -> None:
        self.files, self.notes = set(map(str, files)), notes
        self.called: set[Function] = set()
        self.by_test: dict[str, set[Function]] = {}
        self.by_filling: dict[str, set[Function]] = defaultdict(set)
        self.seconds: dict[str, float] = defaultdict(float)

    def trace(self, frame: FrameType, _event: str, _argument: object) -> None:
        """As sys.settrace wants it: calls only, never lines."""
        code = frame.f_code
        if code.co_filename in self.files and code.co_name != "<module>":
            self.called.add((code.co_filename, code.co_firstlineno))

    def filled(self, name: str, fill: Callable[[], Any]) -> Any:
        """Fill a database (or find it filled), noting for this test what its filling called at the first time."""
        before, self.called = self.called, set()
        result = fill()
        self.by_filling[name] |= self.called
        self.called = before | self.by_filling[name]
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Listen while the test is set up, runs and is taken down."""
        self.called = set()
        threading.settrace(self.trace)
        sys.settrace(self.trace)
        result = yield
        sys.settrace(None)
        self.by_test[item.nodeid] = self.called
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the time."""
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Leave the notes for the runner."""
        tests = {name: [self.seconds[name], *sorted(called)] for name, called in self.by_test.items()}
        self.notes.write_text(json.dumps(tests))


def keep_templates(kept: Path, filled: Callable[[str, Callable[[], Any]], Any] | None = None) -> None:
    """Start from databases that code without a mistake has made: the empty one and the imported plant."""
    from tests import engines

    make, fill_original = engines.SqliteDatabases.__init__, engines.SqliteDatabases.filled

    def from_kept(self: Any, folder: Path) -> None:
        make(self, folder)
        for found in kept.glob("*.db"):
            shutil.copyfile(found, folder / found.name)
        if (folder / "template.db").exists():
            self.__dict__["template"] = folder / "template.db"

    def noted(self: Any, folder: Path, name: str, fill: Callable[[str], None]) -> str:
        url: str = filled(name, lambda: fill_original(self, folder, name, fill)) if filled else ""
        for made in ("template.db", "imported.db"):
            if (self.folder / made).exists() and not (kept / made).exists():
                shutil.copyfile(self.folder / made, kept / made)
        return url

    engines.SqliteDatabases.__init__ = from_kept  # type: ignore[method-assign]
    if filled:
        engines.SqliteDatabases.filled = noted  # type: ignore[method-assign]


def listen(files: list[str], modules: list[Path], kept: Path) -> int:
    """Run the tests as they are, with notes on who calls what."""
    calls = Calls(modules, kept / "calls.json")
    keep_templates(kept, calls.filled)
    return int(pytest.main([*QUIET, *files], plugins=[Chosen([]), calls]))


def attack(tests: list[str], name: str, path: Path, tree: ast.Module, kept: Path) -> int:
    """Run the tests over a mistake."""
    sys.meta_path.insert(0, Mistaken(name, path, tree))
    keep_templates(kept)
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    return int(pytest.main([*QUIET, "--hypothesis-profile=ci", *files], plugins=[Chosen(tests)]))
