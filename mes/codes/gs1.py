"""Reads GS1 element strings and Digital Link URIs through biip, and closes its traps.

Only a text that says it is GS1 comes here (symbology identifier, FNC1, URI): plain numbers would pass as GS1 too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlsplit

from biip import ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

from mes.codes.kinds import GS, Gs1, Mistyped, Unknown

RESOLVER = "https://id.gs1.org"
# How many characters of an element end in a check digit (GS1 General Specifications, 3): biip looks at a few of them.
CHECKED = {"00": 18, "01": 14, "02": 14, "03": 14, "253": 13, "255": 13, "402": 17} | {
    **{f"41{last}": 13 for last in range(8)},
    "8003": 14,
    "8006": 14,
    "8017": 18,
    "8018": 18,
    "8026": 14,
}
_BRACKET = re.compile(r"\s*\(")


def read_message(text: str) -> Gs1:
    """The element strings of a message, GS between them; Unknown, or Mistyped for a wrong GTIN, SSCC or GLN."""
    try:
        return _checked(text, [element for field in text.split(GS) if field for element in _elements(field)])
    except (ParseError, ValueError, ArithmeticError):
        raise Unknown(text) from None


def read_article_number(text: str) -> Gs1:
    """The EAN-8, EAN-13, UPC-A or ITF-14 number of a symbol that holds nothing else, as (01); Unknown, Mistyped."""
    if len(text) > 14:
        raise Unknown(text)
    return read_message(f"01{text:0>14}")


def read_bracketed(text: str) -> Gs1:
    """The element strings of a text as people read it, `(01)…(10)…`, which some suppliers print; Unknown, Mistyped."""
    plain = _BRACKET.sub("(", text)
    try:
        message = GS1Message.parse_hri(plain)
        if message.as_hri() != plain:
            raise ParseError("characters were left out")
        return _checked(text, message.element_strings)
    except (ParseError, ValueError, ArithmeticError):
        raise Unknown(text) from None


def read_link(text: str) -> Gs1:
    """The element strings of a Digital Link URI; Unknown for any other web address, and for what biip would pass over.

    That is an application identifier it does not know, and one that says two things.
    """
    try:
        found = _checked(text, GS1DigitalLinkURI.parse(text).element_strings)
    except (ParseError, ValueError, ArithmeticError):
        raise Unknown(text) from None
    known = dict(found.elements)
    asked = [(ai, value) for ai, value in parse_qsl(urlsplit(text).query, keep_blank_values=True) if ai.isdigit()]
    if any(known.get(ai, "").lstrip("0") != value.lstrip("0") or ai not in known for ai, value in asked):
        raise Unknown(text)
    return found


def digital_link(code: Gs1) -> str:
    """The GS1 Digital Link URI that says the same, at GS1's own resolver; raises Unknown for what no link can say.

    The first element is the key of the link: an SSCC (00) or a GTIN (01).
    """
    (key, value), *more = code.elements or (("", ""),)
    query = "&".join(f"{ai}={quote(text, safe='')}" for ai, text in more)
    link = f"{RESOLVER}/{key}/{value}" + (f"?{query}" if query else "")
    if read_link(link) != code:
        raise Unknown(link)
    return link


def _elements(field: str) -> Iterable[GS1ElementString]:
    # biip cuts a value that is too long and takes the rest for a new element; only a predefined length may end unmarked
    elements = GS1Message.parse(field).element_strings
    if any(element.ai.separator_required for element in elements[:-1]):
        raise ParseError("a separator is missing")
    if "".join(element.ai.ai + element.value for element in elements) != field:
        raise ParseError("characters were left out")
    return elements


def _checked(text: str, elements: Iterable[GS1ElementString]) -> Gs1:
    found = list(elements)
    if not found or not text.isascii():  # biip would take the digits of other scripts
        raise Unknown(text)
    said = tuple((element.ai.ai, element.value) for element in found)
    if any(not _sound(ai, value) for ai, value in said):
        raise Mistyped(text)
    if len(set(said)) != len({ai for ai, _ in said}):  # GS1: what stands twice says the same twice
        raise Unknown(text)
    return Gs1(tuple(dict.fromkeys(said)))


def _sound(ai: str, value: str) -> bool:
    """Whether the check digit inside an element is right; biip notes some wrong ones beside the value and goes on."""
    length = CHECKED.get(ai)
    number = value[:length] if length else ""
    return not number or (number.isdigit() and str(gs1_standard_check_digit(number[:-1])) == number[-1])
