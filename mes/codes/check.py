"""Check characters and the two numbers we issue ourselves: batch numbers and label serials.

The check character is ISO 7064 MOD 37,36; hyphens and dots are not counted. It finds every single wrong character and
every swap of neighbours but one in 36 of those whose values differ by one (0 and 1, 8 and 9, 9 and A…): that is the
standard's own limit, so a code is a key to look up, never a proof. Numbers are made here, not remembered: whoever
issues one keeps the count.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.iso7064 import mod_37_36

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_COUNTED = str.maketrans("", "", "-.")

# Every group but the crew has a fixed length and no two groups can trade a hyphen: the check character cannot see a
# hyphen that moved, so the form must.
_BATCH = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[A-Z0-9]{1,8}-[A-Z0-9][0-9](?:-[A-Z]{1,2})?-[A-Z0-9]"
BATCH_FORM = re.compile(_BATCH)
SERIAL_FORM = re.compile(r"[0-9]{10}[A-Z0-9]")
_BATCH_SHAPE = re.compile(r"[0-9]{6}-[A-Z0-9]{1,8}-[A-Z0-9]{2}(?:-[A-Z]{1,2})?-[A-Z0-9]")

MOST_BATCHES_A_DAY = 99 + 26 * 10


def check_character(body: str) -> str:
    """The ISO 7064 MOD 37,36 check character of a body of 0-9 and A-Z; ValueError for any other character."""
    return str(mod_37_36.calc_check_digit(body.translate(_NOT_COUNTED)))


def with_check(body: str) -> str:
    """The body, a hyphen and its check character: `261201-ASA-01` becomes `261201-ASA-01-K`."""
    return f"{body}-{check_character(body)}"


def is_valid(code: str) -> bool:
    """Whether the last character is the check character of all before it (ISO 7064 MOD 37,36)."""
    return bool(mod_37_36.is_valid(code.translate(_NOT_COUNTED)))


def is_batch_number(code: str) -> bool:
    """Whether this is a batch number or run card code of our form with the right check character."""
    return BATCH_FORM.fullmatch(code) is not None and is_valid(code)


def is_serial(code: str) -> bool:
    """Whether this is a label serial of our form with the right check character, of whatever plant."""
    return SERIAL_FORM.fullmatch(code) is not None and is_valid(code)


def looks_mistyped(lot: str) -> bool:
    """Whether a lot code has our form YYMMDD-CREW-nn-C but no such number can have been issued.

    Meant for a lot that was not found: lots that came from elsewhere may have any form.
    """
    return _BATCH_SHAPE.fullmatch(lot) is not None and not is_batch_number(lot)


def batch_number(day: date, crew: str, number: int, part: str = "") -> str:
    """The batch number of a production day, crew (1 to 8 of A-Z 0-9) and running number of that day (P11).

    Numbers 1 to 99 stand as two digits, 100 to 359 as A0 to Z9, so that the form keeps its length. `part` (one or two
    letters) tells the cards of a split batch apart. ValueError for what does not fit.
    """
    body = f"{day:%y%m%d}-{crew}-{_two_characters(number)}" + (f"-{part}" if part else "")
    code = with_check(body)
    if not BATCH_FORM.fullmatch(code):
        raise ValueError(f"no batch number can be made of crew {crew!r} and part {part!r}")
    return code


def _two_characters(number: int) -> str:
    if not 1 <= number <= MOST_BATCHES_A_DAY:
        raise ValueError(f"a crew's batches of one day are numbered 1 to {MOST_BATCHES_A_DAY}, not {number}")
    return f"{number:02}" if number < 100 else f"{_ALPHABET[number // 10]}{number % 10}"


def label_serial(site: int, number: int) -> str:
    """The serial of a label (F5): two digits of the plant (1 to 99), eight of the running number, check character."""
    if not (1 <= site <= 99 and 1 <= number <= 99_999_999):
        raise ValueError(f"no label serial can be made of site {site} and number {number}")
    body = f"{site:02}{number:08}"
    return body + check_character(body)


def site_of(serial: str) -> int:
    """The plant that issued a label serial."""
    return int(serial[:2])
