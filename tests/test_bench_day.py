"""The bench's working day is one: every script is answered as it says, so its figures are those of real work."""

from __future__ import annotations

from pathlib import Path

from bench.statements import counted


def test_the_scripts_of_the_bench_are_answered_as_they_say(tmp_path: Path) -> None:
    costs = counted(f"sqlite:///{tmp_path}/day.db", tmp_path / "plant", scans=20)
    assert set(costs) >= {
        "badge",
        "issue",
        "issue, refused",
        "load",
        "load, refused",
        "start, 13 components",
        "start, 13 components, refused",
        "report, 13 components",
        "finish",
        "pack",
        "pack, refused",
        "put away",
        "pick",
        "pick, refused",
        "ship",
    }
    assert all(statements > 0 for cost in costs.values() for statements in cost.statements)
