"""Pictures and labels in the languages of printers: ESC/POS, ZPL II, TSPL, PNG and PDF.

Everything but PDF is raster, so no text of a label can reach a printer's command interpreter. Opens no connection.
"""

import zlib
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image

from labels.drawing import WHITE
from labels.errors import TooWide

ESCPOS_HEAD_DOTS = 576  # 80 mm paper, 72 mm head
FRAGMENT_BYTES = 4096  # a printer that lost half of one is filled up with so many; longer ones overrun small buffers
_FEED_LINES = 4  # from the head to the cutter


def to_escpos(image: Image.Image) -> bytes:
    """ESC @, short GS v 0 rasters, feed, partial cut (Epson ESC/POS command reference).

    Raises TooWide for more than 576 dots.
    """
    if image.width > ESCPOS_HEAD_DOTS:
        raise TooWide(image.width, ESCPOS_HEAD_DOTS)
    row_bytes = (image.width + 7) // 8
    rasters = [_raster(row_bytes, rows) for _, rows in _fragments(row_bytes, black_is_one(image))]
    return b"\x1b@" + b"".join(rasters) + b"\x1bd" + bytes([_FEED_LINES]) + b"\x1dV\x01"


def _raster(row_bytes: int, rows: bytes) -> bytes:
    """GS v 0, mode 0: width in bytes and rows as little-endian words; 1 is black."""
    count = len(rows) // row_bytes
    return b"\x1dv0\x00" + row_bytes.to_bytes(2, "little") + count.to_bytes(2, "little") + rows


def _fragments(row_bytes: int, dots: bytes) -> Iterator[tuple[int, bytes]]:
    """The rows of a picture in short parts, each with the number of its first row."""
    most = FRAGMENT_BYTES // row_bytes * row_bytes
    for start in range(0, len(dots), most):
        yield start // row_bytes, dots[start : start + most]


def black_is_one(image: Image.Image) -> bytes:
    """Rows of bits, padded with white to whole bytes; 1 is black."""
    return image.tobytes("raw", "1;I") if image.width % 8 == 0 else _padded(image).tobytes("raw", "1;I")


def _padded(image: Image.Image) -> Image.Image:
    """The picture with white on its right up to a whole byte: Pillow would pad with zeros, which TSPL prints black."""
    padded = Image.new("1", ((image.width + 7) // 8 * 8, image.height), WHITE)
    padded.paste(image, (0, 0))
    return padded


def to_zpl(image: Image.Image) -> bytes:
    """One format with one ^GFA in compressed :Z64: (ZPL II programming guide: zlib, base64, CRC-16 of the base64)."""
    row_bytes = (image.width + 7) // 8
    total = row_bytes * image.height
    packed = b64encode(zlib.compress(black_is_one(image), 6))
    graphic = b"^GFA,%d,%d,%d,:Z64:%s:%04X" % (total, total, row_bytes, packed, crc_hqx(packed, 0))
    return b"^XA^PW%d^LL%d^LH0,0^FO0,0%s^FS^XZ\n" % (row_bytes * 8, image.height, graphic)


def to_tspl(image: Image.Image, width_mm: float, height_mm: float, gap_mm: float = 2.0) -> bytes:
    """SIZE, GAP, CLS, short BITMAPs of mode 0, PRINT (TSC TSPL/TSPL2 manual); here 0 is black.

    `gap_mm` 0 is continuous paper.
    """
    padded = _padded(image)
    row_bytes = padded.width // 8
    head = f"SIZE {width_mm:g} mm,{height_mm:g} mm\r\nGAP {gap_mm:g} mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n"
    bitmaps = [
        b"BITMAP 0,%d,%d,%d,0,%s\r\n" % (top, row_bytes, len(rows) // row_bytes, rows)
        for top, rows in _fragments(row_bytes, padded.tobytes())
    ]
    return head.encode("ascii") + b"".join(bitmaps) + b"PRINT 1,1\r\n"


def to_png(image: Image.Image, dpi: int | None = None) -> bytes:
    """The picture as PNG; with `dpi` it prints in its true size."""
    buffer = BytesIO()
    options = {"dpi": (dpi, dpi)} if dpi else {}
    image.save(buffer, "PNG", optimize=image.mode == "1", **options)
    return buffer.getvalue()


def stacked(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pages one below the other, for a preview."""
    width, height = max(picture.width for picture in pictures), sum(picture.height for picture in pictures)
    sheet = Image.new("RGB", (width, height), "white")
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height
    return sheet
