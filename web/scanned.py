"""What a scanned or typed code stands for in a field: its data identifier taken off, if that names something."""

from __future__ import annotations

from unicodedata import normalize

from sqlalchemy.orm import Session

from mes import codes
from mes.given import Amount, Given, Reason, Text, Thing
from mes.queries.finding import is_known


def name_in(code: str) -> str:
    """The name in a code of ours (`1TR261027-01` is lot `R261027-01`); any other text as it is."""
    try:
        found = codes.parse(code)
    except codes.CodeError:
        return code
    return _name(found, code)


def settled(session: Session, given: Given, text: str) -> str:
    """What stands in a field after a scan: a code that names something stays, else the name in it."""
    text = text.strip()
    if not isinstance(given, Text):
        text = normalize("NFKC", text)  # digits and letters of a Chinese input method are wider, and mean the same
    if isinstance(given, Thing):
        return _known_as(session, given, text)
    if isinstance(given, Amount | Reason):
        return _of_kind(text)
    return text


def _known_as(session: Session, given: Thing, text: str) -> str:
    """The code of the thing that some spelling of the text names, else the name in the text as it is."""
    names = [name for spelled in codes.spellings(text) for name in (spelled, name_in(spelled))]
    known = (name for name in dict.fromkeys(names) if is_known(session, given.kinds, name))
    return next(known, name_in(text))


def _of_kind(text: str) -> str:
    """A quantity (`Q12`) or reason that was scanned; what somebody typed stays."""
    try:
        found = codes.parse(text)
    except codes.CodeError:
        return text
    return _name(found, text) if isinstance(found, codes.QuantityCode | codes.ReasonCode) else text


def _name(found: codes.Code, text: str) -> str:
    match found:
        case codes.OperationCode(card, seq):
            return f"{card}+{seq}"
        case codes.QuantityCode(quantity):
            return f"{quantity:f}"
        case codes.Envelope(parts):
            return _name(parts[0], text) if parts else text
        case codes.RunCardCode(name) | codes.LotCode(name) | codes.ItemCode(name) | codes.LabelCode(name):
            return name
        case codes.ContainerCode(name) | codes.LocationCode(name) | codes.BadgeCode(name) | codes.OrderCode(name):
            return name
        case codes.EquipmentCode(name) | codes.PrinterCode(name) | codes.ReasonCode(name) | codes.Foreign(name):
            return name
    return text
