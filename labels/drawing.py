"""A label as a picture: one pixel is one dot of the printer's head, black or white, and modules are whole dots.

Also how that picture looks on coloured stock. Nothing here knows a printer's language or whether the picture scans.
"""

from functools import lru_cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw

from labels import typeface
from labels.label import Area, Box, Code, Element, Label, Pattern, Picture, StockColour, Text
from labels.symbols import dots_per_mm, matrix, module_dots

WHITE, BLACK = 255, 0  # in mode "1" Pillow must be given 255: a 1 turns into black when the picture is inverted
BOLD_EM = 0.028  # how much bold letters swell on each side
Rgb = tuple[int, int, int]
Seen = Literal["RGB", "R", "L"]
STOCK_RGB: dict[StockColour, Rgb] = {
    "white": (255, 255, 255),
    "blue": (47, 127, 214),
    "yellow": (255, 200, 30),
    "red": (229, 48, 63),
}
INK_RGB = (26, 26, 26)  # printed black reflects a tenth
_LEAST_SWELLING_PX = 36  # smaller letters left out of black would run full
Dots = tuple[int, int, int, int]  # left, top, right, bottom; the last two outside


def draw(label: Label, dpi: int) -> Image.Image:
    """The label as a picture of mode "1". Raises BadPayload."""
    scale = dots_per_mm(dpi)
    image = Image.new("1", (round(label.width_mm * scale), round(label.height_mm * scale)), WHITE)
    canvas = ImageDraw.Draw(image)
    canvas.fontmode = "1"
    for element in label.elements:
        _draw_element(canvas, image, element, dpi)
    return image


def _draw_element(canvas: ImageDraw.ImageDraw, image: Image.Image, element: Element, dpi: int) -> None:
    scale = dots_per_mm(dpi)
    match element:
        case Text():
            _draw_text(image, element, scale)
        case Box():
            _draw_box(canvas, element, scale)
        case Pattern():
            left, top, right, bottom = in_dots(element.area, scale)
            image.paste(pattern_picture(element, scale, (right - left, bottom - top)), (left, top))
        case Picture():
            left, top, right, bottom = in_dots(element.area, scale)
            image.paste(_picture(element, (right - left, bottom - top)), (left, top))
        case _:
            left, top, _, _ = code_dots(element, dpi)
            image.paste(code_picture(element, dpi), (left, top))


def in_dots(area: Area, scale: float) -> Dots:
    """The area in dots, each side rounded by itself so that neighbours touch."""
    return (
        round(area.x_mm * scale),
        round(area.y_mm * scale),
        round(area.right_mm * scale),
        round(area.bottom_mm * scale),
    )


def _draw_text(image: Image.Image, text: Text, scale: float) -> None:
    """Character by character at its exact place, so that a line is as wide as the layout reckoned at any resolution."""
    pixels = max(1, round(text.size_mm * scale))
    swells = text.bold and (text.ink == "black" or pixels >= _LEAST_SWELLING_PX)
    stroke = pixels * BOLD_EM if swells else 0
    baseline = round(text.baseline_mm * scale)
    ink = BLACK if text.ink == "black" else WHITE
    x_mm = left_of(text)
    for character, advance in zip(typeface.printable(text.text), typeface.advances(text.text), strict=True):
        glyph, left, top = _glyph(character, pixels, stroke)
        if glyph is not None:
            image.paste(ink, (round(x_mm * scale) + left, baseline + top), glyph)
        x_mm += advance * text.size_mm


@lru_cache(maxsize=4096)
def _glyph(character: str, pixels: int, stroke: float) -> tuple[Image.Image | None, int, int]:
    """A character as a mask, and where its corner lies from the pen; None for a blank.

    Pillow swells letters in greys, also in mode "1": a grey from the middle on is ink.
    """
    face, room = typeface.face(pixels), 2 * pixels
    canvas = Image.new("L", (2 * room, 2 * room), 0)
    pen = ImageDraw.Draw(canvas)
    pen.fontmode = "1"
    pen.text((room, room), character, fill=255, font=face, anchor="ls", stroke_width=stroke)
    mask = canvas.point(lambda grey: 255 if grey >= 128 else 0).convert("1")
    box = mask.getbbox()
    return (mask.crop(box), box[0] - room, box[1] - room) if box else (None, 0, 0)


def left_of(text: Text) -> float:
    """Where the first character begins, in millimetres."""
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[text.align]
    return text.x_mm - share * typeface.width_mm(text.text, text.size_mm)


