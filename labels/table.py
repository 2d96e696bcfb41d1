"""Captions and values in two columns: shrinking first, then wrapping, within the limits that the layout gives.

Works on ready texts in millimetres; knows nothing of layouts, codes or stock.
"""

from dataclasses import dataclass, replace
from math import isfinite

from labels import typeface
from labels.errors import TextDoesNotFit
from labels.label import Area, Text
from labels.placing import Block

STRONG = 1.25  # what people act on stands out by size too
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


def table(area: Area, lines: tuple[Line, ...], text_mm: float, smallest_mm: float) -> Block:
    """The rows, all in the largest size that fits the area (its height may be infinite).

    A little smaller is better than one more line, which would often hold a single character. Raises TextDoesNotFit.
    """
    steps = range(int((text_mm - smallest_mm) * 10 + 1e-6) + 1)
    sizes = [text_mm - step / 10 for step in steps]
    fitting: list[tuple[float, Block]] = []
    for size in (*sizes, smallest_mm):
        if fitting and size < _LITTLE_SMALLER * fitting[0][0]:
            break
        block = _rows(area, lines, size, clip=not fitting and size == smallest_mm)
        if block and block.height_mm <= area.height_mm:
            fitting.append((size, block))
    if not fitting:
        widest = max(lines, key=lambda line: typeface.width_mm(line.value, 1.0))
        raise TextDoesNotFit(widest.value, area.width_mm, smallest_mm)
    size, block = min(fitting, key=lambda one: (len(one[1].elements), -one[0]))
    return _spread(block, area.height_mm, size) if isfinite(area.height_mm) else block


def _rows(area: Area, lines: tuple[Line, ...], text_mm: float, *, clip: bool = False) -> Block | None:
    """The rows in one size, or None if one needs more lines than it may have."""
    captions = [typeface.width_mm(line.caption, text_mm * _CAPTION) for line in lines]
    value_x = area.x_mm + max(captions, default=0.0) + 0.6 * text_mm
    elements: list[Text] = []
    y = area.y_mm
    for line in lines:
        size = text_mm * (STRONG if line.strong else 1.0)
        wrapped = _wrapped(line, size, area.right_mm - value_x, clip=clip and line.clip)
        if wrapped is None:
            return None
        elements.append(Text(area.x_mm, y + size, text_mm * _CAPTION, line.caption))
        for part in wrapped:
            elements.append(Text(value_x, y + size, size, part, bold=line.strong))
            y += size * typeface.LINE
    return Block(tuple(elements), y - area.y_mm)


def _wrapped(line: Line, size: float, room_mm: float, *, clip: bool) -> tuple[str, ...] | None:
    if clip:
        return typeface.cut(line.value, size, room_mm, line.lines)
    wrapped = typeface.wrap(line.value, size, room_mm)
    return wrapped if wrapped is not None and len(wrapped) <= line.lines else None


def _spread(block: Block, height_mm: float, text_mm: float) -> Block:
    """The rows moved apart when there is room, at most by a third of a line each."""
    texts = [element for element in block.elements if isinstance(element, Text)]
    baselines = sorted({text.baseline_mm for text in texts})
    gap = min(0.35 * text_mm, (height_mm - block.height_mm) / max(1, len(baselines)))
    down = {baseline: gap * (index + 0.5) for index, baseline in enumerate(baselines)}
    spread = tuple(replace(text, baseline_mm=text.baseline_mm + down[text.baseline_mm]) for text in texts)
    return Block(spread, block.height_mm + gap * len(baselines))
