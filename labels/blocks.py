"""Where the parts of a label stand: edge, band, big word, rows of captions and values, codes, a grid of codes.

Works in millimetres from a size and ready texts; shrinks and wraps within the size's limits and raises beyond them.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import inf

from labels import placing, typeface
from labels.errors import NotScannable, TextDoesNotFit
from labels.label import Area, Box, Element, Label, Pattern, PatternKind, StockColour, Text
from labels.table import Line, table

MARGIN_MM = 2.0
SMALLEST_WORD_MM, SMALLEST_NAME_MM = 3.0, 2.0
GIVING_WORD_MM = 7.5  # 60 dots: read from two metres; as far as the word gives up its room to the rows


@dataclass(frozen=True)
class Size:
    """One paper size of a layout; without a height the label grows as long as it must."""

    width_mm: float
    word_mm: float
    text_mm: float
    smallest_mm: float
    strong_mm: float | None = None
    height_mm: float | None = None
    edge_mm: float = 0.0
    band_mm: float = 7.0
    field: Area | None = None


@dataclass(frozen=True)
class Coded:
    """A code to print: its text, in which symbols, its caption and what a person reads beside it."""

    payload: str
    symbols: tuple[str, ...]
    zh: str
    en: str
    human: str
    module_mm: float = 0.375
    bar_mm: float = 10.0
    optional: bool = False


@dataclass(frozen=True)
class Content:
    """Everything that stands on one label, as ready texts."""

    stock: StockColour
    edge: PatternKind | None
    band: tuple[str, str] | None
    word: tuple[str, str]
    rows: tuple[Line, ...]
    codes: tuple[Coded, ...]
    grid: tuple[Coded, ...]
    corner: Coded | None = None


def arrange(size: Size, content: Content) -> Label:
    """The label of this size with this content. Raises TextDoesNotFit."""
    left = size.edge_mm + MARGIN_MM
    room = size.width_mm - left - MARGIN_MM
    elements: list[Element] = []
    y = MARGIN_MM
    if content.band:
        elements += band(Area(0, 0, size.width_mm, size.band_mm), *content.band)
        y += size.band_mm
    feet = foot(size, content, left, room)
    below_corner = y
    if content.corner:
        corner = placing.corner(
            content.corner.payload, size.width_mm, y - MARGIN_MM, _foot_top(size, feet) - y + MARGIN_MM
        )
        elements += corner.elements
        room -= corner.height_mm - MARGIN_MM  # it is square
        below_corner = y - MARGIN_MM + corner.height_mm
    texts = _texts(size, content, Area(left, y, room, _text_end(size, feet) - y if size.height_mm else inf))
    y = max(_put(elements, texts, y), below_corner)
    height = size.height_mm or y + 1.5 + feet.height_mm + MARGIN_MM
    top = _foot_top(size, feet) if size.height_mm else y + 1.5
    elements += placing.moved(feet.elements, 0, top)
    if content.edge:
        stop = size.field.y_mm if size.field and size.field.x_mm < size.edge_mm else height
        elements.append(Pattern(Area(0, 0, size.edge_mm, stop), content.edge))
    return Label(size.width_mm, height, content.stock, tuple(elements), size.field)


def _texts(size: Size, content: Content, area: Area) -> placing.Block:
    """The word and beneath it the rows; a large word makes way for rows that would not fit. Raises TextDoesNotFit.

    Only when the word has given what it can are texts cut and the rows that people act on become smaller.
    """
    for word_mm in _giving(size.word_mm):
        with suppress(TextDoesNotFit):
            return _stacked(size, content, area, word_mm, whole=True)
    return _stacked(size, content, area, min(size.word_mm, GIVING_WORD_MM), whole=False)


def _giving(word_mm: float) -> list[float]:
    """Sizes of the word, down to that which is still read from two metres."""
    return [word_mm, *(one for one in (11.0, 9.0, GIVING_WORD_MM) if one < word_mm)]


def _stacked(size: Size, content: Content, area: Area, word_mm: float, *, whole: bool) -> placing.Block:
    big = word(area.x_mm, area.y_mm, area.width_mm, content.word, word_mm)
    y = area.y_mm + big.height_mm
    space = Area(area.x_mm, y, area.width_mm, max(0.0, area.bottom_mm - y))
    rows = table(space, content.rows, size.text_mm, size.smallest_mm, size.strong_mm, whole=whole)
    return placing.Block((*big.elements, *rows.elements), big.height_mm + rows.height_mm)


def _put(elements: list[Element], block: placing.Block, y: float) -> float:
    elements += block.elements
    return y + block.height_mm


def _foot_top(size: Size, feet: placing.Block) -> float:
    """Where the codes begin: in the middle of the white window, else at the lower edge."""
    if size.field is not None:
        return size.field.y_mm + (size.field.height_mm - feet.height_mm) / 2
    return (size.height_mm or inf) - MARGIN_MM - feet.height_mm


def _text_end(size: Size, feet: placing.Block) -> float:
    """Where the rows must end: above the codes, and never on the white window."""
    return _foot_top(size, feet) - 1.0 if size.field is None else size.field.y_mm - 0.3


def band(area: Area, zh: str, en: str) -> list[Element]:
    """A black band with the kind of label left out of it."""
    size = area.height_mm * 0.62
    baseline = area.y_mm + area.height_mm / 2 + size * 0.37
    left = area.x_mm + MARGIN_MM
    room = area.right_mm - MARGIN_MM - left - typeface.width_mm(zh, size) - size / 2
    _, small = typeface.fit(en, room, size * 0.72, 1.6)
    right = Text(area.right_mm - MARGIN_MM, baseline, small, en, bold=True, align="right", ink="paper")
    return [Box(area), Text(left, baseline, size, zh, bold=True, ink="paper"), right]


def word(x: float, y: float, room: float, words: tuple[str, str], size_mm: float) -> placing.Block:
    """The big word in the plant's language, the other language beside it if it fits there, else beneath.

    A long code shrinks until it fits: better small than no label. A long name takes two lines, and is cut after those.
    """
    zh, en = words
    if not zh:
        return placing.Block((), 0.0)
    lines, zh_mm = _named(zh, room, size_mm, SMALLEST_WORD_MM)
    first = y + zh_mm * typeface.HAN_ASCENT
    big = [Text(x, first + 1.1 * zh_mm * row, zh_mm, line, bold=True) for row, line in enumerate(lines)]
    baseline, height = big[-1].baseline_mm, zh_mm * (1.1 * len(lines) - 0.04)
    beside_x = x + typeface.width_mm(lines[-1], zh_mm) + 0.3 * zh_mm
    if not en:
        return placing.Block(tuple(big), height)
    try:
        _, en_mm = typeface.fit(en, x + room - beside_x, zh_mm * 0.6, zh_mm * 0.36)
    except TextDoesNotFit:
        return placing.Block(*_beneath(big, en, x, y, room, zh_mm))
    return placing.Block((*big, Text(beside_x, baseline, en_mm, en, bold=True)), height)


def _beneath(big: list[Text], en: str, x: float, y: float, room: float, zh_mm: float) -> tuple[tuple[Text, ...], float]:
    """The other language below the big word, and the height of both."""
    lines, en_mm = _named(en, room, max(SMALLEST_NAME_MM, zh_mm * 0.5), SMALLEST_NAME_MM)
    first = big[-1].baseline_mm + typeface.HAN_DESCENT * zh_mm + 1.5 + typeface.CAP_HEIGHT * en_mm
    texts = [Text(x, first + typeface.LINE * row * en_mm, en_mm, line, bold=True) for row, line in enumerate(lines)]
    return (*big, *texts), first - y + en_mm * (typeface.LINE * (len(lines) - 1) + 0.3)


def _named(text: str, room: float, size_mm: float, smallest_mm: float) -> tuple[tuple[str, ...], float]:
    """A name on one line or two, cut where even those do not hold it; a code whole on one line, or not at all."""
    is_code = text.isascii() and " " not in text
    for lines in (1, 2):
        with suppress(TextDoesNotFit):
            return typeface.fit(text, room, size_mm, smallest_mm if is_code else max(smallest_mm, 0.6 * size_mm), lines)
        if is_code:
            raise TextDoesNotFit(text, room, smallest_mm)
    return typeface.fit_or_cut(text, room, size_mm, max(smallest_mm, 0.4 * size_mm), 2)


def foot(size: Size, content: Content, left: float, room: float) -> placing.Block:
    """The codes at the foot, placed from y = 0: the first in all its symbols, the others below, then the grid."""
    x, width = (size.field.x_mm, size.field.width_mm) if size.field else (left - MARGIN_MM, room + 2 * MARGIN_MM)
    height = size.field.height_mm if size.field else None
    parts = list(_foot_parts(content, x, width, height))
    elements: list[Element] = []
    y = 0.0
    for part in parts:
        elements += placing.moved(part.elements, 0, y)
        y += part.height_mm
    return placing.Block(tuple(elements), y)


def _foot_parts(content: Content, x: float, width: float, height: float | None) -> Iterator[placing.Block]:
    for index, code in enumerate(content.codes):
        if index == 0 and code.symbols != ("code128",):
            yield placing.pair(code.payload, code.symbols, x, width, height)
        else:
            yield from _section(code, x, width)
    if content.grid:
        yield placing.grid([(code.payload, code.human) for code in content.grid], x, width)


def _section(code: Coded, x: float, width: float) -> Iterator[placing.Block]:
    """A further code; one that may be left out is left out where it would not scan."""
    try:
        yield placing.section(
            (code.zh, code.en, code.human or code.payload), code.payload, x, width, code.module_mm, code.bar_mm
        )
    except NotScannable:
        if not code.optional:
            raise
