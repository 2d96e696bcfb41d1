"""Walking the genealogy: one recursive query over `edge` in either direction. Reads ids and quantities only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, func, literal, select
from sqlalchemy.orm import Session

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
    limit = min(depth, DEEPEST)
    steps = _steps(roots, direction, limit)
    near, far, level = steps.c.near, steps.c.far, func.min(steps.c.level)
    parent, child = (near, far) if direction == Direction.BACKWARD else (far, near)
    edges = session.execute(
        select(parent, child, steps.c.quantity, level)
        .where(steps.c.quantity > 0)
        .group_by(near, far, steps.c.quantity)
        .order_by(level, parent, child)
    ).all()
    within = tuple((parent, child, quantity) for parent, child, quantity, level in edges if level <= limit)
    return Walked(_lots(roots, within, direction), within, len(within) < len(edges))


def _steps(roots: Sequence[int], direction: Direction, limit: int) -> CTE:
    """The edges themselves, level by level from 1, and one level past the limit to see that there is more.

    Written so that SQLite looks edges up by their key and never reads the whole table: no join with the edges
    afterwards, and no condition on an edge beside its key (it would build a Bloom filter over all of them). So an edge
    whose consumption was reversed is reached, but nobody goes on from it.
    """
    near, far = _ends(direction)
    first = select(near.label("near"), far.label("far"), Edge.quantity, literal(1).label("level"))
    steps = first.where(near.in_(roots)).cte("steps", recursive=True)
    onward = select(near, far, Edge.quantity, steps.c.level + 1).join(steps, near == steps.c.far)
    return steps.union(onward.where(steps.c.quantity > 0, steps.c.level <= limit))


def _ends(direction: Direction) -> tuple[Any, Any]:
    backward = direction == Direction.BACKWARD
    return (Edge.parent_id, Edge.child_id) if backward else (Edge.child_id, Edge.parent_id)


def _lots(roots: Sequence[int], edges: Sequence[tuple[int, int, int]], direction: Direction) -> tuple[int, ...]:
    far = 1 if direction == Direction.BACKWARD else 0
    return tuple(dict.fromkeys([*roots, *(edge[far] for edge in edges)]))
