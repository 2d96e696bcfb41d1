"""From a print job's layout and facts to proved bytes: the one place where the outbox meets the labels room.

Knows the plant's own layouts: the newest saved revision prints, else the one that came with Runcard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, cast

from sqlalchemy.orm import Session

from labels.errors import LabelError
from labels.layout import Layout, load, parse
from labels.rendering import Language, Rendered, render, render_run_card
from labels.run_card import read_sheet
from mes.labelling.at_hand import SizesOf
from mes.labelling.layouts import all_newest, newest
from mes.labelling.loaded_stock import Size, fitting
from mes.masters.model import Printer

RUN_CARD = "run_card"
KEPT = 64


def layout_of(session: Session, name: str) -> Layout:
    """The layout that prints under this name. Raises UnknownLayout, LayoutFault."""
    return layout_and_revision(session, name)[0]


def layout_and_revision(session: Session, name: str) -> tuple[Layout, int]:
    """The same, with the revision of the plant's own layout; 0 for the one that came with Runcard."""
    saved = newest(session, name)
    return (_parsed(name, saved[1]), saved[0]) if saved else (load(name), 0)


def sizes_in(session: Session) -> SizesOf:
    """The label sizes of layouts, in mm; None for forms that fit any paper and for layouts nobody can read."""
    own = cache(partial(all_newest, session))

    def read(name: str) -> Layout:
        text = own().get(name)
        return _parsed(name, text) if text else load(name)

    return lambda name: _sizes(partial(read, name), name)


def shipped_sizes(name: str) -> Sequence[Size] | None:
    """The same in a plant that has saved no layout of its own: nothing is asked of the database."""
    return _sizes(lambda: load(name), name)


def _sizes(read: Callable[[], Layout], name: str) -> Sequence[Size] | None:
    if name == RUN_CARD:
        return None
    try:
        return [(size.width_mm, size.height_mm) for size in read().sizes]
    except LabelError:
        return None  # the job goes to a printer and fails there, with its reason


def width_for(printer: Printer, sizes: Sequence[Size] | None) -> float:
    """The width to make a piece for: that of the widest size that fits the loaded label, else the printer's own."""
    if sizes is None or printer.loaded_width_mm is None:
        return float(printer.width_mm)
    return max((width for width, _ in fitting(printer, sizes)), default=float(printer.width_mm))


def rendered(
    layout: Layout | str,
    facts: Mapping[str, Any],
    language: str,
    dpi: int,
    width_mm: float | None,
    *,
    copy: bool = False,
) -> Rendered:
    """One job's bytes, proved by a decoder before they leave (law 9); raises LabelError with what is wrong."""
    if layout == RUN_CARD:
        return render_run_card(read_sheet(facts), cast(Language, language), dpi, width_mm, copy=copy)
    plan = load(layout) if isinstance(layout, str) else layout
    known = {fact.name for fact in plan.facts}
    wanted = {name: str(value) for name, value in facts.items() if name in known and value}
    return render(plan, wanted, cast(Language, language), dpi, width_mm, copy=copy)


@lru_cache(KEPT)
def _parsed(name: str, text: str) -> Layout:
    return parse(name, text)
