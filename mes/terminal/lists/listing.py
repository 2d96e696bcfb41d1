"""What may be chosen by touch instead of a scan: cards, boxes, places, machines, orders, people, reasons.

Each list is one question whose rows carry the text of the code that a scan would have; all lists of a screen are asked
in one statement. A list only offers: whether a choice is allowed is for the door to say, as behind a scan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from mes.masters.model import Station
from mes.masters.units import shown
from mes.words import Words

LONGEST = 300
BETWEEN = " · "

Encode = Callable[[str], str]
Text = ColumnElement[str]


@dataclass(frozen=True)
class Here:
    """What a list has to know of its station."""

    station_id: int
    role: str
    location_id: int | None
    work_center_id: int | None

    @classmethod
    def of(cls, station: Station) -> Here:
        """Of this station."""
        return cls(station.id, station.role, station.location_id, station.work_center_id)


@dataclass(frozen=True)
class Listing:
    """One list: its name, what it is called, its question; `encode` makes codes of words with a check character."""

    name: str
    words: Words
    query: Select[Any]
    encode: Encode | None = None


def rows_of(session: Session, listings: Sequence[Listing]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all these lists by name, each with `code`, `zh`, `en`, `hint`; one statement.

    `typed`: the code is somebody's own words, which no label carries.
    """
    found: dict[str, list[dict[str, Any]]] = {one.name: [] for one in listings}
    if not listings:
        return found
    encode = {one.name: one.encode for one in listings}
    parts = [one.query.limit(LONGEST).subquery() for one in listings]
    numbered = union_all(
        *(select(literal(one.name).label("list"), part) for one, part in zip(listings, parts, strict=True))
    )
    for row in session.execute(numbered):
        makes = encode[row.list]
        amount = shown(row.amount, row.uom) if row.amount is not None else ""
        hint = BETWEEN.join(part for part in (row.hint, amount) if part)
        code = makes(row.code) if makes else row.code
        own_words = {"typed": True} if makes and code == row.code else {}
        found[row.list].append({"code": code, "zh": row.zh, "en": row.en, "hint": hint, **own_words})
    return found


def row(code: Any, zh: Any, en: Any, hint: Any = "", amount: Any = None, uom: Any = None) -> Select[Any]:
    """The columns of every list, of one type on every engine."""
    texts = [cast(one, String).label(name) for name, one in (("code", code), ("zh", zh), ("en", en), ("hint", hint))]
    quantity = cast(null() if amount is None else amount, BigInteger).label("amount")
    unit = cast(null() if uom is None else uom, String).label("uom")
    columns: list[Any] = [*texts, quantity, unit]
    return select(*columns)
