"""Trace (P13): from any code to the lots it means, down to what went in, up to where it went. Reads only."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mes.trace.answers import Direction, Node, Trace
from mes.trace.details import links, nodes
from mes.trace.resolving import resolve
from mes.trace.walking import DEEPEST, walk


def trace(session: Session, code: str, direction: Direction = Direction.BACKWARD, depth: int = DEEPEST) -> Trace:
    """Walk from whatever a code means, `depth` levels at most; raises `UnknownCode`, `MistypedCode`, `CodeTooLong`.

    Backward: what the lots consist of, down to suppliers' lots. Forward: every lot they went into, with the places
    and customers they reached. A supplier lot that was received twice gives two roots.
    """
    return trace_with_ids(session, code, direction, depth)[0]


def trace_with_ids(session: Session, code: str, direction: Direction, depth: int) -> tuple[Trace, tuple[int, ...]]:
    """The same, with the ids of the lots in the order of its nodes."""
    found = resolve(session, code)
    walked = walk(session, found.lots, direction, depth)
    reached = nodes(session, walked.lots)
    traced = Trace(
        code=found.text,
        found_as=found.kinds,
        direction=direction,
        roots=tuple(reached[lot].lot for lot in found.lots),
        nodes=tuple(reached.values()),
        links=links(session, walked.edges, reached),
        cut=walked.cut,
    )
    return traced, walked.lots


def lots_of(session: Session, code: str) -> tuple[Node, ...]:
    """The lots that a code means, each with everything known about it, without what they consist of."""
    return tuple(nodes(session, resolve(session, code).lots).values())
