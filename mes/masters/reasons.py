"""The plant's own reasons: what a person may choose or scan instead of typing why (F3, F4, F5).

A reason of the catalogue is an offer: one's own words are as good. What each kind is for stands on top.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from mes.masters.model import Reason
from mes.memory import masters
from mes.words import Words

KINDS = {
    "bad": Words("报不良", "bad pieces"),
    "dispose": Words("处置", "disposition"),
    "hold": Words("冻结", "hold"),
    "release": Words("解冻", "release of a hold"),
    "rescue": Words("移到隔离区", "rescue"),
    "not_found": Words("找不到", "not found"),
    "reprint": Words("补打标签", "reprint"),
    "override": Words("特批", "override"),
}


def of(session: Session, kind: str) -> dict[str, Words]:
    """The reasons of one kind by their codes, in the order of the plant's sheet; empty where the plant has none."""
    rows = masters(session).all(Reason)
    return {row.code: Words(row.name_zh, row.name_en) for row in rows if kind in row.kinds_text.split(";")}
