"""Captions and values in two columns: shrinking first, then wrapping, within the limits that the layout gives.

Works on ready texts in millimetres; knows nothing of layouts, codes or stock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import isfinite

from labels import typeface
from labels.errors import TextDoesNotFit
from labels.label import Area, Text
from labels.placing import Block

STRONG = 1.25  # what people act on stands out by size too
STRONG_KEEPS = 0.9  # so much of its size it keeps while anything else can still give way
_STRONG_LINE = 1.2  # codes and quantities reach less far below their line than prose
_CAPTION = 0.84
_LITTLE_SMALLER = 0.88


@dataclass(frozen=True)
class Line:
    """A caption in both languages and its value, of at most so many lines; `clip` lets a longer one end in "…"."""

    zh: str
    en: str
    value: str
    lines: int = 1
    strong: bool = False
    clip: bool = False

    @property
    def caption(self) -> str:
        """The caption as it is printed."""
        return f"{self.zh} {self.en}".strip()


def table(
    area: Area,
    lines: tuple[Line, ...],
    text_mm: float,
    smallest_mm: float,
    strong_mm: float | None = None,
    *,
    whole: bool = False,
) -> Block:
    """The rows in the largest size that fits the area (its height may be infinite).

    What people act on is printed at `strong_mm` and shrinks last: first the other letters do, then the texts that may
    end in "…" are cut, unless the rows are wanted `whole`. Raises TextDoesNotFit.
    """
    sizes = _strong_sizes(strong_mm or STRONG * text_mm, STRONG * smallest_mm)
    uncut = (_largest(area, lines, text_mm, smallest_mm, size) for size in sizes if size >= STRONG_KEEPS * sizes[0])
    cut = (_cut(area, lines, smallest_mm, size) for size in (() if whole else sizes))
    for size, block in (found for found in chain(uncut, cut) if found):
        return _spread(block, area.height_mm, size) if isfinite(area.height_mm) else block
    widest = max(lines, key=lambda line: typeface.width_mm(line.value, 1.0))
    raise TextDoesNotFit(widest.value, area.width_mm, smallest_mm)


def _strong_sizes(strong_mm: float, smallest_mm: float) -> list[float]:
    """From the size that is wanted down to the smallest, in steps of a twentieth."""
    steps = range(20, int(20 * smallest_mm / strong_mm), -1)
    return [*(strong_mm * step / 20 for step in steps), smallest_mm]


def _largest(
    area: Area, lines: tuple[Line, ...], text_mm: float, smallest_mm: float, strong_mm: float
) -> tuple[float, Block] | None:
    """The rows uncut in the largest letters that fit.

    A little smaller is better than one more line, which would often hold a single character.
    """
    sizes = [text_mm - step / 10 for step in range(int((text_mm - smallest_mm) * 10 + 1e-6) + 1)]
    fitting: list[tuple[float, Block]] = []
    for size in (*sizes, smallest_mm):
        if fitting and size < _LITTLE_SMALLER * fitting[0][0]:
            break
        block = _rows(area, lines, size, strong_mm)
        if block and block.height_mm <= area.height_mm:
            fitting.append((size, block))
    return min(fitting, key=lambda one: (len(one[1].elements), -one[0]), default=None)


def _cut(area: Area, lines: tuple[Line, ...], smallest_mm: float, strong_mm: float) -> tuple[float, Block] | None:
    """The rows in the smallest letters, the longest texts cut line after line, as little as the area demands."""
    for shorter in _shorter(lines):
        block = _rows(area, shorter, smallest_mm, strong_mm, clip=True)
        if block and block.height_mm <= area.height_mm:
            return smallest_mm, block
    return None


def _shorter(lines: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    """The lines, then again and again with one line less for that which may be cut and has most."""
    while True:
        yield lines
        longest = max((line for line in lines if line.clip), key=lambda line: line.lines, default=None)
        if longest is None or longest.lines == 1:
            return
        lines = tuple(replace(line, lines=line.lines - 1) if line is longest else line for line in lines)


def _rows(area: Area, lines: tuple[Line, ...], text_mm: float, strong_mm: float, *, clip: bool = False) -> Block | None:
    """The rows in one size, or None if one needs more lines than it may have; large values begin by themselves."""
    begins = {strong: _values_begin(area, lines, text_mm, strong=strong) for strong in (True, False)}
    elements: list[Text] = []
    y, below = area.y_mm, 0.0
    for line in lines:
        value_x = begins[line.strong]
        fitted = _fitted(line, area.right_mm - value_x, text_mm, strong_mm, clip=clip)
        if fitted is None:
            return None
        parts, size = fitted
        pitch = size * (_STRONG_LINE if line.strong else typeface.LINE)
        elements.append(Text(area.x_mm, y + size, text_mm * _CAPTION, line.caption))
        for part in parts:
            elements.append(Text(value_x, y + size, size, part, bold=line.strong))
            y += pitch
        below = size * typeface.LINE - pitch
    return Block(tuple(elements), y + below - area.y_mm)


def _values_begin(area: Area, lines: tuple[Line, ...], text_mm: float, *, strong: bool) -> float:
    captions = [typeface.width_mm(line.caption, text_mm * _CAPTION) for line in lines if line.strong == strong]
    return area.x_mm + max(captions, default=0.0) + 0.6 * text_mm


def _fitted(
    line: Line, room_mm: float, text_mm: float, strong_mm: float, *, clip: bool
) -> tuple[tuple[str, ...], float] | None:
    """The value on its lines and how large, or None; what is strong may shrink by itself to the size of the rest."""
    if clip and line.clip:
        return typeface.cut(line.value, text_mm, room_mm, line.lines), text_mm
    try:
        return typeface.fit(line.value, room_mm, strong_mm if line.strong else text_mm, text_mm, line.lines)
    except TextDoesNotFit:
        return None


def _spread(block: Block, height_mm: float, text_mm: float) -> Block:
    """The rows moved apart when there is room, at most by a third of a line each."""
    texts = [element for element in block.elements if isinstance(element, Text)]
    baselines = sorted({text.baseline_mm for text in texts})
    gap = min(0.35 * text_mm, (height_mm - block.height_mm) / max(1, len(baselines)))
    down = {baseline: gap * (index + 0.5) for index, baseline in enumerate(baselines)}
    spread = tuple(replace(text, baseline_mm=text.baseline_mm + down[text.baseline_mm]) for text in texts)
    return Block(spread, block.height_mm + gap * len(baselines))
