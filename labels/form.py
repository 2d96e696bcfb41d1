"""Forms on A4 or A5: a heading with a code, facts in two columns, a table that flows over pages, lines to sign on.

Knows ready texts only; certificate, packing list and material card each say what stands on theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labels import typeface
from labels.label import Align, Area, Box, Element, Label, Qr, Text
from labels.symbols import qr_rows

Paper = Literal["A4", "A5"]
PAPER_MM: dict[Paper, tuple[float, float]] = {"A4": (210.0, 297.0), "A5": (148.0, 210.0)}
_MARGIN, _HEAD_TOP = 10.0, 18.5
_FACT_MM, _ROW_MM, _TABLE_HEAD_MM, _SIGN_MM = 6.2, 7.4, 7.4, 16.0
_THIN, _THICK = 0.2, 0.5
_MODULE = 0.625
_NAMES = ("名称", "")  # captions of the names of an item, whose code is printed in full beside them: they may be cut


@dataclass(frozen=True)
class Column:
    """A column of a form's table; `share` of the width. `cut` lets texts that stand in full elsewhere end in "…"."""

    share: float
    zh: str
    en: str
    align: Align = "left"
    cut: bool = False


@dataclass(frozen=True)
class Form:
    """Everything on a form, as ready texts. `facts` are captions in both languages and a value, two in a row."""

    title_zh: str
    title_en: str
    number: str
    payload: str
    facts: tuple[tuple[str, str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    statement: tuple[str, str] = ("", "")
    signatures: tuple[tuple[str, str], ...] = ()


def pages(form: Form, paper: Paper = "A4") -> tuple[Label, ...]:
    """The pages, in order. Raises TextDoesNotFit, BadPayload."""
    parts = list(_parts(form, paper))
    return tuple(_page(form, paper, part, number, len(parts)) for number, part in enumerate(parts, 1))


def _parts(form: Form, paper: Paper) -> list[tuple[tuple[str, ...], ...]]:
    """The rows of each page; every page keeps room for the signatures, so that they never stand alone."""
    room = PAPER_MM[paper][1] - _MARGIN - _SIGN_MM - 10.0 - _table_top(form)
    each = max(1, int((room - _TABLE_HEAD_MM) // _ROW_MM))
    return [form.rows[start : start + each] for start in range(0, len(form.rows), each)] or [()]


def _table_top(form: Form) -> float:
    side = (len(qr_rows(form.payload)) + 8) * _MODULE
    return _HEAD_TOP + max(side + 2.0, 3.0 + _FACT_MM * -(-len(form.facts) // 2)) + 2.0


def _page(form: Form, paper: Paper, rows: Sequence[tuple[str, ...]], number: int, count: int) -> Label:
    width, height = PAPER_MM[paper]
    top = _table_top(form)
    elements = [*_title(form, width, number, count), *_code(form, width), *_facts(form, width)]
    elements += _table(form, rows, Area(_MARGIN, top, width - 2 * _MARGIN, 0))
    if number == count:
        elements += _end(form, width, height)
    return Label(width, height, "white", tuple(elements))


def _title(form: Form, width: float, number: int, count: int) -> list[Element]:
    right = f"{form.number}    第 {number} 页 / 共 {count} 页  Page {number} of {count}"
    beside = _MARGIN + typeface.width_mm(form.title_zh, 7.0) + 3.0
    room = width - _MARGIN - typeface.width_mm(right, 2.7) - 3.0 - beside
    _, en_mm = typeface.fit(form.title_en, room, 4.2, 2.2)
    return [
        Text(_MARGIN, 14.6, 7.0, form.title_zh, bold=True),
        Text(beside, 14.6, en_mm, form.title_en, bold=True),
        Text(width - _MARGIN, 14.6, 2.7, right, align="right"),
        Box(Area(_MARGIN, 16.8, width - 2 * _MARGIN, _THICK)),
    ]


def _code(form: Form, width: float) -> list[Element]:
    side = len(qr_rows(form.payload)) * _MODULE
    return [Qr(width - _MARGIN - side - 4 * _MODULE, _HEAD_TOP + 4 * _MODULE, _MODULE, form.payload)]


def _facts(form: Form, width: float) -> list[Element]:
    room = width - 2 * _MARGIN - (len(qr_rows(form.payload)) + 8) * _MODULE - 2.0
    elements: list[Element] = []
    for index, (zh, en, value) in enumerate(form.facts):
        x, y = _MARGIN + room / 2 * (index % 2), _HEAD_TOP + 4.4 + _FACT_MM * (index // 2)
        caption = f"{zh} {en}"
        value_x = x + max(17.0, typeface.width_mm(caption, 2.5) + 2.0)
        fitting = typeface.fit_or_cut if zh in _NAMES else typeface.fit
        lines, size = fitting(typeface.clean(value), x + room / 2 - value_x - 2.0, 3.4, 1.8, 2)
        elements.append(Text(x, y, 2.5, caption))
        size = min(size, 2.5) if len(lines) == 2 else size
        first = y if len(lines) == 1 else y - 0.7 * size
        elements += [Text(value_x, first + 1.15 * size * row, size, line) for row, line in enumerate(lines)]
    return elements


def _table(form: Form, rows: Sequence[tuple[str, ...]], area: Area) -> list[Element]:
    edges = _edges(form, area)
    bottom = area.y_mm + _TABLE_HEAD_MM + _ROW_MM * len(rows)
    elements: list[Element] = [Box(Area(area.x_mm, area.y_mm, area.width_mm, _TABLE_HEAD_MM))]
    for column, left, right in zip(form.columns, edges, edges[1:], strict=False):
        for text, size, down in ((column.zh, 2.8, 3.4), (column.en, 2.2, 6.3)):
            _, fitted = typeface.fit(text, right - left - 1.0, size, 1.2)
            middle = (left + right) / 2
            elements.append(Text(middle, area.y_mm + down, fitted, text, align="centre", ink="paper"))
    for index, row in enumerate(rows):
        elements += _row(form, row, edges, area.y_mm + _TABLE_HEAD_MM + _ROW_MM * index)
    elements += [Box(Area(x - _THIN / 2, area.y_mm, _THIN, bottom - area.y_mm)) for x in edges]
    return elements


def _edges(form: Form, area: Area) -> list[float]:
    total, edges = sum(column.share for column in form.columns), [area.x_mm]
    for column in form.columns:
        edges.append(edges[-1] + area.width_mm * column.share / total)
    return edges


def _row(form: Form, row: tuple[str, ...], edges: Sequence[float], top: float) -> list[Element]:
    elements: list[Element] = [Box(Area(edges[0], top + _ROW_MM - _THIN / 2, edges[-1] - edges[0], _THIN))]
    for column, text, left, right in zip(form.columns, row, edges, edges[1:], strict=False):
        fitting = typeface.fit_or_cut if column.cut else typeface.fit
        lines, size = fitting(typeface.clean(text), right - left - 2.0, 3.1, 1.8, 2)
        size = min(size, 2.5) if len(lines) == 2 else size
        places = {"left": left + 1.0, "centre": (left + right) / 2, "right": right - 1.0}
        first = top + _ROW_MM / 2 + 0.36 * size - 0.6 * size * (len(lines) - 1)
        elements += [
            Text(places[column.align], first + 1.2 * size * number, size, line, align=column.align)
            for number, line in enumerate(lines)
        ]
    return elements


def _end(form: Form, width: float, height: float) -> list[Element]:
    """What is declared, and lines to sign on, at the foot of the last page."""
    top = height - _MARGIN - _SIGN_MM
    elements: list[Element] = []
    for text, size, y in zip(form.statement, (3.0, 2.5), (top - 4.2, top - 0.6), strict=True):
        (line,), fitted = typeface.fit(text, width - 2 * _MARGIN, size, 1.6)
        elements.append(Text(_MARGIN, y, fitted, line))
    pitch = (width - 2 * _MARGIN) / max(1, len(form.signatures))
    for index, (zh, en) in enumerate(form.signatures):
        x = _MARGIN + pitch * index
        elements.append(Text(x, top + 12.0, 2.6, f"{zh} {en}"))
        start = x + typeface.width_mm(f"{zh} {en}", 2.6) + 1.5
        elements.append(Box(Area(start, top + 12.4, max(4.0, x + pitch - 4.0 - start), _THIN)))
    return elements
