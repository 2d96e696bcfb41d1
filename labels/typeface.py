"""The one typeface of labels and forms (Noto Sans SC, OFL): which characters it has, how wide they are, how texts wrap.

Where it lacks a character a mark of that stands instead, so that a rare name stops no label; a layout's own words must
be in it. Sizes are ems in millimetres, whatever the printer.
"""

import re
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from threading import Lock
from unicodedata import category

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont
from PIL import ImageFont

from labels.errors import MissingGlyph, TextDoesNotFit

NAME = "Noto Sans SC"
CAP_HEIGHT = 0.733  # ems: height of a capital letter, from the font's OS/2 table
HAN_DESCENT = 0.12  # ems: how far a Chinese character reaches below the baseline
HAN_ASCENT = 0.88
LINE = 1.25  # ems from baseline to baseline
SUBSTITUTE = "〓"
"""Stands where a character has no picture: printers' own sign for that, and no character of any name."""
_INVISIBLE = {"Cf", "Mn", "Me"}  # joiners, variation selectors: without their character they say nothing
_READING = Lock()  # so that sixteen threads do not all read the font when the first labels of a day are asked for
_NOT_AT_LINE_START = "，。、；：！？）》」】%,.;:!?)"


def path() -> Path:
    """The font file."""
    return Path(pylopdf_fonts_zh_cn.sans_path())


@cache
def _advances() -> dict[int, int]:
    """Advance of every character in thousandths of an em."""
    with TTFont(path(), lazy=True) as font:
        metrics = font["hmtx"].metrics
        return {point: metrics[glyph][0] for point, glyph in font.getBestCmap().items()}


@lru_cache(maxsize=8)
def face(pixels: int) -> ImageFont.FreeTypeFont:
    """The font at one size; the basic layout engine, so that every machine draws the same.

    Few are kept: each maps the whole file, and what they drew is kept by others.
    """
    return ImageFont.truetype(path(), pixels, layout_engine=ImageFont.Layout.BASIC)


def clean(text: str) -> str:
    """Every run of blanks, tabs and line breaks as one blank."""
    return re.sub(r"\s+", " ", text).strip()


def lacking(text: str) -> str:
    """The characters of a text that have no picture, each once, in their order."""
    with _READING:
        known = _advances()
    return "".join(dict.fromkeys(one for one in text if ord(one) not in known or not one.isprintable()))


@lru_cache(maxsize=4096)
def printable(text: str) -> str:
    """The text as it is drawn: what has no picture is replaced by the mark, what is invisible anyway left out."""
    drawn = dict.fromkeys(map(ord, lacking(text)), SUBSTITUTE)
    return text.translate({one: "" if category(chr(one)) in _INVISIBLE else mark for one, mark in drawn.items()})


@lru_cache(maxsize=4096)
def advances(text: str) -> tuple[float, ...]:
    """The advance of each character that is drawn, in ems."""
    drawn = printable(text)
    return tuple(_advances()[ord(character)] / 1000 for character in drawn)


def checked(text: str) -> str:
    """A layout's own words, which nobody may have to guess. Raises MissingGlyph."""
    for character in lacking(text):
        raise MissingGlyph(text, character)
    return text


def width_mm(text: str, size_mm: float) -> float:
    """How wide a text is."""
    return sum(advances(text)) * size_mm


def wrap(text: str, size_mm: float, room_mm: float, *, anywhere: bool = False) -> tuple[str, ...] | None:
    """Lines no wider than the room: broken at blanks and between Chinese characters, or `anywhere`.

    None if a word is too wide.
    """
    lines = [""]
    for piece in text if anywhere else _pieces(text):
        if width_mm((lines[-1] + piece).rstrip(), size_mm) <= room_mm:
            lines[-1] += piece
        elif width_mm(piece.strip(), size_mm) <= room_mm:
            lines.append(piece.lstrip())
        else:
            return None
    return tuple(line.rstrip() for line in lines)


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[str, ...]:
    """What must stay together: words with the blank after them, single Chinese characters with their punctuation."""
    return tuple(re.findall(rf"(?:[⺀-鿿豈-﫿]|[^\s⺀-鿿豈-﫿]+)[{re.escape(_NOT_AT_LINE_START)}]*\s*|\s+", text))


def fit(
    text: str, room_mm: float, size_mm: float, smallest_mm: float, most_lines: int = 1, *, anywhere: bool = False
) -> tuple[tuple[str, ...], float]:
    """Lines and the largest size between the two that fits. Raises TextDoesNotFit."""
    size = size_mm
    if most_lines == 1:  # its width says how many steps are in vain
        size -= 0.1 * max(0, ceil((size_mm - room_mm / max(1e-6, width_mm(text.strip(), 1.0))) / 0.1 - 1e-6))
    while size >= smallest_mm - 1e-9:
        lines = wrap(text, size, room_mm, anywhere=anywhere)
        if lines is not None and len(lines) <= most_lines:
            return lines, size
        size -= 0.1
    raise TextDoesNotFit(text, room_mm, smallest_mm)


def cut(text: str, size_mm: float, room_mm: float, most_lines: int) -> tuple[str, ...]:
    """The text on at most so many lines; what is too long ends in "…". Raises TextDoesNotFit."""
    lines = wrap(text, size_mm, room_mm) or wrap(text, size_mm, room_mm, anywhere=True)
    if lines is None or width_mm("…", size_mm) > room_mm:
        raise TextDoesNotFit(text, room_mm, size_mm)
    if len(lines) <= most_lines:
        return lines
    last = lines[most_lines - 1]
    while width_mm(last + "…", size_mm) > room_mm:
        last = last[:-1]
    return (*lines[: most_lines - 1], last.rstrip() + "…")


def fit_or_cut(
    text: str, room_mm: float, size_mm: float, smallest_mm: float, most_lines: int = 1
) -> tuple[tuple[str, ...], float]:
    """Like `fit`, for texts that stand in full elsewhere: too long ones are cut at the smallest size."""
    try:
        return fit(text, room_mm, size_mm, smallest_mm, most_lines)
    except TextDoesNotFit:
        return cut(text, smallest_mm, room_mm, most_lines), smallest_mm
