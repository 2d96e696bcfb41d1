"""Mutation testing: makes one small mistake at a time in the plant's rules and sees whether a test notices.

A test file that still passes over a mistake has a hole, or the mistake makes no difference; a person judges which.
Each mistake meets, in a process of its own, only the tests that call the function it is in, quickest first.
Written by hand because our rules are what the kept tools leave alone: commands (decorated functions) and tables.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import json
import os
import random
import select
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.mutation import child
from tests.mutation.mutants import Mutant, mutants, mutated
from tests.mutation.targets import TARGETS

ROOT = Path(__file__).parents[2]
HEAVY = ("sqlalchemy.orm", "alembic.command", "hypothesis", "openpyxl", "argon2", "PIL.Image", "zxingcpp", "serial")
PATIENCE_S, PATIENCE = 30.0, 5.0
COLUMNS = ("made", "tried", "killed", "timeout", "survived", "unmet")
HEADING = f"| module | {' | '.join(COLUMNS)} |\n|{'---|' * (len(COLUMNS) + 1)}"


@dataclass(frozen=True)
class Tests:
    """What the tests that guard some modules call, and how long they take."""

    seconds: dict[str, float]
    calls: dict[str, set[child.Function]]

    def meeting(self, path: Path, scope: int) -> list[str]:
        """Those that reach a function, quickest first; a mistake outside of functions is met by all."""
        found = [name for name, called in self.calls.items() if scope == 0 or (str(path), scope) in called]
        return sorted(found, key=lambda name: self.seconds[name])


def in_child(work: Callable[[], int], limit_s: float, log: Path) -> int | None:
    """The exit status of a piece of work in a process of its own; None when it was stopped at its limit."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _become_child(work, log)
    ends = os.pidfd_open(pid)
    in_time, _, _ = select.select([ends], [], [], limit_s)
    os.close(ends)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if in_time else None


def _become_child(work: Callable[[], int], log: Path) -> None:
    status = 70
    try:
        os.setsid()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for descriptor in (1, 2):
            os.dup2(output, descriptor)
        status = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def listened(files: list[str], modules: list[Path], kept: Path) -> Tests:
    """Run the tests without any mistake; they must pass."""
    log = kept / "log"
    if in_child(lambda: child.listen(files, modules, kept), 3600, log) != 0:
        raise SystemExit(f"The tests do not pass as they are:\n{log.read_text(errors='replace')[-3000:]}")
    notes = json.loads((kept / "calls.json").read_text())
    return Tests(
        {name: note[0] for name, note in notes.items()},
        {name: set(map(tuple, note[1:])) for name, note in notes.items()},
    )


def verdict(name: str, path: Path, number: int, mutant: Mutant, tests: Tests, kept: Path) -> str:
    """What becomes of one mistake."""
    meeting = tests.meeting(path, mutant.scope)
    if not meeting:
        return "unmet"
    tree = mutated(path.read_text(encoding="utf-8"), number)
    limit_s = PATIENCE_S + PATIENCE * sum(tests.seconds[test] for test in meeting)
    status = in_child(lambda: child.attack(meeting, name, path, tree, kept), limit_s, kept / "log")
    return "timeout" if status is None else "survived" if status == 0 else "killed"


def examine(name: str, tests: Tests, kept: Path, sample: int, seed: int) -> Counter[str]:
    """All mistakes of a module, or a random sample of them."""
    path = path_of(name)
    found = mutants(ast.parse(path.read_text(encoding="utf-8")))
    numbers = sorted(random.Random(f"{seed} {name}").sample(range(len(found)), min(sample, len(found))))
    counted = Counter({"made": len(found), "tried": len(numbers)})
    for number in numbers:
        counted[what := verdict(name, path, number, found[number], tests, kept)] += 1
        if what != "killed":
            tell(what, path, number, found[number])
    return counted


def tell(what: str, path: Path, number: int, mutant: Mutant) -> None:
    """One line for whoever judges."""
    place = f"{path.relative_to(ROOT)}:{mutant.line}"
    print(f"{what:8} {place} #{number}: {shortened(mutant.before)} -> {shortened(mutant.after)}", flush=True)


def shortened(code: str) -> str:
    """Code on one line."""
    line = " ".join(code.split())
    return line if len(line) <= 160 else f"{line[:159]}…"


def path_of(name: str) -> Path:
    """Where a module lies."""
    plain = ROOT.joinpath(*name.split("."))
    return plain / "__init__.py" if plain.is_dir() else plain.with_suffix(".py")


def main() -> None:
    """Examine the modules asked for and print a table."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="dotted names or beginnings of them; all targets without any")
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="at most so many mistakes of each module")
    parser.add_argument("--seed", type=int, default=1, help="which ones: the same seed takes the same")
    asked = parser.parse_args()
    wanted = [name for name in TARGETS if not asked.modules or any(name.startswith(part) for part in asked.modules)]
    os.chdir(ROOT)
    for heavy in HEAVY:
        importlib.import_module(heavy)
    print(HEADING, flush=True)
    for files, together in groupby(wanted, key=TARGETS.__getitem__):
        modules = list(together)
        with tempfile.TemporaryDirectory() as folder:
            tests = listened(files, list(map(path_of, modules)), Path(folder))
            for name in modules:
                counted = examine(name, tests, Path(folder), asked.sample, asked.seed)
                print(f"| {name} | {' | '.join(str(counted[key]) for key in COLUMNS)} |", flush=True)


if __name__ == "__main__":
    main()
