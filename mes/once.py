"""Asking the door under a key: the same question with the same key is answered as the first time (law 2).

For programs whose network may fail between question and answer. Decides nothing; what is asked goes through the door.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from mes.clock import Clock
from mes.commands import HalfWritten, Outcome, Request, perform_in, record_refusal
from mes.database import Database
from mes.journal import Answered, canonical, digest_of
from mes.refusals import KeyReused, Refusal

KEPT = timedelta(days=7)
Answer = dict[str, Any]
Told = Callable[[Outcome], Answer]
Do = Callable[[Connection, Request, datetime], Outcome]


@dataclass(frozen=True)
class Key:
    """What a caller named its question by; keys of different callers never meet."""

    caller: str
    text: str


def ask_once(database: Database, request: Request, key: Key, clock: Clock, told: Told) -> Answer:
    """Carry out a request, or give the first answer to it again; `told` makes the answer out of an outcome.

    The same key with other content is refused with `KeyReused` and recorded; the first answer stays.
    """
    try:
        return database.write(lambda connection: _ask(connection, request, key, clock(), told, perform_in))
    except HalfWritten as half:
        refuse_it = partial(_refuse_late, half.reasons)
        return database.write(lambda connection: _ask(connection, request, key, clock(), told, refuse_it))


def _refuse_late(reasons: Sequence[Refusal], connection: Connection, request: Request, now: datetime) -> Outcome:
    """Record what was refused after it had begun to write; its own transaction is gone, the key with it."""
    return record_refusal(connection, request, reasons, now)


def _ask(connection: Connection, request: Request, key: Key, now: datetime, told: Told, do: Do) -> Answer:
    content = _content(request)
    if _is_new(connection, key, content, now):
        answer = told(do(connection, request, now))
        connection.execute(update(Answered).where(_named(key)).values(answer=canonical(answer)))
        connection.execute(delete(Answered).where(Answered.at < now - KEPT))
        return answer
    first = connection.execute(select(Answered.content_hash, Answered.answer).where(_named(key))).one()
    if first.content_hash != content:
        return told(record_refusal(connection, request, [KeyReused(key=key.text)], now))
    known: Answer = json.loads(first.answer)
    return known


def _is_new(connection: Connection, key: Key, content: str, now: datetime) -> bool:
    """Whether nobody asked under this key before; on PostgreSQL a second one at the same time waits here."""
    row = {"caller": key.caller, "key": key.text, "content_hash": content, "answer": "{}", "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(Answered).values(row))
    except IntegrityError:
        return False
    return True


def _named(key: Key) -> Any:
    return (Answered.caller == key.caller) & (Answered.key == key.text)


def _content(request: Request) -> str:
    """What a key is bound to; the PINs that were checked before are no part of it."""
    overrides = [[one.fingerprint, one.badge, one.reason] for one in request.overrides]
    asked = [request.command, dict(request.arguments), request.station, request.signed_by, overrides]
    return digest_of(asked)
