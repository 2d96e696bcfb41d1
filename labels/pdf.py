"""Labels and forms as PDF pages: texts as letters of the embedded font, codes as the same modules that were proved.

It places what a Label says and decides nothing itself; proving is the caller's business.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image

from labels import typeface
from labels.drawing import BOLD_EM, in_dots, left_of, pattern_picture
from labels.embedding import CutFont
from labels.label import Area, Box, Code, Element, Label, Pattern, Picture, Text
from labels.symbols import matrix

_FAMILY = "label"
_MM_PER_POINT = 25.4 / 72
_PATTERN_SCALE = 300 / 25.4
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the same label is always the same bytes
_FONT = CutFont()


def to_pdf(*pages: Label, title: str = "Runcard") -> bytes:
    """One page for each label, in its true size. Raises BadPayload."""
    document = FPDF(unit="mm", format=(pages[0].width_mm, pages[0].height_mm))
    document.set_margin(0)
    document.set_auto_page_break(False)
    document.set_creation_date(_EPOCH)
    document.set_title(title)
    with TemporaryDirectory(prefix="runcard-") as folder:  # fpdf2 takes fonts from files only
        font = Path(folder) / "font.otf"
        font.write_bytes(_FONT.holding(_characters(pages)))
        document.add_font(_FAMILY, "", font)
        for page in pages:
            document.add_page(format=(page.width_mm, page.height_mm))
            _draw(document, page.elements)
        return bytes(document.output())


def _characters(pages: Sequence[Label]) -> frozenset[str]:
    """Every character that is drawn."""
    texts = {element.text for page in pages for element in page.elements if isinstance(element, Text)}
    return frozenset().union(*map(typeface.printable, texts))


def _draw(document: FPDF, elements: Sequence[Element]) -> None:
    for element in elements:
        match element:
            case Text():
                _draw_text(document, element)
            case Box():
                _draw_box(document, element)
            case Pattern():
                left, top, right, bottom = in_dots(element.area, _PATTERN_SCALE)
                _put(document, pattern_picture(element, _PATTERN_SCALE, (right - left, bottom - top)), element.area)
            case Picture():
                with Image.open(BytesIO(element.png)) as picture:
                    _put(document, picture.convert("L"), element.area)
            case _:
                _draw_code(document, element)


def _put(document: FPDF, picture: Image.Image, area: Area) -> None:
    document.image(picture, area.x_mm, area.y_mm, area.width_mm, area.height_mm)


def _draw_text(document: FPDF, text: Text) -> None:
    grey = 0 if text.ink == "black" else 255
    document.set_font(_FAMILY, size=text.size_mm / _MM_PER_POINT)
    document.set_text_color(grey)
    document.set_draw_color(grey)
    mode = TextMode.FILL_STROKE if text.bold else TextMode.FILL
    with document.local_context(text_mode=mode, line_width=2 * BOLD_EM * text.size_mm):
        document.text(left_of(text), text.baseline_mm, typeface.printable(text.text))


def _draw_box(document: FPDF, box: Box) -> None:
    grey = 0 if box.ink == "black" else 255
    document.set_fill_color(grey)
    document.set_draw_color(grey)
    area, line = box.area, box.line_mm or 0.0
    if box.line_mm is None:
        document.rect(area.x_mm, area.y_mm, area.width_mm, area.height_mm, style="F")
    else:
        document.set_line_width(line)
        inside = (area.x_mm + line / 2, area.y_mm + line / 2, area.width_mm - line, area.height_mm - line)
        document.rect(*inside, style="D")


def _draw_code(document: FPDF, code: Code) -> None:
    """Runs of black modules as filled rectangles: sharp at any printer's resolution."""
    rows, module = matrix(code), code.module_mm
    height = getattr(code, "height_mm", module)
    document.set_fill_color(0)
    for line, row in enumerate(rows):
        for start, length in _runs(row):
            document.rect(code.x_mm + start * module, code.y_mm + line * module, length * module, height, style="F")


def _runs(row: str) -> list[tuple[int, int]]:
    """Start and length of every run of black modules."""
    runs: list[tuple[int, int]] = []
    for place, module in enumerate(row):
        if module == "1" and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif module == "1":
            runs.append((place, 1))
    return runs
