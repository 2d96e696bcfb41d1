"""The project's own files as the house tests read them: parsed once, never imported."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("mes", "devices", "labels", "web")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file under its dotted name."""

    name: str
    path: Path

    @property
    def room(self) -> str:
        """The top-level package."""
        return self.name.partition(".")[0]

    @property
    def place(self) -> str:
        """Where it lies, as a reader would look for it."""
        return str(self.path.relative_to(ROOT)) if self.path.is_relative_to(ROOT) else self.path.name

    @property
    def text(self) -> str:
        """The file's text."""
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, filename=self.place)

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[str]:
        """Every imported module by its full name, wherever in the file; `from a import b` gives `a.b`."""
        return (name for node in ast.walk(self.tree) for name in self._imported(node))

    def imports_at_work(self) -> Iterator[str]:
        """The same without what is imported under `if TYPE_CHECKING:`: names in annotations pull nothing in."""
        tree = self.tree
        named_only = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        return (name for node in ast.walk(tree) if node not in named_only for name in self._imported(node))

    def _imported(self, node: ast.AST) -> list[str]:
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            return [f"{self._origin(node)}.{alias.name}" for alias in node.names]
        return []

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        above = package[: len(package) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in sorted(listed.split("\0")) if name and (path := ROOT / name).is_file())


def modules(*rooms: str) -> list[Module]:
    """The Python files of the rooms."""
    found = (path for path in kept_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms)
    return [Module(dotted(path), path) for path in found]


def dotted(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_inside(name: str, package: str) -> bool:
    """Whether a dotted name is that package or lies in it."""
    return name == package or name.startswith(f"{package}.")
