"""The proof that a label scans: its picture is measured dot by dot, seen on its stock in two lights, and decoded.

It must give back exactly the codes asked for, also as a worn imager sees it. Nothing is sent to a printer that has not
been here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

import zxingcpp
from PIL import Image

from labels.drawing import Dots, code_dots, code_picture, draw, in_light, on_stock
from labels.errors import NotScannable
from labels.imager import worn
from labels.label import Code, Code128, Label
from labels.symbols import GS, QUIET_MODULES, dots_per_mm, least_bar_mm, least_module_mm, module_dots, symbology

LIGHTS = (("red", "红光", True), ("white", "白光", False))
LEAST_CONTRAST = 0.40  # ISO/IEC 15416 symbol contrast, grade C
# Not the whole QR family: the decoder finds Micro QR codes (three digits) in the corners of large ones now and then.
_WANTED = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCodeModel2])
_FORMATS = {"Code 128": zxingcpp.BarcodeFormat.Code128, "QR": zxingcpp.BarcodeFormat.QRCode}


# A page at 300 dpi takes thirty megabytes while it is proved, and nobody gains by sixteen of them at once.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Proof:
    """What was proved: a label, its picture (1 px = 1 dot), and the codes read from it."""

    label: Label
    dpi: int
    image: Image.Image
    codes: tuple[str, ...]

    @property
    def picture(self) -> Image.Image:
        """How it looks on its stock, painted anew."""
        return on_stock(self.image, self.label.stock, self.label.field, self.dpi)


def prove(label: Label, dpi: int) -> Proof:
    """Draw the label and prove that it scans at this resolution.

    Raises NotScannable naming the code and the reason; BadPayload from drawing.
    """
    with _ONE_AT_A_TIME:
        image = draw(label, dpi)
        for code in label.codes:
            _measured(code, image, dpi)
        for light, light_zh, red in LIGHTS[-1:] if label.stock == "white" else LIGHTS:  # white looks alike in both
            seen = in_light(image, label.stock, label.field, dpi, red=red)
            for code in label.codes:
                _contrasting(code, seen, image, dpi, (light, light_zh))
            _unread(
                label,
                worn(seen, dpi),
                f"a worn imager does not read it in {light} light",
                f"{light_zh}下老旧扫描器读不出",
            )
        _decoded(label, seen)
    return Proof(label, dpi, image, tuple(code.payload for code in label.codes))


def _measured(code: Code, image: Image.Image, dpi: int) -> None:
    """Raise the first fault in size, modules or quiet zone."""
    for why, why_zh in _faults(code, image, dpi):
        raise NotScannable(code.payload, symbology(code), why, why_zh)


def _faults(code: Code, image: Image.Image, dpi: int) -> Iterator[tuple[str, str]]:
    scale, kind = dots_per_mm(dpi), symbology(code)
    dots, least = module_dots(code.module_mm, dpi), least_module_mm(code)
    module_mm = dots / scale
    if module_mm < least - 1e-9:
        yield f"its modules of {module_mm:.3f} mm are below {least} mm", f"模块宽 {module_mm:.3f} mm 小于 {least} mm"
        return
    if isinstance(code, Code128) and round(code.height_mm * scale) < int(least_bar_mm(code) * scale):
        yield f"its bars are lower than {least_bar_mm(code):g} mm", f"条高不足 {least_bar_mm(code):g} mm"
    area = code_dots(code, dpi)
    quiet = _with_quiet(code, area, dots)
    if quiet[0] < 0 or quiet[1] < 0 or quiet[2] > image.width or quiet[3] > image.height:
        yield "it reaches over the edge of the label", "条码或静区超出标签边缘"
        return
    if image.crop(area).tobytes() != code_picture(code, dpi).tobytes():
        yield "something is printed over it", "条码被其他内容遮盖"
    if _ink(image, quiet) != _ink(image, area):
        modules = QUIET_MODULES[kind]
        yield f"its quiet zone of {modules} modules is not empty", f"静区（{modules} 个模块）内有印迹"


def _with_quiet(code: Code, area: Dots, dots: int) -> Dots:
    left, top, right, bottom = area
    quiet = QUIET_MODULES[symbology(code)] * dots
    above = 0 if isinstance(code, Code128) else quiet
    return left - quiet, top - above, right + quiet, bottom + above


def _ink(image: Image.Image, area: Dots) -> int:
    """Black dots in an area."""
    return image.crop(area).histogram()[0]


def _contrasting(code: Code, seen: Image.Image, image: Image.Image, dpi: int, light: tuple[str, str]) -> None:
    """Raise if the ground around and between the bars is too dark in this light."""
    area = _with_quiet(code, code_dots(code, dpi), module_dots(code.module_mm, dpi))
    ground, printed = seen.crop(area), image.crop(area).convert("L")
    ink = _darkest(ground)
    ground.paste(255, mask=printed.point(lambda value: 255 - value))
    contrast = (_darkest(ground) - ink) / 255
    if contrast < LEAST_CONTRAST:
        why = f"in {light[0]} light black stands out from its ground by {contrast:.0%} only"
        raise NotScannable(code.payload, symbology(code), why, f"{light[1]}下对比度只有 {contrast:.0%}")


def _darkest(grey: Image.Image) -> int:
    """The lowest brightness in a grey picture."""
    return next(level for level, count in enumerate(grey.histogram()) if count)


def _payload(barcode: zxingcpp.Barcode) -> str:
    """What a scanner would send; a GS1-128 (`]C1`) with its FNC1 characters as GS, the first one too."""
    text = barcode.bytes.decode(errors="replace")
    return GS + text if barcode.symbology_identifier == "]C1" else text


def _decoded(label: Label, seen: Image.Image) -> None:
    """Raise unless a decoder reads exactly the codes asked for."""
    for kind, text in _unread(label, seen, "a decoder does not read it", "解码器读不出"):
        raise NotScannable(text, str(kind), "a decoder reads it and nobody asked for it", "读出了多余的码")


def _unread(label: Label, seen: Image.Image, why: str, why_zh: str) -> list[tuple[zxingcpp.BarcodeFormat, str]]:
    """Raise for the first code that is not read; what was read beside those asked for."""
    read = [(barcode.format, _payload(barcode)) for barcode in zxingcpp.read_barcodes(seen, formats=_WANTED)]
    for code in label.codes:
        found = (_FORMATS[symbology(code)], code.payload)
        if found not in read:
            raise NotScannable(code.payload, symbology(code), why, why_zh)
        read.remove(found)
    return read
