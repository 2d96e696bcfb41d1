"""Seals over the journal (law 3): a Merkle root over listed events, chained to the seal before.

Owns how a seal is made and proved. A seal lists its events, since ids commit out of order; the newest chain value is
also kept off the machine, else a cut tail cannot be seen. Never touches an event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from mes.database import Base, Database
from mes.journal import Effect, Event, Seal, SealedEvent, digest_of

SEAL_EVERY = timedelta(hours=1)
GENESIS = "0" * 64
"""What the first seal is chained to."""


@dataclass(frozen=True)
class Sealed:
    """A new seal: its number, how many events it covers, and the chain value to keep off the machine."""

    number: int
    events: int
    chain: str


def seal_what_is_due(database: Database, now: datetime, *, at_once: bool = False) -> Sealed | None:
    """Seal the events that no seal covers, if the last seal is old enough or `at_once`; None if nothing was sealed."""
    with database.read() as session:
        last = session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).first()
        if last and not at_once and now - last.sealed_at < SEAL_EVERY:
            return None
    return database.write(lambda connection: seal(connection, now))


def seal(connection: Connection, now: datetime) -> Sealed | None:
    """Seal every event that no seal covers, in the caller's transaction; None when there is none."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        leaves = dict(event_leaves(session, _unsealed()))
        if not leaves:
            return None
        last = session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).first()
        number, previous = (last.number + 1, last.chain) if last else (1, GENESIS)
        root = merkle_root(list(leaves.values()))
        made = Seal(number=number, sealed_at=now, root=root, previous=previous, chain=chained(previous, number, root))
        session.add(made)
        session.flush()
        session.execute(insert(SealedEvent), [{"event_id": event, "seal_id": made.id} for event in leaves])
        sealed = Sealed(number, len(leaves), made.chain)
        session.commit()
        return sealed


def event_leaves(session: Session, wanted: Any) -> Iterator[tuple[int, str]]:
    """The leaf of each event that the condition names, by id: a digest over its whole row and over its effect's."""
    table = Base.metadata.tables[Event.__tablename__]
    rows = session.execute(
        select(table, Effect.digest.label("effect"))
        .outerjoin(Effect, Effect.event_id == table.c.id)
        .where(wanted)
        .order_by(table.c.id)
        .execution_options(yield_per=1_000)
    )
    for row in rows:
        yield row.id, digest_of(dict(row._mapping))


def merkle_root(leaves: Sequence[str]) -> str:
    """The root of a Merkle tree over hex digests; raises ValueError for none.

    Built as in RFC 9162: leaves and nodes are hashed with different prefixes, so that none can pass for the other.
    """
    if not leaves:
        raise ValueError("a tree without leaves has no root")
    level = [_hash(b"\x00" + bytes.fromhex(leaf)) for leaf in leaves]
    while len(level) > 1:
        pairs = [_hash(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()


def chained(previous: str, number: int, root: str) -> str:
    """The chain value of a seal: sha256 over the one before, its number and its root."""
    return digest_of([previous, number, root])


def _unsealed() -> Any:
    return Event.id.not_in(select(SealedEvent.event_id))


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
