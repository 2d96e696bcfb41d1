"""Labels on one core: milliseconds from facts to proved bytes, per layout and language, the first time and afterwards.

Cold is a new process: imports, font and caches included. Warm has a new serial for every label, as on the floor: its
codes are new, its letters are known. Cached repeats the very same label.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import get_args

from bench.measuring import timed
from labels.layout import sample
from labels.rendering import Language, render, render_run_card
from labels.run_card import OperationRow, RunCardSheet
from mes.codes import label_serial

LANGUAGES: tuple[Language, ...] = get_args(Language)
LAYOUTS = (("accepted", "serial"), ("carton", "container"), ("location", "location"))
TIMES = 40
_COLD = """
import time
start = time.perf_counter()
from bench.labels import one
one({!r}, {!r})
print(time.perf_counter() - start)
"""


def one(layout: str, language: Language, number: int = 1) -> bytes:
    """One label for 80 mm paper with a serial of its own."""
    facts, numbered = sample(layout), dict(LAYOUTS).get(layout, "")
    if numbered:
        facts[numbered] = label_serial(1, number)
    return render(layout, facts, language, 203, 80).content


def run_card(language: Language, number: int = 1) -> bytes:
    """A run card of eight operations on 80 mm paper (A5 pages as PDF)."""
    card = "261201-ASA-01-8"
    rows = tuple(
        OperationRow(10 * step + 10, "ASSY", "装配", "Assembly", "WC-ASA", "key", step == 0, "按作业指导书操作。")
        for step in range(8)
    )
    sheet = RunCardSheet(
        card, card, "FG-1P-C16", "小型断路器", "Circuit breaker", f"{number} pcs", "2026-12 r1", "", "", "1", rows
    )
    return render_run_card(sheet, language, 203, 80).content


def run() -> None:
    """Print the table."""
    print("| label | language | cold ms | warm ms | labels/s warm | cached ms | bytes |")
    print("|---|---|---|---|---|---|---|")
    for layout, _ in LAYOUTS:
        for language in LANGUAGES:
            cold = f"{_cold(layout, language):.0f}" if language in ("zpl", "escpos") else ""
            _row(layout, language, cold, partial(one, layout, language))
    for language in LANGUAGES:
        _row("run card, 8 operations", language, "", partial(run_card, language))


def _cold(layout: str, language: str) -> float:
    """Milliseconds of the first label of a new process."""
    done = subprocess.run([sys.executable, "-c", _COLD.format(layout, language)], capture_output=True, check=True)
    return float(done.stdout) * 1000


def _row(name: str, language: str, cold: str, make: Callable[[int], bytes]) -> None:
    make(1)
    numbers = iter(range(1000, 1000 + TIMES))
    warm = statistics.median(timed(lambda: make(next(numbers)), TIMES)) * 1000
    cached = statistics.median(timed(lambda: make(1), TIMES)) * 1000
    print(f"| {name} | {language} | {cold} | {warm:.1f} | {1000 / warm:.0f} | {cached:.1f} | {len(make(1))} |")
