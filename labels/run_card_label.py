"""The run card on 100 × 150 mm labels for ZPL and TSPL printers: as many labels as its operations need.

Each label is whole in itself: card code, item and quantity on every one, so that a lost label is seen at once.
"""

from collections.abc import Sequence

from labels import placing
from labels.blocks import band
from labels.label import Area, Box, Element, Label, Qr, Text
from labels.payloads import written
from labels.run_card_tape import names
from labels.sheet import OperationRow, RunCardSheet
from labels.symbols import qr_rows
from labels.table import Line, table
from mes.codes import OperationCode, RunCardCode

WIDTH_MM, HEIGHT_MM = 100.0, 150.0
_BAND_MM = 8.0
_MODULE = 0.5  # four dots: five would cost every fourth operation its place
_QUIET = 4 * _MODULE * 1.02
_ROW_MM = 19.8
_FACTS_MM = 23.0
_BOTTOM = 148.0


def labels(card: RunCardSheet) -> tuple[Label, ...]:
    """The labels, in order. Raises TextDoesNotFit, BadPayload, NotScannable."""
    head = placing.pair(written(RunCardCode(card.card)), ("code128", "qr"), 0.0, WIDTH_MM, None)
    top = _BAND_MM + 1.0 + head.height_mm + _FACTS_MM
    each = int((_BOTTOM - top) // _ROW_MM)
    parts = [card.operations[start : start + each] for start in range(0, len(card.operations), each)]
    return tuple(_label(card, head, part, f"{number}/{len(parts)}") for number, part in enumerate(parts, 1))


def _label(card: RunCardSheet, head: placing.Block, operations: Sequence[OperationRow], number: str) -> Label:
    elements = band(Area(0, 0, WIDTH_MM, _BAND_MM), f"流转单 QR-7502  {number}", "RUN CARD")
    y = _BAND_MM + 1.0
    elements += placing.moved(head.elements, 0, y)
    y += head.height_mm
    elements += table(Area(2.0, y, WIDTH_MM - 4.0, _FACTS_MM - 1.0), _facts(card), 3.6, 2.0).elements
    y += _FACTS_MM
    for operation in operations:
        elements += placing.moved(_row(card, operation), 0, y)
        y += _ROW_MM
    return Label(WIDTH_MM, HEIGHT_MM, "white", tuple(elements))


def _facts(card: RunCardSheet) -> tuple[Line, ...]:
    plan = " · ".join(text for text in (card.plan, card.order, card.due) if text)
    lines = (
        Line("物料", "Item", f"{card.item}  {card.name_zh}", 2, clip=True),
        Line("数量", "Qty", card.quantity, strong=True),
        Line("批次", "Lot", card.lot, strong=True),
        Line("计划", "Plan", f"{plan}  工艺 Rev. {card.revision}".strip()),
    )
    return tuple(line for line in lines if line.value)


def _row(card: RunCardSheet, row: OperationRow) -> list[Element]:
    payload = written(OperationCode(card.card, row.seq))
    side = len(qr_rows(payload)) * _MODULE * 1.016  # six dots of a 300 dpi printer are a little more
    code_x = WIDTH_MM - 3.0 - _QUIET - side
    line = Box(Area(2.0, 0, WIDTH_MM - 4.0, 0.3))
    written_on = Text(code_x - _QUIET, 17.6, 2.4, "合格 Good ______  不良 Bad ______", align="right")
    return [line, Qr(code_x, 0.3 + _QUIET, _MODULE, payload), *names(row, code_x - _QUIET - 2.0), written_on]
