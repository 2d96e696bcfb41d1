"""Who may know whom: the rooms of the house, and the one direction inside `mes`.

The rules are the tables on top. A new module of `mes` needs a line in LAYERS, or lies in a package that has one.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.source import ROOMS, ROOT, Module, is_inside, modules

# room -> what it may import of the other rooms
MAY_IMPORT = {"mes": (), "devices": (), "labels": ("mes.codes",), "web": ("mes", "labels")}
# the one wiring file
WIRING = ("web.cli",)

# room -> libraries that belong to another room
NOT_ITS_TRADE = {
    "mes": ("flask", "apiflask", "werkzeug", "waitress", "serial", "escpos", "PIL", "fpdf", "httpx"),
    "devices": ("flask", "apiflask", "werkzeug", "waitress", "sqlalchemy", "alembic", "psycopg", "fpdf"),
    "labels": ("flask", "apiflask", "werkzeug", "waitress", "sqlalchemy", "alembic", "psycopg", "serial", "httpx"),
    "web": ("serial", "escpos"),
}

# Inside mes, from top to bottom: a module imports its own layer and those below, never one above. The longest matching
# name decides; `*` stands for one package.
LAYERS = (
    ("terminal", ["mes.terminal"]),
    ("answers", ["mes.queries", "mes.audit", "mes.founding"]),
    ("the door", ["mes.commands", "mes.once", "mes.departments", "mes.resolve", "mes.tidying"]),
    (
        "departments",
        [
            "mes.planning",
            "mes.production",
            "mes.quality",
            "mes.service",
            "mes.trace",
            "mes.intake",
            "mes.warehouse",
            "mes.packing",
            "mes.shipping",
            "mes.labelling",
            "mes.stock",
        ],
    ),
    (
        "ledger and lots",
        ["mes.stock.ledger", "mes.stock.lots", "mes.stock.scanned", "mes.stock.fifo", "mes.stock.serials"],
    ),
    ("master data", ["mes.masters", "mes.people"]),
    ("what a command is", ["mes.transaction", "mes.declaring", "mes.given"]),
    ("the schema", ["mes.schema", "mes.migrations"]),
    (
        "tables",
        [
            "mes.*.model",
            "mes.*.refusals",
            "mes.tables",
            "mes.stock.status",
            "mes.stock.locks",
            "mes.labelling.words",
            "mes.masters.words",
        ],
    ),
    ("core", ["mes.sealing", "mes.memory"]),
    ("core", ["mes.database", "mes.writer", "mes.unavailable", "mes.refusals", "mes.journal", "mes.codes"]),
    ("core", ["mes", "mes.clock", "mes.outside", "mes.roles", "mes.secret", "mes.words"]),
)


def layer(name: str) -> int | None:
    """How deep a module of mes lies (0 is the top), or None if no line of LAYERS speaks of it."""
    matches = [
        (specificity(pattern), depth)
        for depth, (_, patterns) in enumerate(LAYERS)
        for pattern in patterns
        if matches_pattern(name, pattern)
    ]
    return max(matches)[1] if matches else None


def matches_pattern(name: str, pattern: str) -> bool:
    """Whether a dotted name is what the pattern says or lies in it; the root package is only itself."""
    parts, wanted = name.split("."), pattern.split(".")
    if len(wanted) == 1:
        return parts == wanted
    return len(parts) >= len(wanted) and all(want in ("*", part) for part, want in zip(parts, wanted, strict=False))


def specificity(pattern: str) -> tuple[int, int]:
    """Longer patterns speak before shorter ones, spelled-out ones before those with a star."""
    return pattern.count("."), -pattern.count("*")


def of_this_project(name: str, known: set[str]) -> str | None:
    """The module of ours that an imported name means (`a.b` may be the name b in module a), or None."""
    if name in known:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in known else None


def test_no_room_imports_another_that_it_must_not_know() -> None:
    breaches = [
        f"{module.place} imports {name}"
        for module in modules(*ROOMS)
        if module.name not in WIRING
        for name in module.imports()
        if name.partition(".")[0] in {*ROOMS, "tests", "bench"} - {module.room}
        and not any(is_inside(name, allowed) for allowed in MAY_IMPORT[module.room])
    ]
    assert breaches == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_uses_the_libraries_of_another_trade(room: str) -> None:
    breaches = [
        f"{module.place} imports {name}"
        for module in modules(room)
        if module.name not in WIRING
        for name in module.imports()
        if any(is_inside(name, library) for library in NOT_ITS_TRADE[room])
    ]
    assert breaches == []


def test_every_module_of_mes_has_a_layer() -> None:
    assert [module.place for module in modules("mes") if layer(module.name) is None] == []


def test_imports_inside_mes_run_one_way() -> None:
    known = {module.name: module for module in modules("mes")}
    breaches = [
        f"{module.place} ({LAYERS[own][0]}) imports {target} ({LAYERS[other][0]})"
        for module in known.values()
        for target in {of_this_project(name, set(known)) for name in module.imports()}
        if target and (own := layer(module.name)) is not None and (other := layer(target)) is not None and other < own
    ]
    assert sorted(breaches) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = {module.name for module in modules(*ROOMS)}
    graph = {
        module.name: {target for name in module.imports_at_work() if (target := of_this_project(name, known))}
        - {module.name}
        for module in modules(*ROOMS)
    }
    assert circle_in(graph) == []


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """Modules of which each imports the next and the last the first; empty if there are none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_is_named_by_its_modules() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) in (
        ["a", "c", "b", "a"],
        ["b", "a", "c", "b"],
        ["c", "b", "a", "c"],
    )
    assert circle_in({"a": {"b"}, "b": {"c"}}) == []


def test_codes_are_pure_and_know_nothing_else_of_ours() -> None:
    imported = {name for module in modules("mes") if is_inside(module.name, "mes.codes") for name in module.imports()}
    assert sorted(name for name in imported if is_inside(name, "mes") and not is_inside(name, "mes.codes")) == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_door_of_every_room_is_empty(room: str) -> None:
    assert (ROOT / room / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_relative_imports_are_read_as_what_they_mean(tmp_path: Path) -> None:
    file = tmp_path / "fifo.py"
    file.write_text("from . import lots\nfrom ..masters.model import Item\nimport mes.codes\n")
    assert list(Module("mes.stock.fifo", file).imports()) == ["mes.stock.lots", "mes.masters.model.Item", "mes.codes"]
