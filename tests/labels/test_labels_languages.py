"""Printers' languages: every picture arrives dot by dot, and no text of a label reaches a command interpreter."""

import re
from io import BytesIO

import pytest
import zplkit
import zplkit.rendering
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from devices import settling
from labels.drawing import WHITE, draw
from labels.errors import TooWide
from labels.label import Label, Text
from labels.languages import FRAGMENT_BYTES, black_is_one, to_escpos, to_png, to_tspl, to_zpl
from labels.layout import compose, sample

PICTURE = draw(compose("nonconforming", sample("nonconforming"), 72), 203)
TALL = PICTURE.resize((PICTURE.width, 2000))


def fragments(job: bytes) -> list[Image.Image]:
    """The rasters of an ESC/POS job; anything but ESC @, GS v 0, ESC d, GS V fails."""
    assert job[:2] == b"\x1b@"
    place, found = 2, []
    while job[place : place + 4] == b"\x1dv0\x00":
        row_bytes = int.from_bytes(job[place + 4 : place + 6], "little")
        rows = int.from_bytes(job[place + 6 : place + 8], "little")
        end = place + 8 + row_bytes * rows
        found.append(Image.frombytes("1", (row_bytes * 8, rows), job[place + 8 : end], "raw", "1;I"))
        place = end
    assert re.fullmatch(rb"\x1bd[\x01-\x0a]\x1dV[\x00\x01]", job[place:])
    return found


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one.convert("L"), other.convert("L")).getbbox() is None


def zpl_picture(job: bytes, size: tuple[int, int]) -> Image.Image:
    """What a strict interpreter of other people prints; any warning fails."""
    limits = zplkit.rendering.Limits(graphic_bytes=2_000_000)
    document = zplkit.render(job, zplkit.Options(width=size[0], height=size[1], dpi=203), limits=limits)
    assert document.warnings == []
    (scene,) = document.labels
    raster = scene.rasterize()
    return Image.frombytes("L", (raster.width, raster.height), raster.pixels)


def test_escpos_has_the_same_raster_bytes_as_python_escpos() -> None:
    reference = Dummy()
    rows = FRAGMENT_BYTES // (PICTURE.width // 8)
    reference.image(PICTURE, impl="bitImageRaster", center=False, fragment_height=rows)
    assert reference.output in to_escpos(PICTURE)


def test_escpos_gives_the_picture_back_in_fragments_that_a_flush_fills_up() -> None:
    parts = fragments(to_escpos(TALL))
    assert all(part.width // 8 * part.height <= FRAGMENT_BYTES for part in parts)
    whole, top = Image.new("1", TALL.size), 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    assert (top, same(whole, TALL)) == (2000, True)


def test_a_station_fills_up_as_much_as_the_longest_fragment() -> None:
    assert settling.FRAGMENT_BYTES == FRAGMENT_BYTES


def test_a_picture_wider_than_the_receipt_head_is_refused() -> None:
    with pytest.raises(TooWide, match="800 dots wide"):
        to_escpos(Image.new("1", (800, 10), WHITE))


def test_zpl_gives_the_picture_back_through_a_strict_interpreter() -> None:
    assert same(zpl_picture(to_zpl(PICTURE), PICTURE.size), PICTURE)


def test_a_width_that_is_no_whole_byte_ends_in_white() -> None:
    odd = Image.new("1", (13, 3), 0)
    assert black_is_one(odd) == b"\xff\xf8" * 3
    assert to_tspl(odd, 1.6, 0.4).count(b"\x00\x07" * 3) == 1


def test_tspl_says_size_gap_and_short_bitmaps_and_prints_once() -> None:
    job = to_tspl(PICTURE, 72, 80)
    head, rest = job[: job.index(b"BITMAP")], job[job.index(b"BITMAP") :]
    assert head == b"SIZE 72 mm,80 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n"
    dots = b""
    while part := re.match(rb"BITMAP 0,(\d+),72,(\d+),0,", rest):
        assert int(part[1]) == len(dots) // 72
        length = 72 * int(part[2])
        assert length <= FRAGMENT_BYTES
        dots += rest[part.end() : part.end() + length]
        rest = rest[part.end() + length :].removeprefix(b"\r\n")
    assert same(Image.frombytes("1", PICTURE.size, dots), PICTURE)
    assert rest == b"PRINT 1,1\r\n"


def test_png_keeps_every_dot_and_its_true_size() -> None:
    with Image.open(BytesIO(to_png(PICTURE, 203))) as read:
        assert read.mode == "1"
        assert round(read.info["dpi"][0]) == 203
        assert same(read, PICTURE)


HOSTILE = st.text(alphabet="^~\\\"'`{}[]_XZGFAPRINTCLS01 ,;@!=.", max_size=12)


@given(text=HOSTILE)
@settings(max_examples=40)
def test_no_text_can_reach_the_command_interpreter(text: str) -> None:
    picture = draw(Label(48, 10, "white", (Text(1, 6, 3, text),)), 203)
    zpl = to_zpl(picture)
    assert re.fullmatch(
        rb"\^XA\^PW384\^LL80\^LH0,0\^FO0,0\^GFA,3840,3840,48,:Z64:[A-Za-z0-9+/=]+:[0-9A-F]{4}\^FS\^XZ\n", zpl
    )
    assert [part.size for part in fragments(to_escpos(picture))] == [(384, 80)]
    tspl = to_tspl(picture, 48, 10)
    assert len(tspl) == len(to_tspl(Image.new("1", picture.size, WHITE), 48, 10))
