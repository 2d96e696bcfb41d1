"""Proves a layout before it is used: its sample on every paper and print head, whole and sparse, and as a copy.

What passes here can be printed by any printer of the plant; what does not is refused with what is wrong and where.
"""

from collections.abc import Iterator, Mapping

from labels import typeface
from labels.copying import mark_copy
from labels.errors import LabelError, LayoutNotProved
from labels.label import Label, Text
from labels.layout import compose, facts_of, sample
from labels.plan import Layout
from labels.proof import Proof, prove

RESOLUTIONS = (203, 300)
LONGEST_ISSUED = {"lot": "261201-WELD1234-01-AB-3"}
"""The longest batch number that we issue: a split card of a crew with a long name (P11)."""


def prove_layout(layout: Layout, longest: Mapping[str, str] | None = None) -> list[Proof]:
    """The proofs of its sample facts at every size at 203 and 300 dpi.

    The facts it requires alone, the label marked as a copy, and the `longest` codes that the plant has are proved at
    203 dpi too. Raises LayoutNotProved, which says what is wrong and where.
    """
    known = {fact.name for fact in facts_of(layout)}
    real = {name: code for name, code in {**LONGEST_ISSUED, **(longest or {})}.items() if name in known}
    proofs = []
    for width_mm in (size.width_mm for size in layout.sizes):
        for dpi in RESOLUTIONS:
            proofs.append(_proved(layout, sample(layout), width_mm, dpi))
        for label in _variants(layout, width_mm, {**sample(layout), **real}):
            _prove(layout, label, 203)
    return proofs


def _proved(layout: Layout, facts: Mapping[str, str], width_mm: float, dpi: int) -> Proof:
    return _prove(layout, _composed(layout, facts, width_mm, dpi), dpi)


def _variants(layout: Layout, width_mm: float, longest: Mapping[str, str]) -> Iterator[Label]:
    """The label with nothing but what it requires, with the longest codes, and its copy."""
    required = {fact.name: fact.sample for fact in facts_of(layout) if fact.required}
    yield _composed(layout, required, width_mm, 203)
    yield _composed(layout, longest, width_mm, 203)
    try:
        yield mark_copy(_composed(layout, sample(layout), width_mm, 203))
    except LabelError as error:
        raise _not_proved(layout, width_mm, 203, error) from error


def _composed(layout: Layout, facts: Mapping[str, str], width_mm: float, dpi: int) -> Label:
    try:
        label = compose(layout, facts, width_mm)
        for element in label.elements:
            if isinstance(element, Text):
                typeface.checked(element.text)
        return label
    except LabelError as error:
        raise _not_proved(layout, width_mm, dpi, error) from error


def _prove(layout: Layout, label: Label, dpi: int) -> Proof:
    try:
        return prove(label, dpi)
    except LabelError as error:
        raise _not_proved(layout, label.width_mm, dpi, error) from error


def _not_proved(layout: Layout, width_mm: float, dpi: int, error: LabelError) -> LayoutNotProved:
    return LayoutNotProved(layout.name, width_mm, dpi, str(error), error.in_chinese())
