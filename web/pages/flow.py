"""A trace as a picture: lots in columns from what was delivered to who got it, ribbons between them, and a time line.

Places plain values only; the template draws them. Widths of ribbons say how much of that item flowed, not more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mes.trace.answers import Direction, Node, Trace

MOST = 60  # lots; more would be a thicket, and the tree below says it all
WIDTH, LEFT, TOP = 1100, 10, 16
BOX_WIDTH, BOX_HEIGHT, STEP = 176, 46, 60
TALLEST = 1000
THICK, THIN = 26, 3


@dataclass(frozen=True)
class Box:
    """A lot or a customer in the picture; `kind` is supplied, made or customer."""

    key: str
    column: int
    kind: str
    first: str
    second_zh: str
    second_en: str
    held: bool = False
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Flow:
    """How much of an item went from one box to another."""

    source: str
    to: str
    item: str
    quantity: Decimal
    uom: str


@dataclass(frozen=True)
class Ribbon:
    """One flow between two boxes: an SVG path, its width, and what it says."""

    path: str
    width: int
    title: str


@dataclass(frozen=True)
class Picture:
    """All of it, in user units."""

    width: int
    height: int
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]


@dataclass(frozen=True)
class Day:
    """What happened on one day of a trace, as pairs of sentences."""

    on: str
    events: tuple[tuple[str, str], ...]


def picture(trace: Trace) -> Picture | None:
    """The flow of a trace; None for one too large to be seen at once."""
    if not 1 < len(trace.nodes) <= MOST:
        return None
    columns = _columns(trace)
    boxes = [_lot(node, columns[node.lot]) for node in trace.nodes]
    boxes += _customers(trace, max(columns.values()) + 1)
    flows = list(_flows(trace, {box.key for box in boxes}))
    placed = {box.key: box for box in _placed(boxes, flows, trace.direction)}
    height = max(box.y for box in placed.values()) + BOX_HEIGHT + TOP
    if height > TALLEST:
        return None
    return Picture(WIDTH, height, BOX_WIDTH, BOX_HEIGHT, tuple(placed.values()), tuple(_ribbons(flows, placed)))


def _columns(trace: Trace) -> dict[str, int]:
    """Steps between each lot and what was asked for; suppliers stand on the left, customers on the right."""
    backward = trace.direction == Direction.BACKWARD
    nearer: dict[str, list[str]] = defaultdict(list)
    for link in trace.links:
        far, near = (link.child, link.parent) if backward else (link.parent, link.child)
        nearer[far].append(near)
    steps: dict[str, int] = {}

    def of(lot: str) -> int:
        if lot not in steps:
            steps[lot] = 0  # ends a circle, which the record cannot contain
            steps[lot] = 1 + max((of(near) for near in nearer[lot]), default=-1)
        return steps[lot]

    found = {node.lot: of(node.lot) for node in trace.nodes}
    most = max(found.values())
    return {lot: most - far for lot, far in found.items()} if backward else found


def _lot(node: Node, column: int) -> Box:
    amount = f"{node.quantity} {node.uom}"
    kind = "supplied" if node.supplier else "made"
    return Box(
        node.lot,
        column,
        kind,
        node.lot,
        f"{node.item.code} · {amount}",
        f"{node.item.code} · {amount}",
        held=node.hold is not None,
    )


def _customers(trace: Trace, column: int) -> Iterable[Box]:
    found = {gone.customer.code: gone.customer for node in trace.nodes for gone in node.deliveries}
    return [Box(f"→{one.code}", column, "customer", one.code, one.zh, one.en) for _, one in sorted(found.items())]


def _placed(boxes: list[Box], flows: list[Flow], direction: Direction) -> Iterable[Box]:
    """Columns from what was asked for outwards, each in the order of what it hangs on, so that few ribbons cross."""
    columns: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        columns[box.column].append(box)
    apart = (WIDTH - 2 * LEFT - BOX_WIDTH) // max(1, max(columns))
    tallest = max(len(column) for column in columns.values())
    rows: dict[str, float] = {}
    for number in sorted(columns, reverse=direction == Direction.BACKWARD):
        column = sorted(columns[number], key=lambda box: _middle(box, flows, rows))
        start = TOP + (tallest - len(column)) * STEP // 2
        for row, box in enumerate(column):
            rows[box.key] = start + row * STEP
            yield replace(box, x=LEFT + number * apart, y=start + row * STEP)


def _middle(box: Box, flows: list[Flow], rows: Mapping[str, float]) -> float:
    """How high its placed neighbours stand on average."""
    ends = [(flow.to if flow.source == box.key else flow.source) for flow in flows if box.key in (flow.source, flow.to)]
    heights = [rows[end] for end in ends if end in rows]
    return sum(heights) / len(heights) if heights else 0.0


def _flows(trace: Trace, known: set[str]) -> Iterable[Flow]:
    for link in trace.links:
        if link.child in known and link.parent in known:
            yield Flow(link.child, link.parent, link.item.code, Decimal(link.quantity), link.uom)
    for node in trace.nodes:
        for gone in node.deliveries:
            yield Flow(node.lot, f"→{gone.customer.code}", node.item.code, Decimal(gone.quantity), node.uom)


def _ribbons(flows: list[Flow], placed: Mapping[str, Box]) -> Iterable[Ribbon]:
    most: dict[str, Decimal] = defaultdict(Decimal)
    for flow in flows:
        most[flow.item] = max(most[flow.item], flow.quantity)
    for flow in flows:
        share = flow.quantity / most[flow.item] if most[flow.item] else Decimal(0)
        source, to = placed[flow.source], placed[flow.to]
        title = f"{source.first} → {to.first}: {flow.quantity:f} {flow.uom}"
        yield Ribbon(_path(source, to), max(THIN, int(THICK * share)), title)


def _path(child: Box, parent: Box) -> str:
    x1, y1 = child.x + BOX_WIDTH, child.y + BOX_HEIGHT // 2
    x2, y2 = parent.x, parent.y + BOX_HEIGHT // 2
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"


def days(trace: Trace) -> tuple[Day, ...]:
    """What happened when: received, made, delivered."""
    happened: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for node in trace.nodes:
        if node.supplier:
            happened[node.received_on][(f"收料 {node.lot}", f"received {node.lot}")] = None
        elif node.steps:
            last = node.steps[-1]
            happened[node.produced_on][(f"{last.zh} {node.lot}", f"{last.en} {node.lot}")] = None
        for gone in node.deliveries:
            happened[gone.at[:10]][(f"发货 {gone.customer.code}", f"shipped {gone.customer.code}")] = None
    return tuple(Day(on, tuple(events)) for on, events in sorted(happened.items()))
