"""The plant's words for words of the record, as pages show them; the tables stand beside the rules they belong to.

A word that nobody has translated yet is shown as it is, so that nothing a device says is ever hidden.
"""

from __future__ import annotations

from collections.abc import Mapping

from mes.labelling.words import FAULTS as FAULT
from mes.labelling.words import JOB_STATES as JOB_STATE
from mes.labelling.words import LABEL_STOCKS as STOCK
from mes.labelling.words import PRINTER_LANGUAGES as LANGUAGE
from mes.masters.words import STATION_ROLES as ROLE
from mes.planning.model import PLAN_STATES as PLAN_STATE
from mes.production.model import CARD_STATES as CARD_STATE
from mes.quality.model import DISPOSITIONS as DISPOSITION
from mes.quality.model import STAGES as STAGE
from mes.words import BETWEEN, Words
from web.language import language, said, t

__all__ = [
    "CARD_STATE",
    "DISPOSITION",
    "FAULT",
    "JOB_STATE",
    "LANGUAGE",
    "ORDER_STATE",
    "PLAN_STATE",
    "RESULT",
    "ROLE",
    "STAGE",
    "STOCK",
    "all_words",
    "for_script",
    "read",
    "word",
]

ORDER_STATE = {
    "open": Words("未发", "open"),
    "picking": Words("拣货中", "picking"),
    "packed": Words("已装箱", "packed"),
    "shipped": Words("已发货", "shipped"),
    "cancelled": Words("已取消", "cancelled"),
}
RESULT = {
    "accepted": Words("✓ 接受", "✓ accepted"),
    "refused": Words("✗ 拒绝", "✗ refused"),
    "asks": Words("? 询问", "? asks"),
}


def read(words: Words) -> str:
    """The reader's half."""
    return words.read(language())


def word(words: Mapping[str, Words], key: str | None) -> str:
    """The word in the reader's language; one that nobody has translated as the record has it; empty for none."""
    return words[key].read(language()) if key is not None and key in words else said(key)


def all_words(words: Mapping[str, Words], keys: str) -> str:
    """Several words of the record (`paper_out, cover_open`), or a sentence in both, in the reader's language."""
    if BETWEEN in keys:
        return said(keys)
    return t("、", ", ").join(word(words, one.strip()) for one in keys.replace(";", ",").split(",") if one.strip())


def for_script() -> dict[str, dict[str, tuple[str, ...]]]:
    """What the screens' scripts need, by table: pairs of Chinese and English."""
    return {
        name: {key: (*one,) for key, one in table.items()} for name, table in {"stock": STOCK, "fault": FAULT}.items()
    }
