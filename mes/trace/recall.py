"""Recall (P13): whatever a suspect code reached, who got it, and a balance that must come out even.

Counts from three independent records: what came in from the movements, what was used from the genealogy, what is here
from the balances; so a difference shows what no record explains. Reads only; holding the goods is quality's command.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mes.stock.model import Balance, HandlingUnit
from mes.stock.status import Status
from mes.trace.answers import Direction, Named, Trace
from mes.trace.looking import Look, about, amount_text
from mes.trace.model import Consumption
from mes.trace.tracing import trace_with_ids
from mes.trace.walking import DEEPEST
from mes.trace.whereabouts import Flow, flows


@dataclass(frozen=True)
class MassBalance:
    """Received or made = on hand + in process + shipped + consumed + scrapped + samples + returned + difference.

    Numbers are text in the stock unit. `difference` is what no record explains: lost, if positive, or found.
    """

    came_in: str
    on_hand: str
    in_process: str
    shipped: str
    consumed: str
    scrapped: str
    samples: str
    returned: str
    difference: str


@dataclass(frozen=True)
class LotBalance:
    """The mass balance of one lot."""

    lot: str
    item: str
    uom: str
    balance: MassBalance


@dataclass(frozen=True)
class ItemBalance:
    """The mass balance of all affected lots of one item."""

    item: Named
    uom: str
    lots: int
    balance: MassBalance


@dataclass(frozen=True)
class Reached:
    """A customer who got affected goods: on which orders, how much of which lots."""

    customer: Named
    orders: tuple[str, ...]
    lots: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Recall:
    """The answer to a suspect code: its forward trace, balances by item and lot, and the customers reached."""

    trace: Trace
    items: tuple[ItemBalance, ...]
    lots: tuple[LotBalance, ...]
    customers: tuple[Reached, ...]

    @property
    def even(self) -> bool:
        """Whether every balance comes out without a difference."""
        return all(lot.balance.difference == "0" for lot in self.lots)


@dataclass
class _Amounts:
    """The same balance in smallest units, while it is being added up."""

    came_in: int = 0
    on_hand: int = 0
    in_process: int = 0
    shipped: int = 0
    consumed: int = 0
    scrapped: int = 0
    samples: int = 0
    returned: int = 0

    def add(self, other: _Amounts) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def written(self, uom: str) -> MassBalance:
        went = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "came_in"}
        return MassBalance(
            came_in=amount_text(self.came_in, uom),
            difference=amount_text(self.came_in - sum(went.values()), uom),
            **{name: amount_text(quantity, uom) for name, quantity in went.items()},
        )


def recall(session: Session, code: str, depth: int = DEEPEST) -> Recall:
    """Everything that the lots behind a code reached; raises `UnknownCode`, `MistypedCode`, `CodeTooLong`."""
    forward, ids = trace_with_ids(session, code, Direction.FORWARD, depth)
    by_id = _amounts(Look.at(session, ids))
    amounts = {node.lot: by_id[lot] for node, lot in zip(forward.nodes, ids, strict=True)}
    lots = tuple(
        LotBalance(node.lot, node.item.code, node.uom, amounts[node.lot].written(node.uom)) for node in forward.nodes
    )
    return Recall(forward, _by_item(forward, amounts), lots, _customers(forward))


def _amounts(look: Look) -> dict[int, _Amounts]:
    crossed, used = flows(look), _consumed(look)
    found = {}
    for lot in look.lots:
        amounts = found[lot] = _crossed(crossed.get(lot, Flow({}, {})))
        amounts.consumed = used.get(lot, 0)
    for lot, is_box, status, quantity in _balances(look):
        _count(found[lot], bool(is_box), status, int(quantity))
    return found


def _crossed(flow: Flow) -> _Amounts:
    outward = flow.outward
    return _Amounts(
        came_in=flow.came_in,
        shipped=outward.get("CUSTOMER", 0) - flow.inward.get("CUSTOMER", 0),
        scrapped=outward.get("SCRAPPED", 0),
        samples=outward.get("SAMPLES", 0),
        returned=outward.get("SUPPLIER", 0),
    )


CONSUMED = about(
    select(Consumption.child_lot_id, func.sum(Consumption.quantity)).group_by(Consumption.child_lot_id),
    Consumption.child_lot_id,
)


def _consumed(look: Look) -> dict[int, int]:
    return {lot: int(quantity) for lot, quantity in look.rows(CONSUMED)}


IS_BOX = HandlingUnit.id.is_not(None)
BALANCES = about(
    select(Balance.lot_id, IS_BOX, Balance.status, func.sum(Balance.quantity))
    .outerjoin(HandlingUnit, HandlingUnit.id == Balance.holder_id)
    .where(Balance.outside.is_(False))
    .group_by(Balance.lot_id, IS_BOX, Balance.status),
    Balance.lot_id,
)


def _balances(look: Look) -> Iterable[tuple[int, bool, str, int]]:
    return look.rows(BALANCES)


def _count(amounts: _Amounts, is_box: bool, status: str, quantity: int) -> None:
    """Goods judged to be scrap count as scrapped although they still lie here."""
    if status == Status.SCRAP:
        amounts.scrapped += quantity
    elif is_box:
        amounts.on_hand += quantity
    else:
        amounts.in_process += quantity


def _by_item(forward: Trace, amounts: dict[str, _Amounts]) -> tuple[ItemBalance, ...]:
    totals: dict[Named, _Amounts] = defaultdict(_Amounts)
    counts: dict[Named, int] = defaultdict(int)
    units = {}
    for node in forward.nodes:
        totals[node.item].add(amounts[node.lot])
        counts[node.item] += 1
        units[node.item] = node.uom
    return tuple(
        ItemBalance(item, units[item], counts[item], total.written(units[item])) for item, total in totals.items()
    )


def _customers(forward: Trace) -> tuple[Reached, ...]:
    got: dict[Named, list[tuple[str, str, str]]] = defaultdict(list)
    for node in forward.nodes:
        for delivery in node.deliveries:
            got[delivery.customer].append((delivery.order, node.lot, f"{delivery.quantity} {node.uom}"))
    return tuple(
        Reached(
            customer=customer,
            orders=tuple(sorted({order for order, _, _ in deliveries})),
            lots=tuple((lot, quantity) for _, lot, quantity in deliveries),
        )
        for customer, deliveries in sorted(got.items(), key=lambda pair: pair[0].code)
    )
