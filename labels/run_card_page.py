"""The run card on A5 paper (QR-7502): heading, one row per operation with its code and boxes to write in.

Operations that do not fit flow to further pages, each with its own heading and card code.
"""

from collections.abc import Sequence

from labels import typeface
from labels.label import Area, Box, Code128, Element, Label, Qr, Text
from labels.payloads import written
from labels.sheet import CLASSES, OperationRow, RunCardSheet
from labels.symbols import qr_rows
from mes.codes import OperationCode, RunCardCode

WIDTH_MM, HEIGHT_MM = 148.0, 210.0
_LEFT, _RIGHT = 7.0, 141.0
_ROW_MM = 17.3
_HEAD_MM = 7.0
_TABLE_TOP = 53.8
_NEXT_TABLE_TOP = 34.4
_BOTTOM = 200.0
_THIN, _THICK = 0.2, 0.5
_COLUMNS = (
    (48.6, "工序", "Operation"),
    (17.4, "扫码", "Scan"),
    (15.0, "操作者", "Operator"),
    (15.0, "设备", "Equipment"),
    (12.5, "合格", "Good"),
    (10.5, "不良", "Bad"),
    (15.0, "检验员", "Inspector"),
)


def pages(card: RunCardSheet) -> tuple[Label, ...]:
    """The pages, in order. Raises TextDoesNotFit, BadPayload."""
    first = int((_BOTTOM - _TABLE_TOP - _HEAD_MM) // _ROW_MM)
    more = int((_BOTTOM - _NEXT_TABLE_TOP - _HEAD_MM) // _ROW_MM)
    rest = card.operations[first:]
    parts = [card.operations[:first], *(rest[start : start + more] for start in range(0, len(rest), more))]
    return tuple(_page(card, number, len(parts), part) for number, part in enumerate(parts, 1))


def _page(card: RunCardSheet, number: int, count: int, operations: Sequence[OperationRow]) -> Label:
    top = _TABLE_TOP if number == 1 else _NEXT_TABLE_TOP
    elements = [*_title(number, count), *_card_code(card), *(_facts(card) if number == 1 else ())]
    elements += _table_head(top)
    for index, operation in enumerate(operations):
        elements += _row(card, operation, top + _HEAD_MM + index * _ROW_MM)
    elements += _grid(top, top + _HEAD_MM + len(operations) * _ROW_MM)
    elements += _footer(card)
    return Label(WIDTH_MM, HEIGHT_MM, "white", tuple(elements))


def _title(number: int, count: int) -> list[Element]:
    right = f"QR-7502    第 {number} 页 / 共 {count} 页  Page {number} of {count}"
    return [
        Text(_LEFT, 11.8, 7.0, "流转单", bold=True),
        Text(_LEFT + 23.0, 11.8, 4.2, "RUN CARD", bold=True),
        Text(_RIGHT, 11.8, 2.7, right, align="right"),
        Box(Area(_LEFT, 13.8, _RIGHT - _LEFT, _THICK)),
    ]


def _card_code(card: RunCardSheet) -> list[Element]:
    payload = written(RunCardCode(card.card))
    module = 0.6
    side = len(qr_rows(payload)) * module
    return [
        Code128(_LEFT + 4.0, 16.8, 0.375, 10.5, payload),
        Text(_LEFT + 4.0, 30.8, 3.2, payload),
        Qr(_RIGHT - side - 2.6, 17.0, module, payload),
    ]


def _facts(card: RunCardSheet) -> list[Element]:
    """Two columns of captions and values; item and quantity, which people act on, are the largest."""
    middle = 88.0
    plan = " · ".join(text for text in (card.plan, card.order) if text)
    return [
        *_fact(_LEFT, 37.0, middle, ("物料", "Item"), card.item, 4.6, strong=True),
        *_fact(middle, 37.0, _RIGHT, ("数量", "Qty"), card.quantity, 4.6, strong=True),
        *_fact(_LEFT, 42.2, middle, ("名称", "Name"), card.name_zh, 3.2, cut=True),
        *_fact(middle, 42.2, _RIGHT, ("批次", "Lot"), card.lot, 3.4, strong=True),
        *_fact(_LEFT, 46.6, middle, ("", ""), card.name_en, 2.7, cut=True),
        *_fact(middle, 46.6, _RIGHT, ("交期", "Due"), card.due, 3.2),
        *_fact(_LEFT, 51.2, middle, ("计划", "Plan"), plan, 3.0),
        *_fact(middle, 51.2, _RIGHT, ("工艺", "Rev."), card.revision, 3.0),
    ]


def _fact(
    x: float,
    y: float,
    right: float,
    caption: tuple[str, str],
    value: str,
    size: float,
    *,
    strong: bool = False,
    cut: bool = False,
) -> list[Element]:
    zh, en = caption
    value_x = x + 15.0
    fitting = typeface.fit_or_cut if cut else typeface.fit
    (line,), fitted = fitting(typeface.clean(value), right - value_x - 2.0, size, 1.8)
    return [Text(x, y, 2.6, f"{zh} {en}".strip()), Text(value_x, y, fitted, line, bold=strong)]


def _edges() -> list[float]:
    """The left edge of every column, and the right edge of the last."""
    edges = [_LEFT]
    for width, _, _ in _COLUMNS:
        edges.append(edges[-1] + width)
    return edges


def _table_head(top: float) -> list[Element]:
    elements: list[Element] = [Box(Area(_LEFT, top, _RIGHT - _LEFT, _HEAD_MM))]
    for x, (width, zh, en) in zip(_edges(), _COLUMNS, strict=False):
        centre = x + width / 2
        elements.append(Text(centre, top + 3.3, 2.7, zh, bold=True, align="centre", ink="paper"))
        elements.append(Text(centre, top + 5.9, 2.0, en, align="centre", ink="paper"))
    return elements


def _grid(top: float, bottom: float) -> list[Element]:
    lines: list[Element] = [Box(Area(x - _THIN / 2, top + _HEAD_MM, _THIN, bottom - top - _HEAD_MM)) for x in _edges()]
    y = top + _HEAD_MM + _ROW_MM
    while y < bottom + 0.1:
        lines.append(Box(Area(_LEFT, y - _THIN / 2, _RIGHT - _LEFT, _THIN)))
        y += _ROW_MM
    return lines


def _row(card: RunCardSheet, operation: OperationRow, top: float) -> list[Element]:
    edges = _edges()
    payload = written(OperationCode(card.card, operation.seq))
    module = 0.5
    side = len(qr_rows(payload)) * module * 1.016  # six dots of a 300 dpi printer are a little more
    code_x = edges[1] + (edges[2] - edges[1] - side) / 2
    elements = _operation_cell(operation, Area(edges[0], top, edges[1] - edges[0], _ROW_MM))
    elements.append(Qr(code_x, top + (_ROW_MM - side) / 2, module, payload))
    if operation.first_article:
        elements.append(Box(Area(edges[6] + 1.2, top + 1.2, 2.2, 2.2), line_mm=_THIN))
        elements.append(Text(edges[6] + 4.0, top + 3.2, 2.4, "首检 1st"))
    return elements


def _operation_cell(operation: OperationRow, cell: Area) -> list[Element]:
    """Number and process class at the left; name, place and instruction beside them."""
    x, top = cell.x_mm + 1.0, cell.y_mm
    text_x = x + 7.8
    room = cell.right_mm - text_x - 0.8
    where = f"{operation.work_center} · {operation.name_en}"
    _, seq_mm = typeface.fit(str(operation.seq), 7.0, 4.4, 2.0)
    (name,), name_mm = typeface.fit_or_cut(operation.name_zh, room, 3.5, 2.0)
    (where,), where_mm = typeface.fit_or_cut(where, room, 2.4, 1.8)
    return [
        Text(x, top + 4.5, seq_mm, str(operation.seq), bold=True),
        Text(text_x, top + 4.3, name_mm, name, bold=True),
        Text(text_x, top + 7.5, where_mm, where),
        *_class_mark(operation, x, top + 6.0),
        *_instruction(operation.instruction, Area(text_x, top + 8.4, room, _ROW_MM - 8.8)),
    ]


def _class_mark(operation: OperationRow, x: float, top: float) -> list[Element]:
    """Key or special, in both languages, as wide as the column of numbers."""
    zh, en = CLASSES[operation.process_class]
    if not zh:
        return []
    box = Area(x, top, 7.0, 5.6)
    centre = box.x_mm + box.width_mm / 2
    _, en_mm = typeface.fit(en, box.width_mm - 0.6, 1.9, 1.2)
    return [
        Box(box),
        Text(centre, top + 2.9, 2.8, zh, bold=True, align="centre", ink="paper"),
        Text(centre, top + 4.9, en_mm, en, bold=True, align="centre", ink="paper"),
    ]


def _instruction(text: str, area: Area) -> list[Element]:
    clean = typeface.clean(text)
    if not clean:
        return []
    lines, size = typeface.fit_or_cut(clean, area.width_mm, 2.3, 1.8, 3)
    step = min(size * 1.25, area.height_mm / len(lines))
    return [Text(area.x_mm, area.y_mm + size * 0.95 + step * row, size, line) for row, line in enumerate(lines)]


def _footer(card: RunCardSheet) -> list[Element]:
    note = "每道工序开工和完工各扫一次本行条码；只认条码，不凭手写数量过账。"
    english = "Scan the row's code at start and at finish; what counts is the scan, not the handwriting."
    return [
        Text(_LEFT, 203.0, 2.3, note),
        Text(_LEFT, 205.8, 2.0, english),
        Text(_RIGHT, 205.8, 2.0, f"{card.card} · {card.item}", align="right"),
    ]
