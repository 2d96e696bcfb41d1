"""Packing in the workshop: finished units into cartons to stock, with the marks of P15 and P20 (F6).

A carton is a box of one lot in a container of its own. What it holds and draws is booked as any report is; nothing is
packed that final inspection has not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Amount, Code
from mes.labelling import marking
from mes.masters.amounts import amount
from mes.masters.model import Item, Location
from mes.masters.units import shown
from mes.packing.gs1 import next_sscc
from mes.packing.refusals import MoreThanCarton, ProductCodeMissing, WrongProductCode
from mes.production import reporting, work
from mes.production.drawing import Drawn
from mes.production.model import CardOperation
from mes.production.refusals import FinalInspectionOpen, FirstArticleOpen
from mes.production.reporting import Output
from mes.refusals import Refusal
from mes.roles import Role
from mes.stock import lots
from mes.stock.model import Container, HandlingUnit
from mes.stock.serials import next_container_serial, reserve
from mes.stock.status import Status
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Packed:
    """A new carton: its number, its box's label, what is in it, where it stands, and what packing drew."""

    container: str
    label: str
    lot: str
    item: str
    quantity: str
    place: str
    consumed: tuple[tuple[str, str, str], ...]


@command(
    "packing:pack",
    {Role.OPERATOR, Role.SUPERVISOR},
    Words("装箱", "pack a carton"),
    done=Words("已装箱 {quantity}，箱号 {container}", "Packed {quantity} into carton {container}"),
    tells=Words("{operation} 装箱 {quantity}", "{quantity} of {operation} packed"),
)
def pack(
    tx: Transaction,
    operation: CardOperation,
    quantity: Annotated[str, Amount("operation")],
    product: Annotated[str | None, Code(14), Words("产品码", "product code")] = None,
) -> Packed:
    """Pack accepted units (stock unit) into a new carton at the line side; `product` is a scanned GTIN (F6, P20).

    Raises `QuantityNotWhole`, and at once `ProductCodeMissing` or `WrongProductCode`, `MoreThanCarton`,
    `FinalInspectionOpen`, `FirstArticleOpen` and every reason that forbids reporting so many.
    """
    card = work.lock(tx, operation)
    packed = amount(card.item, quantity)
    gates = [
        *_right_product(card.item, product),
        *_fits(card.item, packed),
        *_released(tx, operation),
        *_signed(tx, operation),
    ]
    drawn = _take_over(tx, operation, packed, gates)
    place = work.place_of(tx, operation)
    unit = lots.fill(tx, card.lot, packed, work.end_at(tx, operation, Status.ACCEPTED), place, Status.ACCEPTED)
    container, label = _close_carton(tx, unit, packed, place, _judged(tx, operation))
    return Packed(
        container=container,
        label=label,
        lot=card.lot.code,
        item=card.item.code,
        quantity=shown(packed, card.item.uom),
        place=place.code,
        consumed=tuple(one.words for one in drawn),
    )


def _take_over(tx: Transaction, operation: CardOperation, packed: int, gates: list[Refusal]) -> list[Drawn]:
    """Book what comes from final inspection; the pieces of a passed first article are booked and wait here already."""
    output = Output(packed - min(packed, work.ready(tx, operation)), 0)
    if output.made:
        return reporting.book(tx, operation, output, gates, may_set_up=False).drawn
    tx.require(gates, reporting.reasons_not_to_report(tx, operation, output))
    return []


def _judged(tx: Transaction, operation: CardOperation) -> dict[str, str]:
    """Who accepted the pieces, and when, as the label says under which they wait: packers accept nothing."""
    before = work.previous(tx, operation)
    return marking.judgement(tx, before.id, Status.ACCEPTED) if before else {}


def _close_carton(
    tx: Transaction, unit: HandlingUnit, packed: int, place: Location, judged: marking.Facts
) -> tuple[str, str]:
    """Put the box into a carton, close it, and print its blue mark and the carton's label."""
    reserve(tx, "label", 3)
    container = Container(serial=next_container_serial(tx), sscc=next_sscc(tx), kind="carton", sealed_at=tx.happened_at)
    unit.container = container
    tx.session.add(container)
    tx.session.flush()
    tx.cause("carton", container.serial, unit.id)
    label = marking.first_mark(tx, unit, Status.ACCEPTED, packed, place, judged)
    marking.first_carton_label(tx, container, unit.lot, packed, place)
    return container.serial, label.serial if label else ""


def _right_product(item: Item, product: str | None) -> list[Refusal]:
    """The product code on the inner box is that of the item on the card; shorter GTINs are padded to 14 digits.

    A quantity alone packs only what has no product code at all.
    """
    expected = item.gtin or ""
    if product is None and expected:
        return [ProductCodeMissing(item=item.code, expected=expected)]
    if product is None or (expected and product.zfill(14) == expected):
        return []
    return [WrongProductCode(scanned=product, expected=expected or item.code)]


def _fits(item: Item, packed: int) -> list[Refusal]:
    if item.pack_size is None or packed <= item.pack_size:
        return []
    return [MoreThanCarton(item=item.code, pack=shown(item.pack_size, item.uom), asked=shown(packed, item.uom))]


def _released(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """Only what a final inspection has accepted is packed (P10)."""
    packing = work.delivered_as(tx, operation) == Status.ACCEPTED and not work.is_final_inspection(tx, operation)
    return [] if packing else [FinalInspectionOpen(card=operation.card.code)]


def _signed(tx: Transaction, operation: CardOperation) -> list[Refusal]:
    """Set-up pieces are reported, not packed, until their first article is signed (P9, F1)."""
    waiting = work.open_first_article(tx, operation)
    if waiting is None:
        return []
    card, allowed = operation.card, shown(waiting.quantity, operation.card.item.uom)
    return [FirstArticleOpen(card=card.code, seq=operation.seq, attempt=waiting.attempt, allowed=allowed)]