def _draw_box(canvas: ImageDraw.ImageDraw, box: Box, scale: float) -> None:
    left, top, right, bottom = in_dots(box.area, scale)
    edges = (left, top, max(left, right - 1), max(top, bottom - 1))
    ink = BLACK if box.ink == "black" else WHITE
    if box.line_mm is None:
        canvas.rectangle(edges, fill=ink)
    else:
        canvas.rectangle(edges, outline=ink, width=max(1, round(box.line_mm * scale)))


def pattern_picture(pattern: Pattern, scale: float, size: tuple[int, int]) -> Image.Image:
    """An edge pattern: told apart by shape alone, coarse enough for a worn head."""
    width, height = size
    image = Image.new("1", size, WHITE)
    canvas = ImageDraw.Draw(image)
    step, line = max(4, round(5 * scale)), max(2, round(0.5 * scale))
    if pattern.kind == "solid":
        canvas.rectangle((0, 0, width, height), fill=BLACK)
    if pattern.kind == "diagonal":
        for y in range(-width, height + width, step):
            canvas.polygon([(0, y + width), (width, y), (width, y + step // 2), (0, y + width + step // 2)], fill=BLACK)
    if pattern.kind == "cross":
        for y in range(-width, height + width, round(width * 0.8)):
            canvas.line((0, y + width, width, y), fill=BLACK, width=2 * line)
            canvas.line((0, y, width, y + width), fill=BLACK, width=2 * line)
    if pattern.kind == "ladder":
        for y in range(step // 4, height, step):
            canvas.rectangle((0, y, width, y + step // 2 - 1), fill=BLACK)
    if pattern.kind != "solid":
        canvas.rectangle((width - line, 0, width, height), fill=BLACK)
    return image


def _picture(picture: Picture, size: tuple[int, int]) -> Image.Image:
    with Image.open(BytesIO(picture.png)) as source:
        grey = source.convert("L").resize(size)
    return grey.point(lambda value: WHITE if value >= 128 else BLACK).convert("1")


def code_dots(code: Code, dpi: int) -> Dots:
    """Where the modules of a code stand in the picture, quiet zone not included."""
    scale, dots = dots_per_mm(dpi), module_dots(code.module_mm, dpi)
    rows = matrix(code)
    left, top = round(code.x_mm * scale), round(code.y_mm * scale)
    height = len(rows) * dots if len(rows) > 1 else round(getattr(code, "height_mm", 0) * scale)
    return left, top, left + len(rows[0]) * dots, top + height


def code_picture(code: Code, dpi: int) -> Image.Image:
    """The modules of a code, each a whole number of dots."""
    rows = matrix(code)
    left, top, right, bottom = code_dots(code, dpi)
    modules = Image.new("1", (len(rows[0]), len(rows)), WHITE)
    modules.putdata([BLACK if module == "1" else WHITE for row in rows for module in row])
    return modules.resize((right - left, bottom - top), Image.Resampling.NEAREST)


def on_stock(image: Image.Image, colour: StockColour, field: Area | None = None, dpi: int = 203) -> Image.Image:
    """The printed picture as it looks on its stock: black that reflects a tenth, the code window left white."""
    return _inked(image, "RGB", STOCK_RGB[colour], field, dpi)


def in_light(
    image: Image.Image, colour: StockColour, field: Area | None = None, dpi: int = 203, *, red: bool
) -> Image.Image:
    """How bright that is to a scanner with red light, or with white; a fifth of the memory of the coloured picture."""
    return _inked(image, "R" if red else "L", STOCK_RGB[colour], field, dpi)


def _inked(image: Image.Image, seen: Seen, stock: Rgb, field: Area | None, dpi: int) -> Image.Image:
    picture = Image.new("RGB" if seen == "RGB" else "L", image.size, _tone(INK_RGB, seen))
    picture.paste(_tone(stock, seen), mask=image)
    if field is not None:
        window = in_dots(field, dots_per_mm(dpi))
        picture.paste(_tone(STOCK_RGB["white"], seen), window, image.crop(window))
    return picture


def _tone(colour: Rgb, seen: Seen) -> Rgb | int:
    if seen == "RGB":
        return colour
    return colour[0] if seen == "R" else grey_of(colour)


def grey_of(colour: Rgb) -> int:
    """The brightness that Pillow gives a colour (ITU-R 601-2)."""
    return int(Image.new("RGB", (1, 1), colour).convert("L").tobytes()[0])
