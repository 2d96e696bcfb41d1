"""Saving a plant's own label layout: proved first, so that what cannot be scanned is refused here and not on the floor.

Asks the door only for what passed; a layout that did not is recorded as refused, with its exact reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labels.checking import prove_layout
from labels.errors import LabelError, LayoutFault, UnknownLayout
from labels.layout import Layout, load, parse
from labels.proof import Proof
from mes.clock import Clock
from mes.commands import Outcome, Request, perform, record_refusal
from mes.database import Database
from mes.labelling.refusals import LayoutNotPrintable
from mes.queries.longest import longest_codes
from mes.refusals import Refusal


def save(
    database: Database, clock: Clock, name: str, content: str, *, person: str | None, signed_by: str | None = None
) -> Outcome:
    """Keep a layout's text as the plant's next revision; refused with `LayoutNotPrintable` and the exact reason.

    A layout that comes with Runcard keeps its colour and its code, and asks for no fact that the plant does not give.
    """
    request = Request("label:save_layout", {"name": name, "content": content}, person=person, signed_by=signed_by)
    with database.read() as session:
        longest = longest_codes(session)
    if reasons := reasons_against(name, content, longest):
        return database.write(lambda connection: record_refusal(connection, request, reasons, clock()))
    return perform(database, request, clock)


def reasons_against(name: str, content: str, longest: Mapping[str, str]) -> list[Refusal]:
    """Why a layout is not kept; empty when every proof was read back, with the plant's longest codes too."""
    try:
        checked(name, content, longest)
    except LabelError as error:
        return [LayoutNotPrintable(name, error.in_chinese().rstrip("。"), str(error).rstrip("."))]
    return []


def checked(name: str, content: str, longest: Mapping[str, str] | None = None) -> list[Proof]:
    """The proofs of this text at every size and resolution. Raises LabelError with what is wrong, where."""
    layout = parse(name, content)
    for fault in _breaks_faith(layout):
        raise LayoutFault(name, fault)
    return prove_layout(layout, longest)


def _breaks_faith(layout: Layout) -> Iterator[str]:
    """What the plant relies on in a layout of this name, and would miss on the floor."""
    try:
        known = load(layout.name)
    except UnknownLayout:
        return
    if layout.stock != known.stock:
        yield f"its colour is {known.stock}, not {layout.stock} (law 9)"
    given = {fact.name: fact.required for fact in known.facts}
    if wanted := [fact.name for fact in layout.facts if fact.required and not given.get(fact.name)]:
        yield f"it requires {', '.join(wanted)}, which is not always given"
    kept = {(plan.text, plan.check) for plan in layout.plans}
    if lost := [plan.text for plan in known.codes[:1] if (plan.text, plan.check) not in kept]:
        yield f"its code {lost[0]} is missing"
