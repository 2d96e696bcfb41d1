"""Walking the genealogy: one recursive query over `edge` in either direction. Reads ids and quantities only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from mes.stock.model import Lot
from mes.trace.answers import Direction
from mes.trace.model import Edge

DEEPEST = 64
"""Levels that a walk goes at most: far more than products have, so that a broken graph can't walk for ever."""


@dataclass(frozen=True)
class Walked:
    """What a walk reached: lots in the order of their distance, and edges (parent, child, net smallest units)."""

    lots: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]
    cut: bool


def walk(session: Session, roots: Sequence[int], direction: Direction, depth: int = DEEPEST) -> Walked:
    """Everything that the roots consist of (backward) or went into (forward), `depth` levels at most."""
    near, far = _ends(direction)
    limit = min(depth, DEEPEST)
    reached = select(Lot.id.label("id"), literal(0).label("level")).where(Lot.id.in_(roots)).cte(
        "reached", recursive=True
    )  # fmt: skip
    reached = reached.union(
        select(far, reached.c.level + 1)
        .join(reached, near == reached.c.id)
        .where(Edge.quantity > 0, reached.c.level < limit)
    )
    level = func.min(reached.c.level)
    edges = session.execute(
        select(Edge.parent_id, Edge.child_id, Edge.quantity, level)
        .join(reached, near == reached.c.id)
        .where(Edge.quantity > 0)
        .group_by(Edge.parent_id, Edge.child_id, Edge.quantity)
        .order_by(level, Edge.parent_id, Edge.child_id)
    ).all()
    within = tuple((parent, child, quantity) for parent, child, quantity, level in edges if level < limit)
    return Walked(_lots(roots, within, direction), within, len(within) < len(edges))


def _ends(direction: Direction) -> tuple[Any, Any]:
    backward = direction == Direction.BACKWARD
    return (Edge.parent_id, Edge.child_id) if backward else (Edge.child_id, Edge.parent_id)


def _lots(roots: Sequence[int], edges: Sequence[tuple[int, int, int]], direction: Direction) -> tuple[int, ...]:
    far = 1 if direction == Direction.BACKWARD else 0
    return tuple(dict.fromkeys([*roots, *(edge[far] for edge in edges)]))
