"""What a code means to a trace: the lots behind a lot, card, supplier lot, label, carton, order or report number.

A trace must rather find too much than too little: whatever the code may mean is found, and said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, bindparam, literal, select, union, union_all
from sqlalchemy.orm import Session

from mes import codes
from mes.labelling.model import Label
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.quality.model import Nonconformance
from mes.refusals import CodeTooLong, MistypedCode, Refusal, UnknownCode, refuse
from mes.stock.model import Container, HandlingUnit, Lot, Movement

TEXT = bindparam("text", type_=String)


@dataclass(frozen=True)
class Found:
    """The lots that a code means, by id in the order of their age, and as what it was found."""

    text: str
    kinds: tuple[str, ...]
    lots: tuple[int, ...]


def resolve(session: Session, code: str) -> Found:
    """The lots behind a typed or scanned code; raises `UnknownCode`, `MistypedCode` or `CodeTooLong`.

    The text is looked up literally first (codes from elsewhere look like anything), then as the code that it encodes.
    """
    text = code.strip()
    if len(text) > codes.LONGEST:
        raise refuse(CodeTooLong(length=len(text)))
    for candidate in texts(text):
        found = _look_up(session, candidate)
        if found.lots:
            return found
    raise refuse(_unknown(text))


def texts(text: str) -> Iterator[str]:
    """What a typed or scanned code may be called here: literally first, then what it encodes, then in other letters."""
    for spelled in codes.spellings(text):
        yield spelled
        try:
            yield from _inside(codes.parse(spelled))
        except codes.CodeError:
            continue


def _inside(code: codes.Code) -> list[str]:
    """The names that a code encodes."""
    match code:
        case codes.Envelope(parts):
            return [text for part in parts for text in _inside(part)]
        case codes.Gs1(elements):
            return [value for identifier, value in elements if identifier in ("00", "10", "21")]
        case codes.RunCardCode(name) | codes.LotCode(name) | codes.LabelCode(name) | codes.ContainerCode(name):
            return [name]
        case codes.OrderCode(name) | codes.OperationCode(name):
            return [name]
        case _:
            return []


def _look_up(session: Session, text: str) -> Found:
    rows = session.execute(LOOKED_UP, {"text": text, "card": text.partition("+")[0]}).all()
    kinds = {kind for kind, _ in rows}
    return Found(text, tuple(kind for kind in FINDERS if kind in kinds), tuple(sorted({lot for _, lot in rows})))


def _unknown(text: str) -> Refusal:
    return MistypedCode(text=text) if codes.looks_mistyped(text) else UnknownCode(text=text)


def _by_label() -> Any:
    """Whatever the label marks or marked: a voided label still says what it was on (F5)."""
    label = select(Label.holder_id, Label.container_id).where(Label.serial == TEXT).subquery()
    return union(
        select(HandlingUnit.lot_id).join(label, label.c.holder_id == HandlingUnit.id),
        select(HandlingUnit.lot_id).join(Container).join(label, _in_or_on(label.c.container_id)),
        select(RunCard.lot_id).join(CardOperation).join(label, label.c.holder_id == CardOperation.id),
    )


def _by_order() -> Any:
    """What was shipped for the order, and what stands picked for it."""
    order = select(SalesOrder.id).where(SalesOrder.order_no == TEXT).scalar_subquery()
    return union(
        select(Movement.lot_id).where(Movement.order_id == order),
        select(HandlingUnit.lot_id).where(HandlingUnit.order_id == order),
    )


def _by_container() -> Any:
    """A carton or pallet by our serial or its SSCC."""
    named = select(Container.id).where((Container.serial == TEXT) | (Container.sscc == TEXT)).scalar_subquery()
    return select(HandlingUnit.lot_id).join(Container).where(_in_or_on(named))


def _in_or_on(container: Any) -> Any:
    """Of cartons: the one meant, or one that lies on the pallet meant."""
    return (Container.id == container) | (Container.pallet_id == container)


FINDERS: dict[str, Any] = {
    "lot": select(Lot.id).where(Lot.code == TEXT),
    "run_card": select(RunCard.lot_id).where(RunCard.code == bindparam("card", type_=String)),
    "supplier_lot": select(Lot.id).where(Lot.supplier_lot == TEXT),
    "label": _by_label(),
    "container": _by_container(),
    "order": _by_order(),
    "nonconformance": select(Nonconformance.lot_id).where(Nonconformance.code == TEXT),
}


def _any_of(finders: dict[str, Any]) -> Any:
    """One question for all ways of finding: the kind and the lot of each row."""
    return union_all(*(select(literal(kind), one.subquery().c[0]) for kind, one in finders.items()))


LOOKED_UP = _any_of(FINDERS)
