"""Turns scanned text into a code, or says why it is none; turns a code into text that is proved to read back.

Codes are exact: nothing is guessed, upper-cased or completed. It never looks anything up.
"""

from __future__ import annotations

import re

from biip import ParseError

from mes.codes import gs1
from mes.codes.kinds import (
    ENVELOPE_END,
    ENVELOPE_START,
    FNC1,
    GS,
    Code,
    Envelope,
    Foreign,
    ForeignPlant,
    Mistyped,
    OrderCode,
    Part,
    TooLong,
    Unknown,
)
from mes.codes.plain import read_plain

LONGEST = 128
"""Characters of the longest code we take."""

_BLANKS = " \t\r\n"  # not str.strip() alone: it would take GS away too
AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")  # ISO/IEC 15424: flag, symbology, modifier
_GS1_SYMBOLS = {"]C1", "]Q3", "]d2", "]e0", "]J1"}
_ARTICLE_SYMBOLS = {"]E0", "]E4", "]I1"}
_LINK = re.compile(r"https?://", re.IGNORECASE)
_FIELD = re.compile(r"[0-9]{0,3}[A-Z].+")


def parse(raw: str, site: int = 1) -> Code:
    """What a scanned text is, at plant number `site`.

    Blanks around it and a symbology identifier (ISO/IEC 15424) are taken off. Raises Unknown, Mistyped, TooLong (over
    128 characters) or ForeignPlant. In an envelope (ISO/IEC 15434 format 06) a field that is not ours is Foreign.
    """
    text = raw.strip(_BLANKS)
    if len(text) > LONGEST:
        raise TooLong(len(text))
    try:
        return _read(text, site)
    except (Unknown, Mistyped) as wrong:
        raise type(wrong)(_visible(wrong.text)) from None


def encode(code: Code) -> str:
    """The text to print for a code; raises the CodeError of what could not be read back as the same code.

    In the text of a Gs1 code each GS, the first character too, stands for FNC1.
    """
    try:
        text = code.text
    except (ParseError, ValueError):
        raise Unknown(repr(code)) from None
    if len(text) > LONGEST:
        raise TooLong(len(text))
    if _read(text, None) != code:
        raise Unknown(text)
    return text


def _read(text: str, site: int | None) -> Code:
    symbol = AIM.match(text)
    body = text[symbol.end() :] if symbol else text
    if _LINK.match(body):
        return gs1.read_link(body)
    if body.startswith(ENVELOPE_START):
        return _envelope(body, site)
    if symbol and symbol[0] in _ARTICLE_SYMBOLS:
        return gs1.read_article_number(body)
    if body.startswith("("):
        return gs1.read_bracketed(body)
    if body.startswith(FNC1) or (symbol and symbol[0] in _GS1_SYMBOLS):
        return gs1.read_message(body)
    return read_plain(body, site)


def _envelope(text: str, site: int | None) -> Envelope:
    if not text.endswith(ENVELOPE_END):
        raise Unknown(text)  # the end is missing: the last field may be cut short
    fields = text.removeprefix(ENVELOPE_START).removesuffix(ENVELOPE_END).split(GS)
    if not all(_FIELD.fullmatch(field) and field.isprintable() for field in fields):
        raise Unknown(text)
    return Envelope(tuple(_part(field, site) for field in fields))


def _part(field: str, site: int | None) -> Part:
    # A supplier's own numbers may stand behind our identifiers: never refuse his whole label for one of them. K on his
    # label is our purchase order, not a sales order.
    try:
        part = read_plain(field, site)
    except (Unknown, Mistyped, ForeignPlant):
        return Foreign(field)
    return Foreign(field) if isinstance(part, OrderCode) else part


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else _picture(sign) for sign in text)


def _picture(sign: str) -> str:
    return chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else "\N{REPLACEMENT CHARACTER}"
