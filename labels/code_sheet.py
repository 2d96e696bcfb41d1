"""A sheet of codes on A4: one QR code in each cell with its name in both languages, to hang at the bench or to cut up.

Knows nothing of what the codes are for; whoever asks for the sheet brings the entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labels import typeface
from labels.label import Area, Box, Element, Label, Qr, Text
from labels.payloads import written
from labels.rendering import Rendered, render_pages
from labels.symbols import qr_rows
from mes.codes import Code

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
_MARGIN, _TOP, _ROW_MM, _COLUMNS = 10.0, 20.0, 33.0, 2
_MODULE, _INSET, _CUT = 0.75, 4.0, 0.15
EACH = _COLUMNS * int((HEIGHT_MM - _MARGIN - _TOP) // _ROW_MM)
"""Codes on one page."""


@dataclass(frozen=True)
class Entry:
    """One code, what it is, and what it is for, in both languages; what it is for may be empty."""

    code: Code
    zh: str
    en: str
    use_zh: str = ""
    use_en: str = ""


def code_sheet(zh: str, en: str, entries: Sequence[Entry]) -> Rendered:
    """The sheet as A4 PDF, proved. Raises LabelError."""
    return render_pages(code_sheet_pages(zh, en, entries), title=en)


def code_sheet_pages(zh: str, en: str, entries: Sequence[Entry]) -> tuple[Label, ...]:
    """The pages, in order. Raises TextDoesNotFit, BadPayload."""
    parts = [entries[start : start + EACH] for start in range(0, len(entries), EACH)]
    return tuple(_page((zh, en), part, f"{number} / {len(parts)}") for number, part in enumerate(parts, 1))


def _page(title: tuple[str, str], entries: Sequence[Entry], number: str) -> Label:
    zh, en = title
    elements: list[Element] = [
        Text(_MARGIN, 13.6, 6.4, zh, bold=True),
        Text(_MARGIN + typeface.width_mm(zh, 6.4) + 3.0, 13.6, 4.2, en.upper(), bold=True),
        Text(WIDTH_MM - _MARGIN, 13.6, 3.2, number, align="right"),
        Box(Area(_MARGIN, 16.0, WIDTH_MM - 2 * _MARGIN, 0.5)),
    ]
    pitch = (WIDTH_MM - 2 * _MARGIN) / _COLUMNS
    for index, entry in enumerate(entries):
        x, y = _MARGIN + pitch * (index % _COLUMNS), _TOP + _ROW_MM * (index // _COLUMNS)
        elements += _cell(entry, Area(x, y, pitch, _ROW_MM))
    return Label(WIDTH_MM, HEIGHT_MM, "white", tuple(elements))


def _cell(entry: Entry, cell: Area) -> list[Element]:
    payload = written(entry.code)
    side = len(qr_rows(payload)) * _MODULE
    text_x = cell.x_mm + _INSET + side + _INSET + 1.0
    room = cell.right_mm - text_x - 2.0
    sized = (
        (entry.zh, 7.0, 9.4, True),
        (entry.en if entry.en != entry.zh else "", 4.4, 15.0, True),
        (entry.use_zh, 3.2, 20.4, False),
        (entry.use_en, 3.0, 24.6, False),
        (payload, 2.4, 29.4, False),
    )
    texts: list[Element] = [Box(cell, line_mm=_CUT), Qr(cell.x_mm + _INSET, cell.y_mm + _INSET, _MODULE, payload)]
    for text, size, down, bold in sized:
        if clean := typeface.clean(text):
            (line,), fitted = typeface.fit_or_cut(clean, room, size, 2.0)
            texts.append(Text(text_x, cell.y_mm + down, fitted, line, bold=bold))
    return texts
