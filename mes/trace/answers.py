"""What a trace says: a graph of lots with everything known about each, as frozen plain values (P13).

Quantities are text in the item's stock unit, days and moments ISO 8601 text in the plant's zone, so that every answer
goes through JSON unchanged. Knows no database and no layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way a trace walks: backward to what went in, forward to where it went."""

    BACKWARD = "backward"
    FORWARD = "forward"


@dataclass(frozen=True)
class Named:
    """A person, machine, place, item or partner, as people call it."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Measured:
    """One value of one characteristic on one piece; attributes have a verdict only. Limits as they were then."""

    number: int
    zh: str
    en: str
    piece: int
    value: str | None
    lower: str | None
    upper: str | None
    unit: str | None
    conforms: bool
    gauge: str | None


@dataclass(frozen=True)
class Inspected:
    """One inspection with its measurements; `verdict` is open, passed or rejected."""

    stage: str
    attempt: int
    verdict: str
    quantity: str
    inspector: Named | None
    opened_at: str
    signed_at: str | None
    remark: str | None
    measured: tuple[Measured, ...]


@dataclass(frozen=True)
class Disposed:
    """What quality decided on nonconforming goods."""

    kind: str
    quantity: str
    by: Named
    at: str
    reason: str


@dataclass(frozen=True)
class Fault:
    """A nonconformance and its dispositions."""

    code: str
    quantity: str
    reason: str
    found_by: Named
    found_at: str
    state: str
    disposed: tuple[Disposed, ...]


@dataclass(frozen=True)
class Step:
    """One operation of a run card: where, when, by whom, on what, how many, and its inspections."""

    card: str
    seq: int
    code: str
    zh: str
    en: str
    process_class: str
    work_center: Named
    state: str
    operators: tuple[Named, ...]
    machines: tuple[Named, ...]
    started_at: str | None
    finished_at: str | None
    good: str
    bad: str
    inspections: tuple[Inspected, ...]


@dataclass(frozen=True)
class Standing:
    """A quantity here and now: a box on hand, or what lies at an operation of a run card."""

    place: Named
    zone: str
    status: str
    quantity: str
    operation: str | None
    container: str | None
    pallet: str | None
    picked_for: str | None
    locked: str | None


@dataclass(frozen=True)
class Delivery:
    """What of a lot went to a customer for an order."""

    order: str
    customer: Named
    quantity: str
    at: str


@dataclass(frozen=True)
class Node:
    """A lot in a trace, with its origin, its operations, its inspections, and where it is."""

    lot: str
    item: Named
    kind: str
    uom: str
    origin: str
    quantity: str
    supplier: Named | None
    supplier_lot: str | None
    owner: Named | None
    received_on: str
    produced_on: str
    expires_on: str | None
    recheck_on: str
    hold: str | None
    steps: tuple[Step, ...]
    inspections: tuple[Inspected, ...]
    faults: tuple[Fault, ...]
    on_hand: tuple[Standing, ...]
    in_process: tuple[Standing, ...]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class Link:
    """How much of a component lot (of `item`) went into a made lot, at which operations, and when."""

    parent: str
    child: str
    item: Named
    quantity: str
    uom: str
    seqs: tuple[int, ...]
    first_at: str | None
    last_at: str | None


@dataclass(frozen=True)
class Trace:
    """The answer to a code: the lots it means (`roots`), every lot reached, and what went into what.

    `found_as` says what the code is called here (lot, card, supplier_lot, label…). `cut`: there is more beyond the
    depth that was asked for.
    """

    code: str
    found_as: tuple[str, ...]
    direction: Direction
    roots: tuple[str, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    cut: bool

    def node(self, lot: str) -> Node:
        """The node of a lot; raises KeyError for one that was not reached."""
        return {node.lot: node for node in self.nodes}[lot]


@dataclass(frozen=True)
class Branch:
    """A lot in a tree and what hangs on it; `link` is the way it was reached by, empty at a root.

    `repeated`: the lot stands elsewhere in the tree with everything below it, so nothing is repeated here.
    """

    node: Node
    link: Link | None
    repeated: bool
    branches: tuple[Branch, ...]

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Branch]]:
        """This branch and all below it with their depth, in the order in which a tree is drawn."""
        yield depth, self
        for branch in self.branches:
            yield from branch.walk(depth + 1)


def tree(trace: Trace) -> tuple[Branch, ...]:
    """The graph as trees from its roots, each lot unfolded once, where it comes first."""
    nodes = {node.lot: node for node in trace.nodes}
    next_of: dict[str, list[tuple[Link, str]]] = {lot: [] for lot in nodes}
    for link in trace.links:
        near, far = (link.parent, link.child) if trace.direction == Direction.BACKWARD else (link.child, link.parent)
        next_of[near].append((link, far))
    unfolded: set[str] = set()

    def branch(lot: str, link: Link | None) -> Branch:
        repeated = lot in unfolded and bool(next_of[lot])
        unfolded.add(lot)
        below = () if repeated else tuple(branch(far, way) for way, far in next_of[lot])
        return Branch(nodes[lot], link, repeated, below)

    return tuple(branch(lot, None) for lot in trace.roots)
