"""How else a code may be spelled: typed in other letters, or changed by a keyboard on its way. Looks nothing up.

A check character makes a spelling certain; whatever else was changed is only named, for the reader to mend the cause.
"""

from __future__ import annotations

from dataclasses import dataclass

from mes.codes.kinds import (
    CardCode,
    CodeError,
    CommandCode,
    ContainerCode,
    LabelCode,
    OperationCode,
    Plain,
    ReasonCode,
    RollCode,
    RunCardCode,
)
from mes.codes.looks import narrow
from mes.codes.plain import read_plain
from mes.codes.reading import AIM

NO_BEGINNING = tuple("&\"'(-_)")
CHECKED = (RunCardCode, OperationCode, LabelCode, ContainerCode, CommandCode, ReasonCode, RollCode, CardCode)


@dataclass(frozen=True)
class Keyboard:
    """A keyboard layout of the computer, by what it makes of the keys of a US keyboard."""

    zh: str
    en: str
    types: str
    instead_of: str

    def undone(self, text: str) -> str:
        """What the scanner meant."""
        return text.translate(str.maketrans(self.types, self.instead_of))


KEYBOARDS = (
    Keyboard("法语（AZERTY）", "French (AZERTY)", "&é\"'(-è_çà)°:QAZWqazw?,", "1234567890-_.AQWZaqwzMm"),
    Keyboard("德语（QWERTZ）", "German (QWERTZ)", "ZYzyß`", "YZyz-+"),
    Keyboard("西班牙语", "Spanish", "'¿", "-+"),
)


def spellings(text: str) -> list[str]:
    """The text as it is; in narrow letters without blanks and symbology identifier; that in capitals, and in small."""
    plain = narrow(text)
    bare = plain[found.end() :] if (found := AIM.match(plain)) else plain
    return list(dict.fromkeys(one for one in (text.strip(), plain, bare, bare.upper(), bare.lower()) if one))


def certain(text: str, site: int | None = None) -> Plain | None:
    """The code that some spelling of the text is, if its check character proves it."""
    found = (_read(one, site) for one in spellings(text))
    return next((code for code in found if isinstance(code, CHECKED)), None)


def keyboard_of(text: str) -> Keyboard | None:
    """The keyboard layout that changed a code of ours: proved by a check character, or by signs that no code has."""
    for keyboard in KEYBOARDS:
        meant = keyboard.undone(text)
        if meant != text and certain(meant):
            return keyboard
    odd = text.startswith(NO_BEGINNING) or not text.isascii()
    return next((one for one in KEYBOARDS if odd and _read(one.undone(text), None)), None)


def _read(text: str, site: int | None) -> Plain | None:
    try:
        found = read_plain(text, site)
    except CodeError:
        return None
    return found if text.isascii() else None
