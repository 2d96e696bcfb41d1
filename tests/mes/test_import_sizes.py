"""A file that is too large is refused before it is unpacked or read: a zip bomb, a giant cell, a giant sheet."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from pathlib import Path

from mes.intake import sizes
from mes.intake.problems import Problem
from mes.intake.sheets import read_sheets

MUCH_BYTES = 300 * 2**20


def problem_of(path: Path) -> Problem:
    """The one problem of a file or folder, found without reading much of it."""
    tracemalloc.start()
    started = time.monotonic()
    (found,) = read_sheets(path, lambda _name: True)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, Problem)
    assert most_bytes < 20 * 2**20
    assert time.monotonic() - started < 20
    return found


def bomb(path: Path, size: int) -> Path:
    """A small workbook whose only part unpacks to so many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(size // 2**20):
            part.write(bytes(2**20))
    return path


def test_a_zip_bomb_is_refused_by_the_sizes_that_its_directory_tells(tmp_path: Path) -> None:
    found = problem_of(bomb(tmp_path / "plant.xlsx", MUCH_BYTES))
    assert "too large (300 MB, at most 256 MB)" in found.en
    assert "文件过大（300 MB" in found.zh


def test_a_directory_that_lies_gains_nothing(tmp_path: Path) -> None:
    path = bomb(tmp_path / "plant.xlsx", 8 * 2**20)
    content = path.read_bytes()
    path.write_bytes(content.replace((8 * 2**20).to_bytes(4, "little"), (4).to_bytes(4, "little")))
    assert "not a sound XLSX workbook" in problem_of(path).en


def test_a_giant_file_is_not_even_opened(tmp_path: Path) -> None:
    for name in ("items.csv", "plant.xlsx"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(MUCH_BYTES)  # takes no room on the disk
    assert "too large (300 MB, at most 64 MB)" in problem_of(tmp_path / "plant.xlsx").en
    (tmp_path / "plant.xlsx").unlink()
    assert "too large (300 MB, at most 64 MB)" in problem_of(tmp_path).en


def test_a_giant_cell_is_named_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(f"code,name_zh\nA,{'x' * (sizes.LONGEST_CELL + 1)}\n", "utf-8")
    found = problem_of(tmp_path)
    assert (found.file, found.row) == ("items.csv", 2)
    assert "more than 32767 characters" in found.en
