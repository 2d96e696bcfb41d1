"""What a code on a label may say: only what a terminal of the plant would read back as a code of ours, or as GS1.

The texts come from facts and from `mes.codes`; nothing here looks anything up, and no GS1 number is made up here.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from labels.errors import BadPayload
from mes.codes import (
    LONGEST,
    Code,
    CodeError,
    ForeignPlant,
    Gs1,
    Mistyped,
    TooLong,
    Unknown,
    digital_link,
    encode,
    parse,
    with_check,
)
from mes.codes.kinds import ENVELOPE_END, ENVELOPE_START, GS

_SITED = ("1J", "2J")  # label and carton serials begin with the number of the plant that issued them
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)(?:\{(\w+)\}|([^(){}]+))")
_DATES = {"11", "12", "13", "15", "16", "17"}  # YYMMDD in the code, a date that people read on the label
_LOT = re.compile(r"[!-\"%-?A-Z_a-z]{1,20}")  # GS1 General Specifications, (10) and character set 82
_WHY = {
    Unknown: (
        "it is no code that a terminal knows; words of commands and reasons are A-Z and 0-9, quantities are numbers",
        "终端不认识这样的码；指令字和原因字只用 A-Z 与 0-9，数量只用数字",
    ),
    Mistyped: ("its check character or check digit is wrong", "校验位不对"),
    TooLong: ("it is longer than any code that a terminal reads", "超过终端可读的长度"),
    ForeignPlant: ("it belongs to another plant", "属于其他工厂"),
}
_ISO_DATE = re.compile(r"20([0-9]{2})-([0-9]{2})-([0-9]{2})")


def checked(text: str) -> str:
    """The text itself. Raises BadPayload if it is unknown, mistyped, too long or would be read as something else."""
    try:
        same = encode(parse(text, site=_site(text)))
    except CodeError as error:
        raise _bad(text, error) from error
    if same != text:
        raise BadPayload(visible(text), f"a terminal would read it as {visible(same)}", f"终端会读成 {visible(same)}")
    return text


def _bad(text: str, error: CodeError) -> BadPayload:
    """What is wrong with a code, in words of the plant."""
    return BadPayload(visible(text), *_WHY[type(error)])


def visible(text: str) -> str:
    """The text with a sign for each character that prints nothing."""
    return "".join(sign if sign.isprintable() else chr(0x2400 + ord(sign) % 0x20) for sign in text)


def _site(text: str) -> int:
    """The plant that issued the label or carton serial that a code begins with."""
    body = text.removeprefix(ENVELOPE_START)
    return int(body[2:4]) if body[:2] in _SITED and body[2:4].isdigit() else 1


def ended(text: str) -> str:
    """The text with its check character (ISO 7064 MOD 37,36). Raises BadPayload."""
    try:
        return with_check(text)
    except ValueError as error:
        raise BadPayload(visible(text), *_WHY[Unknown]) from error


def envelope(parts: Sequence[str]) -> str:
    """Codes of ours in one envelope (ISO/IEC 15434 format 06), empty ones left out, and the last that it cannot hold.

    Raises BadPayload.
    """
    said = [checked(part) for part in parts if part]
    while (text := ENVELOPE_START + GS.join(said) + ENVELOPE_END) and len(text) > LONGEST and len(said) > 1:
        said.pop()
    return checked(text)


def written(code: Code) -> str:
    """The text of a code. Raises BadPayload if nobody could read it back."""
    try:
        return encode(code)
    except CodeError as error:
        raise _bad(code.text, error) from error


def message(template: str, given: Mapping[str, str]) -> tuple[str, str]:
    """A GS1 message (FNC1 as GS) and how people read it, from `(00){sscc}(02){gtin}(37){count}`.

    An element whose fact is not given is left out, and a lot that GS1 cannot say; without (02) or (37) only (00) is
    left of a template that has them: a lot says nothing when nobody knows of what. Nothing left is two empty texts.
    Raises BadPayload.
    """
    elements = tuple(_elements(template, given))
    if not elements:
        return "", ""
    return written(Gs1(elements)), " ".join(f"({ai}) {value}" for ai, value in elements)


def _elements(template: str, given: Mapping[str, str]) -> list[tuple[str, str]]:
    named = [(ai, given.get(fact, "") if fact else text) for ai, fact, text in _ELEMENT.findall(template)]
    found = [(ai, _value(ai, value)) for ai, value in named if value and (ai != "10" or _LOT.fullmatch(value))]
    present = {ai for ai, _ in found}
    if "(02)" in template and not {"02", "37"} <= present:
        return [(ai, value) for ai, value in found if ai == "00"]
    return found


def _value(ai: str, value: str) -> str:
    if ai == "37" and len(value) % 2:
        return f"0{value}"  # digits print in pairs: an odd one would make the bars wider than a 100 mm label
    day = _ISO_DATE.fullmatch(value) if ai in _DATES else None
    return "".join(day.groups()) if day else value


@lru_cache(maxsize=512)
def link_of(payload: str) -> str:
    """The Digital Link that says the same as a GS1 message. Raises BadPayload."""
    code = parse(payload)
    try:
        return digital_link(code) if isinstance(code, Gs1) else ""
    except CodeError as error:
        raise _bad(payload, error) from error
