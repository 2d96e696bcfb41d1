"""From a print job's layout and facts to proved bytes: the one place where the outbox meets the labels room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from labels.layout import facts_of
from labels.rendering import Language, Rendered, render, render_run_card
from labels.run_card import read_sheet

RUN_CARD = "run_card"


def rendered(layout: str, facts: Mapping[str, Any], language: str, dpi: int, width_mm: float | None) -> Rendered:
    """One job's bytes, proved by a decoder before they leave (law 9); raises LabelError with what is wrong."""
    if layout == RUN_CARD:
        return render_run_card(read_sheet(facts), cast(Language, language), dpi, width_mm)
    known = {fact.name for fact in facts_of(layout)}
    wanted = {name: str(value) for name, value in facts.items() if name in known and value}
    return render(layout, wanted, cast(Language, language), dpi, width_mm)
