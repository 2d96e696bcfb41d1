"""A label that would not scan never leaves: what the proof accepts, and everything it refuses."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from labels.drawing import code_dots, draw
from labels.errors import NotScannable
from labels.label import Area, Box, Code, Code128, Element, Label, Picture, Qr, StockColour
from labels.languages import to_png
from labels.layout import compose, load, names, sample
from labels.payloads import envelope
from labels.proof import prove
from labels.symbols import GS, matrix, module_dots

SERIAL = "1J0100000012N"
BARS = Code128(8, 5, 0.375, 12, SERIAL)


def plain(*elements: Element, stock: StockColour = "white", field: Area | None = None) -> Label:
    return Label(100, 40, stock, elements, field)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("layout", ["pallet", "pallet_gs1"])
def test_a_pallet_that_is_for_no_order_yet_scans_as_well(layout: str, dpi: int) -> None:
    facts = {fact.name: fact.sample for fact in load(layout).facts if fact.required or fact.name == "contents"}
    assert "order" not in facts
    for size in load(layout).sizes:
        assert prove(compose(layout, facts, size.width_mm), dpi).codes


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("layout", names())
def test_every_layout_scans_with_its_sample_at_every_width(layout: str, dpi: int) -> None:
    for size in load(layout).sizes:
        label = compose(layout, sample(layout), size.width_mm)
        proof = prove(label, dpi)
        assert proof.codes == tuple(code.payload for code in label.codes)


@pytest.mark.needs("zbar")
@pytest.mark.parametrize("layout", names())
def test_a_second_decoder_of_other_people_reads_the_same(layout: str) -> None:
    from pyzbar import pyzbar  # loads the system's library, which need not be there

    for size in load(layout).sizes:
        label = compose(layout, sample(layout), size.width_mm)
        read = [symbol.data.decode() for symbol in pyzbar.decode(draw(label, 203).convert("L"))]
        assert sorted(read) == sorted(code.payload.removeprefix(GS) for code in label.codes)


@pytest.mark.parametrize("layout", names())
def test_every_layout_scans_when_print_and_camera_are_poor(layout: str) -> None:
    """A camera of 150 dpi, out of focus, slightly turned, with three quarters of the contrast."""
    for size in load(layout).sizes:
        label = compose(layout, sample(layout), size.width_mm)
        seen = poor(prove(label, 203).picture.convert("L"))
        read = {barcode.bytes.decode() for barcode in zxingcpp.read_barcodes(seen)}
        assert read >= {code.payload.removeprefix(GS) for code in label.codes}


def poor(picture: Image.Image) -> Image.Image:
    small = picture.resize((picture.width * 150 // 203, picture.height * 150 // 203), Image.Resampling.BOX)
    turned = small.rotate(3, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    return turned.filter(ImageFilter.GaussianBlur(0.7)).point(lambda value: 32 + value * 3 // 4)


def test_every_bar_is_a_whole_number_of_dots_and_the_same_everywhere() -> None:
    for dpi in (203, 300, 600):
        image = draw(plain(BARS), dpi)
        left, top, right, bottom = code_dots(BARS, dpi)
        dots = module_dots(BARS.module_mm, dpi)
        for row in (top, (top + bottom) // 2, bottom - 1):
            seen = [image.getpixel((x, row)) for x in range(left, right)]
            assert "".join("1" if dot == 0 else "0" for dot in seen) == "".join(bit * dots for bit in matrix(BARS)[0])


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (plain(replace(BARS, module_mm=0.125)), "modules"),
        (plain(replace(BARS, height_mm=6)), "lower"),
        (plain(replace(BARS, x_mm=2)), "edge"),
        (plain(Qr(1, 1, 0.625, SERIAL)), "edge"),
        (plain(BARS, Box(Area(5, 5, 1, 3))), "quiet"),
        (plain(BARS, Box(Area(20, 8, 30, 0.5))), "over"),
        (plain(Qr(10, 5, 0.375, SERIAL)), "modules"),
        (plain(BARS, stock="blue"), "red light"),
        (plain(BARS, stock="red"), "white light"),
        (plain(BARS, stock="blue", field=Area(0, 0, 30, 40)), "red light"),
    ],
)
def test_a_code_that_would_not_scan_is_named_with_its_reason(label: Label, why: str) -> None:
    with pytest.raises(NotScannable) as refused:
        prove(label, 203)
    assert refused.value.payload == SERIAL
    assert why in refused.value.why
    assert refused.value.in_chinese().startswith(refused.value.symbology)


SQUARE = Qr(20, 10, 0.625, SERIAL)
ACROSS, DOWN = 100 * 8, 40 * 8
DOT_MM = 1 / 8


@pytest.mark.parametrize(("side", "outwards"), [(0, -DOT_MM), (1, -DOT_MM), (2, DOT_MM), (3, DOT_MM)])
@pytest.mark.parametrize("code", [BARS, SQUARE], ids=["bars", "square"])
def test_a_code_comes_as_near_to_the_edge_as_its_quiet_zone_and_not_a_dot_nearer(
    code: Code, side: int, outwards: float
) -> None:
    left, top, right, bottom = code_dots(code, 203)
    quiet = 10 * 3 if code is BARS else 4 * 5
    above = 0 if code is BARS else quiet  # bars need no quiet zone above and below
    room = (quiet - left, above - top, ACROSS - quiet - right, DOWN - above - bottom)[side] / 8
    at_edge = moved(code, side, room)
    assert prove(plain(at_edge), 203).codes == (SERIAL,)
    with pytest.raises(NotScannable, match="edge"):
        prove(plain(moved(at_edge, side, outwards)), 203)


def moved(code: Code, side: int, by_mm: float) -> Code:
    """The code moved left and right (sides 0 and 2) or up and down."""
    return replace(code, y_mm=code.y_mm + by_mm) if side % 2 else replace(code, x_mm=code.x_mm + by_mm)


def test_bars_are_high_enough_at_ten_millimetres_and_not_a_dot_lower() -> None:
    assert prove(plain(replace(BARS, height_mm=10)), 203).codes == (SERIAL,)
    with pytest.raises(NotScannable, match="lower"):
        prove(plain(replace(BARS, height_mm=10 - DOT_MM)), 203)


@pytest.mark.parametrize("side", [0, 2], ids=["left", "right"])
def test_the_quiet_zone_ends_where_something_else_may_be_printed(side: int) -> None:
    left, _, right, _ = code_dots(BARS, 203)
    beside = (left / 8 - 3.75 - 1, right / 8 + 3.75)[side // 2]
    assert prove(plain(BARS, Box(Area(beside, 6, 1, 3))), 203).codes == (SERIAL,)
    with pytest.raises(NotScannable, match="quiet"):
        prove(plain(BARS, Box(Area(beside + (DOT_MM if side == 0 else -DOT_MM), 6, 1, 3))), 203)


@pytest.mark.parametrize("colour", ["blue", "red"])
def test_a_white_field_makes_a_coloured_label_scan(colour: StockColour) -> None:
    assert prove(plain(BARS, stock=colour, field=Area(0, 0, 100, 40)), 203).codes == (SERIAL,)


def test_a_label_with_two_codes_in_one_place_is_refused() -> None:
    with pytest.raises(NotScannable):
        prove(plain(BARS, replace(BARS, payload="1J0100000003P")), 203)


def test_a_code_that_nobody_asked_for_is_refused() -> None:
    stranger = draw(plain(Qr(5, 5, 0.625, "1J0100000003P")), 203).crop((0, 0, 200, 200))
    logo = Picture(Area(72, 5, 25, 25), to_png(stranger))
    with pytest.raises(NotScannable, match=r"1J0100000003P.*nobody asked") as refused:
        prove(plain(BARS, logo), 203)
    assert "读出了多余的码" in refused.value.in_chinese()


@pytest.mark.parametrize("code", [BARS, SQUARE], ids=["bars", "square"])
@pytest.mark.parametrize(("stock", "light", "light_zh"), [("white", "white", "白光"), ("yellow", "red", "红光")])
def test_a_code_that_a_worn_imager_cannot_read_is_refused_and_the_light_is_named(
    monkeypatch: pytest.MonkeyPatch, code: Code, stock: StockColour, light: str, light_zh: str
) -> None:
    monkeypatch.setattr("labels.imager.DPI", 40)
    with pytest.raises(NotScannable) as refused:
        prove(plain(code, stock=stock), 203)
    assert refused.value.why == f"a worn imager does not read it in {light} light"
    assert f"{light_zh}下老旧扫描器读不出" in refused.value.in_chinese()


def test_a_separator_in_a_code_is_read_as_the_byte_it_is() -> None:
    payload = envelope(["2J0100000003P", "PFG-1P-C16", "1T261201-ASA-01-8", "Q120"])
    assert prove(plain(Qr(20, 5, 0.625, payload)), 203).codes == (payload,)
