"""The typeface cut down to the characters in use, for PDFs to embed: the whole font costs each of them half a second.

One cut is kept per process and grows when a document brings a new character; the bytes of a document do not depend on
what was printed before it.
"""

import gc
from collections.abc import Set
from io import BytesIO
from threading import Lock

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from labels import typeface

_ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))
# Texts are placed letter by letter and never vertical.
_UNUSED_TABLES = ("BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx")


class CutFont:
    """The font with the characters asked for so far; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._characters = _ALWAYS
        self._font = b""

    def holding(self, characters: Set[str]) -> bytes:
        """An OpenType font that has at least these characters; those that the typeface lacks are left out."""
        with self._lock:
            if not self._font or not self._characters >= characters:
                self._characters |= characters
                self._font = _cut(self._characters)
                gc.collect()  # a font's tables know each other: twenty megabytes that would wait to be found
            return self._font


def _cut(characters: Set[str]) -> bytes:
    with TTFont(typeface.path(), recalcTimestamp=False, recalcBBoxes=False, lazy=True) as font:
        for table in _UNUSED_TABLES:
            if table in font:
                del font[table]
        subsetter = Subsetter(Options(notdef_outline=True))
        subsetter.populate(unicodes=map(ord, characters))
        subsetter.subset(font)
        buffer = BytesIO()
        font.save(buffer)
    return buffer.getvalue()
