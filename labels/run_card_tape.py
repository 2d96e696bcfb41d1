"""The run card on receipt paper: as long as its operations need, a QR code beside each (bars would not fit the head).

For 72 mm of print width (80 mm paper, 576 dots) or more.
"""

from labels import placing, typeface
from labels.blocks import band
from labels.errors import TooNarrow
from labels.label import Area, Box, Element, Label, Qr, Text
from labels.payloads import written
from labels.sheet import CLASSES, OperationRow, RunCardSheet
from labels.symbols import qr_rows
from mes.codes import OperationCode, RunCardCode

NARROWEST_MM = 72.0
_MARGIN = 2.0
_MODULE = 0.625  # five dots: the comfortable QR module at 203 dpi
_QUIET = 4 * _MODULE
_WRITE_MM = 8.0  # a line to write on


def tape(card: RunCardSheet, width_mm: float | None = None) -> Label:
    """The card as one long label. Raises TooNarrow, TextDoesNotFit, BadPayload."""
    width_mm = width_mm or NARROWEST_MM
    if width_mm < NARROWEST_MM:
        raise TooNarrow("run_card", width_mm, NARROWEST_MM)
    elements = band(Area(0, 0, width_mm, 9.0), "流转单 QR-7502", "RUN CARD")
    y = 11.0
    code = placing.pair(written(RunCardCode(card.card)), ("code128", "qr"), 0.0, width_mm, None)
    elements += placing.moved(code.elements, 0, y)
    y += code.height_mm
    for part in (_heading(card, width_mm), *(_operation(card, row, width_mm) for row in card.operations)):
        elements += placing.moved(part.elements, 0, y)
        y += part.height_mm
    elements += [Text(width_mm / 2, y + 4.0, 2.8, f"{card.card} 完 end", align="centre")]
    return Label(width_mm, y + 7.0, "white", tuple(elements))


def _heading(card: RunCardSheet, width_mm: float) -> placing.Block:
    plan = " · ".join(text for text in (card.plan, card.order) if text)
    facts = [
        ("物料 Item", card.item, 5.0, True),
        ("", card.name_zh, 3.4, False),
        ("", card.name_en, 2.8, False),
        ("批次 Lot", card.lot, 4.4, True),
        ("数量 Qty", card.quantity, 5.0, True),
        ("计划 Plan", plan, 3.2, False),
        ("交期 Due", card.due, 3.2, False),
        ("工艺 Rev.", card.revision, 3.2, False),
    ]
    elements: list[Element] = []
    y = 0.0
    for caption, value, size, strong in facts:
        if not value:
            continue
        fitting = typeface.fit_or_cut if value in (card.name_zh, card.name_en) else typeface.fit
        lines, fitted = fitting(typeface.clean(value), width_mm - 2 * _MARGIN - 14.5, size, 2.2, 2)
        elements.append(Text(_MARGIN, y + fitted, 2.8, caption))
        for line in lines:
            elements.append(Text(_MARGIN + 14.5, y + fitted, fitted, line, bold=strong))
            y += fitted * 1.3
    return placing.Block(tuple(elements), y + 2.0)


def _operation(card: RunCardSheet, row: OperationRow, width_mm: float) -> placing.Block:
    """Name and kind beside the code, the instruction below, lines to write on."""
    payload = written(OperationCode(card.card, row.seq))
    side = len(qr_rows(payload)) * _MODULE
    code_x = width_mm - _QUIET - side
    room = code_x - _QUIET - _MARGIN
    elements: list[Element] = [Box(Area(0, 0, width_mm, 0.5)), Qr(code_x, 0.8 + _QUIET, _MODULE, payload)]
    elements += names(row, room)
    y = 0.8 + side + 2 * _QUIET
    instruction = typeface.clean(row.instruction)
    if instruction:
        lines, size = typeface.fit_or_cut(instruction, width_mm - 2 * _MARGIN, 2.9, 2.4, 6)
        elements += [Text(_MARGIN, y + size * (0.98 + 1.25 * index), size, line) for index, line in enumerate(lines)]
        y += size * (1.25 * len(lines) + 0.1) + 0.4
    return placing.Block((*elements, *_to_write(y, width_mm)), y + _WRITE_MM + 2.0)


def names(row: OperationRow, room: float) -> list[Element]:
    """Number, names, place and marks of an operation, from y = 0 to 19 mm. Raises TextDoesNotFit."""
    _, seq_mm = typeface.fit(str(row.seq), 10.0, 6.4, 3.0)
    (name_zh,), zh_mm = typeface.fit_or_cut(row.name_zh, room - 11.0, 5.2, 2.6)
    where, where_mm = typeface.fit_or_cut(f"{row.work_center} · {row.name_en}", room - 11.0, 2.6, 2.2, 2)
    elements: list[Element] = [
        Text(_MARGIN, 7.2, seq_mm, str(row.seq), bold=True),
        Text(_MARGIN + 11.0, 6.9, zh_mm, name_zh, bold=True),
        *(Text(_MARGIN + 11.0, 10.5 + 1.2 * where_mm * index, where_mm, line) for index, line in enumerate(where)),
    ]
    x = _MARGIN
    for mark in _marks(row):
        box = Area(x, 14.4, typeface.width_mm(mark, 2.8) + 2.0, 4.3)
        elements += [Box(box), Text(x + 1.0, 17.6, 2.8, mark, bold=True, ink="paper")]
        x = box.right_mm + 1.5
    return elements


def _marks(row: OperationRow) -> list[str]:
    """What must not be overlooked: key or special process, first article."""
    kind = " ".join(CLASSES[row.process_class]).strip()
    return [mark for mark in (kind, "首检 1st" if row.first_article else "") if mark]


def _to_write(y: float, width_mm: float) -> list[Element]:
    captions = ("操作者 By", "合格 Good", "不良 Bad", "检验 Insp.")
    pitch = (width_mm - 2 * _MARGIN) / len(captions)
    elements: list[Element] = []
    for index, caption in enumerate(captions):
        x = _MARGIN + pitch * index
        elements.append(Text(x, y + 2.6, 2.3, caption))
        elements.append(Box(Area(x, y + _WRITE_MM, pitch - 1.5, 0.25)))
    return elements
