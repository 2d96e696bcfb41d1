"""Why the batch waits for another first article (F1)."""

from __future__ import annotations

from dataclasses import dataclass

from mes.production.model import CHANGES
from mes.production.refusals import OfWork
from mes.refusals import by_name


@dataclass(frozen=True)
class FirstArticleAgain(OfWork):
    """F1: asked again after another person, shift, machine or tool, a long stop, another lot of a flagged component."""

    card: str
    seq: int
    changes: tuple[str, ...]
    allowed: str
    code = "first_article_again"
    named = by_name(changes=CHANGES)
    en = (
        "A first article is asked for again at operation {seq} of {card}: {changes}. "
        "Report at most {allowed} for the inspector, the rest after the signature."
    )
    zh = "流转单 {card} 工序 {seq} 须重新首检（{changes}），请先报首件，最多 {allowed}，签字后再报其余。"
