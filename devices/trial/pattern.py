"""A label for trying a printer, without layout and font: a frame, a staircase of single dots, the printer's name.

Pure pictures and bytes. The staircase touches every dot of the head once, so that a dead one shows as a gap.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

DOTS_PER_MM = 8  # 203 dpi; on a 300 dpi printer the label comes out smaller
HEIGHT_DOTS = 160
STEP_DOTS = 8


def pattern(width_mm: int, caption: str) -> Image.Image:
    """Mode '1', black on white, a multiple of eight dots wide."""
    width = width_mm * DOTS_PER_MM // 8 * 8
    picture = Image.new("1", (width, HEIGHT_DOTS), 255)
    draw = ImageDraw.Draw(picture)
    draw.fontmode = "1"
    draw.rectangle((0, 0, width - 1, HEIGHT_DOTS - 1), outline=0, width=2)
    for across in range(width):
        top = 60 + across % STEP_DOTS * STEP_DOTS
        draw.line((across, top, across, top + STEP_DOTS - 1), fill=0)
    for number, line in enumerate(("RUNCARD TEST", caption)):
        draw.text((8, 8 + 20 * number), line, fill=0)
    return picture


def trial_label(language: str, width_mm: int, caption: str) -> bytes:
    """The pattern in one printer language, as one label."""
    picture = pattern(width_mm, caption)
    row_bytes, rows = picture.width // 8, picture.height
    black_is_one, white_is_one = picture.tobytes("raw", "1;I"), picture.tobytes()
    if language == "escpos":
        head = b"\x1b@\x1dv0\0" + row_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
        return head + black_is_one + b"\x1dVB\0"
    if language == "zpl":
        total = row_bytes * rows
        format_ = f"^XA^PW{picture.width}^LL{rows}^FO0,0^GFA,{total},{total},{row_bytes},"
        return format_.encode("ascii") + black_is_one.hex().upper().encode("ascii") + b"^FS^XZ"
    size = f"SIZE {width_mm} mm,{rows // DOTS_PER_MM} mm\r\nGAP 2 mm,0 mm\r\nCLS\r\nBITMAP 0,0,{row_bytes},{rows},0,"
    return size.encode("ascii") + white_is_one + b"\r\nPRINT 1\r\n"
