"""How codes are placed: the largest modules that fit, bars and QR beside or above one another, quiet zones kept free.

Every function places from y = 0 downwards and says how high it became; nothing here knows layouts or facts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from labels import typeface
from labels.errors import NotScannable, TextDoesNotFit
from labels.label import Area, Box, Code128, Element, Pattern, Picture, Qr, Text
from labels.symbols import GS, QUIET_MODULES, SMALLEST_BAR_MM, bars, qr_rows

_GROWTH = 1.02  # whole dots may make a module two per cent larger than asked
_TEXT_MM = 2.8  # the text below the bars
_BAR_MM = 13.0
_BAR_MODULES = (0.5, 0.375)
_QR_MODULES = (0.75, 0.625, 0.5)
_IN_A_FIELD = (1.25, 1.0, 0.875)
"""Larger squares: where a label has a white field for its codes, they cost nobody his room."""
_BAR_QUIET, _QR_QUIET = QUIET_MODULES["Code 128"], QUIET_MODULES["QR"]


@dataclass(frozen=True)
class Block:
    """Elements and the height they take."""

    elements: tuple[Element, ...]
    height_mm: float


@dataclass(frozen=True)
class _Arrangement:
    """One way to place bars and QR: module sizes, and whether the QR stands below."""

    stacked: bool
    bar_module: float
    qr_module: float

    def width_mm(self, bar_modules: int, qr_modules: int) -> float:
        """The room needed across, quiet zones included (neighbours share theirs)."""
        bar_room = (bar_modules + 2 * _BAR_QUIET) * self.bar_module
        qr_room = (qr_modules + 2 * _QR_QUIET) * self.qr_module
        shared = min(_BAR_QUIET * self.bar_module, _QR_QUIET * self.qr_module)
        return (max(bar_room, qr_room) if self.stacked else bar_room + qr_room - shared) * _GROWTH

    def height_mm(self, qr_modules: int) -> float:
        """The room needed downwards."""
        qr_room = (qr_modules + 2 * _QR_QUIET) * self.qr_module * _GROWTH
        return SMALLEST_BAR_MM + 1.0 + qr_room if self.stacked else max(qr_room, SMALLEST_BAR_MM + _TEXT_MM + 2)


def _ways(height: float | None) -> Iterator[_Arrangement]:
    """Bars and QR beside each other before one above the other, larger squares before smaller ones."""
    squares = _modules_in(height)
    yield from (_Arrangement(False, 0.375, module) for module in squares)
    yield from (_Arrangement(True, 0.375, module) for module in squares if module < 0.75 or height is not None)


def _modules_in(height: float | None) -> tuple[float, ...]:
    """The modules that a square may have, the largest first."""
    return _QR_MODULES if height is None else (*_IN_A_FIELD, *_QR_MODULES)


def moved(elements: Iterable[Element], dx: float, dy: float) -> list[Element]:
    """The same elements elsewhere."""
    return [_moved(element, dx, dy) for element in elements]


def _moved(element: Element, dx: float, dy: float) -> Element:
    match element:
        case Text():
            return replace(element, x_mm=element.x_mm + dx, baseline_mm=element.baseline_mm + dy)
        case Box() | Pattern() | Picture():
            area = element.area
            return replace(element, area=replace(area, x_mm=area.x_mm + dx, y_mm=area.y_mm + dy))
        case _:
            return replace(element, x_mm=element.x_mm + dx, y_mm=element.y_mm + dy)


def pair(payload: str, symbols: tuple[str, ...], x: float, width: float, height: float | None) -> Block:
    """The main code as bars and QR, as QR alone where the paper is too narrow for bars that read.

    Raises NotScannable if no arrangement leaves modules that scan.
    """
    if symbols == ("qr",):
        return _lone_qr(payload, x, width, height)
    bar_modules, qr_modules = len(bars(payload)), len(qr_rows(payload))
    for way in _ways(height):
        if way.width_mm(bar_modules, qr_modules) <= width and (height is None or way.height_mm(qr_modules) <= height):
            return _stacked(payload, way, x, width) if way.stacked else _beside(payload, way, x, width, height)
    return _lone_qr(payload, x, width, height)


def _too_small(symbology: str, payload: str, width: float, height: float | None) -> NotScannable:
    place = f"{width:.0f} mm" if height is None else f"{width:.0f} × {height:.0f} mm"
    return NotScannable(
        payload, symbology, f"{place} is too small for modules that scan", f"{place} 的位置放不下可靠的条码"
    )


def _beside(payload: str, way: _Arrangement, x: float, width: float, height: float | None) -> Block:
    qr_mm = len(qr_rows(payload)) * way.qr_module
    qr_quiet = _QR_QUIET * way.qr_module * _GROWTH
    total = height or max(qr_mm + 2 * qr_quiet, _BAR_MM + _TEXT_MM + 2)
    qr_top = (total - qr_mm) / 2
    qr_x = x + width - (qr_mm + qr_quiet) * _GROWTH
    bar_x = x + _BAR_QUIET * way.bar_module * _GROWTH
    bar_mm = max(SMALLEST_BAR_MM, qr_mm - _TEXT_MM - 0.6)
    top = min(qr_top, total - bar_mm - _TEXT_MM - 0.6)
    text = Text(bar_x, top + bar_mm + 0.6 + _TEXT_MM * 0.8, _TEXT_MM, payload)
    codes = (Code128(bar_x, top, way.bar_module, bar_mm, payload), Qr(qr_x, qr_top, way.qr_module, payload))
    return Block((*codes, text), total)


def _stacked(payload: str, way: _Arrangement, x: float, width: float) -> Block:
    bar_width = len(bars(payload)) * way.bar_module
    bar_x = x + (width - bar_width) / 2
    quiet, qr_mm = _QR_QUIET * way.qr_module * _GROWTH, len(qr_rows(payload)) * way.qr_module
    qr_x, qr_y = bar_x, SMALLEST_BAR_MM + 1.0 + quiet
    if qr_x < x + quiet:
        qr_x = x + quiet
    read = _reading(payload, qr_x + qr_mm + quiet, x + width - 2, qr_y + qr_mm)
    codes = (Code128(bar_x, 0.5, way.bar_module, SMALLEST_BAR_MM, payload), Qr(qr_x, qr_y, way.qr_module, payload))
    return Block((*codes, *read), SMALLEST_BAR_MM + 1.0 + (qr_mm + 2 * quiet) * _GROWTH)


def _reading(payload: str, x: float, right: float, bottom: float) -> list[Text]:
    """What a person reads beside a QR code, ending level with it; a long code is broken anywhere."""
    try:
        lines, size = typeface.fit(payload, right - x, 3.4, 2.4)
    except TextDoesNotFit:
        lines, size = typeface.fit(payload, right - x, _TEXT_MM, 1.8, 3, anywhere=True)
    step = typeface.LINE * size
    first = bottom - step * (len(lines) - 1)
    return [Text(x, first + step * row, size, line) for row, line in enumerate(lines)]


def _lone_qr(payload: str, x: float, width: float, height: float | None) -> Block:
    room = width if height is None else min(width, height)
    module = next((module for module in _modules_in(height) if _qr_room(payload, module) <= room), None)
    if module is None:
        raise _too_small("QR", payload, width, height)
    quiet, qr_mm = _QR_QUIET * module * _GROWTH, len(qr_rows(payload)) * module * _GROWTH
    read = _reading(payload, x + quiet + qr_mm + quiet, x + width - 2, quiet + qr_mm)
    return Block((Qr(x + quiet, quiet, module, payload), *read), _qr_room(payload, module))


def _qr_room(payload: str, module: float) -> float:
    return (len(qr_rows(payload)) + 2 * _QR_QUIET) * module * _GROWTH


def corner(payload: str, width: float, y: float, height: float) -> Block:
    """A lone QR in the upper right corner: two fifths of the width, half of it where much must be said.

    Raises NotScannable.
    """
    rooms = [(module, 0.4) for module in _QR_MODULES] + [(_QR_MODULES[-1], 0.5)]
    sizes = [module for module, share in rooms if _qr_room(payload, module) <= min(share * width, height)]
    if not sizes:
        raise _too_small("QR", payload, 0.5 * width, height)
    side, quiet = _qr_room(payload, sizes[0]), _QR_QUIET * sizes[0] * _GROWTH
    return Block((Qr(width - side + quiet, y + quiet, sizes[0], payload),), side)


def section(
    caption: tuple[str, str, str],
    payload: str,
    x: float,
    width: float,
    least_mm: float = 0.375,
    bar_mm: float = SMALLEST_BAR_MM,
) -> Block:
    """A further code: a thin line, caption and value, then bars of the largest modules that fit, else a QR code.

    Raises NotScannable if nothing fits; what others must read (GS1) is never anything but bars.
    """
    zh, en, human = caption
    modules = len(bars(payload)) + 2 * _BAR_QUIET
    wanted = [module for module in _BAR_MODULES if least_mm <= module <= (0.5 if payload.startswith(GS) else 0.375)]
    module = next((module for module in wanted if modules * module * _GROWTH <= width), None)
    if module is None and payload.startswith(GS):
        raise _too_small("Code 128", payload, width, None)
    head = _section_head(f"{zh} {en}", human, x + 2, x + width - 2)
    if module is None:
        lone = _lone_qr(payload, x, width, None)
        return Block((*head, *moved(lone.elements, 0, 6.0)), lone.height_mm + 6.0)
    code = Code128(x + _BAR_QUIET * module * _GROWTH, 6.2, module, bar_mm, payload)
    return Block((*head, code), bar_mm + 7.0)


def _section_head(label: str, human: str, left: float, right: float) -> tuple[Element, ...]:
    value_x = left + typeface.width_mm(label, 2.8) + 2
    _, size = typeface.fit(human, right - value_x, 4.4, 2.0)
    line = Box(Area(left, 0.6, right - left, 0.25))
    return line, Text(left, 4.8, 2.8, label), Text(value_x, 4.8, size, human, bold=True)


def grid(cells: list[tuple[str, str]], x: float, width: float) -> Block:
    """Many small QR codes, each above what it says, as many columns as fit."""
    side = max(_qr_room(payload, 0.625) for payload, _ in cells)
    columns = int(width // side)
    if columns == 0:
        raise _too_small("QR", cells[0][0], width, None)
    pitch, row_mm = width / columns, side + 6.5
    elements: list[Element] = []
    for index, (payload, human) in enumerate(cells):
        centre, top = x + pitch * (index % columns + 0.5), row_mm * (index // columns)
        qr_mm = len(qr_rows(payload)) * 0.625
        elements.append(Qr(centre - qr_mm / 2, top + _QR_QUIET * 0.625, 0.625, payload))
        _, size = typeface.fit(human, pitch - 2, 6.0, 2.4)
        elements.append(Text(centre, top + side + 0.75 * size + 0.2, size, human, bold=True, align="centre"))
    return Block(tuple(elements), row_mm * -(-len(cells) // columns))
