"""What is left of a code for somebody who does not look closely: two that agree in that are mixed up one day.

Pure; owns nothing but the comparison.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def narrow(text: str) -> str:
    """The text in narrow letters and without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def looks(code: str) -> str:
    """The code without case, width, blanks and, of digits alone, zeros in front."""
    plain = narrow(code).casefold()
    return (plain.lstrip("0") or "0") if plain.isdecimal() else plain


def alike(code: str, codes: Iterable[str]) -> str | None:
    """The first of these codes that only looks like this one or is it; None where each is different."""
    wanted = looks(code)
    return next((one for one in codes if looks(one) == wanted), None)
